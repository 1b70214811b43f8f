import type { BranchId, Instant } from "@doppelwerk/world";
import type { Verdict } from "./api.ts";

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

export interface OptimisationWish {
  readonly title: string;
  readonly factors: readonly OptimisedFactor[];
  /** Sums that are kept: places that are only divided anew, people that are only shared out. */
  readonly totals: readonly { readonly keys: readonly string[]; readonly kind: "exactly" | "atMost"; readonly total: number }[];
  /** One: a best point is looked for. Two or three: a Pareto front. */
  readonly goals: readonly OptimisationGoal[];
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
  readonly replications: number;
}

/** `waiting`: until the history has been read after a restart. `confirming`: the winner is on the branch and is judged on fresh seeds. */
export type OptimisationState = "waiting" | "running" | "confirming" | "done" | "cancelled" | "failed";

export interface OptimisationSummary {
  readonly id: string;
  readonly branch: BranchId;
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
  readonly verdict?: Verdict;
}

/** What the chosen point brings against live on random numbers that no search has seen: paired difference with the half width of its 95 % interval. */
export interface ConfirmedGoal {
  readonly goal: OptimisationGoal;
  readonly live: number;
  readonly branch: number;
  readonly difference: number;
  readonly halfWidth: number;
  readonly verdict: Verdict;
}

export interface Optimisation extends OptimisationSummary {
  readonly wish: OptimisationWish;
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
  /** How often a restart of the server came between; and how often the search had to begin anew because the fitted model had changed. */
  readonly resumed: number;
  readonly begunAnew: number;
  /** Hash of the model that was searched on (live side), and the version of the code. */
  readonly model: { readonly hash: string; readonly code: string };
}
