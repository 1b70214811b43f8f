import { endpoint, instant, localText, z } from "@doppelwerk/kit";
import { messageShape } from "@doppelwerk/ports";
import { OrderFields, OrderNumber } from "./model/order-kind.ts";
import { EXECUTION_STATES } from "./model/progress.ts";
import { SourceFields } from "./model/source-kind.ts";

/** Times are microseconds since 1970. */
const branch = z.object({ branch: z.string().max(200).default("live") });
const at = z.int();

/** What was made of an order up to the instant; absent where the line does not count, or may not be read. */
export const Made = z.object({
  begun: z.number().optional(),
  good: z.number(),
  /** Begun and not good, once it is over. */
  missing: z.number().optional(),
  startedAt: at.optional(),
  lastAt: at.optional(),
});

export const ORDER_FINDINGS = ["unknownProduct", "unknownLine", "givenOutLate", "late", "behind", "notCounted", "corrected"] as const;

/** An order as it is, with what the line made of it. */
export const KnownOrder = z.object({
  number: z.string(),
  fields: OrderFields,
  state: z.enum(EXECUTION_STATES),
  /** Id of the line that is meant; absent: there is no such line. */
  line: z.string().optional(),
  source: z.object({ id: z.string(), name: z.string() }).optional(),
  at,
  known: at,
  by: z.string(),
  made: Made.optional(),
  /** When it is expected to be complete, at the pace of its line. */
  expectedEnd: at.optional(),
  findings: z.array(z.enum(ORDER_FINDINGS)).readonly(),
});
export type KnownOrder = z.output<typeof KnownOrder>;

const LineOrders = z.object({
  line: z.string(),
  title: localText,
  /** Good pieces an hour, over the last two hours in which some were made; absent where none were. */
  pace: z.number().optional(),
  /** Whether what is made is counted, and simulated. */
  isCounted: z.boolean(),
  isSimulated: z.boolean(),
  /** Good pieces since the first order that no order takes, by product. */
  unordered: z.array(z.object({ product: z.string(), pieces: z.number() })).readonly(),
});

export const ListedOrders = z.object({ at, orders: z.array(KnownOrder), lines: z.array(LineOrders), more: z.int() });
export type ListedOrders = z.output<typeof ListedOrders>;

export const list = endpoint({
  id: "orders.list",
  route: "GET /orders",
  summary:
    "Production orders with what the lines made of them, in the sequence of their lines; those that are over since long are left out",
  action: "read",
  branch: "query.branch",
  people: { as: "author" },
  query: branch.extend({
    /** As it was then. */
    t: instant.optional(),
    line: z.string().max(200).optional(),
    /** Days before the instant in which orders that are over are listed too. */
    days: z.coerce.number().min(0).max(400).default(1),
  }),
  answer: ListedOrders,
  errors: ["DW_NOT_FOUND"],
  tool: { name: "orders", effect: "read", description: "Production orders with plan against actual." },
});

/** What of an order was said at one time; `changed`: names of the fields that differ from the version before. */
export const OrderVersion = z.object({
  revision: z.int(),
  at,
  by: z.string(),
  state: z.string(),
  fields: OrderFields,
  changed: z.array(z.string()).readonly(),
});
export type OrderVersion = z.output<typeof OrderVersion>;

export const history = endpoint({
  id: "orders.history",
  route: "GET /orders/:number/history",
  summary: "What was said of an order, newest first: by whom, when, and what changed",
  action: "read",
  branch: "query.branch",
  people: { as: "author" },
  query: branch,
  answer: z.array(OrderVersion),
  errors: ["DW_NOT_FOUND"],
});

export const store = endpoint({
  id: "orders.store",
  route: "PUT /orders/:number",
  summary: "Store an order: a new one, or another version of the one of this number",
  action: "edit",
  branch: "query.branch",
  query: branch,
  /** With `expected` (`at` of what the caller saw) it is refused when it changed since; null: there must be none. */
  body: z.object({ fields: OrderFields, expected: at.nullable().optional() }),
  answer: KnownOrder,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

export const split = endpoint({
  id: "orders.split",
  route: "POST /orders/:number/split",
  summary: "Move a part of an order's quantity to a new order",
  action: "edit",
  branch: "query.branch",
  query: branch,
  body: z.object({ number: OrderNumber, quantity: z.number().positive(), expected: at.optional() }),
  answer: z.object({ kept: KnownOrder, split: KnownOrder }),
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
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
  /** How far it was read. */
  position: z.string().optional(),
  taken: z.int(),
  duplicates: z.int(),
  outdated: z.int(),
  refused: z.int(),
  /** The newest that were refused. */
  faults: z.array(z.object({ at, where: z.string(), reason: messageShape })).readonly(),
  /** Confirmations and material calls that wait to be written back. */
  waiting: z.int(),
  confirmed: z.int(),
});
export type SourceState = z.output<typeof SourceState>;

export const sources = endpoint({
  id: "orders.sources",
  route: "GET /order-sources",
  summary: "Where orders come from, with the state of each",
  action: "administer",
  answer: z.array(SourceState),
});

const source = { action: "administer", errors: ["DW_NOT_FOUND"] } as const;
/** A secret is written and never read: of REST a bearer token, of SQL a password. */
const secret = z.string().min(1).max(4_000).optional();

export const addSource = endpoint({
  id: "orders.addSource",
  route: "POST /order-sources",
  summary: "Add a source of orders",
  ...source,
  body: z.object({ fields: SourceFields, secret }),
  answer: SourceState,
  status: 201,
});

export const changeSource = endpoint({
  id: "orders.changeSource",
  route: "PUT /order-sources/:source",
  summary: "Change a source of orders; switched off it is paused and keeps its position",
  ...source,
  body: z.object({ fields: SourceFields, secret }),
  answer: SourceState,
});

export const removeSource = endpoint({
  id: "orders.removeSource",
  route: "DELETE /order-sources/:source",
  summary: "Remove a source of orders and its position; its orders stay",
  ...source,
  answer: undefined,
});
