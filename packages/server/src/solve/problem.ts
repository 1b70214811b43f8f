import {
  AssignmentSearch,
  createFlexibleSearch,
  createJobShopSearch,
  readFlexibleJobShop,
  readJobShop,
  readQuadraticAssignment,
  type ScheduledOperation,
  type Search,
} from "@doppelwerk/sim/optimise";

export const problemKinds = ["jobshop", "flexible-jobshop", "qap"] as const;
export type ProblemKind = (typeof problemKinds)[number];

/** Operations with their times; for `qap` the permutation as QAPLIB writes it, sites from 1. */
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
      return { search: (seed, stream) => countedFromOne(new AssignmentSearch(problem, { seed, stream })) };
    }
  }
}

function countedFromOne(search: AssignmentSearch): Search<readonly number[]> {
  const solution = search.solution.bind(search);
  return Object.assign(search, { solution: () => Array.from(solution(), (site) => site + 1) }) as unknown as Search<readonly number[]>;
}
