import type { Message } from "@doppelwerk/messages";
import type { BranchId, Instant } from "@doppelwerk/world";
import type { Verdict } from "./runs-api.ts";

/** What a person may want of a line, in the unit that `unit` of the answer tells. `energy` and `cost` need prices. */
export type OptimisationGoal = "throughput" | "leadTime" | "wip" | "oee" | "rework" | "energy" | "cost";

/** A factor (`Factor.key`) that may be changed, within bounds. */
export interface OptimisedFactor {
  readonly key: string;
  readonly min: number;
  readonly max: number;
  /** Of one unit a shift, in the user's currency; counted in the goal `cost`. */
  readonly price?: number;
}

/** Figures that only the user knows; what is absent costs nothing. */
export interface OptimisationPrices {
  /** What a good part is worth beyond its material. */
  readonly part?: number;
  /** A part inside, a shift. */
  readonly wip?: number;
  readonly energyKwh?: number;
  /** Kilowatts of a place that works, and of one that does not. */
  readonly workingKw?: number;
  readonly waitingKw?: number;
}

export interface OptimisationRequest {
  /** Id of the line; absent: the first. */
  readonly line?: string | undefined;
  readonly title: string;
  readonly factors: readonly OptimisedFactor[];
  /** Sums that are kept: places that are only divided again, people that are only shared out. */
  readonly totals: readonly { readonly keys: readonly string[]; readonly kind: "exactly" | "atMost"; readonly total: number }[];
  /** One: a best point is looked for. Two or three: a Pareto front. */
  readonly goals: readonly OptimisationGoal[];
  /** What may not get worse than it is now (beyond half a per cent, which no verdict counts): "at least today's output". Absent: nothing. */
  readonly keep?: readonly OptimisationGoal[];
  readonly prices: OptimisationPrices;
  readonly kind: "forecast" | "study";
  /** Study: simulated shifts of one replication. */
  readonly shifts: number;
  readonly seed: number;
  /** Replications that may be spent on the search. */
  readonly budget: number;
  /** Replications on fresh seeds with which the winner is judged again (P5). */
  readonly confirm: number;
}

export interface OptimisationPoint {
  /** By key of the factor. */
  readonly values: Readonly<Record<string, number>>;
  /** As the search saw it, in the order of the goals and in their units; the figures to quote are those of the confirming run. */
  readonly goals: readonly number[];
  /** The same of what is kept, in the order of `keep`. */
  readonly kept?: readonly number[];
  readonly replications: number;
}

/** `waiting`: until the history has been read after a restart. `confirming`: the winner is on the branch and is judged on fresh seeds. */
export type OptimisationState = "waiting" | "running" | "confirming" | "done" | "cancelled" | "failed";

export interface OptimisationSummary {
  readonly id: string;
  readonly branch: BranchId;
  /** Id of the line that was named; absent: the first. */
  readonly line?: string | undefined;
  readonly title: string;
  readonly state: OptimisationState;
  readonly goals: readonly OptimisationGoal[];
  readonly spent: number;
  readonly budget: number;
  readonly judged: number;
  readonly seed: number;
  readonly by: string;
  readonly startedAt: Instant;
  readonly finishedAt?: Instant;
  readonly message?: string;
  /** The same for a screen that speaks another language; absent where it is no sentence of this server. */
  readonly reason?: Message;
  readonly verdict?: Verdict;
}

/** What the chosen point brings against live on random numbers that no search has seen: paired difference with the half width of its 95 % interval; goals first, then what is kept. */
export interface ConfirmedGoal {
  readonly goal: OptimisationGoal;
  readonly live: number;
  readonly branch: number;
  readonly difference: number;
  readonly halfWidth: number;
  /** The smallest difference that matters: the verdict is better or worse where the whole interval lies beyond it. Absent in results of earlier versions. */
  readonly relevant?: number;
  readonly verdict: Verdict;
}

export interface Optimisation extends OptimisationSummary {
  readonly request: OptimisationRequest;
  /** @deprecated Use `request`. */
  readonly wish?: OptimisationRequest;
  /** Of the goals, then of what is kept. */
  readonly units: readonly string[];
  readonly better: readonly ("higher" | "lower")[];
  /** What the branch has now, put into the totals. */
  readonly present?: OptimisationPoint;
  /** The best point, or the front; best first in the first goal. */
  readonly points: readonly OptimisationPoint[];
  /** How the best of the first goal came about, and what was spent by then. */
  readonly trace: readonly { readonly spent: number; readonly best: number }[];
  /** Index into `points` of what stands on the branch, and the run that judged it on fresh seeds. */
  readonly chosen?: number;
  readonly run?: string;
  readonly confirmed?: readonly ConfirmedGoal[];
  /** How often a restart of the server came between; and how often the search restarted because the fitted model had changed. */
  readonly resumed: number;
  readonly restarts: number;
  /** @deprecated Use `restarts`. */
  readonly begunAnew?: number;
  /** Hash of the model that was searched on (live side), and the version of the code. */
  readonly model: { readonly hash: string; readonly code: string };
}

/**
 * A search that needs no simulator: a schedule (`ScheduleProblem` of @doppelwerk/sim/optimise), a layout (`LayoutProblem`), a line balance (`LineBalance`), or a problem in the text format of its
 * benchmark set. `iterations` is its budget, so that a seed means one answer; `seconds` ends it earlier, whatever comes first.
 */
export type SearchRequest = {
  readonly title: string;
  readonly seed: number;
  readonly iterations: number;
  readonly seconds: number;
} & (
  | { readonly kind: "schedule"; readonly problem: unknown; readonly goal: "makespan" | "lateness"; readonly from?: unknown }
  // `places`: machines only change places with one another; default: anywhere on the floor
  | { readonly kind: "layout"; readonly problem: unknown; readonly onto?: "floor" | "places" }
  // one of text and problem; `from` is the station of each task to begin with
  | { readonly kind: "line-balancing"; readonly text?: string; readonly problem?: unknown; readonly from?: readonly number[] }
  | { readonly kind: "flow-shop" | "qap"; readonly text: string }
);

export interface SearchState {
  readonly id: string;
  readonly kind: SearchRequest["kind"];
  /** @deprecated Use `kind`. */
  readonly what?: SearchRequest["kind"];
  readonly title: string;
  readonly state: "queued" | "running" | "done" | "cancelled" | "failed";
  /** `finished`: nothing better exists; else what ended it. */
  readonly end?: "finished" | "iterations" | "time" | "cancelled";
  readonly iterations: number;
  readonly budget: number;
  readonly seed: number;
  readonly objective?: number;
  readonly lowerBound?: number;
  /** By kind: a `SchedulePlan`, places of a layout, the station of each task, a sequence of jobs, a permutation of sites from 0. */
  readonly solution?: unknown;
  readonly startedAt: Instant;
  readonly finishedAt?: Instant;
  readonly resumed: number;
  readonly message?: string;
  /** The same for a screen that speaks another language; absent where it is no sentence of this server. */
  readonly reason?: Message;
}

/** Orders of a line as a schedule, and what was taken from where. */
export interface LineSchedule {
  /** `ScheduleProblem` of @doppelwerk/sim/optimise, times in seconds from `start`. */
  readonly problem: unknown;
  readonly start: Instant;
  /** `documents`: a submodel `ProductionOrders`. `program`: batches drawn from the product mix, because the shells hold no orders. */
  readonly source: "documents" | "program";
  readonly orders: readonly { readonly id: string; readonly product: string; readonly quantity: number; readonly due?: Instant }[];
}

/** Orders in a sequence, simulated on the line with everything that varies; times in seconds from the start, null = not done in the simulated time. */
export interface SequenceCheck {
  readonly orders: readonly {
    readonly id: string;
    readonly mean: number | null;
    readonly confidence: number | null;
    readonly low: number | null;
    readonly median: number | null;
    readonly high: number | null;
    readonly onTime?: number;
    /** Executions in which it was not done when the simulated time ended. */
    readonly unfinished: number;
  }[];
  readonly replications: number;
  readonly horizonS: number;
}

/** The work of a line in elements that may be done at another station. */
export interface LineBalanceWork {
  /** `LineWork` of @doppelwerk/sim/optimise. */
  readonly work: unknown;
  /** Of the times: fitted from recorded cycles, or as the documents plan them where nothing was recorded. */
  readonly source: "history" | "documents";
}

/** The layout of a line as a problem (`LayoutProblem`), places as the scene has them. */
export interface LineLayout {
  readonly problem: unknown;
  /** Of the flows: parts of the recorded shifts, or one part a takt where nothing was recorded. */
  readonly source: "history" | "takt";
}

/** A charge or blend: the cheapest mass of materials that gives a product within its analysis. Shares are 0–1, masses kg. */
export interface BlendRequest {
  readonly productKg: number;
  readonly materials: readonly {
    readonly name: string;
    readonly costPerKg: number;
    readonly availableKg?: number;
    /** Share of the mass that reaches the product; default 1. */
    readonly yield?: number;
    /** Only in whole pieces of so much: makes a mixed-integer program, which has no duals. */
    readonly pieceKg?: number;
    readonly content: Readonly<Record<string, number>>;
  }[];
  readonly limits: readonly { readonly element: string; readonly low?: number; readonly high?: number }[];
}

export interface BlendAnswer {
  readonly status: "optimal" | "infeasible" | "unbounded" | "limit";
  readonly cost?: number;
  /** No charge costs less. */
  readonly bound?: number;
  readonly masses?: readonly { readonly name: string; readonly kg: number; readonly pieces?: number }[];
  readonly analysis?: readonly { readonly element: string; readonly share: number; readonly low?: number; readonly high?: number }[];
  /** Limits that cost something, the dearest first: what one unit less (of a least) or more (of a most) would save. */
  readonly prices?: readonly {
    readonly row: string;
    readonly limit: "lower" | "upper";
    readonly at: number;
    readonly unit: string;
    readonly saves: number;
  }[];
  /** Of an infeasible charge: limits that cannot all be kept, while any fewer can; and the least by which they would have to give. */
  readonly conflict?: readonly {
    readonly row: string;
    readonly limit: "lower" | "upper";
    readonly at: number;
    readonly unit: string;
    readonly by: number;
  }[];
  readonly ms: number;
}
