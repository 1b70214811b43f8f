import { endpoint, instant, localText, z } from "@doppelwerk/kit";
import { TILE_SHAPES, tileFieldShape, tileSettingsShape, tileTableShape } from "@doppelwerk/ports";
import { BoardFields, MailFields, TileFields, TilePlace } from "./model/board-kind.ts";

/** Times are microseconds since 1970. */
const branch = z.object({ branch: z.string().max(200).default("live") });
const write = { action: "enter", branch: "query.branch" } as const;
const errors = ["DW_NOT_FOUND", "DW_FORBIDDEN"] as const;

/** A board as it is listed. */
export const ListedBoard = BoardFields.extend({
  id: z.string(),
  /** Name of who laid it out. */
  owner: z.string(),
  isMine: z.boolean(),
  mayEdit: z.boolean(),
  tiles: z.int(),
});
export type ListedBoard = z.output<typeof ListedBoard>;

export const ShownTile = TileFields.extend({ id: z.string(), place: TilePlace });
export type ShownTile = z.output<typeof ShownTile>;

/** A board with its tiles, by id. `revision`: that of the world when it was read. */
export const ShownBoard = ListedBoard.extend({ tiles: z.array(ShownTile), revision: z.int() });
export type ShownBoard = z.output<typeof ShownBoard>;

export const KnownTileKind = z.object({
  id: z.string(),
  title: localText,
  about: localText,
  shape: z.enum(TILE_SHAPES),
  fields: z.array(tileFieldShape),
  least: z.object({ width: z.number(), height: z.number() }),
});
export type KnownTileKind = z.output<typeof KnownTileKind>;

export const list = endpoint({
  id: "boards.list",
  route: "GET /boards",
  people: { as: "author" },
  summary: "Boards of a branch that the caller may see, by title",
  action: "read",
  branch: "query.branch",
  query: branch,
  answer: z.array(ListedBoard),
});

export const kinds = endpoint({
  id: "boards.kinds",
  route: "GET /board-tiles",
  summary: "Kinds of tiles that features bring, with what is set of each",
  action: "read",
  answer: z.object({
    kinds: z.array(KnownTileKind),
    templates: z.array(z.object({ id: z.string(), title: localText, about: localText })),
    /** Lines that the caller may read, by the AAS id of their shell: a board may be shared with who may read one. */
    lines: z.array(z.object({ shell: z.string(), title: localText })),
  }),
});

export const add = endpoint({
  id: "boards.add",
  route: "POST /boards",
  people: { as: "author" },
  summary: "Make a board: empty, from a template, or as a copy of one that the caller may see",
  ...write,
  query: branch,
  body: BoardFields.partial({ sharing: true, editors: true, wallS: true }).extend({
    template: z.string().max(100).optional(),
    copyOf: z.string().max(200).optional(),
  }),
  answer: ShownBoard,
  status: 201,
  errors: ["DW_NOT_FOUND"],
});

export const read = endpoint({
  id: "boards.read",
  route: "GET /boards/:id",
  people: { as: "author" },
  summary: "A board with its tiles, as it is or as it was at a revision",
  action: "read",
  branch: "query.branch",
  query: branch.extend({ revision: z.coerce.number().int().min(1).optional() }),
  answer: ShownBoard,
  errors: ["DW_NOT_FOUND"],
});

const tile = z.string().regex(/^boardTile:[\w.~-]{1,100}$/);
/** What was set when the caller read it: refused where somebody set something else. */
const expected = TileFields.optional();

/** Acts on a board. Sent again after a break they change nothing more. */
export const BoardAct = z.discriminatedUnion("act", [
  z.object({ act: z.literal("put"), tile, fields: TileFields, place: TilePlace }),
  z.object({ act: z.literal("set"), tile, fields: TileFields, expected }),
  z.object({ act: z.literal("place"), places: z.array(z.object({ tile, place: TilePlace })).max(100) }),
  z.object({ act: z.literal("remove"), tile }),
  z.object({ act: z.literal("board"), fields: BoardFields.partial() }),
]);
export type BoardAct = z.output<typeof BoardAct>;

export const act = endpoint({
  id: "boards.act",
  route: "POST /boards/:id/acts",
  people: { as: "author" },
  summary: "Change a board: put, set, place and remove tiles, or set what it is called and with whom it is shared; all of them, or none",
  ...write,
  query: branch,
  body: z.object({ acts: z.array(BoardAct).min(1).max(200) }),
  answer: ShownBoard,
  errors: [...errors, "DW_CONFLICT"],
});

export const remove = endpoint({
  id: "boards.remove",
  route: "DELETE /boards/:id",
  summary: "Remove a board with its tiles; its versions stay in the change log",
  ...write,
  query: branch,
  answer: undefined,
  errors,
});

export const versions = endpoint({
  id: "boards.versions",
  route: "GET /boards/:id/versions",
  people: { as: "author" },
  summary: "Versions of a board, newest first: when, by whom, how many tiles",
  action: "read",
  branch: "query.branch",
  query: branch,
  answer: z.array(z.object({ revision: z.int(), at: z.int(), by: z.string(), tiles: z.int(), title: z.string() })),
  errors: ["DW_NOT_FOUND"],
});

export const restore = endpoint({
  id: "boards.restore",
  route: "POST /boards/:id/restore",
  people: { as: "author" },
  summary: "Make a board as it was at a revision; what it was meanwhile stays among its versions",
  ...write,
  query: branch,
  body: z.object({ revision: z.int().min(1) }),
  answer: ShownBoard,
  errors,
});

const looked = {
  settings: tileSettingsShape,
  /** Of the tile; live where it is not on a branch. */
  branch: z.string().max(200).default("live"),
  at: instant.optional(),
};

export const table = endpoint({
  id: "boards.table",
  route: "POST /board-tiles/:kind/table",
  summary: "The data behind a tile for the caller: live, at an instant, or on a branch",
  action: "read",
  branch: "body.branch",
  body: z.object(looked),
  answer: tileTableShape,
  errors: ["DW_NOT_FOUND", "DW_UNAVAILABLE"],
});

export const file = endpoint({
  id: "boards.file",
  route: "GET /boards/:id/file",
  summary: "A board as a file: CSV of the data behind each tile, or a PDF of its tiles",
  action: "export",
  branch: "query.branch",
  query: branch.extend({
    format: z.enum(["csv", "pdf"]).default("csv"),
    language: z.enum(["en", "zh"]).default("en"),
    /** Of this tile alone. */
    tile: z.string().max(200).optional(),
    /** Of tiles that are as the page is; without it: now. */
    at: instant.optional(),
  }),
  answer: { octets: "application/octet-stream" },
  errors: ["DW_NOT_FOUND"],
});

const OwnMail = z.object({
  /** Absent: the caller gets none. */
  mail: MailFields.optional(),
  /** There is a mail server, and the caller gave an address. */
  isReachable: z.boolean(),
});

export const mail = endpoint({
  id: "boards.mail",
  route: "GET /boards/:id/mail",
  people: { as: "self" },
  summary: "When the caller gets a board by mail",
  action: "read",
  answer: OwnMail,
  errors: ["DW_NOT_FOUND"],
});

export const setMail = endpoint({
  id: "boards.setMail",
  route: "PUT /boards/:id/mail",
  people: { as: "self" },
  summary: "Get a board by mail, as CSV and PDF with what the caller may read at that moment; without `mail` no more",
  action: "enter",
  body: z.object({ mail: MailFields.optional() }),
  answer: OwnMail,
  errors: ["DW_NOT_FOUND", "DW_FORBIDDEN"],
});
