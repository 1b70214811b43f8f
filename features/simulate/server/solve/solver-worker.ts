import { parentPort, workerData } from "node:worker_threads";
import { runSearch } from "@doppelwerk/sim/optimise";
import { readProblem, type ProblemKind, type Schedule } from "./problem.ts";

export interface SolverTask {
  readonly kind: ProblemKind;
  readonly text: string;
  readonly seed: number;
  readonly stream: number;
  readonly prove: boolean;
  /** Instant (milliseconds of the epoch) at which the answer is wanted, and the least time to search, however late the worker got to start. */
  readonly untilMs: number;
  readonly leastMs: number;
  readonly iterations?: number;
  /** One number, not 0 = stop now. */
  readonly stop: Int32Array;
}

export type FromSolver =
  | { readonly kind: "progress"; readonly objective: number; readonly lowerBound: number }
  | { readonly kind: "answer"; readonly objective: number; readonly lowerBound: number; readonly schedule: Schedule };

const { kind, text, seed, stream, prove, untilMs, leastMs, iterations, stop } = workerData as SolverTask;
const search = readProblem(kind, text).search(seed, stream, prove);
const clock = { now: () => Date.now() * 1_000 };
const until = Math.max(untilMs, Date.now() + leastMs);
// an answer is wanted, however short the time: one iteration is always worked
search.advance(1);
runSearch(
  search,
  // one has been worked already
  { until: until * 1_000, clock, ...(iterations === undefined ? {} : { iterations: iterations - search.iterations }) },
  {
    cancelled: () => Atomics.load(stop, 0) !== 0,
    onProgress: ({ objective, lowerBound }) => parentPort!.postMessage({ kind: "progress", objective, lowerBound } satisfies FromSolver),
  },
);
const { objective, lowerBound } = search;
parentPort!.postMessage({ kind: "answer", objective, lowerBound, schedule: search.solution() } satisfies FromSolver);
