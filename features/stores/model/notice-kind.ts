import { z, type KindDeclaration } from "@doppelwerk/kit";

const id = z.string().min(1).max(300);

/** Whom a notice reaches; the ids are those of notifications. */
const Recipient = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("onCall"), calendar: id }),
  z.object({ kind: z.literal("person"), person: id }),
  z.object({ kind: z.literal("channel"), channel: id }),
]);

/** Who is notified of parts below their minimum. */
export const NoticeFields = z.object({
  isOn: z.boolean().default(true),
  priority: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]).default(3),
  to: z.array(Recipient).max(20).readonly().default([]),
});
export type NoticeFields = z.output<typeof NoticeFields>;

/** One document a world. */
export const stockNotice = {
  id: "stores.notice",
  record: "stockNotice",
  version: 1,
  schema: NoticeFields,
  upcast: {},
} satisfies KindDeclaration;

export const STOCK_NOTICE = "stockNotice:stores";
