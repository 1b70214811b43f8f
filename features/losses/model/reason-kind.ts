import { fault, localText, message, z, type KindDeclaration } from "@doppelwerk/kit";
import type {} from "../message-codes.ts";

/** Where the time of a stop stands in the time model of ISO 22400-2: delay, down time, set-up. */
export const TIME_ELEMENTS = ["ADET", "ADOT", "AUST"] as const;
export type TimeElement = (typeof TIME_ELEMENTS)[number];

/** `technical.jam`: short, stable, unique in a world. */
export const reasonCode = z.string().regex(/^[a-z][A-Za-z0-9]{0,39}(\.[a-z][A-Za-z0-9]{0,39})?$/);

const title = localText.refine(({ en, zh }) => en.trim().length > 0 && zh.trim().length > 0, fault(message("losses.fault.title")));

/** A reason of the tree. One with a dot in its code stands below the group before the dot; groups are not given to stops. */
export const ReasonFields = z.object({
  title,
  element: z.enum(TIME_ELEMENTS),
  /** Among those beside it. */
  order: z.int().min(0).max(9_999),
  /** Ids of the stations that it is offered at; none: at all. */
  stations: z.array(z.string().min(1).max(200)).max(100).readonly(),
  /** It is offered no more; stops that have it keep it. */
  isRetired: z.boolean(),
});
export type ReasonFields = z.output<typeof ReasonFields>;

/** A document a reason, so that edits of different ones merge. */
export const lossReason = {
  id: "losses.reason",
  record: "lossReason",
  version: 1,
  schema: ReasonFields.extend({ code: reasonCode }),
  upcast: {},
} satisfies KindDeclaration;
