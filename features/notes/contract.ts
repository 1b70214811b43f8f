import { endpoint, fault, instant, message, z } from "@doppelwerk/kit";
import { NoteFields } from "./model/note-kind.ts";
import type {} from "./message-codes.ts";

/** A note on a span of time. Times are microseconds since 1970. */
export const Note = z.object({
  id: z.string(),
  from: instant,
  to: instant,
  text: z.string(),
  subjects: z.array(z.string()).readonly(),
  /** The name of who wrote it. */
  author: z.string(),
  written: instant,
  edited: instant.optional(),
  /** The caller wrote it, or may take away what others wrote. */
  isMine: z.boolean(),
});
export type Note = z.output<typeof Note>;

const branch = z.object({ branch: z.string().max(200).default("live") });
/** Who may comment writes notes, on live too; of those of others only administrators take one away. */
const write = { action: "comment", branch: "query.branch" } as const;

export const list = endpoint({
  id: "notes.list",
  route: "GET /notes",
  people: { as: "author" },
  summary: "Notes on spans that overlap a period, oldest first: those whose subjects the caller may read",
  action: "read",
  branch: "query.branch",
  query: branch.extend({ from: instant, to: instant }).refine(({ from, to }) => from < to, fault(message("messages.fromBeforeTo"))),
  answer: z.array(Note),
});

export const add = endpoint({
  id: "notes.add",
  route: "POST /notes",
  summary: "Write a note on a span of time",
  ...write,
  query: branch,
  body: NoteFields,
  answer: Note,
  status: 201,
  errors: ["DW_NOT_FOUND"],
});

export const edit = endpoint({
  id: "notes.edit",
  route: "PUT /notes/:id",
  summary: "Change the text or the span of one's own note",
  ...write,
  subject: "params.id",
  query: branch,
  body: NoteFields,
  answer: Note,
  errors: ["DW_NOT_FOUND", "DW_FORBIDDEN"],
});

export const remove = endpoint({
  id: "notes.remove",
  route: "DELETE /notes/:id",
  summary: "Delete one's own note",
  ...write,
  subject: "params.id",
  query: branch,
  answer: undefined,
  errors: ["DW_NOT_FOUND", "DW_FORBIDDEN"],
});
