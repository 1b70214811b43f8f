import { describe, expect, test } from "vitest";
import { readJobShop } from "../job-shop/read-job-shop.ts";
import { runSearch } from "../search.ts";
import { WordStream } from "../word-stream.ts";
import { lockOperation, machineQueues, moveOperation, shiftOperation } from "./schedule-edit.ts";
import { problemOfShop } from "./schedule-of-file.ts";
import { checkScheduleProblem, type SchedulePlan, type ScheduleProblem } from "./schedule-problem.ts";
import { createScheduleSearch, scheduleBound } from "./schedule-search.ts";
import { figuresOf, indexSchedule, scheduleFindings, throughCalendar, timePlan } from "./schedule-timing.ts";
import { tryPlan } from "./schedule-trial.ts";

const SIX =
  "6 6\n2 1 0 3 1 6 3 7 5 3 4 6\n1 8 2 5 4 10 5 10 0 10 3 4\n2 5 3 4 5 8 0 9 1 1 4 7\n1 5 0 5 2 5 3 3 4 8 5 9\n2 9 1 3 4 5 5 4 0 3 3 1\n1 3 3 3 5 9 0 10 4 4 2 1\n";

function randomProblem(seed: number, full: boolean): ScheduleProblem {
  const words = new WordStream(seed);
  const machines = 2 + words.below(2);
  const families = ["A", "B"];
  return {
    format: "doppelwerk-schedule/1",
    title: `problem ${seed}`,
    unit: "s",
    machines: Array.from({ length: machines }, (_, m) => ({
      id: `M${m}`,
      label: `M${m}`,
      ...(full && m === 0
        ? {
            closed: [
              { from: 5, to: 8 },
              { from: 20, to: 30 },
            ],
          }
        : {}),
      ...(full ? { setUp: { initial: "A", times: { A: { B: 3 }, B: { A: 2 } } } } : {}),
    })),
    jobs: Array.from({ length: 3 }, (_, j) => ({
      id: `J${j}`,
      label: `J${j}`,
      ...(full ? { family: families[words.below(2)]!, release: words.below(4), due: 10 + words.below(15) } : {}),
      operations: Array.from({ length: 1 + words.below(2) }, () => ({
        choices: Array.from({ length: 1 + words.below(machines) }, (_, m) => ({ machine: m, time: 1 + words.below(9) })),
        ...(full && words.below(3) === 0 ? { passOn: 1 } : {}),
      })),
    })),
  };
}

/** Every order of operations and every choice. */
function best(problem: ScheduleProblem, value: (plan: SchedulePlan) => number): number {
  const { first, count } = indexSchedule(problem);
  const counts = problem.jobs.map(({ operations }) => operations.length);
  let least = Infinity;
  const choices: number[][] = [[]];
  for (let op = 0; op < count; op++) {
    const job = problem.jobs.findIndex((_, j) => op >= first[j]! && op < first[j + 1]!);
    const width = problem.jobs[job]!.operations[op - first[job]!]!.choices.length;
    const longer = choices.flatMap((choice) => Array.from({ length: width }, (_, c) => [...choice, c]));
    choices.splice(0, choices.length, ...longer);
  }
  const walk = (order: readonly number[], done: readonly number[]): void => {
    if (order.length === count) for (const choice of choices) least = Math.min(least, value({ order, choice, locked: {} }));
    else
      for (const [job, have] of done.entries())
        if (have < counts[job]!)
          walk(
            [...order, first[job]! + have],
            done.map((of, j) => (j === job ? of + 1 : of)),
          );
  };
  walk(
    [],
    counts.map(() => 0),
  );
  return least;
}

describe("schedules with set-ups, calendars, due times", () => {
  test.each([1, 2, 3, 4, 5, 6])(
    "[O31] the optimum of a small problem by brute force is found for both goals, the bound not above it (seed %i)",
    (seed) => {
      for (const full of [false, true]) {
        const problem = checkScheduleProblem(randomProblem(seed, full));
        const index = indexSchedule(problem);
        for (const goal of ["makespan", "lateness"] as const) {
          const optimum = best(problem, (plan) => figuresOf(index, timePlan(index, plan)!)[goal]);
          const search = createScheduleSearch(problem, { seed, goal });
          runSearch(search, { iterations: 6_000 });
          const planned = timePlan(index, search.solution())!;
          expect(figuresOf(index, planned)[goal]).toBe(optimum);
          expect(search.objective).toBe(optimum);
          expect(scheduleBound(problem, goal)).toBeLessThanOrEqual(optimum);
          expect(scheduleFindings(problem, planned)).toEqual([]);
        }
      }
    },
  );

  test("[O31] batches passed on piece by piece through closed times: the bound is never above any plan, and close where one machine works without end", () => {
    const words = new WordStream(31);
    for (let round = 0; round < 60; round++) {
      const closed = Array.from({ length: 12 }, (_, i) => ({ from: 20 * i + 8 + words.below(8), to: 20 * i + 20 }));
      const problem: ScheduleProblem = {
        ...randomProblem(round, false),
        machines: [0, 1, 2].map((m) => ({
          id: `M${m}`,
          label: `M${m}`,
          ...(round % 2 === 0 ? { closed } : {}),
          setUp: { times: { A: { B: 4 }, B: { A: 3 } } },
        })),
        jobs: Array.from({ length: 4 }, (_, j) => ({
          id: `J${j}`,
          label: `J${j}`,
          family: words.below(2) === 0 ? "A" : "B",
          operations: [0, 1, 2].map((machine) => ({
            choices: [{ machine, time: (machine === 1 ? 10 : 1) + words.below(8) }],
            ...(machine < 2 ? { passOn: 1 + words.below(2) } : {}),
          })),
        })),
      };
      const index = indexSchedule(problem);
      const bound = scheduleBound(problem, "makespan");
      let least = Infinity;
      for (const order of [
        [0, 1, 2, 3],
        [3, 2, 1, 0],
        [1, 3, 0, 2],
        [2, 0, 3, 1],
      ]) {
        const plan = {
          order: order.flatMap((job) => [3 * job, 3 * job + 1, 3 * job + 2]),
          choice: Array.from({ length: 12 }, () => 0),
          locked: {},
        };
        least = Math.min(least, figuresOf(index, timePlan(index, plan)!).makespan);
      }
      expect(bound).toBeLessThanOrEqual(least);
      // the middle machine has most of the work
      expect(bound).toBeGreaterThan(0.7 * least);
    }
  });

  test("[O31] a plain job shop is searched by the job-shop search: ft06 to its optimum of 55, proven", () => {
    const problem = problemOfShop(readJobShop(SIX), "ft06");
    const search = createScheduleSearch(problem, { seed: 1, goal: "makespan" });
    expect(runSearch(search, { iterations: 50_000 })).toBe("finished");
    expect([search.objective, search.lowerBound]).toEqual([55, 55]);
    const index = indexSchedule(problem);
    expect(figuresOf(index, timePlan(index, search.solution())!).makespan).toBe(55);
  });

  test("[O32] work is interrupted by closed times and goes on after them", () => {
    const machine = {
      id: "M",
      label: "M",
      closed: [
        { from: 10, to: 20 },
        { from: 25, to: 30 },
      ],
    };
    expect(throughCalendar(machine, 0, 10)).toEqual({ start: 0, end: 10 });
    expect(throughCalendar(machine, 0, 11)).toEqual({ start: 0, end: 21 });
    expect(throughCalendar(machine, 12, 3)).toEqual({ start: 20, end: 23 });
    expect(throughCalendar(machine, 8, 9)).toEqual({ start: 8, end: 32 });
    expect(throughCalendar(machine, 40, 1)).toEqual({ start: 40, end: 41 });
  });

  test.each([1, 2, 3])(
    "[O33] dragged at random for long, a plan is always feasible or the drag is refused, and locks hold (seed %i)",
    (seed) => {
      const words = new WordStream(seed);
      for (let round = 0; round < 30; round++) {
        const problem = randomProblem(100 * seed + round, true);
        const index = indexSchedule(problem);
        const search = createScheduleSearch(problem, { seed, goal: "lateness" });
        search.advance(5);
        let plan = search.solution();
        let planned = timePlan(index, plan)!;
        let made = 0;
        for (let drag = 0; drag < 40; drag++) {
          const op = words.below(index.count);
          const edit =
            words.below(8) === 0
              ? lockOperation(index, plan, planned, op)
              : words.below(3) === 0
                ? shiftOperation(index, plan, planned, op, words.below(2) === 0 ? 1 : -1)
                : moveOperation(index, plan, [...planned], op, { machine: words.below(problem.machines.length), time: words.below(40) });
          if (typeof edit === "string") continue;
          made++;
          // every other operation keeps its order on its machine
          const others = (of: readonly (typeof planned)[number][]) =>
            machineQueues(index, of).map((queue) => queue.filter((one) => one !== op).join(" "));
          if (edit.plan.order !== plan.order && edit.planned[op]!.machine !== planned[op]!.machine)
            expect(others(edit.planned).join("|").length).toBe(others(planned).join("|").length);
          ({ plan } = edit);
          planned = [...edit.planned];
          expect(scheduleFindings(problem, planned, {})).toEqual([]);
        }
        expect(made).toBeGreaterThan(3);
      }
    },
  );

  test("[O33] what cannot be is refused with its reason; a lock that others push away is a finding", () => {
    const problem: ScheduleProblem = {
      format: "doppelwerk-schedule/1",
      title: "two",
      unit: "s",
      machines: [
        { id: "A", label: "A" },
        { id: "B", label: "B" },
      ],
      jobs: ["1", "2"].map((id) => ({
        id,
        label: id,
        operations: [{ choices: [{ machine: 0, time: 4 }] }, { choices: [{ machine: 1, time: 3 }] }],
      })),
    };
    const index = indexSchedule(problem);
    const plan: SchedulePlan = { order: [0, 1, 2, 3], choice: [0, 0, 0, 0], locked: {} };
    const planned = timePlan(index, plan)!;
    expect(planned.map(({ start, end }) => [start, end])).toEqual([
      [0, 4],
      [4, 7],
      [4, 8],
      [8, 11],
    ]);
    expect(moveOperation(index, plan, planned, 0, { machine: 1, time: 0 })).toBe("machine");
    // job 1 after job 2 on B, yet before it on A is fine; the second of job 1 first on B too
    const moved = moveOperation(index, plan, planned, 3, { machine: 1, time: 0 });
    expect(typeof moved).toBe("object");
    const locked = lockOperation(index, plan, planned, 2);
    expect(moveOperation(index, locked.plan, planned, 2, { machine: 0, time: 0 })).toBe("locked");
    expect(scheduleFindings(problem, planned, { 2: 3 })).toEqual(["2 operation 1 cannot start where it is locked"]);
    expect(
      scheduleFindings(
        problem,
        planned.map((one, op) => (op === 3 ? { ...one, start: 6, end: 9 } : one)),
      ),
    ).toContain("2 operation 2 starts before its predecessor allows");
    expect(timePlan(index, { ...plan, order: [1, 0, 2, 3] })).toBeUndefined();
  });

  test("[O34] without chance an execution is the plan; with chance the promised date holds at its rate, and every plan meets the same luck", () => {
    const problem = problemOfShop(readJobShop(SIX), "ft06");
    const index = indexSchedule(problem);
    const search = createScheduleSearch(problem, { seed: 1, goal: "makespan" });
    runSearch(search, { iterations: 2_000 });
    const plan = search.solution();
    const planned = timePlan(index, plan)!;
    const exact = tryPlan(index, plan, planned, { replications: 3, seed: 1, cv: 0 });
    expect(exact.makespan).toMatchObject({ mean: 55, confidence: 0, low: 55, high: 55 });
    const trial = tryPlan(index, plan, planned, { replications: 2_000, seed: 1, cv: 0.2 });
    const again = tryPlan(index, plan, planned, { replications: 2_000, seed: 2, cv: 0.2 });
    // waiting for the latest of several makes an execution longer than its plan
    expect(trial.makespan.mean - trial.makespan.confidence).toBeGreaterThan(55);
    const due = trial.jobs[0]!.high;
    const promised = { ...problem, jobs: problem.jobs.map((job, j) => (j === 0 ? { ...job, due: Math.round(due) } : job)) };
    const held = tryPlan(indexSchedule(promised), plan, planned, { replications: 2_000, seed: 2, cv: 0.2 }).jobs[0]!.onTime!;
    expect(held).toBeGreaterThan(0.92);
    expect(held).toBeLessThan(0.98);
    expect(Math.abs(trial.makespan.mean - again.makespan.mean)).toBeLessThan(4 * trial.makespan.confidence);
    const failing = tryPlan(index, plan, planned, { replications: 500, seed: 1, cv: 0.2, failures: { between: 50, repair: 10 } });
    expect(failing.makespan.mean).toBeGreaterThan(trial.makespan.mean + 3);
  });

  test("[O8] annealing: one answer for seed and iterations, in one piece, in many, or saved and continued in another", () => {
    const problem = randomProblem(77, true);
    const make = () => createScheduleSearch(problem, { seed: 4, goal: "lateness" });
    const straight = make();
    straight.advance(500);
    const first = make();
    first.advance(120);
    const second = make();
    second.restore(first.save());
    second.advance(380);
    expect(second.solution()).toEqual(straight.solution());
    expect(() =>
      createScheduleSearch({ ...problem, jobs: problem.jobs.slice(1) }, { seed: 4, goal: "lateness" }).restore(first.save()),
    ).toThrow("snapshot");
  });

  test("[O1] a problem that is none is refused with its place", () => {
    const problem = randomProblem(1, false);
    const wrong = (change: Partial<ScheduleProblem>) => () => checkScheduleProblem({ ...problem, ...change });
    expect(wrong({ machines: [] })).toThrow("a machine and a job");
    expect(wrong({ jobs: [{ id: "J", label: "J", operations: [] }] })).toThrow("the job J has no operation");
    expect(wrong({ jobs: [{ id: "J", label: "J", operations: [{ choices: [{ machine: 9, time: 1 }] }] }] })).toThrow("not there: 9");
    expect(wrong({ jobs: [{ id: "J", label: "J", due: -1, operations: [{ choices: [{ machine: 0, time: 1 }] }] }] })).toThrow(
      "due time of J",
    );
    expect(wrong({ machines: [{ id: "M", label: "M", closed: [{ from: 5, to: 4 }] }] })).toThrow("closed times of M");
  });
});
