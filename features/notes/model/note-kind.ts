import { fault, message, z, type KindDeclaration } from "@doppelwerk/kit";
import type {} from "../message-codes.ts";

/** As instants of answers are: one beyond them could be stored, and no list with it be answered. */
const instant = z.int().min(0).max(8_000_000_000_000_000);
const text = z.string().trim().min(1).max(4_000);

/** What a note is about, and what it says. `subjects` are ids of signals or of records of assets; none: the whole plant. Times are microseconds since 1970. */
export const NoteFields = z
  .object({ from: instant, to: instant, text, subjects: z.array(z.string().min(1).max(500)).max(20).readonly() })
  .refine(({ from, to }) => from < to, fault(message("messages.fromBeforeTo")));
export type NoteFields = z.output<typeof NoteFields>;

/** A document of its own each, so that notes of several people never conflict. Since version 2 its text is sealed with a key of its author. */
export const noteKind = {
  id: "notes.note",
  record: "spanNote",
  version: 2,
  schema: NoteFields.safeExtend({
    text: z.string().min(1).max(30_000),
    author: z.string().min(1).max(500),
    written: instant,
    edited: instant.optional(),
  }),
  // a text that was written before is read as it is
  upcast: { 1: (before) => before },
} satisfies KindDeclaration;
