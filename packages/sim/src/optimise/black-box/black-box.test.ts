import { describe, expect, test } from "vitest";
import { CovarianceSearch, DifferentialSearch, SwarmSearch, type ContinuousProblem } from "./continuous.ts";
import { ParetoSearch } from "./pareto-search.ts";

const box = (dimensions: number, low: number, high: number, value: ContinuousProblem["value"]): ContinuousProblem => ({
  lower: Array.from({ length: dimensions }, () => low),
  upper: Array.from({ length: dimensions }, () => high),
  value,
});
const sphere = box(10, -5, 4, (x) => x.reduce((sum, v) => sum + (v - 1) * (v - 1), 0));
const ellipsoid = box(8, -5, 5, (x) => x.reduce((sum, v, i) => sum + 10 ** ((6 * i) / 7) * v * v, 0));
const rosenbrock = box(5, -3, 3, (x) => {
  let sum = 0;
  for (let i = 0; i + 1 < x.length; i++) sum += 100 * (x[i + 1]! - x[i]! * x[i]!) ** 2 + (1 - x[i]!) ** 2;
  return sum;
});
const rastrigin = box(4, -5.12, 5.12, (x) => x.reduce((sum, v) => sum + v * v + 10 - 10 * Math.cos(2 * Math.PI * v), 0));
// the optimum lies in a corner of the box
const corner = box(4, 0, 1, (x) => x.reduce((sum, v) => sum + v, 0));

describe("black-box search", () => {
  test.each([
    ["CMA-ES", "sphere", CovarianceSearch, sphere, 3_000, 1e-10],
    ["CMA-ES", "ellipsoid of condition 10⁶", CovarianceSearch, ellipsoid, 8_000, 1e-8],
    ["CMA-ES", "Rosenbrock's valley", CovarianceSearch, rosenbrock, 10_000, 1e-8],
    ["CMA-ES", "corner", CovarianceSearch, corner, 4_000, 1e-3],
    ["differential evolution", "sphere", DifferentialSearch, sphere, 25_000, 1e-8],
    ["differential evolution", "Rosenbrock's valley", DifferentialSearch, rosenbrock, 30_000, 1e-6],
    ["differential evolution", "Rastrigin's eggs", DifferentialSearch, rastrigin, 15_000, 1e-6],
    ["particle swarm", "sphere", SwarmSearch, sphere, 25_000, 1e-6],
    ["particle swarm", "Rastrigin's eggs", SwarmSearch, rastrigin, 30_000, 1e-3],
  ] as const)("[O14] %s finds the minimum of the %s from three seeds", (_search, _name, Search, problem, iterations, within) => {
    for (const seed of [1, 2, 3]) {
      const search = new Search(problem, { seed });
      search.advance(iterations);
      expect(search.objective).toBeLessThan(within);
      expect(problem.value(search.solution())).toBe(search.objective);
      for (const [i, x] of search.solution().entries()) {
        expect(x).toBeGreaterThanOrEqual(problem.lower[i]!);
        expect(x).toBeLessThanOrEqual(problem.upper[i]!);
      }
    }
  });

  test("[O14] points that are worth nothing, or not a number, are borne", () => {
    const problem = box(3, -1, 1, (x) => (x[0]! < 0 ? Number.NaN : x[1]! > 0.5 ? Infinity : x.reduce((sum, v) => sum + v * v, 0)));
    for (const Search of [CovarianceSearch, DifferentialSearch, SwarmSearch]) {
      const search = new Search(problem, { seed: 1 });
      search.advance(6_000);
      expect(search.objective).toBeLessThan(1e-2);
    }
  });

  test("[O14] asked and told elsewhere it is the same search", () => {
    const here = new CovarianceSearch(sphere, { seed: 4 });
    here.advance(500);
    const there = new CovarianceSearch(sphere, { seed: 4 });
    for (let i = 0; i < 500; i++) there.tell(sphere.value(there.ask()));
    expect(there.save()).toEqual(here.save());
  });

  test.each([1, 2, 3])("[O15] NSGA-II covers the front of ZDT1 (seed %i)", (seed) => {
    const dimensions = 8;
    const search = new ParetoSearch(
      {
        lower: Array.from({ length: dimensions }, () => 0),
        upper: Array.from({ length: dimensions }, () => 1),
        objectives: 2,
        values: (x) => {
          const g = 1 + (9 / (dimensions - 1)) * x.subarray(1).reduce((sum, v) => sum + v, 0);
          return [x[0]!, g * (1 - Math.sqrt(x[0]! / g))];
        },
      },
      { seed },
    );
    search.advance(12_000);
    const front = search.front();
    expect(front.length).toBeGreaterThan(40);
    // the true front is f2 = 1 − √f1
    for (const { values } of front) expect(values[1]! - (1 - Math.sqrt(values[0]!))).toBeLessThan(0.02);
    // no hole wider than a tenth, both ends reached
    const firsts = front.map(({ values }) => values[0]!);
    expect(firsts[0]).toBeLessThan(0.02);
    expect(firsts.at(-1)).toBeGreaterThan(0.95);
    for (const [i, f] of firsts.entries()) if (i > 0) expect(f - firsts[i - 1]!).toBeLessThan(0.1);
    const copy = new ParetoSearch(
      { lower: Array(dimensions).fill(0), upper: Array(dimensions).fill(1), objectives: 2, values: () => [0, 0] },
      { seed: 9 },
    );
    copy.restore(search.save());
    expect(copy.front()).toEqual(front);
  });
});
