import type { Message } from "@doppelwerk/messages";
import type { StationState } from "@doppelwerk/operations";
import type { BranchId, Instant } from "@doppelwerk/world";
import { z } from "zod";
import { messageShape } from "./message-shape.ts";
import { port } from "./token.ts";

/** What of a run others than its own feature show: its figures, and what came of a forecast. Times are microseconds since 1970. */

const list = <Item extends z.ZodType>(item: Item) => z.array(item).readonly();
const shares = z.record(z.string(), z.number());

export const verdictShape = z.enum(["better", "worse", "no evidence"]);
export const runKindShape = z.enum(["forecast", "study"]);

/** How far a run is; also what is pushed while it runs. */
export const runProgressShape = z.object({
  id: z.string(),
  branch: z.string(),
  kind: runKindShape,
  state: z.enum(["queued", "running", "done", "cancelled", "failed"]),
  done: z.int(),
  total: z.int(),
  message: z.string().optional(),
  /** The same as a message, where it is one of this server. */
  reason: messageShape.optional(),
});

export const runSummaryShape = runProgressShape.extend({
  /** Id of the line that was named; absent: the first, or several. */
  line: z.string().optional(),
  /** Ids of the lines that ran at once; absent: one. */
  lines: list(z.string()).optional(),
  seed: z.int(),
  /** Requested on each side; `total` counts every simulated one, those that tell chance from few data included. */
  replications: z.int(),
  startedAt: z.int(),
  finishedAt: z.int().optional(),
  diffHash: z.string(),
  resultHash: z.string().optional(),
  verdict: verdictShape.optional(),
  /** Servers that ended while it ran; it was resumed each time. */
  resumed: z.int().optional(),
  /** Carried out again from the plan of another run; `sameHash` says whether it came to the same figures. */
  rerunOf: z.string().optional(),
  sameHash: z.boolean().optional(),
});

/** Figures of one side: confidence of the mean, prediction for one shift. */
export const intervalPairShape = z.object({
  mean: z.number(),
  confidence: z.number(),
  predictionLow: z.number(),
  predictionHigh: z.number(),
  /** Share of the prediction width from few data, 0 to 1. */
  inputShare: z.number(),
});

export const fittedParameterShape = z.object({
  station: z.string(),
  name: z.string(),
  unit: z.string(),
  distribution: z.string(),
  mean: z.number(),
  low: z.number(),
  high: z.number(),
  n: z.number(),
  pooled: z.boolean(),
  /** `log`: an event log; `unknown`: nothing states it, and `mean` is only what the run takes. */
  source: z.enum(["fitted", "nominal", "edited", "log", "unknown"]),
  nominal: z.number().optional(),
  /** Of the time between stops: the operating time in which they were counted, in minutes. */
  overMin: z.number().optional(),
  /** When those were counted, at how many places, and the signals of the states that show them. */
  counted: z.object({ from: z.int(), to: z.int(), places: z.int(), signals: z.array(z.string()).readonly() }).optional(),
  fit: z.string(),
});

const fanPoint = z.object({
  at: z.int(),
  p025: z.number(),
  p25: z.number(),
  p50: z.number(),
  p75: z.number(),
  p975: z.number(),
});

const kpiShape = z.object({
  key: z.enum(["throughput", "oee", "wip", "leadTime", "good", "rework"]),
  unit: z.string(),
  live: intervalPairShape,
  branch: intervalPairShape,
  /** Paired difference, 95 % confidence; `relevant` is the smallest that matters. */
  difference: z.object({ mean: z.number(), halfWidth: z.number(), relevant: z.number() }),
  verdict: verdictShape,
});
const fanShape = z.object({ live: list(fanPoint), branch: list(fanPoint) });
const partsInBuffer = z.object({ mean: z.number(), max: z.number() });

/** Live and branch on the same random numbers. */
export const runResultShape = z.object({
  run: runSummaryShape,
  kpis: list(kpiShape),
  timeShares: list(z.object({ station: z.string(), live: shares, branch: shares })),
  bottleneck: list(z.object({ station: z.string(), live: z.number(), branch: z.number() })),
  fan: fanShape,
  replications: list(z.object({ replication: z.int(), live: z.number(), branch: z.number(), traceHash: z.string() })),
  /** Of several lines that ran at once: each of them. The figures above are then those of all together, what goes from one to another left out. */
  lines: list(z.object({ line: z.string(), kpis: list(kpiShape), fan: fanShape, stations: list(z.string()) })).optional(),
  /** Of several lines: parts in the buffers between them; `buffer` is the AAS id of its shell. */
  buffers: list(
    z.object({ buffer: z.string(), name: z.string(), capacity: z.int().optional(), live: partsInBuffer, branch: partsInBuffer }),
  ).optional(),
  /** Whether the books of every replication balanced. Absent in results of earlier versions. */
  checks: z.object({ conservation: z.boolean(), littlesLaw: z.boolean(), replications: z.int() }).optional(),
  initialState: list(
    z.object({
      item: z.string(),
      value: z.string(),
      basis: z.enum(["measured", "inferred", "assumed"]),
      why: z.string(),
      /** `why` for a screen of any language; absent in results stored before 2026-11-28. */
      reason: messageShape.optional(),
    }),
  ),
  parameters: list(fittedParameterShape),
  warnings: list(z.string()),
  /** The same warnings in the same order as codes with values. */
  warningMessages: list(messageShape).optional(),
  warningsTold: list(messageShape).optional().describe("deprecated: use warningMessages"),
  model: z.object({
    hash: z.string(),
    seed: z.int(),
    code: z.string(),
    warmUpS: z.number(),
    components: list(z.object({ component: z.string(), pack: z.string(), version: z.string(), checksum: z.string() }))
      .optional()
      .describe("components of packs that stations of the branch were simulated by"),
  }),
});
export type RunResultValue = z.output<typeof runResultShape>;

const heldForecast = intervalPairShape.omit({ inputShare: true }).extend({
  judged: z.int(),
  inside: z.int(),
  verdict: z.enum(["none yet", "too few", "agrees", "disagrees"]),
});

/** What a merge was expected to bring, against what came. */
export const forecastRealisedShape = z.object({
  run: z.string(),
  kind: runKindShape,
  mergedAt: z.int(),
  /** Everything planned is confirmed on the plant; absent while something is only planned. */
  inEffectSince: z.int().optional(),
  asItWas: heldForecast,
  changed: heldForecast,
  shifts: list(
    z.object({
      name: z.string(),
      from: z.int(),
      to: z.int(),
      good: z.number(),
      /** Absent: the change came in the middle of it. */
      against: z.enum(["asItWas", "changed"]).optional(),
      /** Absent: not judged. */
      inside: z.boolean().optional(),
    }),
  ),
});
export type ForecastRealisedValue = z.output<typeof forecastRealisedShape>;

/** States of a station of a simulation from an instant on: its own first, then those of its places. */
export interface SimulatedStates {
  readonly station: string;
  readonly at: Instant;
  readonly states: readonly StationState[];
}

/** One replication of a run on its branch, as the course of the states of its stations. */
export interface SimulatedCourse {
  readonly run: string;
  /** Id of its line; absent: the first. */
  readonly line?: string | undefined;
  readonly kind: "forecast" | "study";
  readonly replication: number;
  readonly from: Instant;
  readonly to: Instant;
  /** In order of time; of every station from the beginning. */
  readonly states: readonly SimulatedStates[];
  /** False: it changes more often than is held, and ends before its run does. */
  readonly isWhole: boolean;
  /** Of the whole course: that of the replication in the result of the run. */
  readonly traceHash?: string;
}

/** Which course: with `line` of that line, in the newest run that it was in; without it of the line of the run, of several the first. Without `run` that of the newest finished run of the branch, without `replication` the one nearest to what the run says. */
export interface CourseRequest {
  readonly line?: string | undefined;
  readonly run?: string | undefined;
  readonly replication?: number | undefined;
}

/** Good units that a shift is expected to make from an instant on: that of live, made without a request. */
export interface ShiftForecastMade {
  /** When it begins. */
  readonly at: Instant;
  readonly seed: number;
  /** What each replication adds from then until the end of the shift, in ascending order. */
  readonly added: readonly number[];
  /** Over the replications: median and 95 % prediction. */
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly model: { readonly hash: string; readonly code: string };
}

/** A forecast of the running shift of a line, as far as there is one. */
export interface ShiftForecast {
  /** The newest of this shift; it stays while the next one is made. */
  readonly made?: ShiftForecastMade;
  /** The first one of this shift is being made. */
  readonly isComing: boolean;
  /** Why there is none. */
  readonly why?: Message;
}

/** Results of runs, as a merge request shows them and an approval is bound to them. */
export interface RunResults {
  /** One hash over the results of several runs, "" for none. Errors: DW_NOT_FOUND of a run that is not there. */
  hashOf(runs: readonly string[]): Promise<string>;
  ofHash(hash: string): Promise<readonly RunResultValue[]>;
  /** The newest finished run of a branch; undefined where there is none. */
  newest(branch: BranchId): Promise<RunResultValue | undefined>;
  /** The newest finished run that a line was in, as a run of that line; without an id the first. Undefined where there is none. */
  newestOfLine(branch: BranchId, line?: string): Promise<RunResultValue | undefined>;
  /**
   * The forecast of a shift that runs on live. Who asks keeps it up to date: where it is missing or older than five minutes, or older than a minute and made while other
   * stations stood, the next one is begun, behind everything that a person waits for, and one at a time. `stops` names the stations that stand now.
   */
  ofShift(line: string, shift: { readonly from: Instant; readonly to: Instant }, stops?: string): ShiftForecast;
  /** Undefined where the branch has no such finished run or replication, or the signal ended. */
  course(branch: BranchId, request: CourseRequest, signal: { readonly aborted: boolean }): Promise<SimulatedCourse | undefined>;
  /** The first run of a hash against the shifts that closed since the merge; undefined where it kept no throughput. */
  realised(hash: string, merged: { readonly at: Instant; readonly inEffectSince?: Instant }): Promise<ForecastRealisedValue | undefined>;
}

export const runResults = port<RunResults>("simulate.results", 1);
