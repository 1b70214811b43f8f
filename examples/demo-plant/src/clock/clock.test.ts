import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { DAY, HOUR, MINUTE } from "@doppelwerk/world";
import { line4Shifts } from "../site/line-4/line-4-shifts.ts";
import { anchorCalendar, plantShifts, recordedFrom, shiftAt, shiftPlans, timeZone } from "./calendar.ts";
import { openPlantTime, rememberAlive } from "./plant-clock.ts";

const folder = mkdtempSync(join(tmpdir(), "demo-plant-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("[DP9] whenever it is started, on any weekday, the plant is four to five hours into a shift and not in a break", () => {
  for (let hour = 0; hour < 7 * 24; hour++) {
    for (const minute of [0, 9, 10, 31, 59]) {
      const now = (Date.UTC(2026, 10, 23, hour, minute) + 11_000) * 1000;
      const anchor = anchorCalendar(now);
      const shift = shiftAt(plantShifts(anchor), now);
      expect(shift, new Date(now / 1000).toISOString()).toBeDefined();
      expect((now - shift!.start) / HOUR).toBeGreaterThanOrEqual(4.1);
      expect((now - shift!.start) / HOUR).toBeLessThan(5.2);
      for (const pause of shift!.breaks) expect(now < pause.start - 30 * MINUTE || now >= pause.end).toBe(true);
    }
  }
});

test("[DP33] at any hour of any day neither line has a break within the next half hour, and the small plant has recorded at least 24 hours of shifts", () => {
  for (let hour = 0; hour < 14 * 24; hour++) {
    const now = (Date.UTC(2026, 10, 23, hour, 11) + 11_000) * 1000;
    const shifts = plantShifts(anchorCalendar(now));
    for (const { breaks } of [shiftAt(shifts, now)!, shiftAt(line4Shifts(shifts), now)!])
      for (const pause of breaks)
        expect(now < pause.start - 30 * MINUTE || now >= pause.end, new Date(now / 1000).toISOString()).toBe(true);
    const from = recordedFrom(shifts, true, now);
    const worked = shifts.reduce((sum, { start, end }) => sum + Math.max(0, Math.min(end, now) - Math.max(start, from)), 0);
    expect(worked / HOUR, new Date(now / 1000).toISOString()).toBeGreaterThan(24);
    expect((now - from) / DAY).toBeLessThan(4.5);
  }
});

test("[DP9] the zone is an IANA zone in which the shift plan of the engineering file gives the very same shifts", () => {
  for (const day of [23, 28, 29]) {
    const now = Date.UTC(2026, 10, day, 3, 20) * 1000;
    const anchor = anchorCalendar(now);
    const local = new Intl.DateTimeFormat("en-GB", {
      timeZone: timeZone(anchor),
      weekday: "short",
      hour: "2-digit",
      minute: "2-digit",
      hour12: false,
    });
    const plans = shiftPlans(anchor);
    const planned = plantShifts(anchor).filter((shift) => shift.start >= anchor.anchorDay && !shift.unplanned);
    for (const shift of planned) {
      const [weekday, clock] = local.format(shift.start / 1000).split(/,? /);
      const plan = plans.find((candidate) => candidate.name === shift.id)!;
      expect(clock).toBe(plan.start);
      expect(plan.days.split(" ")).toContain(weekday);
    }
  }
});

test("[DP9] a shift is worked 430 minutes net", () => {
  for (const shift of plantShifts(anchorCalendar(Date.UTC(2026, 10, 24) * 1000))) {
    const pauses = shift.breaks.reduce((sum, pause) => sum + pause.end - pause.start, 0);
    expect((shift.end - shift.start - pauses) / MINUTE).toBe(430);
  }
});

test("[DP10] a restart keeps the calendar; at night an extra shift is worked that begins after everything already told", () => {
  const data = join(folder, "restart");
  const first = Date.UTC(2026, 10, 24, 15, 17) * 1000;
  const before = openPlantTime(data, 3, first);
  const again = openPlantTime(data, 3, first + 2 * HOUR);
  expect(again.anchor).toEqual(before.anchor);
  expect(again.shifts).toEqual(before.shifts);
  const night = before.shifts.findLast((shift) => shift.start < first + 12 * HOUR)!.end + 3 * HOUR;
  rememberAlive(data, night - HOUR);
  const atNight = openPlantTime(data, 3, night);
  const shift = shiftAt(atNight.shifts, night)!;
  expect(shift.id).toBe("Extra");
  expect(shift.start).toBeGreaterThanOrEqual(night - HOUR);
  expect(atNight.shifts.filter((candidate) => candidate.id !== "Extra")).toEqual(before.shifts);
  expect(openPlantTime(data, 3, night + MINUTE).shifts).toEqual(atNight.shifts);
});

test("[DP10] another seed, or a life longer than 30 days, begins anew", () => {
  const data = join(folder, "anew");
  const first = Date.UTC(2026, 10, 24, 15, 17) * 1000;
  const before = openPlantTime(data, 3, first);
  expect(openPlantTime(data, 4, first + 5 * HOUR).anchor).not.toEqual(before.anchor);
  expect(openPlantTime(data, 4, first + 40 * DAY).anchor.anchorDay).toBeGreaterThan(first + 38 * DAY);
});
