import type { Clock, Instant } from "@doppelwerk/world";

/**
 * One search for a good solution, of whatever problem. Its whole state is numbers and typed arrays (rule S2), so it can be stopped
 * after any iteration, saved to bytes and continued elsewhere: so many iterations from one seed give one solution, however they
 * are cut into pieces. Objectives are minimised.
 */
export interface Search<Solution> {
  /** Iterations carried out so far, restored ones included. */
  readonly iterations: number;
  /** Of the best solution so far; Infinity as long as there is none. */
  readonly objective: number;
  /** No solution is below it. */
  readonly lowerBound: number;
  /** True when nothing better can be found: proven optimal, or everything looked at. */
  readonly finished: boolean;
  /** Works for at most so many iterations; fewer only when it finishes. */
  advance(iterations: number): void;
  /** The best solution so far. */
  solution(): Solution;
  /** The whole state as bytes. */
  save(): Uint8Array<ArrayBuffer>;
  /** Takes the state of a search for the same problem; throws when the bytes are of another. */
  restore(bytes: Uint8Array): void;
}

/** When to stop: whichever comes first. Without any limit a search that cannot finish would go on for ever, so one is required. */
export type Budget = { readonly iterations: number } | { readonly iterations?: number; readonly until: Instant; readonly clock: Clock };

export interface SearchProgress {
  readonly iterations: number;
  readonly objective: number;
  readonly lowerBound: number;
}

export interface SearchWatch {
  /** Asked between two slices of work; true ends the search at once. */
  readonly cancelled?: () => boolean;
  /** Told when the objective or the bound has become better. */
  readonly onProgress?: (progress: SearchProgress) => void;
  /** Iterations between two looks at clock and cancellation. Without it: 100, and with a clock as many as take about 10 ms. */
  readonly slice?: number;
}

export type SearchEnd = "finished" | "iterations" | "time" | "cancelled";

/** Runs a search within its budget and says why it ended. The search can be run on afterwards. */
export function runSearch(search: Search<unknown>, budget: Budget, watch: SearchWatch = {}): SearchEnd {
  const clock = "clock" in budget ? budget.clock : undefined;
  const until = "clock" in budget ? budget.until : Infinity;
  const last = search.iterations + (budget.iterations ?? Infinity);
  let slice = watch.slice ?? (clock ? 1 : 100);
  let { objective, lowerBound } = search;
  for (let now = clock?.now() ?? 0; ;) {
    if (search.finished) return "finished";
    if (search.iterations >= last) return "iterations";
    if (watch.cancelled?.()) return "cancelled";
    if (now >= until) return "time";
    search.advance(Math.min(slice, last - search.iterations));
    if (clock) {
      const before = now;
      now = clock.now();
      if (watch.slice === undefined) slice = now - before < SLICE_US ? Math.min(2 * slice, 100_000) : Math.max(1, slice >> 1);
    }
    if (search.objective < objective || search.lowerBound > lowerBound) {
      ({ objective, lowerBound } = search);
      watch.onProgress?.({ iterations: search.iterations, objective, lowerBound });
    }
  }
}

const SLICE_US = 10_000;

/** (objective − bound) ÷ bound; 0 when they are equal. */
export function gapOf(objective: number, lowerBound: number): number {
  return objective === lowerBound ? 0 : (objective - lowerBound) / Math.abs(lowerBound);
}
