import { endpoint, z } from "@doppelwerk/kit";
import type {} from "./message-codes.ts";
import { PinFields, SAFE_TYPES } from "./model/pin-kind.ts";

const branch = z.object({ branch: z.string().max(200).default("live") });

/** A pinned document; `at` is microseconds since 1970. */
export const Pin = z.object({ id: z.string(), fields: PinFields, by: z.string(), at: z.int() });
export type Pin = z.output<typeof Pin>;

export const list = endpoint({
  id: "pins.list",
  route: "GET /pinned-documents",
  people: { as: "author" },
  summary: "Documents that are pinned to stations, of those whose shell the caller may read",
  action: "read",
  branch: "query.branch",
  query: branch.extend({ station: z.string().max(200).optional() }),
  answer: z.array(Pin),
});

export const add = endpoint({
  id: "pins.add",
  route: "POST /pinned-documents",
  people: { as: "author" },
  summary: "Pin a link, or a file that was stored before, to a station and a point of it",
  action: "edit",
  branch: "query.branch",
  query: branch,
  body: z.object({ fields: PinFields }),
  answer: Pin,
  status: 201,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

export const remove = endpoint({
  id: "pins.remove",
  route: "DELETE /pinned-documents/:id",
  summary: "Take a pinned document away",
  action: "edit",
  branch: "query.branch",
  subject: "params.id",
  query: branch,
  answer: undefined,
  errors: ["DW_NOT_FOUND"],
});

export const addFile = endpoint({
  id: "pins.addFile",
  route: "POST /pinned-files",
  summary: "Store a PDF, picture (PNG, JPEG, WebP) or video (MP4, WebM) of at most 25 MB, to be pinned; the type is that of its bytes",
  action: "edit",
  branch: "query.branch",
  query: branch,
  body: { octets: "application/octet-stream" },
  answer: z.object({ hash: z.string(), type: z.enum(SAFE_TYPES), size: z.int() }),
});

export const file = endpoint({
  id: "pins.file",
  route: "GET /pinned-documents/:id/file",
  summary: "The file of a pinned document",
  action: "read",
  branch: "query.branch",
  subject: "params.id",
  query: branch,
  answer: { octets: "application/octet-stream" },
  errors: ["DW_NOT_FOUND"],
});
