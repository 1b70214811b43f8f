import { z, type KindDeclaration } from "@doppelwerk/kit";
import { MAX_IDENTIFIER } from "./identifier.ts";

/** What is held, and why. */
export const HoldFields = z.object({
  thing: z.string().min(1).max(MAX_IDENTIFIER),
  reason: z.string().trim().min(1).max(1_000),
});

const instant = z.int().min(0).max(8_000_000_000_000_000);
const Person = z.string().min(1).max(500);

/** A document a hold; released ones stay, with who did it. Texts are sealed with a key of their author. */
export const holdKind = {
  id: "tracking.hold",
  record: "trackingHold",
  version: 1,
  schema: HoldFields.extend({
    reason: z.string().min(1).max(8_000),
    by: Person,
    at: instant,
    released: z.object({ by: Person, at: instant, reason: z.string().min(1).max(8_000) }).optional(),
  }),
  upcast: {},
} satisfies KindDeclaration;
export type StoredHold = z.output<typeof holdKind.schema>;
