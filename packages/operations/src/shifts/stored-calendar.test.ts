import { HOUR } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { createShiftCalendar, dateText, type ShiftDefinition } from "./shift-calendar.ts";
import { dayOfDate, shiftsInForce, type StoredCalendar } from "./stored-calendar.ts";

const utc = (...parts: Parameters<typeof Date.UTC>) => Date.UTC(...parts) * 1000;
const zone = () => 60;
const local = (month: number, day: number, hour: number, minute = 0) => utc(2026, month - 1, day, hour - 1, minute);
const WORKDAYS = [1, 2, 3, 4, 5];
const shift = (name: string, from: number, to: number, days = WORKDAYS): ShiftDefinition => ({
  name,
  startMinute: from * 60,
  endMinute: to * 60,
  days,
  breaks: [],
});
const SHIPPED = [shift("Early", 6, 14), shift("Late", 14, 22)];
const LONG: StoredCalendar = { shifts: [shift("Long", 7, 17)], exceptions: [] };
const calendarOf = (stored: Parameters<typeof shiftsInForce>[1]) => createShiftCalendar(shiftsInForce(SHIPPED, stored, zone), zone);
const idsOf = (calendar: ReturnType<typeof calendarOf>, from: number, to: number) => {
  const ids: string[] = [];
  for (let at = calendar.nextShift(from - 1); at && at.start < to; at = calendar.nextShift(at.start)) ids.push(at.id);
  return ids;
};

test("[O33] an edited calendar holds from its instant: the shift that runs ends as it began, those before are as they were", () => {
  // Wednesday 2026-11-25, in the early shift
  const edited = calendarOf([{ time: local(11, 25, 9), calendar: LONG }]);
  expect(idsOf(edited, local(11, 24, 0), local(11, 27, 23))).toEqual([
    "2026-11-24 Early",
    "2026-11-24 Late",
    "2026-11-25 Early",
    "2026-11-26 Long",
    "2026-11-27 Long",
  ]);
  expect(edited.shiftAt(local(11, 25, 13, 59))).toMatchObject({ name: "Early", end: local(11, 25, 14) });
  expect(edited.segmentAt(local(11, 25, 15)).kind).toBe("off");
  const before = calendarOf([]);
  for (let at = local(11, 1, 0); at < local(11, 25, 14); at += HOUR) expect(edited.segmentAt(at)).toEqual(before.segmentAt(at));
});

test("[O33] removed, the shipped calendar holds again from then on; a calendar for a period gives way after its last day", () => {
  const back = calendarOf([
    { time: local(11, 25, 23), calendar: LONG },
    { time: local(11, 26, 18), calendar: undefined },
  ]);
  expect(idsOf(back, local(11, 26, 0), local(11, 28, 0))).toEqual(["2026-11-26 Long", "2026-11-27 Early", "2026-11-27 Late"]);
  const period = calendarOf([{ time: local(11, 23, 1), calendar: { ...LONG, validFrom: "2026-11-25", validUntil: "2026-11-26" } }]);
  expect(idsOf(period, local(11, 24, 0), local(11, 28, 0))).toEqual([
    "2026-11-24 Early",
    "2026-11-24 Late",
    "2026-11-25 Long",
    "2026-11-26 Long",
    "2026-11-27 Early",
    "2026-11-27 Late",
  ]);
});

test("[O33] a version that another one replaces before its first day never held", () => {
  const calendar = calendarOf([
    { time: local(11, 23, 1), calendar: { ...LONG, validFrom: "2026-12-01" } },
    { time: local(11, 24, 23), calendar: { shifts: [shift("Short", 8, 12)], exceptions: [] } },
  ]);
  expect(idsOf(calendar, local(11, 24, 0), local(11, 26, 0))).toEqual(["2026-11-24 Early", "2026-11-24 Late", "2026-11-25 Short"]);
  expect(calendar.nextShift(local(12, 1, 1))!.name).toBe("Short");
});

test("[O34] on a closed date no shift starts, a night before it ends; an extra shift starts on its date and has an id of its own", () => {
  const night = shift("Night", 22, 6);
  const calendar = calendarOf([
    {
      time: local(11, 21, 1),
      calendar: {
        shifts: [shift("Early", 6, 14), night],
        exceptions: [
          { kind: "closed", date: "2026-11-25", title: "inventory" },
          {
            kind: "extra",
            date: "2026-11-28",
            name: "Early",
            startMinute: 480,
            endMinute: 720,
            breaks: [{ startMinute: 600, minutes: 15 }],
          },
          { kind: "extra", date: "2026-11-27", name: "Early", startMinute: 900, endMinute: 1080, breaks: [] },
        ],
      },
    },
  ]);
  expect(idsOf(calendar, local(11, 24, 0), local(11, 29, 0))).toEqual([
    "2026-11-24 Early",
    "2026-11-24 Night",
    "2026-11-26 Early",
    "2026-11-26 Night",
    "2026-11-27 Early",
    "2026-11-27 Early 2",
    "2026-11-27 Night",
    "2026-11-28 Early",
  ]);
  expect(calendar.shiftAt(local(11, 25, 5))!.id).toBe("2026-11-24 Night");
  expect(calendar.nextShift(local(11, 28, 7))!.plannedS).toBe(3.75 * 3600);
  expect(calendar.shiftAt(local(11, 27, 16))!.id).toBe("2026-11-27 Early 2");
});

test("[O34] days of dates and dates of days are each other's way back", () => {
  for (const date of ["1970-01-01", "2000-02-29", "2026-12-31", "2100-03-01"]) expect(dateText(dayOfDate(date))).toBe(date);
  expect(dayOfDate("soon")).toBeNaN();
});
