import { beforeAll, expect, test } from "vitest";
import { DAY, HOUR, MINUTE, SECOND } from "@doppelwerk/world";
import { createLineRun } from "@doppelwerk/sim";
import { PlantArchive } from "../archive/plant-archive.ts";
import { anchorCalendar, plantShifts, shiftAt } from "../clock/calendar.ts";
import { dirt, plantSignals, signalsByName } from "../signals/signal-list.ts";
import { unitIds } from "../signals/unit.ts";
import { vendorWordsOf } from "../signals/vendor-states.ts";
import { PlantRun } from "../truth/plant-run.ts";
import { airDrops, truthModel } from "../truth/truth-model.ts";

const now = Date.UTC(2026, 10, 24, 15, 17, 3) * 1000;
const anchor = anchorCalendar(now);
const shifts = plantShifts(anchor);
const signals = plantSignals();
const named = signalsByName(signals);

let archive: PlantArchive;
let late = 0;
beforeAll(() => {
  archive = generate(3, shifts[1]!.start, now);
});

test("[DP1] the same seed tells the same past to the last sample, another seed another one", () => {
  const from = shifts[20]!.start;
  const to = shifts[20]!.end;
  const [one, same, other] = [generate(7, from, to), generate(7, from, to), generate(8, from, to)];
  expect(digest(same)).toEqual(digest(one));
  expect(digest(other)).not.toEqual(digest(one));
});

test("[DP10] what was told second by second while the plant ran is told again when the same past is made anew", () => {
  const [from, to] = [shifts[21]!.start, shifts[21]!.start + 3 * HOUR];
  const told = generate(7, from, to, 1);
  const anew = generate(7, from, to, 60);
  const events = (made: PlantArchive) => digest(made).filter((_, index) => signals[index]!.recording !== "cyclic");
  expect(events(anew)).toEqual(events(told));
});

test("[DP2] there are at least 20 past shifts, and running ones on every working day before today", () => {
  const past = shifts.filter((shift) => shift.end <= now && shift.start >= shifts[1]!.start);
  expect(past.length).toBeGreaterThanOrEqual(20);
  const total = named.get("Line3.S130.Total")!.index;
  for (const shift of past) expect(archive.rowAt(total, shift.end) - archive.rowAt(total, shift.start)).toBeGreaterThan(250);
  expect(archive.total()).toBeGreaterThan(2_500_000);
  expect(archive.total()).toBeLessThan(5_000_000);
});

test("[DP3] nothing is in the future, and every series ascends by whole milliseconds", () => {
  for (const signal of signals) {
    const count = archive.count(signal.index);
    expect(count, signal.name).toBeGreaterThan(0);
    expect(archive.timeAt(signal.index, count - 1), signal.name).toBeLessThanOrEqual(now);
    let wrong = 0;
    for (let row = 0; row < count; row++) {
      const time = archive.timeAt(signal.index, row);
      if (time % 1000 !== 0 || (row > 0 && time <= archive.timeAt(signal.index, row - 1))) wrong++;
    }
    expect(wrong, signal.name).toBe(0);
  }
  expect(late).toBeGreaterThanOrEqual(0);
});

test("[DP4] exactly the three narrow counters roll over at 65 536, the others never fall", () => {
  const falls = new Map<string, number>();
  for (const signal of signals.filter(
    (candidate) => candidate.counter && candidate.address.kind === "opcua" && candidate.asset !== dirt.shiftReset,
  )) {
    for (let row = 1; row < archive.count(signal.index); row++) {
      const [before, after] = [archive.valueAt(signal.index, row - 1), archive.valueAt(signal.index, row)];
      if (after >= before) continue;
      expect(after).toBe(0);
      expect(before).toBe(65_535);
      falls.set(`${signal.asset}.${signal.role}`, (falls.get(`${signal.asset}.${signal.role}`) ?? 0) + 1);
    }
  }
  expect([...falls.keys()].toSorted()).toEqual([...dirt.narrowCounters].toSorted());
});

test("[DP4] the packer's counters begin at zero with every shift", () => {
  const total = named.get("Line3.S120.Total")!.index;
  for (const shift of shifts.filter((candidate) => candidate.start > shifts[2]!.start && candidate.end <= now)) {
    const row = archive.rowAt(total, shift.start);
    expect(archive.valueAt(total, row)).toBe(0);
    expect(archive.timeAt(total, row) - shift.start).toBeLessThan(5 * SECOND);
  }
});

test("[DP4] two cycle times are in ticks, one controller has no blocked bit, one only the vendor's word", () => {
  for (const unit of dirt.tickCycles) {
    const cycle = named.get(`Line3.${unit}.LastCycle`)!;
    expect(cycle.scale).toBe(0.01);
    const row = archive.count(cycle.index) - 1;
    expect(archive.valueAt(cycle.index, row)).toBeGreaterThan(5000);
  }
  expect(named.has(`Line3.${dirt.noBlockedBit}.Blocked`)).toBe(false);
  expect(named.has(`Line3.${dirt.noBlockedBit}.Starved`)).toBe(true);
  const state = named.get(`Line3.${dirt.vendorStateOnly}.ItemState`)!.index;
  expect(archive.count(state)).toBe(1);
  expect(archive.valueAt(state, 0)).toBe(0);
  expect(archive.count(named.get(`Line3.${dirt.vendorStateOnly}.VendorState`)!.index)).toBeGreaterThan(1000);
});

test("[DP4] some stops are logged by nobody: the state stays Executing while nothing is made", () => {
  const total = named.get("Line3.S030.Total")!.index;
  const state = named.get("Line3.S030.ItemState")!.index;
  let silent = 0;
  for (let row = 1; row < archive.count(total); row++) {
    const [from, to] = [archive.timeAt(total, row - 1), archive.timeAt(total, row)];
    const stateRow = archive.rowAt(state, from + 1) - 1;
    const changed = archive.rowAt(state, to) !== stateRow + 1;
    if (to - from > 90 * SECOND && to - from < HOUR && !changed && archive.valueAt(state, stateRow) === 3) silent++;
  }
  expect(silent).toBeGreaterThan(10);
});

test("[DP5] with the hidden effects, the vehicles and the repair queue off, a shift makes 599 machines on average", () => {
  const model = truthModel({ shifts, units: unitIds, anchor: anchor.anchorDay, hidden: false, logistics: false, repairQueue: false });
  const good: number[] = [];
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    const run = createLineRun(model, { seed, startInstant: shifts[0]!.start - 1 });
    run.advanceTo(shifts[61]!.start - 1);
    good.push(
      ...run
        .result()
        .shifts.slice(1)
        .map((shift) => shift.good),
    );
  }
  const mean = good.reduce((sum, value) => sum + value, 0) / good.length;
  const deviation = Math.sqrt(good.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (good.length - 1));
  expect(good.length).toBeGreaterThanOrEqual(360);
  expect(Math.abs(mean - 599)).toBeLessThan(12);
  expect(Math.abs(deviation - 49)).toBeLessThan(8);
});

test("[DP6] an air drop stops screwing, leak test and packing for 25 minutes of one shift", () => {
  const drops = airDrops(shifts, anchor.anchorDay).filter((drop) => drop.end < now);
  expect(drops.length).toBe(1);
  const [drop] = drops;
  expect(shiftAt(shifts, drop!.start)).toBe(shiftAt(shifts, drop!.end));
  for (const unit of ["S080", "S090", "S120"] as const) {
    const word = named.get(`Line3.${unit}.VendorState`)!.index;
    const row = archive.rowAt(word, drop!.start + 1) - 1;
    expect(archive.valueAt(word, row), unit).toBe(vendorWordsOf(unit).noUtility);
    const total = named.get(`Line3.${unit}.Total`)!.index;
    expect(archive.rowAt(total, drop!.end) - archive.rowAt(total, drop!.start + SECOND)).toBe(0);
  }
  const pressure = named.get("Line3.Air.Pressure")!.index;
  expect(archive.valueAt(pressure, archive.rowAt(pressure, drop!.end - 5 * MINUTE))).toBeLessThan(4.5);
});

test("[DP6] harness runs out in every second shift, and the spindle gets warmer as it wears", () => {
  const kits = named.get("Line3.S060.VendorState")!.index;
  const noMaterial = vendorWordsOf("S060").noMaterial;
  const short = shifts.filter((shift) => {
    if (shift.start < shifts[1]!.start || shift.end > now) return false;
    for (let row = archive.rowAt(kits, shift.start); row < archive.rowAt(kits, shift.end); row++)
      if (archive.valueAt(kits, row) === noMaterial) return true;
    return false;
  });
  expect(short.length).toBeGreaterThanOrEqual(9);
  const temperature = named.get("Line3.S080.SpindleTemperature")!.index;
  expect(median(temperature, now - 14 * DAY, now - 12 * DAY) + 3).toBeLessThan(median(temperature, now - 2 * DAY, now));
});

function generate(seed: number, recordFrom: number, to: number, stepS = 60): PlantArchive {
  const made = new PlantArchive(signals);
  const run = new PlantRun(
    { signals, seed, shifts, anchor: anchor.anchorDay, recordFrom },
    {
      // What a controller writes a moment later than `to` belongs to the next batch.
      write: (signal, time, value) => void (time <= to ? made.append(signal, time, value) : late++),
      textIndex: (text) => made.textIndex(text),
    },
  );
  run.advanceTo(to, stepS);
  return made;
}

function digest(made: PlantArchive): readonly (readonly [string, number, number])[] {
  return signals.map((signal) => {
    let sum = 0;
    for (let row = 0; row < made.count(signal.index); row++)
      sum = (sum * 31 + (made.timeAt(signal.index, row) % 1e9) + made.valueAt(signal.index, row) * 1000) % 1e12;
    return [signal.name, made.count(signal.index), sum] as const;
  });
}

function median(signal: number, from: number, to: number): number {
  const values: number[] = [];
  for (let row = archive.rowAt(signal, from); row < archive.rowAt(signal, to); row++) values.push(archive.valueAt(signal, row));
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
