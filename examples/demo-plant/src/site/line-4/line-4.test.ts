import { expect, test } from "vitest";
import { runLine, validateLineModel } from "@doppelwerk/sim";
import { HOUR, type Instant } from "@doppelwerk/world";
import { PlantArchive } from "../../archive/plant-archive.ts";
import { anchorCalendar, plantShifts, shiftPlans } from "../../clock/calendar.ts";
import { signalsByName } from "../../signals/signal-list.ts";
import { signalsOf } from "../site-signals.ts";
import { Line4Run } from "./line-4-run.ts";
import { line4ShiftPlans, line4Shifts } from "./line-4-shifts.ts";
import { line4Dirt } from "./line-4-signals.ts";
import { line4Ids, line4Plan, line4Table } from "./line-4-table.ts";
import { line4Truth } from "./line-4-truth.ts";
import { line4WordsOf } from "./line-4-words.ts";

const anchor = anchorCalendar(Date.UTC(2026, 10, 24, 15, 17) * 1000);
const plantWide = plantShifts(anchor);
const shifts = line4Shifts(plantWide);
const signals = signalsOf({ minimal: false, site: true });
const named = signalsByName(signals);
const options = { shifts, anchor: anchor.anchorDay };
const archive = recorded(plantWide[21]!.end);

test("[DP23] the truth of Line 4 is a valid model and makes what an independent simulation of its table found", () => {
  expect(validateLineModel(line4Truth(options))).toEqual([]);
  const model = line4Truth({ ...options, hidden: false, repairQueue: false });
  const good = [1, 2, 3].flatMap((seed) => {
    const run = runLine(model, { seed, startInstant: shifts[0]!.start, endInstant: shifts[21]!.end });
    return run.shifts
      .filter((shift) => shift.complete)
      .slice(1)
      .map((shift) => shift.good);
  });
  const mean = good.reduce((sum, count) => sum + count, 0) / good.length;
  const deviation = Math.sqrt(good.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (good.length - 1));
  expect(Math.abs(mean - 475)).toBeLessThan(15);
  expect(deviation).toBeGreaterThan(15);
  expect(deviation).toBeLessThan(50);
  const oee = (mean * idealS()) / (430 * 60);
  expect(Math.abs(oee - 0.886)).toBeLessThan(0.03);
});

/** Planned run time per unit at the constraint, seconds, weighted by product. */
function idealS(): number {
  const row = line4Table.find(({ id }) => id === line4Plan.constraint)!;
  const { program } = line4Truth(options);
  if (program?.kind !== "batches") throw new Error("Line 4 makes batches");
  return program.mix.reduce((sum, { product, share }) => sum + share * (row.cycleS + (row.added?.[product] ?? 0)), 0) / row.places;
}

test("[DP23] hidden: evacuation is slower on warm afternoons, and cold cells reject more at the beginning of a shift", () => {
  const hour = (time: Instant) => ((((time - anchor.anchorDay) / HOUR) % 24) + 24) % 24;
  const cycles = samples("Line4.L4-020.LastCycle");
  const median = (all: readonly number[]) => all.toSorted((a, b) => a - b)[all.length >> 1]!;
  const warm = cycles.filter(([time]) => hour(time) > 13.1 && hour(time) < 18).map(([, value]) => value);
  const others = cycles.filter(([time]) => hour(time) < 13 || hour(time) > 18.1).map(([, value]) => value);
  expect(median(warm) / median(others)).toBeGreaterThan(1.1);
  const counted = (name: string, begin: boolean) =>
    samples(name).filter(([time]) => shifts.some(({ start, end }) => start <= time && time < end && time - start < HOUR * 0.75 === begin))
      .length;
  const share = (begin: boolean) => counted("Line4.L4-060.Reject", begin) / counted("Line4.L4-060.Total", begin);
  expect(share(true) / share(false)).toBeGreaterThan(1.7);
});

test("[DP23] breaks of Line 4 lie before those of Line 3, and the engineering file states them", () => {
  for (const [index, shift] of shifts.entries()) {
    const pauses = shift.breaks.reduce((sum, pause) => sum + pause.end - pause.start, 0);
    expect((shift.end - shift.start - pauses) / HOUR).toBeCloseTo(430 / 60);
    for (const [n, pause] of shift.breaks.entries()) expect(pause.end).toBeLessThanOrEqual(plantWide[index]!.breaks[n]!.start + 1);
  }
  expect(line4ShiftPlans(shiftPlans(anchor)).map(({ breaks }) => breaks)).toEqual([
    "07:30/10 09:00/30 12:00/10",
    "15:30/10 17:00/30 20:00/10",
  ]);
});

test("[DP4] Line 4 is dirty too: counters of 16 bits and of four digits roll over, ticks of 100 ms, one word for all waiting", () => {
  for (const name of line4Dirt.narrowCounters) expect(rollOvers(`Line4.${name}`)).toBe(1);
  expect(rollOvers(`Line4.${line4Dirt.fourDigits}`)).toBeGreaterThanOrEqual(1);
  const ticks = named.get("Line4.L4-030.LastCycle")!.index;
  expect(archive.valueAt(ticks, 10)).toBeGreaterThan(300);
  const words = line4WordsOf("L4-040");
  expect(words.starved).toBe(words.blocked);
  const seen = new Set(samples("Line4.L4-050.VendorState").map(([, value]) => value));
  for (const state of ["running", "starved", "blocked", "setUp", "minorStop", "repair", "break", "off"] as const)
    expect(seen, state).toContain(line4WordsOf("L4-050")[state]);
});

test("[DP22] stations without air stop at once and go on where they stood; no counter jumps and no serial comes twice", () => {
  const kept = new PlantArchive(signals);
  const shift = plantWide[5]!;
  const run = new Line4Run({ signals, seed: 5, shifts, anchor: anchor.anchorDay, recordFrom: shift.start }, sinkOf(kept));
  const on = shift.start + 4 * HOUR;
  run.advanceTo(on);
  run.setAir(false);
  run.advanceTo(on + HOUR / 2);
  expect(run.stateOf("L4-050")).toBe("noUtility");
  expect(run.stateOf("L4-010")).not.toBe("noUtility");
  run.setAir(true);
  run.advanceTo(shift.end);
  const total = named.get("Line4.L4-050.Total")!.index;
  expect(kept.rowAt(total, on + HOUR / 2) - kept.rowAt(total, on + 1)).toBe(0);
  for (const station of line4Ids) {
    const counts = samples(`Line4.${station}.Total`, kept).map(([, value]) => value);
    for (let i = 1; i < counts.length; i++) if (counts[i] !== 0) expect(counts[i]! - counts[i - 1]!).toBe(1);
  }
  const serials = samples("Line4.L4-010.PartIn", kept).map(([, value]) => value);
  expect(new Set(serials).size).toBe(serials.length);
  expect(serials.length).toBeGreaterThan(250);
});

function recorded(to: Instant): PlantArchive {
  const kept = new PlantArchive(signals);
  const run = new Line4Run({ signals, seed: 3, shifts, anchor: anchor.anchorDay, recordFrom: shifts[1]!.start }, sinkOf(kept));
  run.advanceTo(to);
  return kept;
}

function sinkOf(kept: PlantArchive) {
  return {
    write: (signal: number, time: Instant, value: number) => void kept.append(signal, time, value),
    textIndex: (text: string) => kept.textIndex(text),
  };
}

function samples(name: string, from = archive): readonly (readonly [time: Instant, value: number])[] {
  const { index } = named.get(name)!;
  return Array.from({ length: from.count(index) }, (_, row) => [from.timeAt(index, row), from.valueAt(index, row)] as const);
}

function rollOvers(name: string): number {
  const counts = samples(name).map(([, value]) => value);
  return counts.filter((count, i) => i > 0 && count < counts[i - 1]!).length;
}
