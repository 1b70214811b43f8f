import { describe, expect, test } from "vitest";
import type { LineModel } from "../../line/line-model.ts";
import { runLine } from "../../line/line-run.ts";
import { confirmWinner } from "../confirm.ts";
import { runSearch } from "../search.ts";
import { BufferSearch } from "./buffer-search.ts";
import { exponentialLineThroughput } from "./exponential-line.ts";
import { lineBuffers } from "./line-buffers.ts";

describe("buffer allocation", () => {
  test("[O12] throughput of exponential lines is that of their Markov chains", () => {
    const ones = (count: number): number[] => Array.from({ length: count }, () => 1);
    // (B + 2) ÷ (B + 3) for two stations; 22/39 of Hunt (1956); the others are known values of the chains
    for (const b of [0, 1, 4, 9]) expect(exponentialLineThroughput([1, 1], [b])).toBeCloseTo((b + 2) / (b + 3), 10);
    expect(exponentialLineThroughput(ones(3), [0, 0])).toBeCloseTo(22 / 39, 10);
    expect(exponentialLineThroughput(ones(3), [4, 4])).toBeCloseTo(0.8074859, 7);
    expect(exponentialLineThroughput(ones(4), [1, 1, 1])).toBeCloseTo(0.6311527, 7);
    expect(exponentialLineThroughput(ones(5), [0, 0, 0, 0])).toBeCloseTo(0.4857981, 7);
    expect(exponentialLineThroughput(ones(6), [0, 0, 0, 0, 0])).toBeCloseTo(0.4667133, 7);
    expect(() =>
      exponentialLineThroughput(
        ones(9),
        Array.from({ length: 8 }, () => 10),
      ),
    ).toThrow("states");
  });

  test.each([
    { rates: [1, 1, 1, 1], total: 6, best: [2, 2, 2], value: 0.700713 },
    { rates: [1, 1, 1, 1, 1], total: 4, best: [1, 1, 1, 1], value: 0.607583 },
    { rates: [1, 1.1, 1.2, 1.3], total: 6, best: [3, 2, 1], value: 0.789793 },
  ])("[O12] known optimum of $total places on rates $rates: $best, enumerated and by moving places", ({ rates, total, best, value }) => {
    const throughput = (sizes: Int32Array): number => exponentialLineThroughput(rates, sizes);
    const problem = { buffers: rates.length - 1, total, replications: 1, throughput };
    const all = new BufferSearch(problem, { seed: 1 });
    expect(runSearch(all, { iterations: 10_000 })).toBe("finished");
    const moves = new BufferSearch(problem, { seed: 1, enumerate: 0 });
    runSearch(moves, { iterations: 200 });
    for (const search of [all, moves]) {
      expect(Array.from(search.solution())).toEqual(best);
      expect(-search.objective).toBeCloseTo(value, 6);
    }
  });

  test("[O12] every division is enumerated once, and no buffer grows beyond its largest", () => {
    const seen = new Set<string>();
    const search = new BufferSearch(
      {
        buffers: 4,
        total: 7,
        largest: [7, 2, 7, 3],
        replications: 1,
        throughput: (sizes) => (seen.add(sizes.join(" ")), sizes[1]! + sizes[3]!),
      },
      { seed: 1 },
    );
    runSearch(search, { iterations: 100_000 });
    // 120 divisions of 7 over 4, of which those within the limits are judged
    expect(search.iterations).toBe(120);
    const expected = Array.from({ length: 8 }, (_, a) => a).flatMap((a) =>
      [0, 1, 2].flatMap((b) => [0, 1, 2, 3].filter((d) => 7 - a - b - d >= 0)),
    );
    expect(seen.size).toBe(expected.length);
    expect(-search.objective).toBe(5);
    const walk = new BufferSearch(
      {
        buffers: 4,
        total: 7,
        largest: [7, 2, 7, 3],
        replications: 1,
        throughput: (sizes) => (expect(sizes[1]!).toBeLessThanOrEqual(2), sizes[1]! + sizes[3]!),
      },
      { seed: 1, enumerate: 0 },
    );
    runSearch(walk, { iterations: 300 });
    expect(-walk.objective).toBe(5);
  });

  test("[O13] judged on the simulator the best division is found, and confirmed on replications that no search has seen (P5)", () => {
    const rates = [1, 1, 1, 1];
    const throughput = (sizes: Int32Array, replication: number): number => {
      const line = exponentialLine(rates, sizes);
      return runLine(line, { seed: 12, replication, startInstant: 0, horizonS: 2_000, warmUpS: 300 }).good;
    };
    const search = new BufferSearch({ buffers: 3, total: 6, replications: 2, throughput }, { seed: 1 });
    runSearch(search, { iterations: 1_000 });
    // exact: (2,2,2) .7007, (1,3,2) .6933, …; what wins on two replications must be near the best
    expect(exponentialLineThroughput(rates, search.solution())).toBeGreaterThan(0.7007 * 0.97);
    const difference = confirmWinner(
      throughput,
      { present: Int32Array.of(6, 0, 0), winner: search.solution() },
      { first: 1_000, count: 12 },
      "higher",
    );
    expect(difference.verdict).toBe("better");
    // exact difference to (6,0,0) at .563845 over the 2,000 s after the warm-up, per replication
    const exact = 2_000 * (exponentialLineThroughput(rates, search.solution()) - 0.563845);
    expect(Math.abs(difference.mean - exact)).toBeLessThan(2 * difference.halfWidth);
  });

  test("[O13] the buffers of a line model: searched from their present sizes, other stations untouched, the gain confirmed", () => {
    // the slow middle wants places on both sides of it, all are behind it
    const line = exponentialLine([1, 0.8, 1, 2], Int32Array.of(0, 6, 3));
    const options = { stations: ["S1", "S2"], replications: 3, seed: 5, startInstant: 0, horizonS: 2_000, warmUpS: 200 };
    const { problem, present, stations, withSizes } = lineBuffers(line, options);
    expect([stations, Array.from(present), problem.total]).toEqual([["S1", "S2"], [0, 6], 6]);
    const search = new BufferSearch(problem, { seed: 1, enumerate: 0 });
    search.advance(1);
    expect(Array.from(search.solution())).toEqual([0, 6]);
    runSearch(search, { iterations: 40 });
    const winner = search.solution();
    expect(winner[0]! + winner[1]!).toBe(6);
    expect(winner[0]!).toBeGreaterThanOrEqual(2);
    expect(withSizes(winner).stations.map(({ buffer }) => buffer?.capacity)).toEqual([undefined, winner[0], winner[1], 3]);
    const difference = confirmWinner(problem.throughput, { present, winner }, { first: 100, count: 8 }, "higher");
    expect(difference.verdict).toBe("better");
    expect(() => lineBuffers(line, { ...options, stations: ["S0", "S1"] })).toThrow("the station has no buffer S0");
    expect(() => lineBuffers(line, { ...options, stations: ["S1"] })).toThrow("two buffers or more");
  });
});

function exponentialLine(rates: readonly number[], sizes: Int32Array): LineModel {
  return {
    format: "doppelwerk-line/1",
    id: "exponential",
    products: [{ id: "A" }],
    stations: rates.map((rate, i) => ({
      id: `S${i}`,
      places: 1,
      cycle: { time: { kind: "exponential" as const, mean: 1 / rate } },
      ...(i === 0 ? { source: { program: true } } : { buffer: { capacity: sizes[i - 1]! } }),
      ...(i + 1 < rates.length ? { next: { station: `S${i + 1}` } } : {}),
    })),
  };
}
