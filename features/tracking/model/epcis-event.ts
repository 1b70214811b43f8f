import { fault, message, z } from "@doppelwerk/kit";
import { instantOfRfc3339 } from "@doppelwerk/world";
import { MAX_IDENTIFIER } from "./identifier.ts";
import type {} from "../message-codes.ts";

// Events of EPCIS 2.0 (ISO/IEC 19987:2024) in JSON: what Doppelwerk reads of them is checked, what it does not know of is kept as it came.

/** Identifiers that one event names, in all its lists. */
export const MAX_NAMED = 1_000;
export const MAX_EVENTS = 2_000;

const Uri = z.string().min(1).max(MAX_IDENTIFIER);
const Time = z
  .string()
  .max(40)
  .refine((text) => Number.isFinite(instantOfRfc3339(text)), fault(message("tracking.fault.time")));
const Place = z.looseObject({ id: Uri });
const Quantity = z.looseObject({ epcClass: Uri, quantity: z.number().nonnegative().optional(), uom: z.string().max(10).optional() });
const Transaction = z.looseObject({ type: Uri.optional(), bizTransaction: Uri });
/** A word of the Core Business Vocabulary (ISO/IEC 19988), or the address of one. */
const Word = z.string().min(1).max(MAX_IDENTIFIER);

const ErrorDeclaration = z.looseObject({
  declarationTime: Time,
  reason: Word.optional(),
  correctiveEventIDs: z.array(Uri).max(100).optional(),
});

const common = {
  eventID: Uri.optional(),
  eventTime: Time,
  eventTimeZoneOffset: z.string().regex(/^[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00)$/),
  recordTime: Time.optional(),
  bizStep: Word.optional(),
  disposition: Word.optional(),
  readPoint: Place.optional(),
  bizLocation: Place.optional(),
  bizTransactionList: z.array(Transaction).max(100).optional(),
  errorDeclaration: ErrorDeclaration.optional(),
};
const identifiers = z.array(Uri).max(MAX_NAMED);
const quantities = z.array(Quantity).max(MAX_NAMED);
const action = z.enum(["ADD", "OBSERVE", "DELETE"]);

const ObjectEvent = z.looseObject({
  ...common,
  type: z.literal("ObjectEvent"),
  action,
  epcList: identifiers.optional(),
  quantityList: quantities.optional(),
  ilmd: z.record(z.string().max(500), z.unknown()).optional(),
});
const contained = { action, parentID: Uri.optional(), childEPCs: identifiers.optional(), childQuantityList: quantities.optional() };
const AggregationEvent = z.looseObject({ ...common, ...contained, type: z.literal("AggregationEvent") });
const AssociationEvent = z.looseObject({ ...common, ...contained, parentID: Uri, type: z.literal("AssociationEvent") });
const TransactionEvent = z.looseObject({
  ...common,
  type: z.literal("TransactionEvent"),
  action,
  parentID: Uri.optional(),
  epcList: identifiers.optional(),
  quantityList: quantities.optional(),
  bizTransactionList: z.array(Transaction).min(1).max(100),
});
const TransformationEvent = z.looseObject({
  ...common,
  type: z.literal("TransformationEvent"),
  transformationID: Uri.optional(),
  inputEPCList: identifiers.optional(),
  inputQuantityList: quantities.optional(),
  outputEPCList: identifiers.optional(),
  outputQuantityList: quantities.optional(),
  ilmd: z.record(z.string().max(500), z.unknown()).optional(),
});

export const EpcisEvent = z
  .discriminatedUnion("type", [ObjectEvent, AggregationEvent, TransactionEvent, TransformationEvent, AssociationEvent])
  .refine((event) => namedCount(event) <= MAX_NAMED, fault(message("tracking.fault.named", { max: MAX_NAMED })))
  .refine(
    (event) => event.type !== "AggregationEvent" || event.action === "OBSERVE" || event.parentID !== undefined,
    fault(message("tracking.fault.parent")),
  )
  .refine((event) => event.errorDeclaration === undefined || event.eventID !== undefined, fault(message("tracking.fault.errorId")));
export type EpcisEvent = z.output<typeof EpcisEvent>;

/** A document to capture (EPCIS 2.0, 12.6), or one event as it is. */
export const EpcisDocument = z.looseObject({
  "@context": z.unknown().optional(),
  type: z.literal("EPCISDocument"),
  schemaVersion: z
    .string()
    .max(20)
    .refine((version) => /^2\.\d+$/.test(version), fault(message("tracking.fault.version"))),
  creationDate: Time.optional(),
  epcisBody: z.looseObject({ eventList: z.array(EpcisEvent).min(1).max(MAX_EVENTS) }),
});

const LISTS = ["epcList", "childEPCs", "inputEPCList", "outputEPCList"] as const;
const QUANTITY_LISTS = ["quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"] as const;

function namedCount(event: object): number {
  const lists = event as Readonly<Record<string, readonly unknown[] | undefined>>;
  return [...LISTS, ...QUANTITY_LISTS].reduce((sum, name) => sum + (lists[name]?.length ?? 0), 0);
}

/** A word without what stands before it: `https://ref.gs1.org/cbv/BizStep-packing` and `urn:epcglobal:cbv:bizstep:packing` are `packing`. */
export function plainWord(word: string): string {
  return /^(?:https?:\/\/(?:ref\.)?gs1\.org\/cbv\/(?:\w+-)?|urn:epcglobal:cbv:\w+:)([\w-]+)$/i.exec(word)?.[1]?.toLowerCase() ?? word;
}
