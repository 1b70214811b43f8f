import { endpoint, instant, localText, z } from "@doppelwerk/kit";
import { COVERAGE_ASPECTS, messageShape } from "@doppelwerk/ports";
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

export const sequence = endpoint({
  id: "orders.sequence",
  route: "PUT /order-sequence",
  summary: "Give orders their places in the sequence of their line",
  action: "edit",
  branch: "query.branch",
  query: branch,
  /** Numbers in their sequence; the others of the line stand behind them, by planned start. */
  body: z.object({ orders: z.array(OrderNumber).min(1).max(500).readonly() }),
  answer: undefined,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

export const confirm = endpoint({
  id: "orders.confirm",
  route: "POST /orders/:number/confirmation",
  summary: "Write back to the source of an order what was made of it so far",
  action: "enter",
  answer: KnownOrder,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT", "DW_UNAVAILABLE"],
});

const Stop = z.object({ station: z.string(), from: at, to: at, state: z.string(), cost: z.number().optional() });
const Cost = z.object({
  good: z.number(),
  conversion: z.number().optional(),
  material: z.number().optional(),
  perPiece: z.number().optional(),
  unknown: z.array(z.string()).readonly(),
});

/** Logistics, money and information of the lines at an instant. What is not known is absent. Money is in `currency`. */
export const BusinessFlow = z.object({
  at,
  currency: z.string().optional(),
  validFrom: z.string().optional(),
  lines: z.array(
    z.object({
      line: z.string(),
      title: localText,
      isSimulated: z.boolean(),
      rate: z
        .object({
          machineHour: z.number(),
          labourHour: z.number().optional(),
          operators: z.number().optional(),
          /** Absent where labour has a rate and nobody says how many people. */
          perHour: z.number().optional(),
        })
        .optional(),
      /** `hours`: planned ones so far. */
      shift: z.object({ name: z.string(), from: at, to: at, hours: z.number() }).optional(),
      cost: Cost.optional(),
      /** Parts on the line, as they are tracked. */
      wip: z.number().optional(),
      /** Begun and not good yet, by product; `each`: what the materials of one cost. */
      onLine: z.array(z.object({ product: z.string(), pieces: z.number(), each: z.number().optional() })).optional(),
      /** Of the materials of all of these. */
      value: z.number().optional(),
      stops: z.array(Stop).readonly(),
      /** Pieces of orders that wait. */
      waiting: z.number(),
    }),
  ),
  materials: z
    .array(
      z.object({
        material: z.string(),
        title: z.string(),
        unit: z.string(),
        /** Of all open orders. */
        needed: z.number(),
        onHand: z.number().optional(),
        onHandAt: at.optional(),
        minimum: z.number().optional(),
        station: z.string().optional(),
        /** At the pace of the orders that run. */
        lastsHours: z.number().optional(),
        /** It is below its minimum, or lasts less than four hours. */
        isCalled: z.boolean(),
      }),
    )
    .readonly(),
  lots: z.int(),
  information: z.object({
    open: z.int(),
    late: z.int(),
    corrected: z.int(),
    unknown: z.int(),
    sources: z
      .array(
        z.object({
          name: z.string(),
          kind: z.string(),
          state: SourceState.shape.state,
          lastAt: at.optional(),
          waiting: z.int(),
          confirmed: z.int(),
        }),
      )
      .readonly(),
  }),
});
export type BusinessFlow = z.output<typeof BusinessFlow>;

export const flow = endpoint({
  id: "orders.flow",
  route: "GET /business-flow",
  summary:
    "Logistics, money and information of the lines over the running shift: cost of a piece and of stops, work in progress, materials, sources",
  action: "read",
  branch: "query.branch",
  query: branch.extend({ t: instant.optional() }),
  answer: BusinessFlow,
  errors: ["DW_NOT_FOUND"],
  tool: { name: "business_flow", effect: "read", description: "Cost per piece and per stop, work in progress and materials of the lines." },
});

export const coverage = endpoint({
  id: "orders.coverage",
  route: "GET /coverage",
  summary: "What of production, quality, energy, logistics, safety and people is collected, from where, and what is not",
  action: "read",
  branch: "query.branch",
  query: branch,
  answer: z.object({
    aspects: z.array(
      z.object({
        aspect: z.enum(COVERAGE_ASPECTS),
        facts: z
          .array(
            z.object({
              id: z.string(),
              feature: z.string(),
              title: localText,
              count: z.int(),
              from: z.array(z.string()).readonly(),
            }),
          )
          .readonly(),
      }),
    ),
  }),
});

const documents = z.enum(["OperationsSchedule", "OperationsPerformance", "MaterialInformation"]);
export const exportB2mml = endpoint({
  id: "orders.exportB2mml",
  route: "GET /b2mml/:document",
  summary: "Orders, what was made of them, or materials and lots, as a document of B2MML 7 in XML or JSON",
  action: "export",
  branch: "query.branch",
  query: branch.extend({ format: z.enum(["xml", "json"]).default("xml"), days: z.coerce.number().min(0).max(400).default(7) }),
  answer: { octets: "application/octet-stream" },
  errors: ["DW_NOT_FOUND"],
});
export const B2mmlDocument = documents;

export const importB2mml = endpoint({
  id: "orders.importB2mml",
  route: "POST /b2mml",
  summary:
    "Take a document of B2MML 7, XML or JSON: orders of a schedule, or materials and lots; with dry it is only said what it would change",
  action: "edit",
  branch: "query.branch",
  query: branch.extend({ dry: z.enum(["true", "false"]).default("false") }),
  body: { octets: "application/octet-stream" },
  answer: z.object({
    document: z.string(),
    stored: z.int(),
    same: z.int(),
    refused: z.array(z.object({ where: z.string(), reason: messageShape })).readonly(),
    /** What a performance reports, beside what was counted here. */
    reports: z.array(z.object({ number: z.string(), reported: z.number().optional(), counted: z.number().optional() })).readonly(),
  }),
  errors: ["DW_CONFLICT"],
});
