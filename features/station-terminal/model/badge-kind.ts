import { z, type KindDeclaration } from "@doppelwerk/kit";

export const BadgeFields = z.object({
  /** Id of the person: of an account, or `worker:…` of somebody who has none. */
  person: z.string().min(1).max(500),
  name: z.string().trim().min(1).max(100),
});
export type BadgeFields = z.output<typeof BadgeFields>;

/** A badge: the number is kept as a keyed hash, so that nobody reads it from the document. */
export const workBadge = {
  id: "stationTerminal.badge",
  record: "workBadge",
  version: 1,
  schema: BadgeFields.extend({
    /** HMAC-SHA-256 of the number with a key of this world, hexadecimal. */
    hash: z.string().regex(/^[0-9a-f]{64}$/),
    /** The last two characters of the number, so that people recognise the badge. */
    tail: z.string().max(2),
    isWithdrawn: z.boolean(),
  }),
  upcast: {},
} satisfies KindDeclaration;
export type StoredBadge = z.output<typeof workBadge.schema>;
