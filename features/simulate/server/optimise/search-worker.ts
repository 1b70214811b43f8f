import { parentPort, workerData } from "node:worker_threads";
import type { SearchWish } from "@doppelwerk/client";
import { runSearch } from "@doppelwerk/sim/optimise";
import { plainSolution, searchOf } from "./searches.ts";

export interface SearchTask {
  readonly wish: SearchWish;
  /** Where an interrupted search had come to. */
  readonly state?: Uint8Array;
  /** One number, not 0 = stop now. */
  readonly stop: Int32Array;
}

export interface FromSearch {
  readonly iterations: number;
  readonly objective: number;
  readonly lowerBound: number;
  readonly solution: unknown;
  readonly state: Uint8Array;
  /** Present in the last message. */
  readonly end?: "finished" | "iterations" | "time" | "cancelled";
}

const TELL_EVERY_US = 500_000;

const { wish, state, stop } = workerData as SearchTask;
const search = searchOf(wish);
if (state) search.restore(state);
const clock = { now: () => Date.now() * 1_000 };
const last = clock.now() + wish.seconds * 1_000_000;
const tell = (end?: FromSearch["end"]): void => {
  const { iterations, objective, lowerBound } = search;
  parentPort!.postMessage({
    iterations,
    objective,
    lowerBound,
    solution: plainSolution(search.solution()),
    state: search.save(),
    ...(end ? { end } : {}),
  } satisfies FromSearch);
};
for (;;) {
  const left = wish.iterations - search.iterations;
  if (left <= 0 && !search.finished) {
    tell("iterations");
    break;
  }
  const until = Math.min(last, clock.now() + TELL_EVERY_US);
  const end = runSearch(search, { iterations: Math.max(1, left), until, clock }, { cancelled: () => Atomics.load(stop, 0) !== 0 });
  if (end === "time" && clock.now() < last) tell();
  else {
    tell(end);
    break;
  }
}
