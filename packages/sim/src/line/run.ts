import type { Instant } from "@doppelwerk/world";
import type { LittlesLaw } from "../statistics/littles-law.ts";
import type { StationComponents } from "./component.ts";
import type { LineObserver, PlaceState } from "./line-event.ts";
import type { LineModel } from "./line-model.ts";
import type { LineState } from "./line-state.ts";

export interface RunOptions {
  /** Integer. Same model, seed, replication, start and initial state = same trace hash, everywhere. */
  readonly seed: number;
  /** Integer ≥ 0, default 0. */
  readonly replication?: number;
  readonly startInstant: Instant;
  /** One of these two; needed by `runLine`, ignored by `createLineRun`. */
  readonly endInstant?: Instant;
  readonly horizonS?: number;
  /** Statistics of the first so many seconds are deleted (design study); 0 for a forecast. */
  readonly warmUpS?: number;
  readonly initialState?: LineState;
  readonly observer?: LineObserver;
  /** What the stations' components are run by; needed where the model names one. */
  readonly components?: StationComponents;
  /** Step of `output`, default 300 s. */
  readonly outputStepS?: number;
  /** Events after which a run is given up with a `RunError`; default: never. */
  readonly mostEvents?: number;
}

/** A line that runs in pieces: real time, chunks, forks. All times are instants. */
export interface LineRun {
  readonly model: LineModel;
  readonly now: Instant;
  /** Carries out every event up to and including `instant`. */
  advanceTo(instant: Instant): void;
  /** The whole state as bytes; `restore` of a run of the same model continues exactly. */
  snapshot(): Uint8Array<ArrayBuffer>;
  restore(bytes: Uint8Array): void;
  /** An independent copy that goes on alone. Other seed or replication: the future is drawn anew from here, what is already drawn (residual times) stays. */
  fork(changes?: { readonly seed?: number; readonly replication?: number; readonly observer?: LineObserver }): LineRun;
  /**
   * The line now, as a state that another model or replication can start from. `known: "past"` leaves out what only the
   * simulation knows (remaining times), so that they are drawn again; default "all".
   */
  state(known?: "all" | "past"): LineState;
  /** Figures from the end of the warm-up to now. */
  result(): RunResult;
}

export interface RunResult {
  readonly model: string;
  readonly seed: number;
  readonly replication: number;
  readonly start: Instant;
  /** End of the warm-up: statistics begin here. */
  readonly measuredFrom: Instant;
  readonly end: Instant;
  /** Seconds between `measuredFrom` and `end`, and those of them inside shifts and outside breaks. */
  readonly measuredS: number;
  readonly plannedS: number;
  /** Parts that left good, were destroyed, were rejected to rework (each rejection counts once), and came in at program sources. */
  readonly good: number;
  readonly scrap: number;
  readonly rework: number;
  readonly started: number;
  /** Good parts that were never rejected. */
  readonly goodFirstPass: number;
  readonly goodByProduct: Readonly<Record<string, number>>;
  /** Good per planned hour. */
  readonly throughputPerHour: number;
  readonly shifts: readonly ShiftResult[];
  readonly places: readonly PlaceResult[];
  readonly stations: readonly StationResult[];
  readonly buffers: readonly BufferResult[];
  /** Main-flow parts between entry and exit, averaged over planned time. */
  readonly wip: { readonly mean: number; readonly end: number };
  readonly leadTime: LeadTimeResult;
  /** Cumulative good count since `start` at the end of each step, `start + stepS`, `start + 2 stepS`, … */
  readonly output: { readonly stepS: number; readonly cumulative: readonly number[] };
  readonly oee?: OeeResult;
  /** Share of measured time in which the station had the longest current active period (Roser, Nakano, Tanaka 2002), greatest first. */
  readonly bottlenecks: readonly { readonly station: string; readonly share: number }[];
  /** Since the start of the run, warm-up included: entered = left + inside, to the last part. */
  readonly conservation: Conservation;
  /** Over the whole run: the integral of the main-flow parts inside is the sum of the times they were inside. */
  readonly littlesLaw: LittlesLaw;
  /** 16 hexadecimal digits over every event carried out and the present state. */
  readonly traceHash: string;
  readonly events: number;
}

export interface ShiftResult {
  readonly shift: string;
  readonly start: Instant;
  readonly end: Instant;
  /** False when it began before the measured time or was still running at its end. */
  readonly complete: boolean;
  readonly plannedS: number;
  readonly good: number;
  readonly scrap: number;
  readonly rework: number;
  readonly oee?: number;
}

export interface PlaceResult {
  readonly station: string;
  readonly place: number;
  readonly seconds: Readonly<Record<PlaceState, number>>;
  /** Cycles ended. */
  readonly cycles: number;
  readonly failures: number;
  readonly microStops: number;
}

export interface StationResult {
  readonly station: string;
  readonly cycles: number;
  readonly rejects: number;
  readonly scrap: number;
  /** Shares of planned place time, 0–1. */
  readonly shares: Readonly<Record<PlaceState, number>>;
  /** What its component used up in the measured time; absent without one. */
  readonly uses?: readonly StationUse[];
}

export interface StationUse {
  readonly id: string;
  readonly unit: string;
  readonly title: { readonly en: string; readonly zh: string };
  readonly amount: number;
}

export interface BufferResult {
  readonly station: string;
  readonly input: "main" | "assembly";
  readonly mean: number;
  readonly max: number;
  /** Mean seconds a part spent in it. */
  readonly waitS: number;
}

export interface LeadTimeResult {
  readonly count: number;
  /** Seconds of planned time (breaks and the time between shifts do not count) from entry into the line to leaving it good. */
  readonly meanS: number;
  readonly p50S: number;
  readonly p95S: number;
  readonly maxS: number;
}

/** ISO 22400-2: OEE index = availability × effectiveness × quality ratio, at the declared constraint. */
export interface OeeResult {
  readonly station: string;
  readonly plannedS: number;
  /** Actual production time ÷ planned busy time. */
  readonly availability: number;
  /** Planned run time per item × produced quantity ÷ actual production time. */
  readonly effectiveness: number;
  /** Good ÷ produced. */
  readonly qualityRatio: number;
  readonly oee: number;
  /** Mean ideal cycle of what was produced, divided by the places: seconds per part of the station. */
  readonly idealCycleS: number;
  /** Cycles ended at the constraint. */
  readonly produced: number;
  /** Those of parts never rejected before, less what was scrapped at the constraint or after: a rework pass is not a second good part. */
  readonly good: number;
  /** Share of the line's good parts that were never rejected. */
  readonly firstPassYield: number;
}

export interface Conservation {
  readonly entered: number;
  readonly good: number;
  readonly scrapped: number;
  readonly joined: number;
  readonly inside: number;
  readonly balanced: boolean;
}
