import { fault, message, z, type KindDeclaration } from "@doppelwerk/kit";
import { reasonCode } from "./reason-kind.ts";
import type {} from "../message-codes.ts";

const instant = z.int().min(0).max(8_000_000_000_000_000);
const MAX_PARTS = 50;

/** A part begins at its instant and lasts to the next one; without a reason it has none yet. */
export const CodedPart = z.object({ from: instant, reason: reasonCode.optional() });
export type CodedPart = z.output<typeof CodedPart>;

/** What people say of a stop, or of several that they call one. Times are microseconds since 1970. */
export const CodingFields = z
  .object({
    /** Id of the station. */
    station: z.string().min(1).max(200),
    from: instant,
    /** As it was when it was written; of a stop that went on then the instant of that. */
    to: instant,
    /** In order of time; the first begins with the stop. */
    parts: z.array(CodedPart).min(1).max(MAX_PARTS).readonly(),
  })
  .refine(({ from, to }) => from < to, fault(message("messages.fromBeforeTo")))
  .refine(
    ({ from, to, parts }) => parts[0]!.from === from && parts.every((part, at) => part.from < (parts[at + 1]?.from ?? to)),
    fault(message("losses.fault.parts")),
  );
export type CodingFields = z.output<typeof CodingFields>;

/** One document a stop: who writes about the same stop on two branches meets a conflict, about different ones none. */
export const stopCoding = {
  id: "losses.coding",
  record: "stopCoding",
  version: 1,
  schema: CodingFields.safeExtend({
    /** AAS id of the station. */
    shell: z.string().min(1).max(2_000).optional(),
    /** Id of the person. */
    by: z.string().min(1).max(500),
    at: instant,
    /** The stop is as it was recorded, or another document says what it is. */
    isWithdrawn: z.boolean(),
  }),
  upcast: {},
} satisfies KindDeclaration;
export type StoredCoding = z.output<typeof stopCoding.schema>;
