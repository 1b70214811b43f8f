import { endpoint, instant, topic, z } from "@doppelwerk/kit";
import { messageShape } from "@doppelwerk/ports";
import type {} from "./message-codes.ts";
import { MOVEMENT_KINDS } from "./model/movement.ts";
import { NoticeFields } from "./model/notice-kind.ts";
import { PartFields } from "./model/part-kind.ts";
import { SourceFields } from "./model/source-kind.ts";

/** Times are microseconds since 1970. */
const branch = z.object({ branch: z.string().max(200).default("live") });
const at = z.int();

export const PART_FINDINGS = ["belowNothing", "overReserved", "differs", "mayRunOut", "noMovement"] as const;

/** A part with its stock at the instant. Quantities are in its unit. */
export const KnownPart = z.object({
  part: z.string(),
  fields: PartFields,
  onHand: z.number(),
  reserved: z.number(),
  /** On hand and not reserved. */
  available: z.number(),
  /** Less is available than its minimum. */
  isLow: z.boolean(),
  lastAt: at.optional(),
  /** What was used in the last 90 days, or since the first movement where that is later. */
  use: z.object({ quantity: z.number(), withdrawals: z.int(), days: z.number() }),
  /** Days until it is used up: as likely before as after `days`; 80 % of outcomes lie from `low` to `high`. Absent where too little is known. */
  reach: z.object({ days: z.number(), low: z.number(), high: z.number() }).optional(),
  /** Of what is on hand. */
  value: z.number().optional(),
  work: z.array(z.object({ work: z.string(), quantity: z.number() })).readonly(),
  /** What its source says is on hand. */
  reported: z.object({ source: z.string(), onHand: z.number(), at }).optional(),
  findings: z.array(z.enum(PART_FINDINGS)).readonly(),
});
export type KnownPart = z.output<typeof KnownPart>;

export const ListedParts = z.object({
  at,
  /** Those that are low first, then by number. */
  parts: z.array(KnownPart),
  /** Sums of what is on hand, by currency; of so many parts no price is known. */
  values: z.array(z.object({ currency: z.string(), value: z.number() })),
  withoutPrice: z.int(),
});
export type ListedParts = z.output<typeof ListedParts>;

export const list = endpoint({
  id: "stores.parts",
  route: "GET /spare-parts",
  summary: "Spare parts with their stock at an instant, those below their minimum first; with `t` as it was known then",
  action: "read",
  branch: "query.branch",
  query: branch.extend({ t: instant.optional() }),
  answer: ListedParts,
});

/** A movement with what the book said before and after it. */
export const MovementLine = z.object({
  movement: z.string(),
  kind: z.enum(MOVEMENT_KINDS),
  quantity: z.number(),
  at,
  known: at,
  before: z.number(),
  after: z.number(),
  /** Of a count: how much more there was than in the book, and what that was when it was counted, where movements came later. */
  difference: z.number().optional(),
  differenceThen: z.number().optional(),
  isLate: z.boolean(),
  by: z.string(),
  work: z.string().optional(),
  reason: z.string().optional(),
  document: z.string().optional(),
});
export type MovementLine = z.output<typeof MovementLine>;

export const history = endpoint({
  id: "stores.movements",
  route: "GET /spare-parts/:part/movements",
  people: { as: "author" },
  summary: "What happened to the stock of a part, newest first, with who and what for",
  action: "read",
  branch: "query.branch",
  query: branch.extend({ t: instant.optional(), limit: z.coerce.number().int().min(1).max(5_000).default(500) }),
  answer: z.object({ part: KnownPart, lines: z.array(MovementLine), more: z.int() }),
  errors: ["DW_NOT_FOUND"],
});

export const store = endpoint({
  id: "stores.storePart",
  route: "PUT /spare-parts/:part",
  summary: "Store a spare part: a new one, or in place of the one of this number; its stock stays",
  action: "edit",
  branch: "query.branch",
  query: branch,
  /** With `expected` it is refused when another one holds by then; `null`: there must be none. */
  body: z.object({ fields: PartFields, expected: PartFields.nullable().optional() }),
  answer: KnownPart,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

export const move = endpoint({
  id: "stores.move",
  route: "POST /spare-parts/:part/movements",
  summary: "Receive, take, give back, count, reserve or release a part; the same `id` twice is one movement",
  action: "enter",
  branch: "query.branch",
  query: branch,
  body: z.object({
    /** Of the caller, a UUID. */
    id: z.uuid(),
    kind: z.enum(MOVEMENT_KINDS),
    /** Above nothing; of a count from nothing on; of a correction with its sign. */
    quantity: z.number().min(-1_000_000_000).max(1_000_000_000),
    /** When it was; absent: now. Not later than now. */
    at: instant.optional(),
    work: z.string().trim().max(200).optional(),
    /** Needed of a count that does not fit the book, and of a correction. */
    reason: z.string().trim().max(500).optional(),
  }),
  answer: z.object({ isNew: z.boolean(), part: KnownPart }),
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

export const changed = topic({
  id: "stores.changed",
  summary: "A movement was recorded; whoever shows stock asks again",
  action: "read",
  payload: z.object({ at }),
  queue: { bound: 1, overflow: "dropOldest" },
});

export const notice = endpoint({
  id: "stores.notice",
  route: "GET /stores-notice",
  people: { as: "roster" },
  summary: "Who is notified of parts below their minimum, and who may be",
  action: "read",
  branch: "query.branch",
  query: branch,
  answer: z.object({
    fields: NoticeFields,
    /** On-call calendars and people, by name. */
    choices: z.array(z.object({ kind: z.enum(["onCall", "person"]), id: z.string(), name: z.string() })),
  }),
});

export const storeNotice = endpoint({
  id: "stores.storeNotice",
  route: "PUT /stores-notice",
  people: { as: "roster" },
  summary: "Store who is notified of parts below their minimum",
  action: "edit",
  branch: "query.branch",
  query: branch,
  body: z.object({ fields: NoticeFields }),
  answer: NoticeFields,
});

/** How a source is doing. */
export const SourceState = z.object({
  id: z.string(),
  fields: SourceFields,
  hasSecret: z.boolean(),
  state: z.enum(["paused", "waiting", "connected", "failing"]),
  /** Since when it fails, why, and when it is tried again. */
  since: at.optional(),
  reason: messageShape.optional(),
  next: at.optional(),
  lastAt: at.optional(),
  /** Number of the last entry that was taken. */
  position: z.int(),
  taken: z.int(),
  duplicates: z.int(),
  /** Entries of things that are no spare parts. */
  others: z.int(),
  refused: z.int(),
  /** The newest that were refused. */
  faults: z.array(z.object({ at, where: z.string(), reason: messageShape })).readonly(),
});
export type SourceState = z.output<typeof SourceState>;

const source = { action: "administer", errors: ["DW_NOT_FOUND"] } as const;
/** A bearer token; written and never read. */
const secret = z.string().min(1).max(4_000).optional();

export const sources = endpoint({
  id: "stores.sources",
  route: "GET /stores-sources",
  summary: "Programs of stores that parts and movements come from, with the state of each",
  action: "administer",
  answer: z.array(SourceState),
});

export const addSource = endpoint({
  id: "stores.addSource",
  route: "POST /stores-sources",
  summary: "Add a program of stores",
  ...source,
  body: z.object({ fields: SourceFields, secret }),
  answer: SourceState,
  status: 201,
});

export const changeSource = endpoint({
  id: "stores.changeSource",
  route: "PUT /stores-sources/:source",
  summary: "Change a program of stores; switched off it is paused and keeps its position",
  ...source,
  body: z.object({ fields: SourceFields, secret }),
  answer: SourceState,
});

export const removeSource = endpoint({
  id: "stores.removeSource",
  route: "DELETE /stores-sources/:source",
  summary: "Remove a program of stores and its position; its parts and movements stay",
  ...source,
  answer: undefined,
});
