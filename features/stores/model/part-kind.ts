import { fault, hashedId, localText, message, z, type KindDeclaration, type RecordId } from "@doppelwerk/kit";
import type {} from "../message-codes.ts";

/** Of a part: unique in a world, as it is written on its shelf. */
export const PartNumber = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .refine((text) => !/\p{Cc}/u.test(text), fault(message("stores.fault.number")));

const MAX_QUANTITY = 1_000_000_000;
export const Quantity = z.number().positive().max(MAX_QUANTITY);
const level = z.number().min(0).max(MAX_QUANTITY);

/** What is known of a spare part. */
export const PartFields = z.object({
  number: PartNumber,
  title: localText.refine(({ en, zh }) => en.trim() !== "" && zh.trim() !== "", fault(message("stores.fault.title"))),
  /** As people write it, or a code of UN/ECE Recommendation 20. */
  unit: z.string().trim().min(1).max(20).default("PCE"),
  /** Where it lies: shelf, bin. */
  place: z.string().trim().max(100).optional(),
  /** It is low when less than this is available. */
  minimum: level.default(0),
  /** How much is ordered then. */
  reorder: level.optional(),
  /** Days from the order to the receipt. */
  leadDays: z.number().min(0).max(3_650).optional(),
  /** Ids of the stations or assets that it fits; none: nobody said which. */
  fits: z.array(z.string().trim().min(1).max(300)).max(200).readonly().default([]),
  /** Of one unit. */
  price: z.number().min(0).max(MAX_QUANTITY).optional(),
  /** ISO 4217. */
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  /** It is bought no more; its history stays. */
  isRetired: z.boolean().default(false),
});
export type PartFields = z.output<typeof PartFields>;

/** A document a part, so that edits of different ones merge. Its stock is not in it: that follows from its movements. */
export const sparePart = {
  id: "stores.part",
  record: "sparePart",
  version: 1,
  schema: PartFields,
  upcast: {},
} satisfies KindDeclaration;

export function partDocumentId(number: string): RecordId {
  return hashedId("sparePart", "number", number);
}
