import type { Branch, BranchId, Instant } from "@doppelwerk/world";
import type { FanPoint, RunRequest, Verdict } from "./runs-api.ts";

/** The rail between from and to: at most `points` segments a lane. */
export interface Rail {
  readonly from: Instant;
  readonly to: Instant;
  readonly now: Instant;
  /** Line state at the constraint, merged to the dominant state a segment; share = fraction of that state. */
  readonly band: readonly { readonly from: Instant; readonly to: Instant; readonly state: string; readonly share: number }[];
  readonly shifts: readonly {
    readonly from: Instant;
    readonly to: Instant;
    readonly name: string;
    readonly good: number | undefined;
    readonly oee: number | undefined;
  }[];
  readonly alarms: readonly { readonly at: Instant; readonly priority: 1 | 2 | 3 | 4; readonly station: string; readonly count: number }[];
  /** Notes on spans of time; absent while they are off. */
  readonly notes?: readonly {
    readonly id: string;
    readonly at: Instant;
    readonly until: Instant;
    readonly text: string;
    readonly author: string;
  }[];
  readonly changes: readonly {
    readonly at: Instant;
    readonly kind: "merge" | "edit" | "fork" | "note";
    readonly revision: number;
    readonly title: string;
    readonly branch: BranchId;
  }[];
  readonly lanes: readonly RailLane[];
  /** Bands of several lines, the first of which is `band`; never of an answer, but put together by who asked of each. */
  readonly bands?: readonly { readonly title: { readonly en: string; readonly zh: string }; readonly band: Rail["band"] }[];
}

export interface RailLane {
  readonly branch: Branch;
  readonly hue: string;
  /** Simulated future: median, 50 % and 95 % of cumulative good output at each instant. */
  readonly fan: readonly FanPoint[];
  /** The live side of the same forecast, on the same random numbers: what `fan` compares with. */
  readonly reference?: readonly FanPoint[];
  readonly verdict?: Verdict;
  /** Of the run that the verdict is of: a study speaks of the long run, a forecast of these two shifts. */
  readonly verdictOf?: RunRequest["kind"];
  /** The KPI that the verdict is of: paired difference to live, 95 % confidence, and the smallest that matters. */
  readonly judged?: { readonly kpi: "throughput" | "good"; readonly mean: number; readonly halfWidth: number; readonly relevant: number };
}
