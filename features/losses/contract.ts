import { endpoint, fault, instant, localText, message, z } from "@doppelwerk/kit";
import { messageShape, stopEffectShape } from "@doppelwerk/ports";
import { CodedPart } from "./model/coding-kind.ts";
import { ReasonFields, TIME_ELEMENTS } from "./model/reason-kind.ts";
import { PARETO_BY } from "./model/pareto.ts";
import type {} from "./message-codes.ts";

/** Times are microseconds since 1970. */
const branch = z.object({ branch: z.string().max(200).default("live") });
const line = z.string().max(200).optional();

/** A reason as it holds on a branch. `shipped` is that of the product; `isStored` says that somebody stored one over it. */
export const KnownReason = z.object({
  id: z.string(),
  code: z.string(),
  /** Code of its group; absent of a group. */
  group: z.string().optional(),
  fields: ReasonFields,
  isStored: z.boolean(),
  shipped: ReasonFields.optional(),
});
export type KnownReason = z.output<typeof KnownReason>;

export const reasons = endpoint({
  id: "losses.reasons",
  route: "GET /loss-reasons",
  summary: "The tree of reasons for stops, each group before its reasons",
  action: "read",
  branch: "query.branch",
  query: branch,
  answer: z.array(KnownReason),
});

export const storeReason = endpoint({
  id: "losses.storeReason",
  route: "PUT /loss-reasons/:code",
  summary: "Store a reason: a new one, or in place of the one of this code",
  action: "edit",
  branch: "query.branch",
  query: branch,
  /** With `expected` it is refused when another one holds by then; `null`: there must be none. */
  body: z.object({ fields: ReasonFields, expected: ReasonFields.nullable().optional() }),
  answer: KnownReason,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

export const removeReason = endpoint({
  id: "losses.removeReason",
  route: "DELETE /loss-reasons/:code",
  summary: "Remove a stored reason that no stop has, or let the shipped one hold again",
  action: "edit",
  branch: "query.branch",
  query: branch,
  answer: undefined,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

/** Who said it, and when. */
const Coded = z.object({ id: z.string(), by: z.string(), at: z.int() });

/** A stop of a station as it stands: recorded, a part of one that was split, or several that were joined. */
export const Stop = z.object({
  station: z.string(),
  from: z.int(),
  to: z.int(),
  /** It goes on. */
  lasts: z.boolean().optional(),
  /** Stopped in planned time. */
  seconds: z.number(),
  state: z.string(),
  cause: z.string(),
  /** Code of its reason; absent while nobody gave one. */
  reason: z.string().optional(),
  /** Which part of a stop that was split, from 0, and of how many. */
  part: z.int().optional(),
  parts: z.int().optional(),
  /** How many recorded stops were joined. */
  joined: z.int().optional(),
  coding: Coded.optional(),
});
export type Stop = z.output<typeof Stop>;

/** A coding that no recorded stop meets any more: what was recorded has changed since. */
export const GoneCoding = z.object({
  id: z.string(),
  station: z.string(),
  from: z.int(),
  to: z.int(),
  parts: z.array(CodedPart).readonly(),
});

export const stops = endpoint({
  id: "losses.stops",
  route: "GET /stops",
  people: { as: "author" },
  summary: "Stops and waits in the planned time of a period, oldest first, with their reasons; of one station, or of all of a line",
  action: "read",
  branch: "query.branch",
  query: branch
    .extend({ from: instant, to: instant, line, station: z.string().max(200).optional() })
    .refine(({ from, to }) => from < to && to - from <= 100 * 86_400_000_000, fault(message("losses.fault.period"))),
  answer: z.object({ stops: z.array(Stop), gone: z.array(GoneCoding) }),
  errors: ["DW_NOT_FOUND"],
});

export const code = endpoint({
  id: "losses.code",
  route: "POST /stop-codings",
  summary: "Give a stop its reason, split it, or join it with others of its station",
  action: "enter",
  branch: "query.branch",
  query: branch,
  body: z.object({
    station: z.string().min(1).max(200),
    line,
    from: instant,
    to: instant,
    /** As it shall be; none: as it was recorded. */
    parts: z.array(CodedPart).max(50).readonly(),
    /** What the caller saw of it: refused where somebody has said something else since. */
    seen: z
      .array(z.object({ id: z.string(), at: z.int() }))
      .max(200)
      .readonly(),
  }),
  answer: z.object({ id: z.string().optional(), at: z.int() }),
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

/** What was said of a stop at one time; `parts` empty: that it is as it was recorded, or belongs to another. */
export const CodingVersion = z.object({
  at: z.int(),
  by: z.string(),
  from: z.int(),
  to: z.int(),
  parts: z.array(CodedPart).readonly(),
});
export type CodingVersion = z.output<typeof CodingVersion>;

export const history = endpoint({
  id: "losses.history",
  route: "GET /stop-codings/:id/history",
  people: { as: "author" },
  summary: "What was said of a stop, newest first: by whom, when, and what",
  action: "read",
  branch: "query.branch",
  subject: "params.id",
  query: branch,
  answer: z.array(CodingVersion),
  errors: ["DW_NOT_FOUND"],
});

const seconds = z.number();

/** A row of the loss budget. `state`: a state of the station; `speed`: slower than the planned run time per unit; `reject`, `rework`: what was processed and is not good at the first pass. */
export const LossRow = z.object({
  state: z.string(),
  /** Of a wait: the station that it waited for, and what that one did for the longest part. */
  station: z.string().optional(),
  stationState: z.string().optional(),
  /** Of a wait for no station: `utility`, `material`, `operator` as the machine says; `outside` the line; `unclear`. */
  cause: z.string().optional(),
  /** What people gave as the reason of the stop behind it. */
  reason: z.object({ code: z.string(), title: localText }).optional(),
  /** Where it stands in the time model; absent of what is lost while the station produces, and of what is not known. */
  element: z.enum(TIME_ELEMENTS).optional(),
  /** Below zero where the station was faster than that, or counts contradict each other. */
  seconds,
  /** What the time would have given at the ideal cycle. */
  units: z.number().optional(),
  /** How often, and the longest one. */
  count: z.int().optional(),
  longest: z.object({ from: z.int(), to: z.int() }).optional(),
  /** When, oldest first; of the first 200. */
  occurrences: z
    .array(z.object({ from: z.int(), to: z.int() }))
    .readonly()
    .optional(),
});
export type LossRow = z.output<typeof LossRow>;

/** Where the planned busy time of the constraint went: `plannedBusyS` = Σ ideal cycle × good + `lostS`, and `lostS` is the sum of the rows. */
export const LossBudget = z.object({
  /** 0 = no shift lies in the span. */
  shifts: z.int(),
  from: z.int(),
  to: z.int(),
  /** The constraint; empty where none is declared, and then there are no rows. */
  station: z.string(),
  plannedBusyS: seconds,
  /** Planned run time per item, over the mix that was produced. */
  idealCycleS: seconds,
  /** It is the takt of the line, not the ideal cycle of the station. */
  isOfTakt: z.boolean().optional(),
  produced: z.number(),
  /** Good at the first pass. */
  good: z.number(),
  /** `plannedBusyS` ÷ `idealCycleS`. */
  possible: z.number().optional(),
  lostS: seconds,
  /** `possible` − `good`: the sum of the rows. */
  lostUnits: z.number().optional(),
  /** Longest first. */
  rows: z.array(LossRow).readonly(),
  /** The elements of the planned busy time (ISO 22400-2), seconds, which add up to it; absent without a shift. */
  timeModel: z.object({ plannedBusyS: seconds, APT: seconds, AUST: seconds, ADET: seconds, ADOT: seconds, unknownS: seconds }).optional(),
});
export type LossBudget = z.output<typeof LossBudget>;

export const lossesOfPeriod = endpoint({
  id: "losses.budget",
  route: "GET /loss-budget",
  summary: "Where the planned busy time of the constraint of a line went over a period, in seconds and units that add up (ISO 22400-2)",
  action: "read",
  branch: "query.branch",
  query: branch
    .extend({ from: instant, to: instant, /** Without one: the first. */ line })
    .refine(({ from, to }) => from < to, fault(message("messages.fromBeforeTo"))),
  answer: LossBudget,
  errors: ["DW_NOT_FOUND"],
});

/** Minutes that a loss takes in like shifts: 80 % of them lie from `low` to `high`. */
export const usualLosses = endpoint({
  id: "losses.usual",
  route: "GET /loss-usual",
  summary: "What each loss of a shift took in the last 20 closed shifts of its name before it, minutes",
  action: "read",
  branch: "query.branch",
  query: branch.extend({ /** Lies in the shift. */ at: instant, line }),
  answer: z.object({
    shifts: z.int(),
    rows: z.array(z.object({ key: z.string(), low: z.number(), median: z.number(), high: z.number() })),
  }),
});

const Sum = z.object({ seconds, units: z.number().optional(), count: z.int() });
const Total = z.object({ shifts: z.int(), plannedBusyS: seconds, lostS: seconds, lostUnits: z.number().optional() });

/** What the losses of a row have in common, and how much of them there was. `silent`: a station was recorded as working and counted nothing. */
export const ParetoRow = Sum.extend({
  key: z.string(),
  station: z.string().optional(),
  state: z.string().optional(),
  waitsFor: z.string().optional(),
  waitState: z.string().optional(),
  cause: z.string().optional(),
  reason: z.object({ code: z.string(), title: localText }).optional(),
  product: z.string().optional(),
  /** False: of other stations. The line loses at its constraint alone; these are no part of the sum, and have no units. */
  isConstraint: z.boolean(),
  longest: z.array(z.object({ station: z.string(), from: z.int(), to: z.int() })).readonly(),
  /** Of the period before. */
  before: Sum,
});
export type ParetoRow = z.output<typeof ParetoRow>;

export const LossPareto = Total.extend({
  line: z.string(),
  /** The constraint; empty where none is declared. */
  station: z.string(),
  from: z.int(),
  to: z.int(),
  before: Total,
  /** Stations whose counts the caller may read: of others no silent stop is known. */
  counted: z.array(z.string()),
  /** Of the constraint first, the largest first. Those of the constraint add up to `lostS`. */
  rows: z.array(ParetoRow),
});
export type LossPareto = z.output<typeof LossPareto>;

export const pareto = endpoint({
  id: "losses.pareto",
  route: "GET /loss-pareto",
  summary: "Losses of the shifts that begin in a period, by reason, station, state or product, beside those of the period before",
  action: "read",
  branch: "query.branch",
  query: branch
    .extend({ from: instant, to: instant, /** Without one: the first. */ line, by: z.enum(PARETO_BY).default("reason") })
    .refine(({ from, to }) => from < to && to - from <= 100 * 86_400_000_000, fault(message("losses.fault.period"))),
  answer: LossPareto,
  errors: ["DW_NOT_FOUND"],
});

/** What a stop cost, simulated, and the branch that was forked the second before it. */
export const StopEffect = z.object({
  branch: z.string(),
  line: z.string(),
  station: z.string(),
  from: z.int(),
  to: z.int(),
  effect: stopEffectShape,
});
export type StopEffect = z.output<typeof StopEffect>;

export const effects = endpoint({
  id: "losses.effects",
  route: "GET /stop-effects",
  summary: "What stops of a period would have cost less, as far as it was simulated on branches that are open",
  action: "read",
  branch: "query.branch",
  query: branch.extend({ from: instant, to: instant, line }).refine(({ from, to }) => from < to, fault(message("messages.fromBeforeTo"))),
  answer: z.array(StopEffect),
});

export const whatIf = endpoint({
  id: "losses.whatIf",
  route: "POST /stop-effects",
  summary: "Fork the second before a stop and simulate the rest of its shift with the stop and without it, on the same random numbers",
  action: "run",
  branch: "query.branch",
  query: branch,
  body: z
    .object({
      line,
      station: z.string().min(1).max(200),
      from: instant,
      to: instant,
      /** Of the branch. */ name: z.string().trim().min(1).max(80),
    })
    .refine(({ from, to }) => from < to, fault(message("messages.fromBeforeTo"))),
  /** `why`: it cannot be simulated, and nothing was forked. */
  answer: z.object({ effect: StopEffect.optional(), why: messageShape.optional() }),
  errors: ["DW_NOT_FOUND", "DW_UNAVAILABLE", "DW_QUEUE_FULL"],
});
