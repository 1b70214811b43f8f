import { describe, expect, test } from "vitest";
import { runSearch } from "../search.ts";
import { WordStream } from "../word-stream.ts";
import { AssignmentSearch } from "./assignment-search.ts";
import { assignmentValue, gilmoreLawlerBound } from "./gilmore-lawler.ts";
import { assignmentCost, readQuadraticAssignment, type QuadraticAssignment } from "./quadratic-assignment.ts";

function randomProblem(seed: number, size: number, symmetric: boolean): QuadraticAssignment {
  const words = new WordStream(seed);
  const matrix = (): Float64Array => {
    const values = Float64Array.from({ length: size * size }, () => words.below(20) - (seed % 3 === 0 ? 8 : 0));
    if (symmetric) for (let i = 0; i < size; i++) for (let j = 0; j <= i; j++) values[i * size + j] = i === j ? 0 : values[j * size + i]!;
    return values;
  };
  return { size, a: matrix(), b: matrix(), ...(seed > 4 ? { linear: matrix() } : {}) };
}

function permutations(size: number): number[][] {
  if (size === 0) return [[]];
  return permutations(size - 1).flatMap((rest) =>
    Array.from({ length: size }, (_, at) => [...rest.slice(0, at), size - 1, ...rest.slice(at)]),
  );
}

const six = permutations(6);

describe("quadratic assignment", () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    "[O7] the optimum of six things by brute force is found, and the bound of Gilmore and Lawler is not above it (seed %i)",
    (seed) => {
      const problem = randomProblem(seed, 6, seed % 2 === 0);
      const optimum = Math.min(...six.map((permutation) => assignmentCost(problem, permutation)));
      const search = new AssignmentSearch(problem, { seed });
      runSearch(search, { iterations: 3_000 });
      expect(search.objective).toBe(optimum);
      expect(assignmentCost(problem, search.solution())).toBe(optimum);
      expect(gilmoreLawlerBound(problem)).toBeLessThanOrEqual(optimum);
    },
  );

  test("[O7] linear assignment equals brute force", () => {
    const words = new WordStream(7);
    for (let round = 0; round < 50; round++) {
      const cost = Float64Array.from({ length: 36 }, () => words.below(100) - 20);
      const brute = Math.min(...six.map((permutation) => permutation.reduce((sum, column, row) => sum + cost[row * 6 + column]!, 0)));
      expect(assignmentValue(cost, 6)).toBeCloseTo(brute, 9);
    }
  });

  test.each([1, 2])("[O7] the cost kept through thousands of swaps is that of the permutation (seed %i)", (seed) => {
    const problem = randomProblem(seed, 15, seed === 2);
    const search = new AssignmentSearch(problem, { seed });
    for (let i = 0; i < 20; i++) {
      search.advance(500);
      expect(assignmentCost(problem, search.solution())).toBe(search.objective);
    }
  });

  test("[O7] things in a row whose flows are neighbours: the known best is the row itself", () => {
    // flow 1 between neighbours of a chain, sites on a line: every neighbour at distance 1 is the least there can be
    const size = 12;
    const a = new Float64Array(size * size);
    const b = new Float64Array(size * size);
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) {
        a[i * size + j] = Math.abs(i - j) === 1 ? 1 : 0;
        b[i * size + j] = Math.abs(i - j);
      }
    const search = new AssignmentSearch({ size, a, b }, { seed: 1 });
    runSearch(search, { iterations: 100_000 });
    expect(search.objective).toBe(2 * (size - 1));
  });

  test("[O1] a bad file is refused with the line that is wrong", () => {
    expect(() => readQuadraticAssignment("2\n0 1\n1 0\n0 2\n2")).toThrow(
      "line 5: the file ends after 7 of the 8 numbers of two 2 × 2 matrices",
    );
    expect(() => readQuadraticAssignment("2\n0 1\n1 0\n0 2\n2 0 9")).toThrow("line 5: more than 8 numbers after n = 2");
    expect(() => readQuadraticAssignment("2\n0 1\n1 o\n0 2\n2 0")).toThrow('line 3: "o" is not a number');
    expect(() => readQuadraticAssignment("2.5 1")).toThrow("line 1: n must be a whole number");
    expect(() => readQuadraticAssignment("2\n0 1e12\n1 0\n0 2\n2 0")).toThrow("line 2: a number must be at most 1e9");
    expect(readQuadraticAssignment("\n 2 0 1 1 0\n\n0 2 2 0\n")).toEqual(readQuadraticAssignment("2\n0 1\n1 0\n0 2\n2 0"));
  });
});
