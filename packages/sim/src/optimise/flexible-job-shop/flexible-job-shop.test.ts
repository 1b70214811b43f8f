import { describe, expect, test } from "vitest";
import { runSearch } from "../search.ts";
import { WordStream } from "../word-stream.ts";
import { flexibleBound } from "./flexible-bound.ts";
import { flexibleFaults, scheduleOfFlexible, type FlexibleJobShop } from "./flexible-job-shop.ts";
import { createFlexibleSearch } from "./flexible-search.ts";
import { FlexibleTabu } from "./flexible-tabu.ts";
import { readFlexibleJobShop } from "./read-flexible-job-shop.ts";

function randomShop(seed: number, jobs: number, operations: number, machines: number, shortest: number): FlexibleJobShop {
  const words = new WordStream(seed);
  const rows = Array.from({ length: jobs }, () => {
    const ops = Array.from({ length: operations }, () => {
      const order = Int32Array.from({ length: machines }, (_, k) => k + 1);
      words.shuffle(order);
      const taken = Array.from(order.subarray(0, 1 + words.below(machines)));
      return `${taken.length} ${taken.map((machine) => `${machine} ${shortest + words.below(10)}`).join(" ")}`;
    });
    return `${operations} ${ops.join(" ")}`;
  });
  return readFlexibleJobShop(`${jobs} ${machines} 1.5\n${rows.join("\n")}\n`);
}

function bruteForce(problem: FlexibleJobShop): number {
  const { jobs, machines, first, firstChoice, machine, time } = problem;
  const next = Array.from(first.subarray(0, jobs));
  const jobFree = Array.from({ length: jobs }, () => 0);
  const machineFree = Array.from({ length: machines }, () => 0);
  let best = Infinity;
  const extend = (done: number, makespan: number): void => {
    if (makespan >= best) return;
    if (done === first[jobs]) {
      best = makespan;
      return;
    }
    for (let job = 0; job < jobs; job++) {
      const op = next[job]!;
      if (op === first[job + 1]) continue;
      for (let c = firstChoice[op]!; c < firstChoice[op + 1]!; c++) {
        const k = machine[c]!;
        const [before, machineBefore] = [jobFree[job]!, machineFree[k]!];
        const end = Math.max(before, machineBefore) + time[c]!;
        next[job] = op + 1;
        jobFree[job] = machineFree[k] = end;
        extend(done + 1, Math.max(makespan, end));
        next[job] = op;
        jobFree[job] = before;
        machineFree[k] = machineBefore;
      }
    }
  };
  extend(0, 0);
  return best;
}

describe("flexible job shop", () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
    "[O6] the optimum of a small flexible job shop by brute force is found, and the bound is not above it (seed %i)",
    (seed) => {
      // every third has times of 0
      const problem = randomShop(seed, 3, 2 + (seed % 2), 3, seed % 3 === 0 ? 0 : 1);
      const optimum = bruteForce(problem);
      const search = createFlexibleSearch(problem, { seed });
      runSearch(search, { iterations: 20_000 });
      expect(search.objective).toBe(optimum);
      expect(search.lowerBound).toBeLessThanOrEqual(optimum);
      expect(flexibleBound(problem)).toBeLessThanOrEqual(optimum);
      expect(flexibleFaults(problem, search.solution(), optimum)).toEqual([]);
    },
  );

  test.each([1, 2, 3])("[O6] after any number of moves the state is that of a fresh start, and its schedule feasible (seed %i)", (seed) => {
    const problem = randomShop(seed, 8, 5, 4, 1);
    const tabu = new FlexibleTabu(problem, new WordStream(seed));
    tabu.start(tabu.random());
    for (let i = 0; i < 200; i++) {
      if (tabu.run(5, 1_000_000, 0) < 5) tabu.start(tabu.random());
      const solution = Int32Array.from([...tabu.memory.order, ...tabu.memory.choice]);
      const fresh = new FlexibleTabu(problem, new WordStream(0));
      fresh.start(solution);
      expect(fresh.memory.completion).toEqual(tabu.memory.completion);
      expect(fresh.memory.tail).toEqual(tabu.memory.tail);
      expect(flexibleFaults(problem, scheduleOfFlexible(problem, solution), tabu.memory.makespan)).toEqual([]);
    }
  });

  test("[O1] a bad file is refused with the line that is wrong", () => {
    const refused = (text: string): string => {
      try {
        readFlexibleJobShop(text);
      } catch (error) {
        return (error as Error).message;
      }
      return "read";
    };
    expect(refused("2 2 1\n1 1 1 5\n1 1 3 5")).toBe("line 3: a machine of operation 1 of job 2 must be a whole number from 0 to 2, not 3");
    expect(refused("2 2 1\n1 1 1 5\n1 2 1 5")).toBe("line 3: a machine of operation 1 of job 2 is missing");
    expect(refused("2 2 1\n1 1 1 5\n1 1 1 5 6")).toBe("line 3: job 2 has more numbers than its 1 operations need");
    expect(refused("2 2 1\n1 1 1 5")).toBe("line 2: line 1 says 2 jobs, 1 lines follow");
    expect(refused("1 2 1\n1 1 1 5\n1 1 1 5")).toBe("line 3: line 1 says 1 jobs, 2 lines follow");
    expect(refused("1 2 1\n1 3 1 5 2 5 1 6")).toContain("line 2: the number of machines of operation 1 of job 1 must be");
    expect(refused("1 2 1\n1 2 1 5 1 6")).toBe("line 2: operation 1 of job 1 names machine 1 twice");
    expect(refused("1 2 1\n1 1 1 5 a")).toBe('line 2: "a" is not a number');
    expect(refused("1 2 1\n1 1 1 -5")).toContain("line 2: the time of operation 1 of job 1 on machine 1 must be");
    expect(refused("1 2 3 4")).toContain("line 1: the first line holds");
  });

  test("[O1] wrapped jobs, jobs without operations and machines from 0 are read", () => {
    const plain = readFlexibleJobShop("2 2\n2 1 1 5 2 1 3 2 4\n1 1 2 6\n");
    expect(readFlexibleJobShop("2\t2\t1.5\r\n 2 1 1 5\r\n 2 1 3 2 4 \r\n 1 1 2 6 \r\n\r\n")).toEqual(plain);
    const zero = readFlexibleJobShop("2 2\n2 1 0 5 2 0 3 1 4\n0\n");
    expect(zero.firstMachine).toBe(0);
    const search = createFlexibleSearch(zero, { seed: 1 });
    search.advance(100);
    expect(search.objective).toBe(8);
    expect(flexibleFaults(zero, search.solution(), 8)).toEqual([]);
  });
});
