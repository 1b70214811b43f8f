import { z } from "@doppelwerk/kit";
import { NeededMaterial, OrderNumber, PlannedOperation, RequestState } from "./order-kind.ts";

const name = z.string().trim().min(1).max(100);
const instant = z.int().min(0).max(8_000_000_000_000_000);

/** What a message does: `store` is create or change, whichever is due. */
export const MESSAGE_KINDS = ["store", "create", "change", "hold", "release", "cancel", "close"] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

/** One message of a source about one order, in the terms of this feature. */
export const OrderMessage = z.object({
  /** Its number at the source: what comes again with the same is taken once. */
  message: z.string().max(200).optional(),
  at: instant.optional(),
  kind: z.enum(MESSAGE_KINDS),
  reason: z.string().max(500).optional(),
  number: OrderNumber,
  line: name.optional(),
  product: name.optional(),
  quantity: z.number().positive().max(1_000_000_000).optional(),
  unit: z.string().trim().min(1).max(20).optional(),
  plannedStart: instant.optional(),
  plannedEnd: instant.optional(),
  due: instant.optional(),
  priority: z.int().min(1).max(999).optional(),
  customer: z.string().max(500).optional(),
  state: RequestState.optional(),
  operations: z.array(PlannedOperation).max(200).readonly().optional(),
  materials: z.array(NeededMaterial).max(500).readonly().optional(),
});
export type OrderMessage = z.output<typeof OrderMessage>;
