import { expect, test } from "vitest";
import type { ExperimentResult } from "@doppelwerk/client";
import { frontOf } from "./front.ts";

const result = (...points: readonly (readonly [throughput: number, wip: number])[]): Pick<ExperimentResult, "points"> =>
  ({ points: points.map(([throughput, wip]) => ({ kpis: { throughput: { mean: throughput }, wip: { mean: wip } } })) }) as never;

test("the front holds the points that no other beats, along the first KPI from the worst to the best", () => {
  // more throughput is better, less work in process is better
  expect(frontOf(result([100, 12], [90, 8], [95, 13], [80, 5], [80, 6]), "throughput", "wip")).toEqual([3, 1, 0]);
});

test("equal points do not beat each other", () => {
  expect(frontOf(result([100, 12], [100, 12]), "throughput", "wip")).toEqual([0, 1]);
});
