import {
  AssignmentSearch,
  BalanceSearch,
  createFlexibleSearch,
  createJobShopSearch,
  FlowShopSearch,
  readFlexibleJobShop,
  readFlowShop,
  readJobShop,
  readLineBalance,
  readQuadraticAssignment,
  type ScheduledOperation,
  type Search,
} from "@doppelwerk/sim/optimise";

export const problemKinds = ["jobshop", "flexible-jobshop", "qap", "flow-shop", "line-balancing"] as const;
export type ProblemKind = (typeof problemKinds)[number];

/** Operations with their times; `qap`: the permutation as QAPLIB writes it, sites from 1; `flow-shop`: jobs from 0 in their order; `line-balancing`: the station of each task, from 1. */
export type Schedule = readonly ScheduledOperation[] | readonly number[];

/** A problem of a file: how to search it, and what its answers look like outside. */
export interface Problem {
  /** One of several searches with streams of their own; `prove` asks this one to work on the bound too. */
  search(seed: number, stream: number, prove: boolean): Search<Schedule>;
}

/** Reads a file of a benchmark set. Throws DW_INVALID naming the line. */
export function readProblem(kind: ProblemKind, text: string): Problem {
  switch (kind) {
    case "jobshop": {
      const problem = readJobShop(text);
      return { search: (seed, stream, prove) => createJobShopSearch(problem, { seed, stream, prove }) };
    }
    case "flexible-jobshop": {
      const problem = readFlexibleJobShop(text);
      return { search: (seed, stream) => createFlexibleSearch(problem, { seed, stream }) };
    }
    case "qap": {
      const problem = readQuadraticAssignment(text);
      return { search: (seed, stream) => numbered(new AssignmentSearch(problem, { seed, stream }), 1) };
    }
    case "flow-shop": {
      const problem = readFlowShop(text);
      return { search: (seed, stream) => numbered(new FlowShopSearch(problem, { seed, stream }), 0) };
    }
    case "line-balancing": {
      const problem = readLineBalance(text);
      // circles and tasks longer than the cycle are found when a search begins: refused here, before any worker does
      new BalanceSearch(problem, { seed: 1 });
      return { search: (seed, stream) => numbered(new BalanceSearch(problem, { seed, stream }), 1) };
    }
  }
}

function numbered(search: Search<Int32Array>, first: 0 | 1): Search<readonly number[]> {
  const solution = search.solution.bind(search);
  return Object.assign(search, { solution: () => Array.from(solution(), (number) => number + first) }) as unknown as Search<
    readonly number[]
  >;
}
