import { expect, test } from "vitest";
import type { LineModel } from "./line-model.ts";
import { runLine } from "./line-run.ts";
import { MONDAY, assemblyLine, withStation } from "./assembly-line.fixture.ts";

const WEEK = 7 * 86_400 * 1_000_000;

/** Ten shifts a week for each of three seeds; the first shift, which fills the line, is left out. */
function run(
  model: LineModel,
  weeks: number,
): Record<"mean" | "sd" | "oee" | "leadMin" | "lead95Min" | "wip" | "rework" | "scrap", number> {
  const results = [1, 2, 3].map((seed) => runLine(model, { seed, startInstant: MONDAY, endInstant: MONDAY + weeks * WEEK }));
  const shifts = results.flatMap((result) => result.shifts.filter((shift) => shift.complete).slice(1));
  const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const mean = average(shifts.map((shift) => shift.good));
  return {
    mean,
    sd: Math.sqrt(shifts.reduce((sum, shift) => sum + (shift.good - mean) ** 2, 0) / (shifts.length - 1)),
    oee: average(results.map((result) => result.oee!.oee)),
    leadMin: average(results.map((result) => result.leadTime.meanS)) / 60,
    lead95Min: average(results.map((result) => result.leadTime.p95S)) / 60,
    wip: average(results.map((result) => result.wip.mean)),
    rework: average(shifts.map((shift) => shift.rework)),
    scrap: average(shifts.map((shift) => shift.scrap)),
  };
}

test("[S34] the assembly line of the design table behaves as an independent simulation of it found", () => {
  const base = run(assemblyLine, 6);
  expect(Math.abs(base.mean - 599)).toBeLessThan(12);
  expect(Math.abs(base.sd - 49)).toBeLessThan(8);
  expect(Math.abs(base.oee - 0.836)).toBeLessThan(0.015);
  expect(Math.abs(base.leadMin - 36)).toBeLessThan(3);
  expect(Math.abs(base.lead95Min - 58)).toBeLessThan(5);
  expect(Math.abs(base.wip - 50)).toBeLessThan(4);
  expect(Math.abs(base.rework - 37)).toBeLessThan(3);
  expect(Math.abs(base.scrap - 0.7)).toBeLessThan(0.25);
});

test("[S34] a seventh leak-test place helps, a larger buffer before packing helps less surely, 45 carriers cost little", () => {
  const base = run(assemblyLine, 3).mean;
  const seventh = run(withStation(assemblyLine, "S090", { places: 7 }), 3).mean - base;
  const buffer = run(withStation(assemblyLine, "S120", { buffer: { capacity: 20 } }), 3).mean - base;
  const carriers = run({ ...assemblyLine, carriers: [{ ...assemblyLine.carriers![0]!, count: 45 }] }, 3).mean / base - 1;
  expect(Math.abs(seventh - 16)).toBeLessThan(10);
  expect(Math.abs(buffer - 7)).toBeLessThan(10);
  expect(carriers).toBeLessThan(0);
  expect(carriers).toBeGreaterThan(-0.02);
});
