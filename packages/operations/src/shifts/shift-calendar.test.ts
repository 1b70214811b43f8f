import { HOUR, MINUTE } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { createShiftCalendar, type ShiftDefinition } from "./shift-calendar.ts";

const utc = (...parts: Parameters<typeof Date.UTC>) => Date.UTC(...parts) * 1000;
/** Central European time of 2026: summer time from 29 March 01:00 UTC to 25 October 01:00 UTC. */
const berlin = (instant: number) => (instant >= utc(2026, 2, 29, 1) && instant < utc(2026, 9, 25, 1) ? 120 : 60);
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const NIGHT: ShiftDefinition = {
  name: "Night",
  startMinute: 22 * 60,
  endMinute: 6 * 60,
  days: EVERY_DAY,
  breaks: [{ startMinute: 60, minutes: 30 }],
};
const EARLY: ShiftDefinition = {
  name: "Early",
  startMinute: 360,
  endMinute: 840,
  days: [1, 2, 3, 4, 5],
  breaks: [
    { startMinute: 480, minutes: 10 },
    { startMinute: 600, minutes: 30 },
  ],
};

test("[O30] a night shift belongs to the day it starts, with its break after midnight", () => {
  const calendar = createShiftCalendar([NIGHT], berlin);
  const shift = calendar.shiftAt(utc(2026, 6, 2, 1))!;
  expect(shift).toMatchObject({
    id: "2026-07-01 Night",
    day: "2026-07-01",
    start: utc(2026, 6, 1, 20),
    end: utc(2026, 6, 2, 4),
    plannedS: 7.5 * 3600,
  });
  expect(calendar.segmentAt(utc(2026, 6, 1, 23, 15)).kind).toBe("break");
  expect(calendar.productionDay(utc(2026, 6, 2, 3))).toBe("2026-07-01");
  expect(calendar.productionDay(utc(2026, 6, 2, 5))).toBe("2026-07-02");
});

test("[O31] days of 23 and 25 hours: the night of the change is an hour shorter or longer", () => {
  const calendar = createShiftCalendar([NIGHT], berlin);
  expect(calendar.shiftAt(utc(2026, 2, 29, 0))!.plannedS).toBe(6.5 * 3600);
  expect(calendar.shiftAt(utc(2026, 9, 25, 0, 30))!.plannedS).toBe(8.5 * 3600);
  const day = (from: number, to: number) => {
    let sum = 0;
    for (let at = from; at < to; at = calendar.segmentAt(at).to) sum += Math.min(to, calendar.segmentAt(at).to) - at;
    return sum / HOUR;
  };
  expect(day(utc(2026, 2, 28, 23), utc(2026, 2, 29, 22))).toBe(23);
});

test("[O32] planned time leaves out breaks, nights and weekends", () => {
  const calendar = createShiftCalendar([EARLY], berlin);
  const monday = utc(2026, 10, 23, 5);
  expect(calendar.shiftAt(monday)!.plannedS).toBe(440 * 60);
  expect(calendar.plannedBetween(monday, monday + 2 * HOUR + 5 * MINUTE)).toBe(120 * 60);
  expect(calendar.plannedBetween(utc(2026, 10, 27, 13), utc(2026, 10, 30, 5))).toBe(0);
  expect(calendar.nextShift(utc(2026, 10, 27, 12))!.id).toBe("2026-11-30 Early");
  expect(calendar.segmentAt(utc(2026, 10, 28, 12)).kind).toBe("off");
  expect(createShiftCalendar([], berlin).empty).toBe(true);
});

test("[O32] segments follow each other without gap or overlap over half a year", () => {
  const calendar = createShiftCalendar([EARLY, { ...EARLY, name: "Late", startMinute: 840, endMinute: 1320, breaks: [] }, NIGHT], berlin);
  let at = utc(2026, 0, 1);
  const end = utc(2026, 11, 31);
  let count = 0;
  while (at < end) {
    const segment = calendar.segmentAt(at);
    expect(segment.from).toBeLessThanOrEqual(at);
    expect(segment.to).toBeGreaterThan(at);
    expect(calendar.segmentAt(segment.to - 1)).toEqual(segment);
    at = segment.to;
    count += 1;
  }
  expect(count).toBeGreaterThan(2000);
});
