import { describe, expect, test } from "vitest";
import {
  AssignmentSearch,
  BalanceSearch,
  BufferSearch,
  CovarianceSearch,
  createFlexibleSearch,
  createJobShopSearch,
  DifferentialSearch,
  FlowShopSearch,
  gapOf,
  readFlexibleJobShop,
  readJobShop,
  runSearch,
  SwarmSearch,
  WordStream,
  type Search,
} from "./index.ts";

const words = new WordStream(99);
const jobShop = readJobShop(
  `6 5\n${Array.from({ length: 6 }, (_, j) => Array.from({ length: 5 }, (_, k) => `${(k * 2 + j) % 5} ${1 + words.below(20)}`).join(" ")).join("\n")}`,
);
const flexible = readFlexibleJobShop(
  `5 3\n${Array.from({ length: 5 }, () => `3 ${Array.from({ length: 3 }, () => `2 1 ${2 + words.below(9)} ${2 + words.below(2)} ${2 + words.below(9)}`).join(" ")}`).join("\n")}`,
);
const matrix = (size: number) => Float64Array.from({ length: size * size }, () => words.below(30));
const assignment = { size: 11, a: matrix(11), b: matrix(11) };
const flowShop = { jobs: 12, machines: 4, time: Float64Array.from({ length: 48 }, () => 1 + words.below(30)) };
const balance = {
  time: Array.from({ length: 40 }, () => 5 + words.below(40)),
  precedences: Array.from({ length: 39 }, (_, i) => [Math.floor(i / 2), i + 1] as const),
  goal: { stations: 9 },
};
const valley = {
  lower: [-3, -3, -3],
  upper: [3, 3, 3],
  value: (x: Float64Array) => x.reduce((sum, v, i) => sum + (i + 1) * (v - 0.3) * (v - 0.3), 0),
};
const buffers = {
  buffers: 6,
  total: 40,
  replications: 2,
  throughput: (sizes: Int32Array, replication: number) =>
    sizes.reduce((sum, size, i) => sum + ((i + 2) * size) / (size + 3), 0) + 0.01 * ((sizes[0]! * 7 + replication) % 5),
};

const searches: readonly [name: string, create: (seed: number) => Search<unknown>, iterations: number][] = [
  ["job shop", (seed) => createJobShopSearch(jobShop, { seed }), 30_000],
  ["flexible job shop", (seed) => createFlexibleSearch(flexible, { seed }), 10_000],
  ["quadratic assignment", (seed) => new AssignmentSearch(assignment, { seed }), 2_000],
  ["flow shop", (seed) => new FlowShopSearch(flowShop, { seed }), 60],
  ["line balancing", (seed) => new BalanceSearch(balance, { seed }), 20],
  ["buffer allocation", (seed) => new BufferSearch(buffers, { seed }), 900],
  ["CMA-ES", (seed) => new CovarianceSearch(valley, { seed }), 1_000],
  ["differential evolution", (seed) => new DifferentialSearch(valley, { seed }), 1_000],
  ["particle swarm", (seed) => new SwarmSearch(valley, { seed }), 1_000],
];

describe("every search", () => {
  test.each(searches)(
    "[O8] %s: one answer for seed and iterations, in one piece, in many, or saved and continued in another",
    (_name, create, iterations) => {
      const straight = create(5);
      straight.advance(iterations);
      const pieces = create(5);
      const cut = new WordStream(3);
      while (pieces.iterations < straight.iterations && !pieces.finished)
        pieces.advance(Math.min(1 + cut.below(Math.ceil(iterations / 9)), straight.iterations - pieces.iterations));
      const half = create(5);
      half.advance(Math.floor(iterations / 3));
      // a search of another seed takes the state over entirely
      const restored = create(6);
      restored.restore(half.save());
      expect(restored.iterations).toBe(half.iterations);
      restored.advance(iterations - restored.iterations);
      for (const other of [pieces, restored]) {
        expect(other.iterations).toBe(straight.iterations);
        expect(other.objective).toBe(straight.objective);
        expect(other.solution()).toEqual(straight.solution());
        expect(other.save()).toEqual(straight.save());
      }
    },
  );

  test.each(searches)(
    "[O9] %s: no more iterations than allowed, an objective that only falls, never below its bound",
    (_name, create, iterations) => {
      const search = create(1);
      let last = Infinity;
      let told = Infinity;
      const end = runSearch(
        search,
        { iterations: Math.floor(iterations / 2) },
        { slice: 7, onProgress: ({ objective }) => (told = objective) },
      );
      expect(search.iterations).toBeLessThanOrEqual(Math.floor(iterations / 2));
      expect(["iterations", "finished"]).toContain(end);
      expect(Math.min(told, search.objective)).toBe(search.objective);
      for (let i = 0; i < 20; i++) {
        search.advance(5);
        expect(search.objective).toBeLessThanOrEqual(last);
        expect(search.objective).toBeGreaterThanOrEqual(search.lowerBound);
        last = search.objective;
      }
    },
  );

  test("[O9] a clock or a cancellation ends a search between two slices, and it can go on afterwards", () => {
    const search = new CovarianceSearch(valley, { seed: 1 });
    let now = 0;
    const clock = { now: () => (now += 10) };
    expect(runSearch(search, { until: 100, clock }, { slice: 3 })).toBe("time");
    expect(search.iterations).toBe(27);
    let asked = 0;
    expect(runSearch(search, { iterations: 1_000 }, { slice: 3, cancelled: () => ++asked > 4 })).toBe("cancelled");
    expect(search.iterations).toBe(39);
    expect(runSearch(search, { iterations: 10 })).toBe("iterations");
    expect(search.iterations).toBe(49);
  });

  test("[O8] a state of another problem is refused", () => {
    const bytes = new FlowShopSearch(flowShop, { seed: 1 }).save();
    expect(() => new AssignmentSearch(assignment, { seed: 1 }).restore(bytes)).toThrow("the snapshot is of another model");
  });

  test("[O9] the gap is relative to the bound", () => {
    expect(gapOf(110, 100)).toBeCloseTo(0.1, 12);
    expect(gapOf(0, 0)).toBe(0);
  });

  test("[O8] words: every value of a small range equally often, and other streams other numbers", () => {
    const stream = new WordStream(1, 0);
    const counts = new Float64Array(10);
    for (let i = 0; i < 100_000; i++) counts[stream.below(10)]!++;
    // chi-square with 9 degrees of freedom: 99.99 % is 33.7
    expect(counts.reduce((sum, count) => sum + ((count - 10_000) * (count - 10_000)) / 10_000, 0)).toBeLessThan(33.7);
    const first = (seed: number, number: number): string => {
      const words = new WordStream(seed, number);
      return [words.word(), words.word()].join();
    };
    expect(new Set([first(1, 0), first(1, 1), first(2, 0), first(1 + 2 ** 32, 0)]).size).toBe(4);
  });
});
