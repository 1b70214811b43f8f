import type { ScheduledOperation } from "../job-shop/job-shop.ts";
import { RelinkingSearch } from "../relinking.ts";
import { WordStream } from "../word-stream.ts";
import { flexibleBound } from "./flexible-bound.ts";
import { scheduleOfFlexible, type FlexibleJobShop } from "./flexible-job-shop.ts";
import { FlexibleTabu } from "./flexible-tabu.ts";

export interface FlexibleSearchOptions {
  readonly seed: number;
  /** Searches of one seed but different streams share nothing. */
  readonly stream?: number;
}

/** Minimises the makespan of a flexible job shop whose times are all above 0 (see `withoutZeros`): path relinking over a tabu search. */
export function createFlexibleSearch(problem: FlexibleJobShop, options: FlexibleSearchOptions): RelinkingSearch<ScheduledOperation[]> {
  return new RelinkingSearch(
    new FlexibleTabu(problem, new WordStream(options.seed, options.stream)),
    flexibleBound(problem),
    { population: 12, patience: 4_000, quickMoves: 200, candidates: 4 },
    (solution) => scheduleOfFlexible(problem, solution),
  );
}
