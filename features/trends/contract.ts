import { endpoint, fault, instant, message, z } from "@doppelwerk/kit";
import { KeptCurve, PostedCurve } from "./model/curve.ts";
import { KPI_NAMES } from "./model/kpi-names.ts";
import { SavedFields } from "./model/saved-kind.ts";
import { WINDOWS } from "./model/spectrum.ts";
import type {} from "./message-codes.ts";

/** Times are microseconds since 1970. */
const period = { from: instant, to: instant };
const inOrder = ({ from, to }: { readonly from: number; readonly to: number }): boolean => from < to;
const notInOrder = fault(message("messages.fromBeforeTo"));
/** What is not known is null. */
const column = z.array(z.number().nullable());
const Origin = z.enum(["measured", "entered", "derived", "simulated", "replayed"]);
const signal = z.string().min(1).max(500);
const named = { signal: z.string(), name: z.string(), unit: z.string().optional(), from: z.number(), to: z.number() };

const Capability = z.object({
  cp: z.number().optional(),
  cpk: z.number().optional(),
  pp: z.number().optional(),
  ppk: z.number().optional(),
  below: z.int(),
  above: z.int(),
  expectedBelow: z.number().optional(),
  expectedAbove: z.number().optional(),
});

/** What a signal was over a period, of the samples that were sent and of the time that each value held. */
export const Distribution = z.object({
  ...named,
  /** Samples with a value, and those without. */
  n: z.int(),
  bad: z.int(),
  knownS: z.number(),
  unknownS: z.number(),
  min: z.number().optional(),
  max: z.number().optional(),
  mean: z.number().optional(),
  sd: z.number().optional(),
  /** Of neighbours: the mean moving range over 1.128. */
  withinSd: z.number().optional(),
  timeMean: z.number().optional(),
  timeSd: z.number().optional(),
  /** Of samples, as exact as 1/4096 of the range. */
  quantiles: z.object({ p5: z.number(), p25: z.number(), p50: z.number(), p75: z.number(), p95: z.number() }).optional(),
  /** Bin `i` reaches from `from + i · width`; how many samples are in it, and for how many seconds values were. */
  bins: z.object({ from: z.number(), width: z.number(), counts: z.array(z.number()), seconds: z.array(z.number()) }).optional(),
  /** Where a limit was given. */
  capability: Capability.optional(),
  origins: z.array(Origin),
});
export type Distribution = z.output<typeof Distribution>;

export const distribution = endpoint({
  id: "trends.distribution",
  route: "GET /analysis/distribution",
  summary: "Statistics and histogram of a signal over a period, with Cp and Cpk where limits are given",
  action: "read",
  query: z
    .object({
      signal,
      ...period,
      lower: z.coerce.number().optional(),
      upper: z.coerce.number().optional(),
      bins: z.coerce.number().int().min(4).max(256).optional(),
    })
    .refine(inOrder, notInOrder)
    .refine(({ lower, upper }) => lower === undefined || upper === undefined || lower < upper, fault(message("trends.fault.limits"))),
  answer: Distribution,
  errors: ["DW_NOT_FOUND"],
});

const Fit = z.object({
  n: z.int(),
  /** Pairs that count as independent. */
  effectiveN: z.number(),
  slope: z.number(),
  intercept: z.number(),
  r2: z.number(),
  slopeReach: z.number(),
  residualSd: z.number(),
  t95: z.number(),
  meanX: z.number(),
  squaresX: z.number(),
});

/** Two signals on one grid of time; a pair has NaN as null where one of them is not known. */
export const Pairs = z.object({
  x: z.object({ signal: z.string(), name: z.string(), unit: z.string().optional(), values: column }),
  y: z.object({ signal: z.string(), name: z.string(), unit: z.string().optional(), values: column }),
  from: z.number(),
  width: z.number(),
  /** Absent: too few pairs, or x never changes. */
  fit: Fit.optional(),
  origins: z.array(Origin),
});
export type Pairs = z.output<typeof Pairs>;

export const pairs = endpoint({
  id: "trends.pairs",
  route: "GET /analysis/pairs",
  summary: "Two signals against each other, on one grid of time, with a line of least squares",
  action: "read",
  query: z
    .object({
      x: signal,
      y: signal,
      ...period,
      points: z.coerce.number().int().min(10).max(5_000).default(1_000),
      lagS: z.coerce.number().min(-86_400).max(86_400).default(0).describe("y is read so many seconds after x"),
    })
    .refine(inOrder, notInOrder),
  answer: Pairs,
  errors: ["DW_NOT_FOUND"],
});

/** Which frequencies a signal holds. */
export const SpectrumAnswer = z.object({
  ...named,
  window: z.enum(WINDOWS),
  /** Absent: too few samples in a row. */
  spectrum: z
    .object({
      stepS: z.number(),
      length: z.int(),
      nyquist: z.number(),
      resolution: z.number(),
      amplitude: z.array(z.number()),
      used: z.int(),
      leftOut: z.int(),
    })
    .optional(),
  samples: z.int(),
  /** Points of the grid in gaps: no value is made up for them. */
  inGaps: z.int(),
  grid: z.int(),
  /** The middle one of the times between samples. */
  usualS: z.number().optional(),
});
export type SpectrumAnswer = z.output<typeof SpectrumAnswer>;

export const spectrum = endpoint({
  id: "trends.spectrum",
  route: "GET /analysis/spectrum",
  summary: "Amplitudes by frequency of a signal over a period (Welch); stretches with a gap are left out",
  action: "read",
  query: z
    .object({
      signal,
      ...period,
      window: z.enum(WINDOWS).default("hann"),
      stepS: z.coerce.number().min(0.000_1).max(86_400).optional().describe("default: the usual time between two samples"),
    })
    .refine(inOrder, notInOrder),
  answer: SpectrumAnswer,
  errors: ["DW_NOT_FOUND"],
});

/** Rows and columns of a workbook that people still open. */
export const [MAX_ROWS, MAX_COLUMNS] = [20_000, 50];

export const table = endpoint({
  id: "trends.table",
  route: "GET /analysis/table",
  summary: "Signals over a period as an Excel workbook, a row a step",
  action: "export",
  isDecidedByRecord: true,
  query: z
    .object({
      signals: z.string().min(1).max(20_000).describe("ids by commas"),
      ...period,
      stepS: z.coerce.number().min(0.001).max(86_400),
    })
    .refine(inOrder, notInOrder)
    .refine(({ from, to, stepS }) => (to - from) / 1e6 / stepS <= MAX_ROWS, fault(message("trends.fault.rows", { max: MAX_ROWS }))),
  answer: { octets: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
  errors: ["DW_NOT_FOUND"],
});

/** Where a signal usually is: in like periods before, aligned by their beginnings. */
export const Usual = z.object({
  from: z.number(),
  width: z.number(),
  low: column,
  middle: column,
  high: column,
  n: z.array(z.int()),
  periods: z.int(),
});
export type Usual = z.output<typeof Usual>;

export const usual = endpoint({
  id: "trends.usual",
  route: "GET /analysis/usual",
  summary: "Where a signal was in periods before, aligned by their beginnings: middle, and range of 80 % of them",
  action: "read",
  query: z
    .object({
      signal,
      ...period,
      everyS: z.coerce
        .number()
        .min(60)
        .max(86_400 * 31)
        .default(86_400)
        .describe("from the beginning of one period to that of the next"),
      periods: z.coerce.number().int().min(3).max(60).default(20),
      points: z.coerce.number().int().min(10).max(600).default(200),
    })
    .refine(inOrder, notInOrder),
  answer: Usual,
  errors: ["DW_NOT_FOUND"],
});

/** A key figure, a value a shift. */
export const KpiSeries = z.object({
  kpi: z.enum(KPI_NAMES),
  /** Of one shift each; without a value it is not known. */
  steps: z.array(z.object({ from: z.number(), to: z.number(), shift: z.string(), value: z.number().optional(), unknownS: z.number() })),
});
export type KpiSeries = z.output<typeof KpiSeries>;

export const kpiSeries = endpoint({
  id: "trends.kpiSeries",
  route: "GET /analysis/kpi-series",
  summary: "A KPI of a line over a period, a value a shift (ISO 22400-2)",
  action: "read",
  query: z
    .object({ kpi: z.enum(KPI_NAMES), ...period, line: z.string().max(200).optional() })
    .refine(({ from, to }) => from < to && to - from <= 400 * 86_400_000_000, fault(message("trends.fault.kpiPeriod"))),
  answer: KpiSeries,
  errors: ["DW_NOT_FOUND"],
});

/** When a serial was where. */
export const SerialSpans = z.object({
  serial: z.string(),
  spans: z.array(z.object({ station: z.string(), from: z.number(), to: z.number() })),
});
export type SerialSpans = z.output<typeof SerialSpans>;

export const serialSpans = endpoint({
  id: "trends.serialSpans",
  route: "GET /analysis/serials/:serial",
  summary: "When a serial was at which station, from recorded events",
  action: "read",
  query: z.object({ t: instant.optional() }),
  answer: SerialSpans,
});

export const SavedTrend = SavedFields.extend({ id: z.string(), author: z.string(), written: z.number() });
export type SavedTrend = z.output<typeof SavedTrend>;

const branch = z.object({ branch: z.string().max(200).default("live") });

export const saved = endpoint({
  id: "trends.saved",
  route: "GET /saved-trends",
  people: { as: "author" },
  summary: "Trends that people saved, of signals that the caller may read",
  action: "read",
  branch: "query.branch",
  query: branch,
  answer: z.array(SavedTrend),
});

export const save = endpoint({
  id: "trends.save",
  route: "POST /saved-trends",
  summary: "Save what is shown under a name",
  action: "comment",
  branch: "query.branch",
  query: branch,
  body: SavedFields,
  answer: SavedTrend,
  status: 201,
  errors: ["DW_NOT_FOUND"],
});

export const change = endpoint({
  id: "trends.change",
  route: "PUT /saved-trends/:id",
  summary: "Save what is shown in place of what was saved before",
  action: "comment",
  branch: "query.branch",
  subject: "params.id",
  query: branch,
  /** `written` of what the caller saw: refused where somebody saved another one since. */
  body: SavedFields.extend({ seen: z.int().min(0) }),
  answer: SavedTrend,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

export const removeSaved = endpoint({
  id: "trends.removeSaved",
  route: "DELETE /saved-trends/:id",
  summary: "Delete a saved trend",
  action: "comment",
  branch: "query.branch",
  subject: "params.id",
  query: branch,
  answer: undefined,
  errors: ["DW_NOT_FOUND"],
});

export const recordCurve = endpoint({
  id: "trends.recordCurve",
  route: "POST /curves/:curve",
  summary: "Record a curve that a bench measured; sent again it is there once, with other points it takes the place of the one before",
  action: "enter",
  body: PostedCurve,
  answer: z.object({ id: z.string(), isNew: z.boolean() }),
  errors: ["DW_NOT_FOUND", "DW_UNAVAILABLE"],
});

const axis = KeptCurve.shape.axes;

/** One channel of a curve. */
export const Curve = z.object({
  curve: z.string(),
  at: z.number(),
  /** When this server received it. */
  known: z.number(),
  serial: z.string().optional(),
  attempt: z.int().optional(),
  /** The word of the bench, and what it means. */
  verdict: z.string().optional(),
  judged: z.enum(["good", "bad", "unknown"]),
  x: z.array(z.number()),
  y: z.array(z.number()),
  /** Share of its length outside of the envelope; absent without an envelope. */
  outside: z.number().optional(),
  isOutlier: z.boolean(),
  /** It came again with other points. */
  isCorrected: z.literal(true).optional(),
});
export type Curve = z.output<typeof Curve>;

export const Curves = z.object({
  station: z.string(),
  channel: z.string(),
  channels: z.array(z.string()),
  axes: axis.optional(),
  curves: z.array(Curve),
  envelope: z.object({ x: z.array(z.number()), low: column, middle: column, high: column, n: z.array(z.int()), of: z.int() }).optional(),
  /** In the period; curves that were not read are not in the envelope either. */
  count: z.int(),
  /** With other axes or units than the newest: they are not compared. */
  otherAxes: z.int(),
});
export type Curves = z.output<typeof Curves>;

/** Curves that the envelope is made of, and that one answer holds. */
export const [MAX_READ, MAX_SHOWN] = [1_000, 300];

export const curves = endpoint({
  id: "trends.curves",
  route: "GET /curves",
  summary: "Curves of a station over a period, newest first, with the envelope of the good ones",
  action: "read",
  query: z
    .object({
      station: z.string().min(1).max(200),
      ...period,
      channel: z.string().max(100).optional(),
      serial: z.string().max(200).optional().describe("those of this serial alone; the envelope is of all"),
      limit: z.coerce.number().int().min(1).max(MAX_SHOWN).default(100),
      t: instant.optional().describe("as it was known then"),
    })
    .refine(inOrder, notInOrder),
  answer: Curves,
  errors: ["DW_NOT_FOUND"],
});

export const curveStations = endpoint({
  id: "trends.curveStations",
  route: "GET /curve-stations",
  summary: "Stations that curves were recorded of, with how many",
  action: "read",
  query: z.object({ t: instant.optional() }),
  answer: z.array(z.object({ station: z.string(), count: z.int(), newest: z.number() })),
});

export const curvesOfSerial = endpoint({
  id: "trends.curvesOfSerial",
  route: "GET /curves-of-serial/:serial",
  summary: "The curves that a serial has, oldest first",
  action: "read",
  query: z.object({ t: instant.optional() }),
  answer: z.array(
    z.object({ curve: z.string(), station: z.string(), at: z.number(), attempt: z.int().optional(), verdict: z.string().optional() }),
  ),
});
