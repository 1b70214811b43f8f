import { expect, test } from "vitest";
import { HOUR, MINUTE, SECOND, type Instant } from "@doppelwerk/world";
import { PlantArchive } from "../archive/plant-archive.ts";
import { anchorCalendar, plantShifts } from "../clock/calendar.ts";
import { plantSignals, signalsByName } from "../signals/signal-list.ts";
import type { UnitId } from "../signals/unit.ts";
import { vendorWordsOf, type ControllerState } from "../signals/vendor-states.ts";
import type { FaultName } from "./fault.ts";
import { PlantRun } from "./plant-run.ts";

const anchor = anchorCalendar(Date.UTC(2026, 10, 24, 15, 17) * 1000);
const shifts = plantShifts(anchor);
const shift = shifts[21]!;
const signals = plantSignals();
const named = signalsByName(signals);

test("[DP18] a breakdown stops the screwing cell and says so, until it is over", () => {
  const { archive, on, off } = faulty("breakdown", 40 * MINUTE);
  expect(states(archive, "S080", on + SECOND, off)).toEqual(["fault"]);
  expect(made(archive, "S080", on + MINUTE, off)).toBe(0);
  expect(made(archive, "S080", off, off + 15 * MINUTE)).toBeGreaterThan(5);
});

test("[DP18] a jam stops packing for four minutes out of ten, as minor stops", () => {
  const { archive, on, off } = faulty("jam", 40 * MINUTE);
  expect(states(archive, "S120", on, off)).toContain("minorStop");
  expect(made(archive, "S120", on, on + 4 * MINUTE)).toBeLessThanOrEqual(1);
  expect(made(archive, "S120", on, off)).toBeGreaterThan(15);
});

test("[DP18] air gone stops everything that needs it, and the gauges show it", () => {
  const { archive, on, off } = faulty("air", 30 * MINUTE);
  for (const unit of ["S080", "S090", "S120"] as const) {
    expect(states(archive, unit, on + SECOND, off).at(-1)).toBe("noUtility");
    expect(made(archive, unit, on + MINUTE, off)).toBe(0);
  }
  expect(valueAt(archive, "Line3.Air.Pressure", off)).toBeLessThan(4.5);
  expect(valueAt(archive, "Line3.S120.AirPressure", off)).toBeLessThan(4.5);
});

test("[DP18] bad quality is rejected about four times as often, with the leaks to prove it", () => {
  const { archive, on, off } = faulty("quality", 3 * HOUR);
  const share = (from: Instant, to: Instant) => rows(archive, "Line3.S090.Reject", from, to) / made(archive, "S090", from, to);
  expect(share(on, off)).toBeGreaterThan(2 * share(shift.start, on));
  expect(share(on, off)).toBeGreaterThan(0.1);
  const drops = values(archive, "Line3.S090.PressureDrop2", on, off);
  expect(drops.filter((drop) => drop > 0.4).length).toBeGreaterThan(1);
});

test("[DP18] a drifting spindle gets hot before it gets slow", () => {
  const { archive, on, off } = faulty("spindle-drift", 2 * HOUR);
  const hottest = (from: Instant, to: Instant) => Math.max(...values(archive, "Line3.S080.SpindleTemperature", from, to));
  expect(hottest(on, off)).toBeGreaterThan(hottest(shift.start, on) + 12);
  expect(median(values(archive, "Line3.S080.LastCycle", on, off))).toBeGreaterThan(
    1.08 * median(values(archive, "Line3.S080.LastCycle", shift.start, on)),
  );
});

test("[DP18] a lost connection is bad at once, silent while it lasts, and all there after", () => {
  const { archive, on, off } = faulty("connection", 20 * MINUTE);
  const total = named.get("Line3.S060.Total")!.index;
  const lost = archive.rowAt(total, on);
  expect(archive.valueAt(total, lost)).toBeNaN();
  expect(archive.rowAt(total, off)).toBe(lost + 1);
  expect(archive.timeAt(total, lost + 1)).toBe(off);
  expect(archive.valueAt(total, lost + 1) - archive.valueAt(total, lost - 1)).toBeGreaterThan(10);
  expect(made(archive, "S080", on, off)).toBeGreaterThanOrEqual(5);
});

test("[DP18] switching a fault makes no counter jump, resets no shift counter and gives no serial twice", () => {
  const { archive } = faulty("breakdown", 20 * MINUTE);
  for (const unit of ["S010", "S090", "S120", "S130"]) {
    const seen = values(archive, `Line3.${unit}.Total`, shift.start + MINUTE, shift.end);
    for (let i = 1; i < seen.length; i++) expect(seen[i]! - seen[i - 1]!).toBe(1);
  }
  const serials = values(archive, "Line3.S010.PartIn", shift.start, shift.end);
  expect(new Set(serials).size).toBe(serials.length);
  expect(serials.length).toBeGreaterThan(200);
});

/** One shift of the plant; the fault comes 2.5 hours after its start and stays for `duration`. */
function faulty(name: FaultName, duration: number): { readonly archive: PlantArchive; readonly on: Instant; readonly off: Instant } {
  const archive = new PlantArchive(signals);
  const run = new PlantRun(
    { signals, seed: 5, shifts, anchor: anchor.anchorDay, recordFrom: shift.start, hidden: false },
    { write: (signal, time, value) => void archive.append(signal, time, value), textIndex: (text) => archive.textIndex(text) },
  );
  const on = shift.start + 2.5 * HOUR;
  run.advanceTo(on, 60);
  run.setFault(name, true);
  run.advanceTo(on + duration, 60);
  run.setFault(name, false);
  run.advanceTo(shift.end, 60);
  return { archive, on, off: on + duration };
}

function rows(archive: PlantArchive, name: string, from: Instant, to: Instant): number {
  const signal = named.get(name)!.index;
  return archive.rowAt(signal, to) - archive.rowAt(signal, from);
}

function made(archive: PlantArchive, unit: UnitId, from: Instant, to: Instant): number {
  return rows(archive, `Line3.${unit}.Total`, from, to);
}

function values(archive: PlantArchive, name: string, from: Instant, to: Instant): readonly number[] {
  const signal = named.get(name)!.index;
  return Array.from({ length: rows(archive, name, from, to) }, (_, i) => archive.valueAt(signal, archive.rowAt(signal, from) + i));
}

function valueAt(archive: PlantArchive, name: string, time: Instant): number {
  const signal = named.get(name)!.index;
  return archive.valueAt(signal, archive.rowAt(signal, time + 1) - 1);
}

/** What the controller said in the span, once each. */
function states(archive: PlantArchive, unit: UnitId, from: Instant, to: Instant): readonly (ControllerState | undefined)[] {
  const words = vendorWordsOf(unit);
  const nameOf = (word: number) => (Object.keys(words) as ControllerState[]).find((state) => words[state] === word);
  const name = `Line3.${unit}.VendorState`;
  return [...new Set([valueAt(archive, name, from), ...values(archive, name, from, to)].map(nameOf))];
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}
