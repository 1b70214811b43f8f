import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runSearch } from "../search.ts";
import { WordStream } from "../word-stream.ts";
import { testOnSharedData } from "../../../../../scripts/shared-data.ts";
import { jobShopFaults, scheduleOfOrder, type JobShop } from "./job-shop.ts";
import { createJobShopSearch } from "./job-shop-search.ts";
import { FEASIBLE, INFEASIBLE, JobShopProof } from "./proof.ts";
import { jobShopBound, preemptiveMakespan } from "./one-machine.ts";
import { betweenOrders, randomOrder } from "./order.ts";
import { readJobShop } from "./read-job-shop.ts";
import { JobShopTabu } from "./tabu.ts";

function randomShop(seed: number, jobs: number, machines: number, longest: number): JobShop {
  const words = new WordStream(seed);
  const rows = Array.from({ length: jobs }, () => {
    const order = Int32Array.from({ length: machines }, (_, k) => k);
    words.shuffle(order);
    return Array.from(order, (machine) => `${machine} ${words.below(longest + 1)}`).join(" ");
  });
  return readJobShop(`${jobs} ${machines}\n${rows.join("\n")}`);
}

/** Least makespan over every order of operations that keeps the jobs. */
function bruteForce(problem: JobShop): number {
  const { jobs, machines, first, machine, duration } = problem;
  const next = Array.from(first.subarray(0, jobs));
  const jobFree = Array.from({ length: jobs }, () => 0);
  const machineFree = Array.from({ length: machines }, () => 0);
  let best = Infinity;
  const extend = (done: number, makespan: number): void => {
    if (makespan >= best) return;
    if (done === machine.length) {
      best = makespan;
      return;
    }
    for (let job = 0; job < jobs; job++) {
      const op = next[job]!;
      if (op === first[job + 1]) continue;
      const k = machine[op]!;
      const [before, machineBefore] = [jobFree[job]!, machineFree[k]!];
      const end = Math.max(before, machineBefore) + duration[op]!;
      next[job] = op + 1;
      jobFree[job] = machineFree[k] = end;
      extend(done + 1, Math.max(makespan, end));
      next[job] = op;
      jobFree[job] = before;
      machineFree[k] = machineBefore;
    }
  };
  extend(0, 0);
  return best;
}

describe("job shop", () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
    "[O3] the optimum of a small job shop by brute force is found, and its bound is not above it (seed %i)",
    (seed) => {
      const problem = randomShop(seed, 3 + (seed % 2), 3, seed % 3 === 0 ? 3 : 20);
      const optimum = bruteForce(problem);
      const search = createJobShopSearch(problem, { seed });
      runSearch(search, { iterations: 30_000 });
      expect(search.objective).toBe(optimum);
      expect(search.lowerBound).toBeLessThanOrEqual(optimum);
      expect(jobShopBound(problem)).toBeLessThanOrEqual(optimum);
      expect(jobShopFaults(problem, search.solution(), optimum)).toEqual([]);
    },
  );

  test.each([1, 2, 3, 4, 5])(
    "[O3] after any number of moves heads, tails and topological order are those of a fresh start (seed %i)",
    (seed) => {
      // times of 0 are where orders are most easily lost
      const problem = randomShop(seed, 8, 6, seed % 2 === 0 ? 2 : 50);
      const tabu = new JobShopTabu(problem, new WordStream(seed));
      tabu.start(tabu.random());
      for (let i = 0; i < 200; i++) {
        if (tabu.run(7, 1_000_000, 0) < 7) tabu.start(tabu.random());
        const fresh = new JobShopTabu(problem, new WordStream(0));
        fresh.start(tabu.memory.order.slice());
        expect(fresh.memory.completion).toEqual(tabu.memory.completion);
        expect(fresh.memory.tail).toEqual(tabu.memory.tail);
        expect(fresh.memory.makespan).toBe(tabu.memory.makespan);
        const schedule = scheduleOfOrder(problem, tabu.memory.order);
        expect(jobShopFaults(problem, schedule, tabu.memory.makespan)).toEqual([]);
      }
    },
  );

  test("[O3] an order between two keeps every job, and is one of the two at the ends", () => {
    const problem = randomShop(11, 7, 5, 9);
    const words = new WordStream(11);
    const one = randomOrder(problem.first, words);
    const other = randomOrder(problem.first, words);
    expect(betweenOrders(one, other, 0)).toEqual(one);
    expect(betweenOrders(one, other, 1)).toEqual(other);
    for (let weight = 0.1; weight < 1; weight += 0.1) {
      const order = betweenOrders(one, other, weight);
      const place = new Map(Array.from(order, (op, i) => [op, i]));
      for (let op = 0; op < order.length - 1; op++) if ((op + 1) % 5 !== 0) expect(place.get(op)!).toBeLessThan(place.get(op + 1)!);
    }
  });

  test("[O2] the checker finds what is wrong with a schedule", () => {
    const problem = readJobShop("2 2\n0 3 1 2\n1 4 0 1");
    const good = createJobShopSearch(problem, { seed: 1 });
    good.advance(1_000);
    const schedule = good.solution();
    expect(jobShopFaults(problem, schedule, good.objective)).toEqual([]);
    const faults = (change: (entry: (typeof schedule)[number], index: number) => (typeof schedule)[number]): string =>
      jobShopFaults(problem, schedule.map(change), good.objective).join("; ");
    expect(faults((entry, i) => (i === 0 ? { ...entry, machine: 1 } : entry))).toContain("cannot be done on machine 1");
    expect(faults((entry, i) => (i === 0 ? { ...entry, end: entry.end + 1 } : entry))).toContain("takes 4, not 3");
    expect(faults((entry, i) => (i === 1 ? { ...entry, start: 0, end: 2 } : entry))).toContain("before its predecessor");
    expect(faults((entry) => ({ ...entry, start: entry.start + 5, end: entry.end + 5 }))).toContain("the schedule ends at");
    expect(jobShopFaults(problem, schedule.slice(1), good.objective).join()).toContain("missing");
    expect(faults((entry) => ({ ...entry, start: 0, end: entry.end - entry.start }))).toContain("two operations");
  });

  test("[O4] the preemptive one-machine bound: a case worked by hand, and never above the best order of random cases", () => {
    // head, time, tail: 0 3 7; 1 2 1; 2 2 6 → the first runs 0–3, the third 3–5 (ends 11), the second 5–7 (ends 8)
    expect(preemptiveMakespan([0, 1, 2], [3, 2, 2], [7, 1, 6])).toBe(11);
    const words = new WordStream(4);
    for (let round = 0; round < 200; round++) {
      const draw = (): number[] => Array.from({ length: 5 }, () => words.below(12));
      const [head, time, tail] = [draw(), draw(), draw()] as const;
      expect(preemptiveMakespan(head, time, tail)).toBeLessThanOrEqual(bestOrder(head, time, tail));
    }
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])(
    "[O17] exhaustive search excludes every makespan below the optimum by brute force, and finds it (seed %i)",
    (seed) => {
      const problem = randomShop(seed, 3 + (seed % 2), 3, seed % 4 === 0 ? 2 : 15);
      const optimum = bruteForce(problem);
      const proof = new JobShopProof(problem);
      for (const probe of [false, true]) {
        for (let limit = Math.max(0, optimum - 6); limit <= optimum + 3; limit++) {
          proof.ask(limit, probe);
          proof.run(1_000_000);
          expect(proof.memory.status).toBe(limit < optimum ? INFEASIBLE : FEASIBLE);
          if (limit < optimum) continue;
          const schedule = scheduleOfOrder(problem, proof.order());
          const makespan = Math.max(...schedule.map(({ end }) => end));
          expect(makespan).toBeLessThanOrEqual(limit);
          expect(jobShopFaults(problem, schedule, makespan)).toEqual([]);
        }
      }
    },
  );

  test("[O1] a bad file is refused with the line that is wrong", () => {
    const refused = (text: string): string => {
      try {
        readJobShop(text, { jobs: "classic" });
      } catch (error) {
        return (error as Error).message;
      }
      return "read";
    };
    expect(refused("")).toBe("the file holds no numbers");
    expect(refused("1 1\n0 \u0000")).toBe('line 2: "�" is not a number');
    expect(refused("# c\n2 2\n0 1 1 2\n0 x 1 2\n")).toBe('line 4: "x" is not a number');
    expect(refused("2 2\n0 1 1 2\n0 1 1")).toBe("line 3: job 2 has 3 numbers, not 2 pairs of machine and time");
    expect(refused("2 2\n0 1 1 2\n")).toBe("line 2: the file ends after 1 of 2 jobs");
    expect(refused("1 2\n0 1 1 2\n0 1 1 2")).toBe("line 3: line 1 says 1 jobs, here is one more");
    expect(refused("2 2\n0 1 5 2\n0 1 1 2")).toBe("line 2: a machine must be a whole number from 0 to 1, not 5");
    expect(refused("2 2\n0 1 0 2\n0 1 1 2")).toBe("line 2: job 1 visits machine 0 twice");
    expect(refused("2 2\n0 1 1 -2\n0 1 1 2")).toBe("line 2: a time must be a whole number from 0 to 10000000, not -2");
    expect(refused("2 2\n0 1 1 2.5\n0 1 1 2")).toContain("line 2: a time must be a whole number");
    expect(refused("2")).toBe("line 1: the number of machines is missing");
    expect(refused("4 2\n0 1 1 2\n0 1 1 2\n0 1\n1 2 0 1")).toBe("line 4: job 3 has 2 numbers, not 2 pairs of machine and time");
    expect(refused("100000 100000")).toContain("line 1: the number of jobs must be a whole number");
    expect(refused("9000 9000")).toContain("line 1: more than");
  });

  test("[O1] machines counted from 1, wrapped rows, titles, odd blanks and Taillard's two matrices are the same problem", () => {
    const plain = readJobShop("2 3\n0 5 1 6 2 7\n2 1 0 2 1 3");
    // comments of other tools, rules between instances, tabs, line ends of DOS and its end of a file
    expect(readJobShop("% by hand\r\n+++++\r\n2\t3 \r\n0 5 1 6 2 7\r\n! the second\r\n\r\n2 1 0 2 1 3\r\n+++++\r\n\u001A")).toEqual(plain);
    expect(
      readJobShop("\uFEFF instance x3\r\n +++++\r\n tiny 2x3\r\n2\t3\r\n0 5  1 6\t2 7 // first\r\n\r\n2 1 0 2 1 3 # last\r\nEOF\r\n"),
    ).toEqual(plain);
    const taillard = "Nb of jobs, Nb of Machines, Time seed\n2 3 840612802\nTimes\n 5 6 7\n 1 2 3\nMachines\n 1 2 3\n 3 1 2\n";
    expect(readJobShop(taillard)).toEqual({ ...plain, firstMachine: 1 });
    expect(readJobShop("2 3\n1 5 2 6 3 7\n3 1 1 2 2 3")).toEqual({ ...plain, firstMachine: 1 });
    expect(readJobShop("2 3\n0 5 1 6\n2 7\n2 1 0 2 1 3")).toEqual(plain);
    expect(readJobShop("2 3\n5 6 7\n1 2 3\n1 2 3\n3 1 2")).toEqual({ ...plain, firstMachine: 1 });
  });

  test("[O1] jobs of the industrial sets leave machines out and come back to others; a single job out of line is torn", () => {
    const shop = readJobShop("3 2\n0 1 1 2 0 3 0 4\n1 5\n1 1 0 2 1 3\n");
    expect(shop.first).toEqual(Int32Array.of(0, 4, 5, 8));
    expect(() => readJobShop("3 2\n0 1 1 2\n0 1\n1 1 0 2\n")).toThrow("line 3: job 2 has 2 numbers, not 2 pairs");
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])(
    "[O3] jobs that come back to a machine, even at once: the optimum of brute force is found, proven, and every state holds (seed %i)",
    (seed) => {
      const words = new WordStream(seed);
      const rows = Array.from({ length: 3 }, () =>
        Array.from({ length: 3 + words.below(2) }, () => `${words.below(2)} ${words.below(seed % 3 === 0 ? 3 : 15)}`).join(" "),
      );
      const problem = readJobShop(`3 2\n${rows.join("\n")}`);
      const optimum = bruteForce(problem);
      const search = createJobShopSearch(problem, { seed });
      runSearch(search, { iterations: 40_000 });
      expect([search.objective, search.lowerBound]).toEqual([optimum, optimum]);
      expect(jobShopFaults(problem, search.solution(), optimum)).toEqual([]);
      const tabu = new JobShopTabu(problem, new WordStream(seed));
      tabu.start(tabu.random());
      for (let i = 0; i < 50; i++) {
        if (tabu.run(7, 1_000_000, 0) < 7) tabu.start(tabu.random());
        const fresh = new JobShopTabu(problem, new WordStream(0));
        fresh.start(tabu.memory.order.slice());
        expect(fresh.memory.completion).toEqual(tabu.memory.completion);
        expect(jobShopFaults(problem, scheduleOfOrder(problem, tabu.memory.order), tabu.memory.makespan)).toEqual([]);
      }
    },
  );

  test("[O5] a job without operations time, one job, one machine", () => {
    for (const [text, optimum] of [
      ["1 1\n0 0", 0],
      ["1 3\n0 1 1 2 2 3", 6],
      ["3 1\n0 4\n0 5\n0 6", 15],
    ] as const) {
      const search = createJobShopSearch(readJobShop(text), { seed: 1 });
      expect(runSearch(search, { iterations: 1_000 })).toBe("finished");
      expect(search.objective).toBe(optimum);
    }
  });

  const sample = process.env["SOAK"]
    ? ["ft06", "ft10", "ft20", ...Array.from({ length: 20 }, (_, i) => `la${String(i + 1).padStart(2, "0")}`)]
    : ["ft06", "ft20", "la02", "la16"];
  testOnSharedData("[O5] ft10, open for a quarter of a century, is solved to its optimum of 930", "jobshop/ft10", (path) => {
    const problem = readJobShop(readFileSync(path, "utf8"));
    const search = createJobShopSearch(problem, { seed: 1, prove: false });
    runSearch(search, { iterations: 3_000_000 }, { cancelled: () => search.objective <= 930 });
    expect(search.objective).toBe(930);
    expect(jobShopFaults(problem, search.solution(), 930)).toEqual([]);
  });

  for (const name of sample)
    testOnSharedData(`[O5] ${name} of the benchmark set is solved to its known optimum, and proven`, "jobshop", (folder) => {
      const instances = JSON.parse(readFileSync(join(folder, "instances.json"), "utf8")) as { name: string; optimum: number }[];
      const { optimum } = instances.find((instance) => instance.name === name)!;
      const problem = readJobShop(readFileSync(join(folder, name), "utf8"));
      const search = createJobShopSearch(problem, { seed: 1 });
      // by moves, not by time: the same on every machine
      runSearch(search, { iterations: 4_000_000 });
      expect([search.objective, search.lowerBound]).toEqual([optimum, optimum]);
      expect(jobShopFaults(problem, search.solution(), optimum)).toEqual([]);
    });
});

/** Least of the largest completion + tail over all orders of one machine. */
function bestOrder(head: readonly number[], time: readonly number[], tail: readonly number[]): number {
  const go = (left: readonly number[], now: number, worst: number): number =>
    left.length === 0
      ? worst
      : Math.min(
          ...left.map((i) => {
            const end = Math.max(now, head[i]!) + time[i]!;
            return go(
              left.filter((j) => j !== i),
              end,
              Math.max(worst, end + tail[i]!),
            );
          }),
        );
  return go(
    head.map((_, i) => i),
    0,
    0,
  );
}
