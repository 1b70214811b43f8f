import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world/error";
import type { ScheduledOperation } from "../job-shop/job-shop.ts";
import { RelinkingSearch } from "../relinking.ts";
import type { Search } from "../search.ts";
import { WordStream } from "../word-stream.ts";
import { flexibleBound } from "./flexible-bound.ts";
import { scheduleOfFlexible, type FlexibleJobShop } from "./flexible-job-shop.ts";
import { FlexibleTabu } from "./flexible-tabu.ts";

export interface FlexibleSearchOptions {
  readonly seed: number;
  /** Searches of one seed but different streams share nothing. */
  readonly stream?: number;
}

/**
 * Minimises the makespan of a flexible job shop: path relinking over a tabu search. The tabu search tells places by times, so where there are
 * times of 0 they become 1 and all others are multiplied by more than the operations can add up to: the same schedules are best.
 */
export function createFlexibleSearch(problem: FlexibleJobShop, options: FlexibleSearchOptions): Search<ScheduledOperation[]> {
  const scale = problem.time.includes(0) ? problem.firstChoice.length : 1;
  const scaled = scale === 1 ? problem : { ...problem, time: problem.time.map((time) => (time === 0 ? 1 : time * scale)) };
  if (scale > 1 && largestTotal(scaled) > MAX_TOTAL) throw new DoppelwerkError("DW_INVALID", message("sim.timesTooLargeBesideTimes0"));
  const search = new RelinkingSearch(
    new FlexibleTabu(scaled, new WordStream(options.seed, options.stream)),
    flexibleBound(problem) * scale,
    { founders: 5, population: 12, patience: 4_000, quickMoves: 200, candidates: 4 },
    (solution) => scheduleOfFlexible(problem, solution),
  );
  return scale === 1 ? search : new ScaledSearch(search, scale);
}

const MAX_TOTAL = 2_000_000_000;

/** The sum of the longest times: no schedule that is worth anything is longer. */
function largestTotal({ firstChoice, time }: FlexibleJobShop): number {
  let total = 0;
  for (let op = 0; op + 1 < firstChoice.length; op++) {
    let longest = 0;
    for (let c = firstChoice[op]!; c < firstChoice[op + 1]!; c++) longest = Math.max(longest, time[c]!);
    total += longest;
  }
  return total;
}

/** A search on multiplied times, told in the original ones. */
class ScaledSearch<Solution> implements Search<Solution> {
  readonly #inner: Search<Solution>;
  readonly #scale: number;

  constructor(inner: Search<Solution>, scale: number) {
    this.#inner = inner;
    this.#scale = scale;
  }

  get iterations(): number {
    return this.#inner.iterations;
  }

  get objective(): number {
    return Math.floor(this.#inner.objective / this.#scale);
  }

  get lowerBound(): number {
    return Math.floor(this.#inner.lowerBound / this.#scale);
  }

  get finished(): boolean {
    return this.#inner.finished || this.objective <= this.lowerBound;
  }

  advance(iterations: number): void {
    if (!this.finished) this.#inner.advance(iterations);
  }

  solution(): Solution {
    return this.#inner.solution();
  }

  save(): Uint8Array<ArrayBuffer> {
    return this.#inner.save();
  }

  restore(bytes: Uint8Array): void {
    this.#inner.restore(bytes);
  }
}
