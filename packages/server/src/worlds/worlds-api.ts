import { endpoint, z } from "@doppelwerk/kit";
import { messageShape } from "@doppelwerk/ports";

// Of the server, not of one world: each answers at the short address only.

const state = z.enum(["open", "opening", "closing", "closed", "archived", "failed"]);
const listed = z.object({
  name: z.string(),
  title: z.string(),
  /** `failed`: its data could not be opened, or what describes it could not be read. */
  state,
  message: z.string().optional(),
  /** The same as a message, where it is one of this server. */
  reason: messageShape.optional(),
});
const size = { files: z.int(), bytes: z.int() };
const content = z.object({
  name: z.string(),
  title: z.string(),
  state,
  ...size,
  parts: z.array(z.object({ part: z.enum(["documents", "history", "events", "files", "jobs", "features", "signing", "other"]), ...size })),
});
/** Judged by its owner, which says what a name may be; here only its length is bounded. */
const text = z.string().max(2_000);

export const listWorlds = endpoint({
  id: "kernel.worlds",
  route: "GET /worlds",
  summary: "Worlds of this server that one may see, the default world first",
  action: "read",
  answer: z.object({ worlds: z.array(listed) }),
});

export const readWorldContent = endpoint({
  id: "kernel.worldContent",
  route: "GET /worlds/:world",
  summary: "What is in a world beside the default one, and is removed with it: files and bytes by part",
  action: "administer",
  answer: content,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

export const createWorld = endpoint({
  id: "kernel.createWorld",
  route: "POST /worlds",
  summary: "Create an empty world",
  action: "administer",
  body: z.object({ name: text, title: text.optional() }),
  answer: listed,
  status: 201,
  errors: ["DW_INVALID", "DW_CONFLICT", "DW_UNAVAILABLE"],
});

export const changeWorld = endpoint({
  id: "kernel.changeWorld",
  route: "PATCH /worlds/:world",
  summary: "Rename a world, give it another title, or move it into the archive or out of it",
  action: "administer",
  body: z.object({ name: text.optional(), title: text.optional(), archived: z.boolean().optional() }),
  answer: listed,
  errors: ["DW_NOT_FOUND", "DW_INVALID", "DW_CONFLICT", "DW_DAMAGED", "DW_UNAVAILABLE"],
});

export const deleteWorld = endpoint({
  id: "kernel.deleteWorld",
  route: "DELETE /worlds/:world",
  summary: "Remove a world with everything in it, for good; answers what went",
  action: "administer",
  answer: content,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT", "DW_UNAVAILABLE"],
});
