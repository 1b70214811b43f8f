import { type Message } from "@doppelwerk/messages";
import type { RunProgress } from "@doppelwerk/sync";
import type { Instant, RecordId } from "@doppelwerk/world";
import type { Text } from "./api.ts";

// What is simulated, fitted and scored: runs of a branch, their factors and parameters, the backtest, and what became of a forecast.

export interface FanPoint {
  readonly at: Instant;
  readonly p025: number;
  readonly p25: number;
  readonly p50: number;
  readonly p75: number;
  readonly p975: number;
}

export type Verdict = "better" | "worse" | "no evidence";

/** A changeable property of the line on a branch. */
export interface Factor {
  readonly element: RecordId;
  readonly key: string;
  readonly station?: string | undefined;
  readonly label: Text;
  readonly unit: string;
  readonly group: "places" | "buffer" | "carriers" | "cycle" | "operators" | "repair" | "interval" | "other";
  /** Name of the fitted parameter of its station that a model takes instead of it, in the ratio of the edit; absent: taken as it is. */
  readonly parameter?: string | undefined;
  readonly live: number;
  readonly value: number;
  readonly planned?: { readonly value: number; readonly effectiveFrom: string; readonly owner: string };
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly propertyClass: "logistics" | "quality" | "safety";
  readonly outsideObserved: boolean;
  /** Of one that differs from live: with which values the plant was recorded, and from when to when. Absent where nothing is recorded. */
  readonly observed?: { readonly min: number; readonly max: number; readonly from: number; readonly to: number } | undefined;
}

/** P2, P8: fitted from history with its own uncertainty. */
export interface FittedParameter {
  readonly station: string;
  readonly name: string;
  readonly unit: string;
  readonly distribution: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
  readonly pooled: boolean;
  readonly source: "fitted" | "nominal" | "edited" | "log" | "unknown";
  readonly nominal?: number | undefined;
  /** Of the time between stops: the operating time in which they were counted, in minutes. */
  readonly overMin?: number | undefined;
  /** When those were counted, at how many places, and the signals of the states that show them. */
  readonly counted?:
    | { readonly from: Instant; readonly to: Instant; readonly places: number; readonly signals: readonly string[] }
    | undefined;
  readonly fit: string;
}

export interface RunRequest {
  /** Id of the line; absent: the first. */
  readonly line?: string | undefined;
  /** Ids of several lines that run at once, with the buffers that they share; in place of `line`. */
  readonly lines?: readonly string[] | undefined;
  readonly kind: "forecast" | "study";
  readonly seed: number;
  readonly replications: number;
  /** Study: simulated shifts after warm-up per replication. Forecast: this and the next shift. */
  readonly shifts?: number;
  /** P5: the smallest difference that matters, as a share of live's mean; default 0.005. */
  readonly relevantShare?: number;
}

export interface RunSummary extends RunProgress {
  /** Id of the line that was named; absent: the first, or several. */
  readonly line?: string | undefined;
  /** Ids of the lines that ran at once; absent: one. */
  readonly lines?: readonly string[] | undefined;
  readonly seed: number;
  /** Asked for, on each side; `total` counts every simulated one, those that tell chance from few data included. */
  readonly replications: number;
  readonly startedAt: Instant;
  readonly finishedAt?: Instant;
  readonly diffHash: string;
  readonly resultHash?: string;
  readonly verdict?: Verdict;
  /** Servers that ended while it ran; it was gone on with each time. */
  readonly resumed?: number;
  /** Carried out again from what another one kept; `sameHash` tells whether it came to the same figures. */
  readonly rerunOf?: string;
  readonly sameHash?: boolean;
}

/** Both intervals, always named (P1): confidence of the mean, prediction for one shift. */
export interface KpiEstimate {
  readonly key: "throughput" | "oee" | "wip" | "leadTime" | "good" | "rework";
  readonly unit: string;
  readonly live: IntervalPair;
  readonly branch: IntervalPair;
  /** Paired difference on common random numbers, 95 % confidence. `relevant` is the smallest that matters: a verdict is an interval beyond it (P5). */
  readonly difference: { readonly mean: number; readonly halfWidth: number; readonly relevant: number };
  readonly verdict: Verdict;
}

export interface IntervalPair {
  readonly mean: number;
  readonly confidence: number;
  readonly predictionLow: number;
  readonly predictionHigh: number;
  /** Share of the prediction width from few data (P2), 0–1. */
  readonly inputShare: number;
}

/** One of several lines of a run. */
export interface LineOfRun {
  readonly line: string;
  readonly kpis: readonly KpiEstimate[];
  readonly fan: { readonly live: readonly FanPoint[]; readonly branch: readonly FanPoint[] };
  readonly stations: readonly string[];
}

/** Parts in a buffer between lines: the mean over time and replications, and the most there ever were. */
export interface BufferOfRun {
  /** AAS id of its shell. */
  readonly buffer: string;
  readonly name: string;
  readonly capacity?: number | undefined;
  readonly live: { readonly mean: number; readonly max: number };
  readonly branch: { readonly mean: number; readonly max: number };
}

/** Whose code took part in a run beside the product's own. */
export interface RunComponent {
  readonly component: string;
  readonly pack: string;
  readonly version: string;
  /** SHA-256 of its declaration and code, hexadecimal. */
  readonly checksum: string;
}

export interface RunResult {
  readonly run: RunSummary;
  readonly kpis: readonly KpiEstimate[];
  readonly timeShares: readonly {
    readonly station: string;
    readonly live: Readonly<Record<string, number>>;
    readonly branch: Readonly<Record<string, number>>;
  }[];
  readonly bottleneck: readonly { readonly station: string; readonly live: number; readonly branch: number }[];
  readonly fan: { readonly live: readonly FanPoint[]; readonly branch: readonly FanPoint[] };
  readonly replications: readonly {
    readonly replication: number;
    readonly live: number;
    readonly branch: number;
    readonly traceHash: string;
  }[];
  /** Of several lines that ran at once: each of them. The figures above are then those of all together, what goes from one to another left out. */
  readonly lines?: readonly LineOfRun[];
  /** Of several lines: what was in the buffers between them. */
  readonly buffers?: readonly BufferOfRun[];
  /** Whether the books of every replication balanced: parts conserved, Little's law to the last microsecond. Absent in results of earlier versions. */
  readonly checks?: { readonly conservation: boolean; readonly littlesLaw: boolean; readonly replications: number };
  readonly initialState: readonly {
    readonly item: string;
    readonly value: string;
    readonly basis: "measured" | "inferred" | "assumed";
    readonly why: string;
    /** `why` for a screen of any language; absent in results of earlier releases. */
    readonly reason?: Message;
  }[];
  readonly parameters: readonly FittedParameter[];
  readonly warnings: readonly string[];
  /** The same warnings in the same order as codes with values; labels in both languages as `labelEn` and `labelZh`. */
  readonly warningMessages?: readonly Message[];
  /** @deprecated Use `warningMessages`. */
  readonly warningsTold?: readonly Message[];
  readonly model: {
    readonly hash: string;
    readonly seed: number;
    readonly code: string;
    readonly warmUpS: number;
    /** Components of packs that stations of the branch were simulated by. */
    readonly components?: readonly RunComponent[];
  };
}

/** What a run simulated: enough to simulate any of its replications again, anywhere, to the same trace hash. JSON of room sim's shapes. */
export interface RunModel {
  /** `ExperimentModel` of each side. */
  readonly live: unknown;
  readonly branch: unknown;
  /** `ReplicationOptions` without the replication and whether its parameters are drawn (they are). */
  readonly options: unknown;
}

/** P4: rolling origin on past shifts. */
export interface Backtest {
  readonly state: "running" | "done";
  readonly done: number;
  readonly total: number;
  /** Scores are null where nothing could be scored. */
  readonly horizons: readonly {
    readonly horizon: "1 h" | "this shift" | "next shift";
    readonly n: number;
    readonly bias: number | null;
    readonly meanAbsoluteError: number | null;
    readonly crps: number | null;
    readonly coverage90: number | null;
    readonly skill: number | null;
    readonly unit: string;
  }[];
  readonly points: readonly {
    readonly origin: Instant;
    readonly horizon: string;
    readonly low: number;
    readonly mid: number;
    readonly high: number;
    readonly realised: number;
  }[];
}

/** Whether the plant is still the one a fit was made from. */
export interface DriftNotice {
  /** The fit's instant; on live the beginning of its last five shifts. */
  readonly since?: Instant;
  /** Closed since then; without one nothing is asked. */
  readonly shifts: number;
  /** Parameters with data enough on both sides. */
  readonly asked: number;
  /** Probability that a plant in which nothing changed is called another one, over all parameters together. */
  readonly falseAlarms: number;
  /** Named and measured as in `FittedParameter`: means before and since, and the events or values since. */
  readonly drifts: readonly {
    readonly station: string;
    readonly name: string;
    readonly unit: string;
    readonly before: number;
    readonly recent: number;
    readonly n: number;
  }[];
}

/** P17: what a merge was expected to bring against what came. */
export interface ForecastRealised {
  readonly run: RecordId;
  readonly kind: RunRequest["kind"];
  readonly mergedAt: Instant;
  /** Everything planned is confirmed on the plant; absent while something is only planned. */
  readonly inEffectSince?: Instant;
  /** Live's own prediction, for shifts before the change is in effect; and the branch's, for those after. */
  readonly asItWas: HeldForecast;
  readonly changed: HeldForecast;
  /** Closed since the merge, in order. */
  readonly shifts: readonly {
    readonly name: string;
    readonly from: Instant;
    readonly to: Instant;
    readonly good: number;
    /** Absent: the change came in the middle of it. */
    readonly against?: "asItWas" | "changed" | undefined;
    /** Absent: not judged, because too little is known of it or it is held against nothing. */
    readonly inside?: boolean;
  }[];
}

/** Mean and 90 % prediction for one shift, machines a shift, and how many shifts it held. */
export interface HeldForecast extends Omit<IntervalPair, "inputShare"> {
  readonly judged: number;
  readonly inside: number;
  /** *disagrees*: a right forecast would hold so few of them less than once in twenty. *too few*: below five. */
  readonly verdict: "none yet" | "too few" | "agrees" | "disagrees";
}
