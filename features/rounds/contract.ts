import { endpoint, instant, topic, z } from "@doppelwerk/kit";
import { messageShape } from "@doppelwerk/ports";
import type {} from "./message-codes.ts";
import { DUE_STATES } from "./model/due.ts";
import { AnswerValue, Entry } from "./model/entry.ts";
import { RoundFields } from "./model/round-kind.ts";

/** Times are microseconds since 1970. */
const branch = z.object({ branch: z.string().max(200).default("live") });
const at = z.int();

const Due = z.object({ from: at, to: at, state: z.enum(DUE_STATES), walk: z.string().optional() });

/** A round with what is due. */
export const KnownRound = z.object({
  round: z.string(),
  fields: RoundFields,
  /** The spans of the last days, oldest first; the last one may still run. Absent where it is not scheduled, or shifts are not known. */
  due: z.array(Due).readonly().optional(),
  /** When it is due next. */
  next: at.optional(),
  lastWalk: z.object({ walk: z.string(), at, by: z.string(), beyond: z.int(), notScanned: z.int(), isFinished: z.boolean() }).optional(),
  /** Codes that belong to a point beside its own: those of its asset. */
  codes: z.record(z.string(), z.array(z.string()).readonly()),
});
export type KnownRound = z.output<typeof KnownRound>;

export const list = endpoint({
  id: "rounds.list",
  route: "GET /inspection-rounds",
  people: { as: "author" },
  summary: "Inspection rounds with what is due, done, late and missed in the last seven days, as it was known at an instant",
  action: "read",
  branch: "query.branch",
  query: branch.extend({ t: instant.optional() }),
  answer: z.object({ at, rounds: z.array(KnownRound), /** Work orders may be opened. */ hasWorkOrders: z.boolean() }),
});

export const store = endpoint({
  id: "rounds.store",
  route: "PUT /inspection-rounds/:round",
  people: { as: "author" },
  summary: "Store a round: a new one, or in place of the one of this code; its walks stay",
  action: "edit",
  branch: "query.branch",
  query: branch,
  /** With `expected` it is refused when another one holds by then; `null`: there must be none. */
  body: z.object({ fields: RoundFields, expected: RoundFields.nullable().optional() }),
  answer: KnownRound,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

/** An answer of a check; `isBeyond`: it is not as it should be. */
export const KnownAnswer = z.object({ check: z.string(), value: AnswerValue.optional(), isBeyond: z.boolean() });

export const KnownWalk = z.object({
  walk: z.string(),
  startedAt: at,
  finishedAt: at.optional(),
  by: z.string(),
  note: z.string().optional(),
  points: z.array(
    z.object({
      point: z.string(),
      entry: z.string(),
      at,
      known: at,
      by: z.string(),
      isScanned: z.boolean(),
      how: z.enum(["camera", "typed"]).optional(),
      corrected: z.int(),
      note: z.string().optional(),
      answers: z.array(KnownAnswer),
      /** Id of the work order that was opened for it, where one is open. */
      workOrder: z.string().optional(),
    }),
  ),
});
export type KnownWalk = z.output<typeof KnownWalk>;

export const walks = endpoint({
  id: "rounds.walks",
  route: "GET /inspection-rounds/:round/walks",
  people: { as: "author" },
  summary: "Walks of a round, newest first, with what was answered at each point",
  action: "read",
  branch: "query.branch",
  query: branch.extend({ t: instant.optional(), limit: z.coerce.number().int().min(1).max(500).default(30) }),
  answer: z.array(KnownWalk),
  errors: ["DW_NOT_FOUND"],
});

export const record = endpoint({
  id: "rounds.record",
  route: "POST /inspection-rounds/:round/entries",
  summary: "Record what was said on walks, in order: at once, or later where the device had no network; each entry once by its id",
  action: "enter",
  body: z.object({
    /** What the clock of the device shows as this is sent: entries are moved by its difference. */
    deviceNow: instant,
    entries: z
      .array(z.object({ at: instant, entry: Entry }))
      .min(1)
      .max(500)
      .readonly(),
  }),
  answer: z.object({
    taken: z.int(),
    known: z.int(),
    refused: z.array(z.object({ entry: z.string(), reason: messageShape })),
  }),
  errors: ["DW_NOT_FOUND"],
});

export const addPhoto = endpoint({
  id: "rounds.addPhoto",
  route: "POST /inspection-rounds/:round/photos",
  summary: "Store a photo of a check point, JPEG or PNG of at most 5 MB; the same is one",
  action: "enter",
  body: { octets: "application/octet-stream" },
  answer: z.object({ photo: z.string() }),
  errors: ["DW_NOT_FOUND"],
});

export const photo = endpoint({
  id: "rounds.photo",
  route: "GET /inspection-rounds/:round/photos/:photo",
  summary: "A photo that was answered on a walk of a round",
  action: "read",
  answer: { octets: "application/octet-stream" },
  errors: ["DW_NOT_FOUND"],
});

export const trend = endpoint({
  id: "rounds.trend",
  route: "GET /inspection-rounds/:round/points/:point/checks/:check",
  summary: "What was measured at a check point, oldest first, with its limits",
  action: "read",
  branch: "query.branch",
  query: branch.extend({ t: instant.optional() }),
  answer: z.object({
    unit: z.string().optional(),
    low: z.number().optional(),
    high: z.number().optional(),
    values: z.array(z.object({ at, value: z.number(), isBeyond: z.boolean(), isScanned: z.boolean() })),
  }),
  errors: ["DW_NOT_FOUND"],
});

export const openWorkOrder = endpoint({
  id: "rounds.openWorkOrder",
  route: "POST /inspection-rounds/:round/work-orders",
  summary: "Open a work order for an answer that is not as it should be; for the same answer it is the same one",
  action: "enter",
  body: z.object({ walk: z.uuid(), point: z.string().max(60), check: z.string().max(60) }),
  answer: z.object({ id: z.string(), isNew: z.boolean() }),
  errors: ["DW_NOT_FOUND", "DW_CONFLICT", "DW_UNAVAILABLE"],
});

export const changed = topic({
  id: "rounds.changed",
  summary: "Something was said on a walk; whoever shows rounds asks again",
  action: "read",
  payload: z.object({ at }),
  queue: { bound: 1, overflow: "dropOldest" },
});
