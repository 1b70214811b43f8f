import { expect, test } from "vitest";
import { HOUR, MINUTE, SECOND, type Instant } from "@doppelwerk/world";
import { PlantArchive } from "../archive/plant-archive.ts";
import { anchorCalendar, plantShifts } from "../clock/calendar.ts";
import { plantSignals, signalsByName } from "../signals/signal-list.ts";
import { PlantRun } from "../truth/plant-run.ts";
import { airDrops } from "../truth/truth-model.ts";
import { SiteRun } from "./site-run.ts";
import { signalsOf } from "./site-signals.ts";
import { materials } from "./warehouse/warehouse-table.ts";

const anchor = anchorCalendar(Date.UTC(2026, 10, 24, 15, 17) * 1000);
const shifts = plantShifts(anchor);
const signals = signalsOf({ minimal: false, site: true });
const named = signalsByName(signals);
const drop = airDrops(shifts, anchor.anchorDay)[0]!;
const dropShift = shifts.findIndex(({ start, end }) => start <= drop.start && drop.start < end);
const recordFrom = shifts[dropShift - 1]!.start;
const end = shifts[dropShift]!.end;
const { archive, texts } = generate(60);

test("[DP22] the site leaves Line 3 as it is: the same samples at the same times", () => {
  const alone = new PlantArchive(plantSignals());
  const run = new PlantRun(
    { signals: plantSignals(), seed: 3, shifts, anchor: anchor.anchorDay, recordFrom, meterFrom: end },
    sinkOf(alone),
  );
  run.advanceTo(end, 60);
  for (const signal of alone.signals) {
    expect(archive.count(signal.index), signal.name).toBe(alone.count(signal.index));
    const text = signal.type === "String";
    for (let row = 0; row < alone.count(signal.index); row++) {
      const own = alone.valueAt(signal.index, row);
      const same = archive.valueAt(signal.index, row);
      if (
        alone.timeAt(signal.index, row) !== archive.timeAt(signal.index, row) ||
        (text ? alone.textAt(own) !== texts(same) : !Object.is(own, same))
      )
        expect.fail(`${signal.name}, row ${row}: ${own} and ${same}`);
    }
  }
});

test("[DP22] the same past follows, whatever the steps in which it is asked for", () => {
  const other = generate(1, end - 90 * MINUTE).archive;
  for (const name of [
    "Line4.L4-060.PartOut",
    "Line4.L4-050.VendorState",
    "Utilities.Compressor2.State",
    "Warehouse.Warehouse.OnHand_MOTOR",
  ]) {
    const { index } = named.get(name)!;
    expect(rows(other, index), name).toEqual(rows(archive, index));
  }
});

test("[DP26] air flows with the lines: by day both compressors, at night the leaks alone; an air drop of Line 3 stops Line 4 too", () => {
  const night = shifts[dropShift - 1]!.end + 4 * HOUR;
  const quiet = shifts[dropShift]!.start - shifts[dropShift - 1]!.end > 6 * HOUR;
  const flow = (time: Instant) => valueAt("Utilities.AirMain.Flow", time);
  const busy = recordFrom + HOUR;
  const shift = { from: recordFrom + HOUR / 2, to: recordFrom + 7 * HOUR };
  expect(mean("Utilities.AirMain.Flow", shift)).toBeGreaterThan(240);
  expect(mean("Utilities.AirMain.FlowLine4", shift)).toBeGreaterThan(90);
  if (quiet) expect(flow(night)).toBeLessThan(80);
  expect(valueAt("Utilities.AirMain.Pressure", busy)).toBeGreaterThan(6.5);
  const middle = drop.start + 10 * MINUTE;
  expect(valueAt("Utilities.AirMain.Pressure", middle)).toBeLessThan(5.2);
  expect(valueAt("Utilities.Compressor1.State", middle)).toBe(4);
  expect(made("Line4.L4-050.Total", middle, drop.end - MINUTE)).toBe(0);
  expect(made("Line4.L4-050.Total", drop.end + 10 * MINUTE, drop.end + HOUR)).toBeGreaterThan(5);
});

test("[DP26] the power feed carries what the machines take, its energy is the sum of its power", () => {
  const power = mean("Utilities.PowerFeed.ActivePower", { from: recordFrom + HOUR, to: recordFrom + 5 * HOUR });
  expect(power).toBeGreaterThan(180);
  expect(power).toBeLessThan(480);
  const factor = valueAt("Utilities.PowerFeed.PowerFactor", recordFrom + HOUR);
  expect(factor).toBeGreaterThan(0.9);
  expect(factor).toBeLessThan(1);
  const [from, to] = [recordFrom + HOUR, recordFrom + 5 * HOUR];
  const energy = valueAt("Utilities.PowerFeed.Energy", to) - valueAt("Utilities.PowerFeed.Energy", from);
  expect(Math.abs(energy / (power * 4) - 1)).toBeLessThan(0.1);
});

test("[DP26] a compressor that trips lowers the main, then Line 4 waits for air, and all is well after it is back", () => {
  const made = new PlantArchive(signals);
  const shift = shifts[dropShift - 3]!;
  const run = siteRun(made, shift.start);
  const on = shift.start + 2.5 * HOUR;
  run.advanceTo(on, 60);
  expect(run.utilities.air.pressure).toBeGreaterThan(6.5);
  run.setFault("compressor", true);
  run.advanceTo(on + 20 * MINUTE, 60);
  const word = named.get("Line4.L4-050.VendorState")!.index;
  const pressure = named.get("Utilities.AirMain.Pressure")!.index;
  const tripped = named.get("Utilities.Compressor2.State")!.index;
  const trip = made.timeAt(tripped, made.rowAt(tripped, on));
  const waits = Array.from({ length: made.count(word) }, (_, row) => row).find(
    (row) => made.timeAt(word, row) >= on && made.valueAt(word, row) === 0x8a,
  );
  expect(waits).toBeDefined();
  expect(made.timeAt(word, waits!) - trip).toBeGreaterThan(30 * SECOND);
  expect(made.valueAt(pressure, made.rowAt(pressure, made.timeAt(word, waits!)))).toBeLessThan(5.9);
  run.setFault("compressor", false);
  run.advanceTo(on + 60 * MINUTE, 60);
  expect(run.utilities.air.pressure).toBeGreaterThan(6.3);
  expect(run.line4.stateOf("L4-050")).not.toBe("noUtility");
  expect(run.line3.faults).toEqual([]);
});

test("[DP31] a compressor that stays away closes the valve to Line 3 some minutes after Line 4 stopped; it opens again with the pressure", () => {
  const made = new PlantArchive(signals);
  const shift = shifts[dropShift - 3]!;
  const run = siteRun(made, shift.start);
  const on = shift.start + 2.5 * HOUR;
  run.advanceTo(on, 60);
  run.setFault("compressor", true);
  const minutes = (until: () => boolean): number => {
    for (let minute = 1; minute <= 45; minute++) {
      run.advanceTo(on + passed * MINUTE + minute * MINUTE, 60);
      if (until()) return (passed += minute);
    }
    return Number.POSITIVE_INFINITY;
  };
  let passed = 0;
  const stopped4 = minutes(() => run.line4.stateOf("L4-050") === "noUtility");
  const closed3 = minutes(() => run.line3.faults.some(({ name }) => name === "air"));
  expect(run.utilities.air.pressure).toBeLessThan(5.8);
  expect([stopped4 <= 5, closed3 > stopped4 + 2, closed3 <= 40]).toEqual([true, true, true]);
  expect(run.line3.stateOf("S080")).toBe("noUtility");
  // without two lines one compressor fills the main
  const opened3 = minutes(() => run.line3.faults.length === 0);
  expect(opened3).toBeLessThan(closed3 + 10);
  run.setFault("compressor", false);
  run.advanceTo(on + (passed + 20) * MINUTE, 60);
  expect([run.line3.faults, run.utilities.air.pressure > 6.3]).toEqual([[], true]);
});

test("[DP27] stock by storage location adds up to stock by material, and what was received and picked explains every change", () => {
  const from = recordFrom + MINUTE;
  for (const { id, locations, container, usedAt } of materials) {
    const total = (time: Instant) => locations.reduce((sum, location) => sum + valueAt(`Warehouse.${location}.Quantity`, time), 0);
    const onHand = (time: Instant) => valueAt(`Warehouse.Warehouse.OnHand_${id}`, time);
    expect(total(from), id).toBe(onHand(from));
    expect(total(end), id).toBe(onHand(end));
    const change = (role: string) => valueAt(`Warehouse.Warehouse.${role}_${id}`, end) - valueAt(`Warehouse.Warehouse.${role}_${id}`, from);
    expect(onHand(end) - onHand(from), id).toBe(change("Received") - change("Picked"));
    expect(change("Picked") % container).toBe(0);
    if (id === "MOTOR") expect(Math.abs(change("Picked") - made(`Line3.${usedAt}.Total`, from, end))).toBeLessThanOrEqual(2 * container);
  }
});

function generate(stepS: number, switchAt = end): { readonly archive: PlantArchive; readonly texts: (index: number) => string } {
  const made = new PlantArchive(signals);
  const run = siteRun(made, recordFrom);
  run.advanceTo(switchAt, 60);
  run.advanceTo(end, stepS);
  return { archive: made, texts: (index) => made.textAt(index) };
}

function siteRun(made: PlantArchive, from: Instant): SiteRun {
  return new SiteRun({ signals, seed: 3, shifts, anchor, recordFrom: from, meterFrom: end }, sinkOf(made));
}

function sinkOf(made: PlantArchive) {
  return {
    write: (signal: number, time: Instant, value: number) => void made.append(signal, time, value),
    textIndex: (text: string) => made.textIndex(text),
  };
}

function rows(made: PlantArchive, signal: number): readonly (readonly [Instant, number | string])[] {
  const text = made.signals[signal]!.type === "String";
  return Array.from({ length: made.count(signal) }, (_, row) => {
    const value = made.valueAt(signal, row);
    return [made.timeAt(signal, row), text ? made.textAt(value) : value] as const;
  });
}

function valueAt(name: string, time: Instant): number {
  const { index } = named.get(name)!;
  return archive.valueAt(index, archive.rowAt(index, time + 1) - 1);
}

function mean(name: string, { from, to }: { readonly from: Instant; readonly to: Instant }): number {
  const { index } = named.get(name)!;
  const first = archive.rowAt(index, from);
  const count = archive.rowAt(index, to) - first;
  return Array.from({ length: count }, (_, i) => archive.valueAt(index, first + i)).reduce((sum, value) => sum + value, 0) / count;
}

function made(name: string, from: Instant, to: Instant): number {
  const { index } = named.get(name)!;
  return archive.rowAt(index, to) - archive.rowAt(index, from);
}
