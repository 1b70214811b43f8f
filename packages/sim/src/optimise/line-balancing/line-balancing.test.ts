import { describe, expect, test } from "vitest";
import { runSearch } from "../search.ts";
import { WordStream } from "../word-stream.ts";
import { BalanceSearch } from "./balance-search.ts";
import { balanceFaults, cycleOf, type LineBalance } from "./line-balancing.ts";
import { readLineBalance } from "./read-line-balance.ts";

function randomTasks(seed: number, tasks: number, density: number, longest: number): Pick<LineBalance, "time" | "precedences"> {
  const words = new WordStream(seed);
  const name = Int32Array.from({ length: tasks }, (_, i) => i);
  words.shuffle(name);
  const precedences: [number, number][] = [];
  for (let i = 0; i < tasks; i++) for (let j = i + 1; j < tasks; j++) if (words.uniform() < density) precedences.push([name[i]!, name[j]!]);
  return { time: Array.from({ length: tasks }, () => 1 + words.below(longest)), precedences };
}

/** Fewest stations over all subsets, by dynamic programming: for each set of tasks the least (stations, time used of the last). */
function fewestStations({ time, precedences }: Pick<LineBalance, "time" | "precedences">, cycle: number): number {
  const n = time.length;
  const before = time.map((_, task) =>
    precedences.filter(([, after]) => after === task).reduce((set, [earlier]) => set | (1 << earlier), 0),
  );
  const stations = new Int32Array(1 << n).fill(1_000);
  const used = new Int32Array(1 << n).fill(0);
  stations[0] = 1;
  for (let set = 0; set < 1 << n; set++) {
    if (stations[set] === 1_000) continue;
    for (let task = 0; task < n; task++) {
      if ((set & (1 << task)) !== 0 || (before[task]! & ~set) !== 0) continue;
      const fits = used[set]! + time[task]! <= cycle;
      const count = stations[set]! + (fits ? 0 : 1);
      const load = fits ? used[set]! + time[task]! : time[task]!;
      const next = set | (1 << task);
      if (count < stations[next]! || (count === stations[next] && load < used[next]!)) {
        stations[next] = count;
        used[next] = load;
      }
    }
  }
  return stations[(1 << n) - 1]!;
}

describe("line balancing", () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])(
    "[O11] twelve tasks: fewest stations and shortest cycle as by dynamic programming, both proven (seed %i)",
    (seed) => {
      const tasks = randomTasks(seed, 12, 0.05 + (seed % 4) * 0.1, 20);
      const longest = Math.max(...tasks.time);
      const cycle = longest + ((seed * 3) % 20);
      const fewest = fewestStations(tasks, cycle);
      const one = new BalanceSearch({ ...tasks, goal: { cycle } }, { seed });
      expect(runSearch(one, { iterations: 5_000 })).toBe("finished");
      expect([one.objective, one.lowerBound]).toEqual([fewest, fewest]);
      expect(balanceFaults({ ...tasks, goal: { cycle } }, one.solution(), fewest, cycle)).toEqual([]);

      let shortest = longest;
      while (fewestStations(tasks, shortest) > 4) shortest++;
      const two = new BalanceSearch({ ...tasks, goal: { stations: 4 } }, { seed });
      expect(runSearch(two, { iterations: 5_000 })).toBe("finished");
      expect([two.objective, two.lowerBound]).toEqual([shortest, shortest]);
      expect(balanceFaults({ ...tasks, goal: { stations: 4 } }, two.solution(), 4, shortest)).toEqual([]);
    },
  );

  test("[O11] Jackson's line of eleven tasks (1956), known optima: 8 stations at cycle 7, 6 at 9, 5 at 10, 4 at 13, 3 at 21", () => {
    const time = [6, 2, 5, 7, 1, 2, 3, 6, 5, 5, 4];
    const precedences = (
      [
        [1, 2],
        [1, 3],
        [1, 4],
        [1, 5],
        [2, 6],
        [3, 7],
        [4, 7],
        [5, 7],
        [6, 8],
        [7, 9],
        [8, 10],
        [9, 11],
        [10, 11],
      ] as const
    ).map(([before, after]) => [before - 1, after - 1] as const);
    const found = [7, 9, 10, 13, 21].map((cycle) => {
      const search = new BalanceSearch({ time, precedences, goal: { cycle } }, { seed: 1 });
      runSearch(search, { iterations: 1_000 });
      expect(search.finished).toBe(true);
      return search.objective;
    });
    expect(found).toEqual([8, 6, 5, 4, 3]);
  });

  test.each(Array.from({ length: 24 }, (_, i) => i + 1))(
    "[O43] stations of one to three places, some tasks bound to one: the shortest cycle of brute force, proven, from a start and without (seed %i)",
    (seed) => {
      const words = new WordStream(seed, 5);
      const tasks = randomTasks(seed, 7, 0.1 + (seed % 3) * 0.1, 30);
      const stations = 3;
      const places = Array.from({ length: stations }, () => words.below(4));
      const bound = tasks.time.map(() => (words.uniform() < 0.3 ? words.below(stations) : null));
      const problem: LineBalance = { ...tasks, goal: { stations }, places, bound };
      let best = Infinity;
      let first: number[] | undefined;
      for (let code = 0; code < stations ** 7; code++) {
        const balance = tasks.time.map((_, task) => Math.floor(code / stations ** task) % stations);
        if (balanceFaults(problem, balance, stations, Infinity).length > 0) continue;
        first ??= balance;
        best = Math.min(best, cycleOf(problem, balance));
      }
      if (first === undefined) {
        expect(() => new BalanceSearch(problem, { seed })).toThrow(/has no station|without a place/);
        return;
      }
      for (const from of [undefined, first]) {
        const search = new BalanceSearch(problem, { seed, ...(from ? { from } : {}) });
        if (from) expect(search.objective).toBeLessThanOrEqual(cycleOf(problem, from));
        expect(runSearch(search, { iterations: 5_000 })).toBe("finished");
        expect([search.objective, search.lowerBound]).toEqual([best, best]);
        expect(balanceFaults(problem, search.solution(), stations, best)).toEqual([]);
      }
    },
  );

  test("[O11] a large line has an answer and a bound from the first moment", () => {
    const tasks = randomTasks(3, 150, 0.02, 60);
    const search = new BalanceSearch({ ...tasks, goal: { cycle: 100 } }, { seed: 1 });
    expect(search.objective).toBeLessThan(Infinity);
    search.advance(20);
    expect(balanceFaults({ ...tasks, goal: { cycle: 100 } }, search.solution(), search.objective, 100)).toEqual([]);
    expect(search.lowerBound).toBeGreaterThanOrEqual(Math.ceil(tasks.time.reduce((sum, time) => sum + time, 0) / 100));
  });

  test("[O11] circles, tasks longer than the cycle and names that are not there are refused", () => {
    const goal = { cycle: 10 };
    expect(
      () =>
        new BalanceSearch(
          {
            time: [1, 2],
            precedences: [
              [0, 1],
              [1, 0],
            ],
            goal,
          },
          { seed: 1 },
        ),
    ).toThrow("round in a circle");
    expect(() => new BalanceSearch({ time: [1, 12], precedences: [], goal }, { seed: 1 })).toThrow(
      "a task takes 12, longer than the cycle 10",
    );
    expect(() => new BalanceSearch({ time: [1], precedences: [[0, 4]], goal }, { seed: 1 })).toThrow("a task that is not there: 0 → 4");
    expect(() => new BalanceSearch({ time: [1.5], precedences: [], goal }, { seed: 1 })).toThrow("whole numbers");
    const two = { time: [1, 2], precedences: [] };
    expect(() => new BalanceSearch({ ...two, goal, places: [1] }, { seed: 1 })).toThrow("need a number of stations");
    expect(() => new BalanceSearch({ ...two, goal: { stations: 2 }, places: [1, 0.5] }, { seed: 1 })).toThrow("a whole number of places");
    expect(() => new BalanceSearch({ ...two, goal: { stations: 2 }, bound: [2, null] }, { seed: 1 })).toThrow(
      "a station that is not there",
    );
  });

  test("[O1] a file of the benchmark set is read, and a bad one refused with its line", () => {
    const text =
      "<number of tasks>\n2\n\n<cycle time>\n5\n<order strength>\n0,1\n<task times>\n1 3\n2 2\n\n<precedence relations>\n1,2\n\n<end>\n";
    expect(readLineBalance(text)).toEqual({ time: [3, 2], precedences: [[0, 1]], goal: { cycle: 5 } });
    expect(readLineBalance(text.replace("cycle time", "number of stations").replace("\n5\n", "\n1\n")).goal).toEqual({ stations: 1 });
    expect(() => readLineBalance(text.replace("2 2", "2 two"))).toThrow('line 10: "two" is not a number');
    expect(() => readLineBalance(text.replace("2 2\n", ""))).toThrow("task 2 of 2 has no time");
    expect(() => readLineBalance(text.replace("1,2", "1,9"))).toThrow("line 13: a task must be a whole number from 1 to 2, not 9");
    expect(() => readLineBalance("2\n3\n")).toThrow("no section <number of tasks>");
  });
});
