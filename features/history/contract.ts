import { branch, endpoint, instant, z } from "@doppelwerk/kit";
import { alarmTickShape, changeDotShape, runKindShape, runResultShape, spanNoteShape, verdictShape } from "@doppelwerk/ports";
import { fault, message } from "@doppelwerk/kit";
import type {} from "./message-codes.ts";
import { DisplayBands } from "./model/display-kind.ts";

const samples = { octets: "application/vnd.doppelwerk.samples" } as const;
/** 2: rows say their origin; 1 (deprecated): all of them are called replayed. */
const frame = z.coerce.number().int().min(1).max(2).default(1);
const period = { from: instant, to: instant };
const inOrder = ({ from, to }: { readonly from: number; readonly to: number }): boolean => from < to;
const notInOrder = fault(message("messages.fromBeforeTo"));
/** NaN (no data) travels as null. */
const column = z.array(z.number().nullable());
const Origin = z.enum(["measured", "entered", "derived", "simulated", "replayed"]);

/** Minimum, maximum, mean and percentiles of a signal in buckets; times and widths in microseconds. */
export const Trend = z.object({
  signal: z.string(),
  name: z.string(),
  unit: z.string().optional(),
  from: z.number(),
  width: z.number(),
  min: column,
  max: column,
  mean: column,
  /** Worst quality of each bucket: 0 good, 1 uncertain, 2 bad. */
  quality: z.array(z.int()),
  /** Least certain origin of each bucket, null where it is empty. Absent = all is measured. */
  origin: z.array(Origin.nullable()).optional(),
  /** Buckets without a value in which something was measured all the same: bad. Absent = none. */
  bad: z.array(z.int()).optional(),
  percentiles: z.array(z.object({ percent: z.number(), values: column })).optional(),
  /** Before it the buckets come from tiers: the samples were thinned by the signal's retention. */
  thinnedBefore: z.number().optional(),
  /** Where samples began to come at least four times as often or as rarely, the first stretch too, with the seconds between two of them. Absent = nowhere. */
  densities: z.array(z.object({ from: z.number(), everyS: z.number() })).optional(),
  raw: z.boolean(),
});
export type Trend = z.output<typeof Trend>;

/** Seconds a signal was in each state, per bucket; with `unknownS` they add up to the bucket's width. */
export const StateDurations = z.object({
  signal: z.string(),
  name: z.string(),
  from: z.number(),
  width: z.number(),
  states: z.array(z.object({ state: z.union([z.string(), z.number()]), seconds: z.array(z.number()) })),
  unknownS: z.array(z.number()),
});
export type StateDurations = z.output<typeof StateDurations>;

/** A damaged file of the history that was set aside, and which samples are missing with it. */
export const HistoryDamage = z.object({
  file: z.string(),
  why: z.string(),
  missing: z.array(
    z.object({ branch: z.string(), signal: z.string(), name: z.string(), from: z.number(), to: z.number(), count: z.int() }),
  ),
  /** The file does not even tell what it held. */
  unknown: z.boolean(),
});
export type HistoryDamage = z.output<typeof HistoryDamage>;

const fan = runResultShape.shape.fan.shape.branch;

/** A branch on the Rail, with what its newest run says. */
const RailLane = z.object({
  branch,
  hue: z.string(),
  /** Simulated future: quantiles of cumulative good output at each instant. */
  fan,
  /** The live side of the same forecast, on the same random numbers: what `fan` compares with. */
  reference: fan.optional(),
  verdict: verdictShape.optional(),
  /** Of the run that the verdict is of: a study is about the long run, a forecast about these two shifts. */
  verdictOf: runKindShape.optional(),
  /** The KPI that the verdict is of: paired difference to live, 95 % confidence, and the smallest that matters. */
  judged: z.object({ kpi: z.enum(["throughput", "good"]), mean: z.number(), halfWidth: z.number(), relevant: z.number() }).optional(),
});
export type RailLane = z.output<typeof RailLane>;

/** The Rail between two instants: at most `points` segments in the band. */
export const Rail = z.object({
  from: z.int(),
  to: z.int(),
  now: z.int(),
  /** State of the constraint of the line, merged to the dominant state of a segment; share = fraction of that state. */
  band: z.array(z.object({ from: z.int(), to: z.int(), state: z.string(), share: z.number() })),
  shifts: z.array(z.object({ from: z.int(), to: z.int(), name: z.string(), good: z.number().optional(), oee: z.number().optional() })),
  alarms: z.array(alarmTickShape),
  changes: z.array(changeDotShape),
  /** Absent while notes are off. */
  notes: z.array(spanNoteShape).optional(),
  lanes: z.array(RailLane),
});
export type Rail = z.output<typeof Rail>;

export const window = endpoint({
  id: "history.window",
  route: "GET /window",
  summary: "Samples of signals (ids by commas, or `tracking`: those that the lines are folded from, or one of them) in a period",
  action: "read",
  query: z
    .object({ signals: z.string().max(200_000), line: z.string().min(1).max(300).optional(), ...period, frame })
    .refine(inOrder, notInOrder),
  answer: samples,
  isOpenToGuests: true,
});

export const at = endpoint({
  id: "history.at",
  route: "GET /at",
  summary: "The last sample of every signal at an instant",
  action: "read",
  query: z.object({ t: instant, frame }),
  answer: samples,
});

export const damage = endpoint({
  id: "history.damage",
  route: "GET /history/damage",
  summary: "Damaged files of the history that were set aside, and what is missing",
  action: "read",
  answer: z.array(HistoryDamage),
});

export const trend = endpoint({
  id: "history.trend",
  route: "GET /trend",
  summary: "Minimum, maximum, mean and percentiles of a signal in buckets",
  action: "read",
  query: z
    .object({
      signal: z.string(),
      ...period,
      points: z.coerce.number().int().min(10).max(5_000).default(600),
      percentiles: z
        .string()
        .refine((text) => /^\d+(\.\d+)?(,\d+(\.\d+)?){0,9}$/.test(text), fault(message("history.percentilesForm")))
        .optional()
        .describe("up to ten of 0 to 100, by commas"),
    })
    .refine(inOrder, notInOrder),
  answer: Trend,
  errors: ["DW_NOT_FOUND"],
});

export const durations = endpoint({
  id: "history.durations",
  route: "GET /durations",
  summary: "Seconds a signal was in each state, in buckets",
  action: "read",
  query: z
    .object({ signal: z.string(), ...period, points: z.coerce.number().int().min(1).max(5_000).default(1) })
    .refine(inOrder, notInOrder),
  answer: StateDurations,
  errors: ["DW_NOT_FOUND"],
});

export const exportSamples = endpoint({
  id: "history.exportSamples",
  route: "GET /export/samples",
  summary: "Samples of signals as CSV or Parquet, a row a sample or a row a step",
  action: "export",
  isDecidedByRecord: true,
  query: z
    .object({
      signals: z.string().min(1).max(200_000).optional().describe("ids by commas, or `all`"),
      place: z.string().min(1).max(300).optional().describe("in place of `signals`: every signal of a place and of all in it"),
      line: z.string().min(1).max(300).optional().describe("in place of `signals`: every signal of the place of a line of `GET /lines`"),
      ...period,
      format: z.enum(["csv", "parquet"]).default("csv"),
      layout: z.enum(["long", "wide"]).default("long").describe("long: a row a sample; wide: a row a step, a column a signal"),
      step: z.coerce
        .number()
        .min(0.001)
        .max(86_400 * 366)
        .optional()
        .describe("seconds, of the wide layout"),
      value: z
        .enum(["mean", "last", "min", "max"])
        .default("mean")
        .describe("what a step of the wide layout holds; of texts and enumerations the state at its end"),
      zone: z.string().max(100).optional().describe("an IANA zone: CSV has its local time beside UTC, and the station of each signal"),
    })
    .refine(inOrder, notInOrder)
    .refine(
      ({ signals, place, line }) => [signals, place, line].filter((named) => named !== undefined).length === 1,
      fault(message("history.exportOfWhat")),
    ),
  answer: { octets: "text/csv; charset=utf-8; header=present" },
  errors: ["DW_NOT_FOUND"],
});

export const rail = endpoint({
  id: "history.rail",
  route: "GET /rail",
  people: { as: "author" },
  summary: "State, shifts, alarms, changes and branches over a period",
  action: "read",
  query: z
    .object({
      ...period,
      points: z.coerce.number().int().min(10).max(4_000).default(600),
      /** Whose state and shifts; without one: the first. */
      line: z.string().max(200).optional(),
    })
    .refine(inOrder, notInOrder),
  answer: Rail,
  errors: ["DW_NOT_FOUND"],
});

/** What people stored of how a signal is shown, over what the engineering file says. */
export const StoredDisplay = z.object({ signal: z.string(), bands: DisplayBands });
export type StoredDisplay = z.output<typeof StoredDisplay>;

const ofBranch = z.object({ branch: z.string().max(200).default("live") });

export const displays = endpoint({
  id: "history.displays",
  route: "GET /signal-displays",
  summary: "What is stored of how signals are shown on a branch: normal range, warning range, decimals",
  action: "read",
  branch: "query.branch",
  query: ofBranch,
  answer: z.array(StoredDisplay),
});

export const storeDisplay = endpoint({
  id: "history.storeDisplay",
  route: "PUT /signal-displays/:signal",
  summary: "Store how a signal is shown; without any band it is shown as the engineering file says",
  action: "edit",
  subject: "params.signal",
  branch: "query.branch",
  query: ofBranch,
  /** With `expected` it is refused when other bands are stored by then. */
  body: z.object({ bands: DisplayBands, expected: DisplayBands.optional(), reason: z.string().trim().max(500).optional() }),
  answer: StoredDisplay,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});
