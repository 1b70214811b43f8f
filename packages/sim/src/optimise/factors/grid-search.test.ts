import { describe, expect, test } from "vitest";
import { exponentialLineThroughput } from "../buffer-allocation/exponential-line.ts";
import { WordStream } from "../word-stream.ts";
import { GridSearch, type GridProblem, type GridTrial } from "./grid-search.ts";

type Values = (trial: GridTrial, replication: number) => number[];

function judge(search: GridSearch, values: Values, rounds = Infinity): void {
  for (let round = 0; round < rounds && !search.finished; round++)
    search.tell(search.ask().map((trial) => Array.from({ length: trial.to - trial.from }, (_, i) => values(trial, trial.from + i))));
}

const buffers = (count: number, total: number): GridProblem => ({
  dimensions: Array.from({ length: count }, () => ({ lower: 0, upper: total, step: 1 })),
  present: [total, ...Array.from({ length: count - 1 }, () => 0)],
  totals: [{ members: Array.from({ length: count }, (_, i) => i), kind: "exactly", total }],
  objectives: 1,
});

describe("search over factors", () => {
  test.each([
    { rates: [1, 1, 1, 1], total: 6, best: [2, 2, 2] },
    { rates: [1, 1, 1, 1, 1], total: 4, best: [1, 1, 1, 1] },
    { rates: [1, 1.1, 1.2, 1.3], total: 6, best: [3, 2, 1] },
  ])("[O21] the known optimum of $total places on rates $rates is found: $best", ({ rates, total, best }) => {
    const search = new GridSearch(buffers(rates.length - 1, total), { seed: 1, replications: 400, first: 1, full: 1 });
    judge(search, ({ point }) => [-exponentialLineThroughput(rates, Int32Array.from(point))]);
    expect(Array.from(search.front()[0]!.point)).toEqual(best);
  });

  test("[O21] with noise that all points share the best wins, with noise of its own the race still finds a good one", () => {
    const noise = (key: number, replication: number): number => new WordStream(key, replication).uniform() - 0.5;
    const problem: GridProblem = {
      dimensions: Array.from({ length: 6 }, () => ({ lower: 0, upper: 20, step: 1 })),
      present: [0, 0, 0, 0, 0, 0],
      objectives: 1,
    };
    const height = (point: Float64Array): number => point.reduce((sum, x, d) => sum + (x - 3 * d) ** 2 / 100, 0);
    const common = new GridSearch(problem, { seed: 2, replications: 3_000 });
    judge(common, ({ point }, replication) => [height(point) + 50 * noise(7, replication)]);
    expect(height(common.front()[0]!.point)).toBeLessThan(0.05);
    const own = new GridSearch(problem, { seed: 2, replications: 3_000 });
    judge(own, ({ point }, replication) => [height(point) + noise(Math.round(point.reduce((sum, x) => 31 * sum + x, 1)), replication)]);
    expect(height(own.front()[0]!.point)).toBeLessThan(1);
  });

  test("[O25] what must be kept is kept: the least that still gives today's value, however good what breaks it looks", () => {
    const problem: GridProblem = {
      dimensions: Array.from({ length: 4 }, () => ({ lower: 0, upper: 10, step: 1 })),
      present: [6, 6, 6, 6],
      objectives: 1,
      kept: [{ toleranceShare: 0.005 }],
    };
    const noise = (replication: number): number => 4 * new WordStream(9, replication).uniform();
    // the first two count for the output up to 5, the others not at all: 5 5 0 0 is least
    const output = (point: Float64Array): number => Math.min(5, point[0]!) + Math.min(5, point[1]!);
    const search = new GridSearch(problem, { seed: 4, replications: 3_000 });
    judge(search, ({ point }, replication) => [point.reduce((a, b) => a + b, 0), -100 - output(point) - noise(replication)]);
    expect(Array.from(search.front()[0]!.point)).toEqual([5, 5, 0, 0]);
    const free = new GridSearch({ ...problem, kept: [] }, { seed: 4, replications: 3_000 });
    judge(free, ({ point }) => [point.reduce((a, b) => a + b, 0)]);
    expect(Array.from(free.front()[0]!.point)).toEqual([0, 0, 0, 0]);
  });

  test("[O22] several values give a front: nothing on it beats anything else on it, and its ends are the best of each", () => {
    const problem: GridProblem = {
      dimensions: Array.from({ length: 3 }, () => ({ lower: 0, upper: 10, step: 1 })),
      present: [5, 5, 5],
      objectives: 2,
    };
    // the sum against the distance to 10: every point on the diagonal x0 = x1 = x2 is a compromise
    const search = new GridSearch(problem, { seed: 3, replications: 3_000, first: 1, full: 1 });
    judge(search, ({ point }) => [point.reduce((a, b) => a + b, 0), point.reduce((sum, x) => sum + (10 - x) ** 2, 0)]);
    const front = search.front();
    expect(front.length).toBeGreaterThan(15);
    expect(Array.from(front[0]!.point)).toEqual([0, 0, 0]);
    expect(Array.from(front.at(-1)!.point)).toEqual([10, 10, 10]);
    for (const [i, { values }] of front.entries()) if (i > 0) expect(values[1]!).toBeLessThan(front[i - 1]!.values[1]!);
  });

  test("[O23] the same seed gives the same answer, straight through or saved after any round and restored elsewhere", () => {
    const rates = [1, 0.9, 1.1, 1, 0.95];
    const values: Values = ({ point }, replication) => [
      -exponentialLineThroughput(rates, Int32Array.from(point)) + 0.02 * (new WordStream(5, replication).uniform() - 0.5),
    ];
    const options = { seed: 9, replications: 300 };
    const straight = new GridSearch(buffers(4, 5), options);
    judge(straight, values);
    for (const rounds of [0, 1, 4]) {
      const first = new GridSearch(buffers(4, 5), options);
      judge(first, values, rounds);
      // saved while trials are out: asked again, they are the same
      const out = first.ask();
      const second = new GridSearch(buffers(4, 5), options);
      second.restore(first.save());
      expect(second.ask()).toEqual(out);
      judge(second, values);
      expect(second.front()).toEqual(straight.front());
      expect(second.spent).toBe(straight.spent);
    }
    expect(() =>
      new GridSearch({ ...buffers(4, 5), objectives: 1, dimensions: [], present: [], totals: [] }, options).restore(Uint8Array.of(1, 2)),
    ).toThrow("snapshot");
  });

  test("[O24] totals hold for every point ever asked for, bounds and steps too; what cannot be is refused", () => {
    const words = new WordStream(4);
    for (let round = 0; round < 40; round++) {
      const count = 2 + words.below(5);
      const dimensions = Array.from({ length: count }, () => {
        const lower = words.below(4);
        return { lower, upper: lower + 1 + words.below(8), step: 1 };
      });
      const lowest = dimensions.reduce((sum, { lower }) => sum + lower, 0);
      const highest = dimensions.reduce((sum, { upper }) => sum + upper, 0);
      const total = lowest + words.below(highest - lowest + 1);
      const kind = round % 2 === 0 ? ("exactly" as const) : ("atMost" as const);
      const search = new GridSearch(
        {
          dimensions,
          present: dimensions.map(({ upper }) => upper),
          totals: [{ members: dimensions.map((_, d) => d), kind, total }],
          objectives: 1,
        },
        { seed: round, replications: 200, first: 1, full: 2 },
      );
      judge(search, ({ point }) => {
        const sum = point.reduce((a, b) => a + b, 0);
        if (kind === "exactly") expect(sum).toBe(total);
        else expect(sum).toBeLessThanOrEqual(total);
        for (const [d, x] of point.entries()) {
          expect(x).toBeGreaterThanOrEqual(dimensions[d]!.lower);
          expect(x).toBeLessThanOrEqual(dimensions[d]!.upper);
        }
        return [point[0]!];
      });
      expect(search.front().length).toBe(1);
    }
    const wrong = {
      dimensions: [{ lower: 0, upper: 2, step: 1 }],
      present: [0],
      totals: [{ members: [0], kind: "exactly" as const, total: 9 }],
      objectives: 1,
    };
    expect(() => new GridSearch(wrong, { seed: 1, replications: 10 })).toThrow("adds up");
    expect(
      () => new GridSearch({ ...wrong, totals: [], dimensions: [{ lower: 3, upper: 2, step: 1 }] }, { seed: 1, replications: 10 }),
    ).toThrow("lower");
  });

  test("[O23] a small space is judged to its end, whatever the budget", () => {
    const search = new GridSearch(
      {
        dimensions: [
          { lower: 1, upper: 2, step: 0.25 },
          { lower: 0, upper: 1, step: 1 },
        ],
        present: [1, 0],
        objectives: 1,
      },
      { seed: 1, replications: 1e6, first: 1, full: 3 },
    );
    judge(search, ({ point }) => [-point[0]! - point[1]!]);
    expect(search.judged).toBe(10);
    expect(Array.from(search.front()[0]!.point)).toEqual([2, 1]);
  });
});
