import { expect, test } from "vitest";
import { bestDispatch, indexSchedule, timePlan, type ScheduleProblem } from "@doppelwerk/sim/optimise";
import { ganttLayout } from "./gantt-layout.ts";
import { acrossOperation, besideOperation, otherMachine } from "./gantt-steps.ts";

const on = (...choices: readonly (readonly [machine: number, time: number])[]) => ({
  choices: choices.map(([machine, time]) => ({ machine, time })),
});
/** Three machines; the last has nothing to do. */
const problem: ScheduleProblem = {
  format: "doppelwerk-schedule/1",
  title: "two jobs",
  unit: "1",
  machines: ["A", "B", "C"].map((id) => ({ id, label: id })),
  jobs: [
    { id: "1", label: "1", operations: [on([0, 3], [2, 9]), on([1, 4])] },
    { id: "2", label: "2", operations: [on([0, 5]), on([1, 2])] },
  ],
};
const index = indexSchedule(problem);
const planned = timePlan(index, bestDispatch(problem, "makespan"))!;
const layout = ganttLayout(problem, "machine", { perUnit: 10, end: 20 });

test("a row a machine: beside an operation is the next one on its machine, none after the last", () => {
  const [first, last] = planned[0]!.start < planned[2]!.start ? [0, 2] : [2, 0];
  expect(besideOperation(index, planned, "machine", first, 1)).toBe(last);
  expect(besideOperation(index, planned, "machine", last, -1)).toBe(first);
  expect(besideOperation(index, planned, "machine", last, 1)).toBeUndefined();
});

test("a row an order: beside an operation is the next one of its order, not of the one after", () => {
  expect(besideOperation(index, planned, "job", 0, 1)).toBe(1);
  expect(besideOperation(index, planned, "job", 1, 1)).toBeUndefined();
});

test("across is the operation that begins nearest in the next row that has any", () => {
  const nearest = [1, 3].toSorted((a, b) => distance(a) - distance(b))[0];
  expect(acrossOperation(planned, layout, 0, 1)).toBe(nearest);
  expect(acrossOperation(planned, layout, 1, 1)).toBeUndefined();
  function distance(op: number): number {
    return Math.abs(planned[op]!.start - planned[0]!.start);
  }
});

test("another machine is one that can do the operation", () => {
  expect(otherMachine(problem, { ...planned[0]!, machine: 0 }, 1)).toBe(2);
  expect(otherMachine(problem, { ...planned[0]!, machine: 2 }, 1)).toBeUndefined();
});

test("a height belongs to the row it lies in, outside of them to the nearest", () => {
  expect([0, layout.top(0) + 1, layout.top(1) - 1, layout.top(2), 10_000].map(layout.rowAt)).toEqual([0, 0, 0, 2, 2]);
  expect(layout.timeAt(layout.x(7))).toBe(7);
});
