import { RelinkingSearch } from "../relinking.ts";
import { WordStream } from "../word-stream.ts";
import { scheduleOfOrder, type JobShop, type ScheduledOperation } from "./job-shop.ts";
import { jobShopBound } from "./one-machine.ts";
import { JobShopTabu } from "./tabu.ts";

export interface JobShopSearchOptions {
  readonly seed: number;
  /** Searches of one seed but different streams share nothing. */
  readonly stream?: number;
}

/** Minimises the makespan of a job shop: path relinking over a tabu search. Bound at the start: longest job and preemptive machines. */
export function createJobShopSearch(problem: JobShop, options: JobShopSearchOptions): RelinkingSearch<ScheduledOperation[]> {
  return new RelinkingSearch(
    new JobShopTabu(problem, new WordStream(options.seed, options.stream)),
    jobShopBound(problem),
    { population: 16, patience: 12_500, quickMoves: 500, candidates: 5 },
    (order) => scheduleOfOrder(problem, order),
  );
}
