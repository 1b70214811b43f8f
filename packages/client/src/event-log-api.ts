import type { Message } from "@doppelwerk/messages";
import type { Instant } from "@doppelwerk/world";

/** An activity as an event log shows it. Times in seconds, shares from 0 to 1. */
export interface EventLogStation {
  readonly id: string;
  readonly activity: string;
  readonly visits: number;
  readonly places: number;
  readonly serviceMeanS: number;
  /** Between the end of the visit before and the start; `delayMeanS` of it is explained by no busy place. */
  readonly waitMeanS: number;
  readonly delayMeanS: number;
  readonly utilisation: number;
  /** Share of the time in which it is the bottleneck by active period. */
  readonly bottleneckShare: number;
  readonly resources: number;
}

/** Visits that end in a period, forecast from what the log told before it. The interval is of 90 %. */
export interface EventLogForecastPoint {
  readonly origin: Instant;
  readonly low: number;
  readonly mid: number;
  readonly high: number;
  /** What came; absent for the period after the log. */
  readonly realised?: number;
  /** Mean of the periods before, at most four. */
  readonly naive: number;
}

/** What an event log gives: a line that can be run, its bottleneck, and a forecast with its error. */
export interface EventLogReport {
  readonly format: "doppelwerk-event-log-result/1";
  readonly from: Instant;
  readonly to: Instant;
  readonly cases: number;
  readonly visits: number;
  readonly stations: readonly EventLogStation[];
  readonly bottleneck: string;
  /** A flow model as `doppelwerk simulate` takes it. */
  readonly model: unknown;
  /** What a column is for → its name in the log. */
  readonly columns: Readonly<Record<string, string>>;
  readonly left: { readonly rows: number; readonly first?: string; readonly firstTold?: Message };
  /** What had to be assumed to read the log. `notes` are the same in English. */
  readonly assumptions: readonly Message[];
  readonly notes: readonly string[];
  readonly forecast: {
    readonly periodS: number;
    /** Errors are null where nothing could be scored, `skill` where there was nothing to compare with. */
    readonly score: {
      readonly n: number;
      readonly bias: number | null;
      readonly meanAbsoluteError: number | null;
      readonly crps: number | null;
      readonly coverage90: number | null;
      readonly skill: number | null;
    };
    readonly points: readonly EventLogForecastPoint[];
    readonly ahead?: EventLogForecastPoint;
  };
}
