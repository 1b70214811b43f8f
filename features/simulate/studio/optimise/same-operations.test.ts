import { expect, test } from "vitest";
import type { ScheduleProblem } from "@doppelwerk/sim/optimise";
import { sameOperations } from "./same-operations.ts";

const problem = (time: number, machine = 0): ScheduleProblem => ({
  format: "doppelwerk-schedule/1",
  title: "",
  unit: "s",
  machines: [{ id: "A", label: "A" }],
  jobs: [{ id: "1", label: "1", operations: [{ choices: [{ machine, time }] }] }],
});

test("a plan holds for other times, a bound does not", () => {
  expect(sameOperations(problem(1), problem(2))).toBe(true);
  expect(sameOperations(problem(1), problem(2), "times")).toBe(false);
  expect(sameOperations(problem(1), problem(1, 1))).toBe(false);
});
