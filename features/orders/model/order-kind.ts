import { fault, hashedId, message, z, type KindDeclaration, type RecordId } from "@doppelwerk/kit";
import type {} from "../message-codes.ts";

const instant = z.int().min(0).max(8_000_000_000_000_000);
const name = z.string().trim().min(1).max(100);
const text = z.string().max(500);
const amount = z.number().min(0).max(1_000_000_000);

export const OrderNumber = name;

/** Requested states of an operations request (ISA-95 part 2; B2MML RequestState), as far as somebody gives them. What the line made of it is computed. */
export const REQUEST_STATES = ["forecast", "released", "held", "cancelled", "closed"] as const;
export const RequestState = z.enum(REQUEST_STATES);
export type RequestState = z.output<typeof RequestState>;

export const PlannedOperation = z.object({
  /** 10, 20 … */
  operation: z.string().max(50),
  station: z.string().max(100).optional(),
  text: text.optional(),
  setupS: z.number().min(0).max(1e8).optional(),
  /** Planned time of one piece. */
  pieceS: z.number().min(0).max(1e8).optional(),
});
export type PlannedOperation = z.output<typeof PlannedOperation>;

export const NeededMaterial = z.object({
  material: name,
  perPiece: amount.optional(),
  /** For the whole order. */
  quantity: amount.optional(),
  unit: z.string().max(20).optional(),
  station: z.string().max(100).optional(),
});
export type NeededMaterial = z.output<typeof NeededMaterial>;

/** What somebody orders: an operations request of ISA-95 with one segment, on one line. Times are microseconds since 1970. */
export const OrderFields = z
  .object({
    number: OrderNumber,
    /** Of the work centre, as the source has it: the id of a line, or the name of its shell. */
    line: name,
    product: name,
    quantity: z.number().positive().max(1_000_000_000),
    unit: z.string().trim().min(1).max(20).default("PCE"),
    plannedStart: instant.optional(),
    plannedEnd: instant.optional(),
    due: instant.optional(),
    /** 1 is the most urgent. */
    priority: z.int().min(1).max(999).optional(),
    customer: text.optional(),
    state: RequestState.default("released"),
    /** Why it was changed, held or cancelled. */
    reason: text.optional(),
    /** Place in the accepted sequence of its line; without one the planned start decides. */
    sequence: z.int().min(0).max(1_000_000).optional(),
    /** Number of the order that it was split from. */
    splitFrom: OrderNumber.optional(),
    operations: z.array(PlannedOperation).max(200).readonly().default([]),
    materials: z.array(NeededMaterial).max(500).readonly().default([]),
  })
  .refine(
    ({ plannedStart, plannedEnd }) => plannedStart === undefined || plannedEnd === undefined || plannedStart <= plannedEnd,
    fault(message("orders.fault.startAfterEnd")),
  );
export type OrderFields = z.output<typeof OrderFields>;

/** Numbers of messages that are remembered of an order, so that one that comes again is recognised. */
export const MAX_REMEMBERED_MESSAGES = 50;

export const productionOrder = {
  id: "orders.order",
  record: "productionOrder",
  version: 1,
  schema: OrderFields.safeExtend({
    /** AAS id of the shell of its line, where one is known. */
    shell: z.string().min(1).max(2_000).optional(),
    /** Id of the source that it came from; absent: entered by a person. */
    source: z.string().max(200).optional(),
    /** Numbers of the messages that were taken, oldest first. */
    messages: z.array(z.string().max(200)).max(MAX_REMEMBERED_MESSAGES).readonly().default([]),
    /** Instant of what is said here, by the clock of who said it. */
    at: instant,
    /** When it was first given out, by the clock of who said so. */
    known: instant,
    /** How often what is ordered was changed since: product, quantity, line, dates. */
    corrections: z.int().min(0).default(0),
    /** Who wrote it last. */
    by: z.string().min(1).max(500),
  }),
  upcast: {},
} satisfies KindDeclaration;
export type StoredOrder = z.output<typeof productionOrder.schema>;

const ORDERED = ["line", "product", "quantity", "unit", "plannedStart", "plannedEnd", "due"] as const;

/** Corrections of an order that becomes another version. */
export function correctionsAfter(before: StoredOrder | undefined, after: OrderFields): number {
  if (before === undefined) return 0;
  return before.corrections + (ORDERED.some((field) => before[field] !== after[field]) ? 1 : 0);
}

export function orderDocumentId(number: string): RecordId {
  return hashedId("productionOrder", "number", number);
}
