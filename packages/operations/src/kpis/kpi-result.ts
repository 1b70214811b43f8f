import type { Instant } from "@doppelwerk/world";
import type { StateCause, StationState } from "../definition/station-state.ts";

/** OEE of one station over one span, with everything needed to recompute it by hand (ISO 22400-2; P6). */
export interface OeeResult {
  readonly station: string;
  readonly from: Instant;
  readonly to: Instant;
  /** PBT: the shift without its breaks, up to `to`, seconds. */
  readonly plannedBusyS: number;
  /** APT: working within planned busy time, seconds. */
  readonly actualProductionS: number;
  /** Neither known to work nor known not to: never counted as production, seconds. */
  readonly unknownS: number;
  /** PQ. */
  readonly produced: number;
  /** GQ: good at the first pass; reworked parts are not among them. */
  readonly good: number;
  /** Good only after rework. */
  readonly reworkedGood: number;
  readonly rejected: number;
  /** Counted over a gap: made, but nobody knows when; in none of the ratios. */
  readonly producedInUnknownTime: number;
  /** Σ PRI × PQ over products, seconds. */
  readonly idealS: number;
  readonly products: readonly {
    readonly product: string;
    readonly plannedRunTimePerItemS: number;
    readonly produced: number;
    readonly good: number;
  }[];
  /** APT ÷ PBT. Undefined where the denominator is zero, or nothing of that time is known. */
  readonly availability?: number;
  /** Σ PRI × PQ ÷ APT. */
  readonly effectiveness?: number;
  /** GQ ÷ PQ. */
  readonly qualityRatio?: number;
  /** Availability × effectiveness × quality ratio; never capped. */
  readonly oee?: number;
  readonly findings: readonly KpiFinding[];
}

export interface KpiFinding {
  readonly kind: "over100" | "goodAboveTotal" | "countsInUnknownTime" | "unknownTime" | "noCalendar" | "noCounter";
  readonly station: string;
  /** What it is about: a ratio, a number of parts, seconds. */
  readonly value: number;
}

/** Where the time of one station went within planned time, seconds. The states add up to `plannedBusyS` as far as it was observed. */
export interface StationTime {
  readonly station: string;
  readonly states: Readonly<Partial<Record<StationState, number>>>;
  /** Greatest first. */
  readonly losses: readonly {
    readonly state: StationState;
    readonly cause: StateCause;
    readonly word?: string;
    readonly seconds: number;
    readonly count: number;
    readonly inferredS: number;
  }[];
}

export interface ShiftResult {
  readonly id: string;
  readonly name: string;
  readonly day: string;
  readonly from: Instant;
  /** End of the shift, or the instant of the question while it runs. */
  readonly to: Instant;
  /** False: production outside of any shift (unplanned overtime); no ratio has a denominator then. */
  readonly planned: boolean;
  readonly closed: boolean;
  /** How many readings have changed it after it was closed. */
  readonly revision: number;
  /** OEE of the line = that of its declared constraint; undefined when none is declared. */
  readonly oee?: OeeResult;
  readonly stations: readonly OeeResult[];
  readonly time: readonly StationTime[];
  readonly line: LineYield;
  readonly bottleneck: readonly BottleneckShare[];
  readonly hours: readonly HourResult[];
}

export interface LineYield {
  readonly entered: number;
  readonly completed: number;
  /** Completed without rework. */
  readonly firstPass: number;
  readonly scrapped: number;
  /** firstPass ÷ (completed + scrapped). */
  readonly firstPassYield?: number;
  readonly byProduct: Readonly<Record<string, number>>;
  /** Parts an hour of planned time elapsed. */
  readonly throughputPerH?: number;
  /** Lead time of parts whose entry was seen, in planned seconds (nights and breaks out). */
  readonly lead: { readonly n: number; readonly meanS?: number; readonly p50S?: number; readonly p95S?: number };
}

export interface HourResult {
  readonly from: Instant;
  readonly completed: number;
  /** Of the constraint. */
  readonly produced: number;
  readonly good: number;
  readonly workingS: number;
  readonly plannedS: number;
  /** Σ PRI × GQ ÷ PBT of the hour at the constraint. */
  readonly oee?: number;
}

/** Active-period method (Roser, Nakano, Tanaka 2002): share of the span in which the station had the longest uninterrupted active period. */
export interface BottleneckShare {
  readonly station: string;
  /** Alone or together, 0–1. */
  readonly share: number;
  readonly meanActiveS: number;
}
