import { expect, test } from "vitest";
import { pairedDifference, runLine } from "@doppelwerk/sim";
import type { LineModel, StationModel } from "@doppelwerk/sim";
import { anchorCalendar, plantShifts } from "../clock/calendar.ts";
import { unitIds } from "../signals/unit.ts";
import { truthModel } from "./truth-model.ts";

const SHIFTS = 10;
const SEEDS = [11, 12, 13] as const;
const anchor = anchorCalendar(Date.UTC(2026, 10, 24, 18) * 1000);
const shifts = plantShifts(anchor).filter((shift) => !shift.unplanned);
const plant = truthModel({ shifts, units: unitIds, anchor: anchor.anchorDay });

const withStation = (id: string, change: Partial<StationModel>): LineModel => ({
  ...plant,
  stations: plant.stations.map((station) => (station.id === id ? { ...station, ...change } : station)),
});

/** Good machines a shift, without the one that fills the line. */
function goodPerShift(model: LineModel, seed: number): number {
  const run = runLine(model, { seed, startInstant: shifts[0]!.start, endInstant: shifts[SHIFTS]!.end });
  const whole = run.shifts.filter((shift) => shift.complete).slice(1);
  return whole.reduce((sum, shift) => sum + shift.good, 0) / whole.length;
}

test("[DP20] what a change is really worth: a seventh leak-test place and a larger buffer before packing help, one before palletising does not matter", () => {
  const before = SEEDS.map((seed) => goodPerShift(plant, seed));
  const gain = (model: LineModel) =>
    pairedDifference(
      before,
      SEEDS.map((seed) => goodPerShift(model, seed)),
      "higher",
      6,
    ).mean;
  expect(gain(withStation("S090", { places: 7 }))).toBeGreaterThan(2);
  expect(gain(withStation("S120", { buffer: { capacity: 20 } }))).toBeGreaterThan(2);
  expect(Math.abs(gain(withStation("S130", { buffer: { capacity: 15 } })))).toBeLessThan(6);
});
