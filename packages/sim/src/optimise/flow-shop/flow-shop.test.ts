import { describe, expect, test } from "vitest";
import { runSearch } from "../search.ts";
import { WordStream } from "../word-stream.ts";
import { flowShopBound, flowShopMakespan, FlowShopSearch, type FlowShop } from "./flow-shop.ts";
import { readFlowShop } from "./read-flow-shop.ts";

function randomFlowShop(seed: number, jobs: number, machines: number, withSetUps: boolean): FlowShop {
  const words = new WordStream(seed);
  return {
    jobs,
    machines,
    time: Float64Array.from({ length: jobs * machines }, () => words.below(30)),
    ...(withSetUps ? { setUp: Float64Array.from({ length: machines * (jobs + 1) * jobs }, () => words.below(15)) } : {}),
  };
}

/** By the definition, event by event: a machine is ready for a job when it is free and set up. */
function makespanByDefinition({ jobs, machines, time, setUp }: FlowShop, sequence: readonly number[]): number {
  const end: number[][] = [];
  for (const [i, job] of sequence.entries()) {
    end.push([]);
    for (let k = 0; k < machines; k++) {
      const before = i === 0 ? jobs : sequence[i - 1]!;
      const change = setUp ? setUp[(k * (jobs + 1) + before) * jobs + job]! : 0;
      const machineReady = (i === 0 ? 0 : end[i - 1]![k]!) + change;
      const jobReady = k === 0 ? 0 : end[i]![k - 1]!;
      end[i]!.push(Math.max(machineReady, jobReady) + time[job * machines + k]!);
    }
  }
  return end.at(-1)!.at(-1)!;
}

function permutations(items: readonly number[]): number[][] {
  return items.length === 0 ? [[]] : items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
}

const six = permutations([0, 1, 2, 3, 4, 5]);

describe("flow shop", () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    "[O10] six jobs, with and without set-ups: the optimum by brute force, the bound not above it (seed %i)",
    (seed) => {
      const problem = randomFlowShop(seed, 6, 1 + (seed % 4), seed % 2 === 0);
      const optimum = Math.min(...six.map((sequence) => makespanByDefinition(problem, sequence)));
      const search = new FlowShopSearch(problem, { seed });
      runSearch(search, { iterations: 300 });
      expect(search.objective).toBe(optimum);
      expect(makespanByDefinition(problem, Array.from(search.solution()))).toBe(optimum);
      expect(flowShopMakespan(problem, search.solution())).toBe(optimum);
      expect(flowShopBound(problem)).toBeLessThanOrEqual(optimum);
    },
  );

  test.each([1, 2, 3])("[O10] two machines: Johnson's rule is the optimum of forty jobs (seed %i)", (seed) => {
    const problem = randomFlowShop(seed, 40, 2, false);
    const a = (job: number): number => problem.time[2 * job]!;
    const b = (job: number): number => problem.time[2 * job + 1]!;
    const jobs = Array.from({ length: 40 }, (_, job) => job);
    const early = jobs.filter((job) => a(job) < b(job)).sort((x, y) => a(x) - a(y));
    const late = jobs.filter((job) => a(job) >= b(job)).sort((x, y) => b(y) - b(x));
    const search = new FlowShopSearch(problem, { seed });
    runSearch(search, { iterations: 100 });
    expect(search.objective).toBe(makespanByDefinition(problem, [...early, ...late]));
  });

  test("[O1] the formats of the benchmark sets are one problem, and a bad file is refused with its line", () => {
    const times = Float64Array.of(4, 1, 1, 4, 3, 3);
    for (const text of ["3 2\n4 1\n1 4\n3 3\n", "3 2\n0 4 1 1\n0 1 1 4\n0 3 1 3\n", "3 2 77 9 9\n4 1 3\n1 4 3\n"])
      expect(readFlowShop(text)).toEqual({ jobs: 3, machines: 2, time: times });
    expect(() => readFlowShop("3 2\n4 1\n1 4\n")).toThrow("line 3: 3 lines of 2 times");
    expect(() => readFlowShop("2 2\n1 4 0 1\n0 1 1 4\n")).toThrow("line 2: a flow shop passes the machines in their order");
  });
});
