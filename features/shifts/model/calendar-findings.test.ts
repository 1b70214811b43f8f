import { documentChange, documentFaults, readDocument, textOf } from "@doppelwerk/kit";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { calendarFaults, calendarNotes } from "./calendar-findings.ts";
import { shiftCalendar, type CalendarFields } from "./calendar-kind.ts";

type Shift = CalendarFields["shifts"][number];
const shift = (name: string, from: number, to: number, more: Partial<Shift> = {}): Shift => ({
  name,
  startMinute: from * 60,
  endMinute: to * 60,
  days: [1, 2, 3, 4, 5],
  breaks: [],
  ...more,
});
const calendar = (shifts: readonly Shift[], more: Partial<CalendarFields> = {}): CalendarFields => ({ shifts, exceptions: [], ...more });
const utc = (...parts: Parameters<typeof Date.UTC>) => Date.UTC(...parts) * 1000;
const berlin = (instant: number) => (instant >= utc(2026, 2, 29, 1) && instant < utc(2026, 9, 25, 1) ? 120 : 60);
const codes = (of: CalendarFields) => calendarFaults(of).map(({ message: { code } }) => code);

test("[SH4] a document of every version of the calendar is read, and stored again unchanged is no change", () => {
  const record = JSON.parse(readFileSync(new URL("../fixtures/calendar-1.json", import.meta.url), "utf8"));
  expect(documentFaults(shiftCalendar, record)).toEqual([]);
  const fields = readDocument(shiftCalendar, record)!;
  expect(fields.shifts.map(({ name }) => name)).toEqual(["Early", "Night"]);
  expect(documentChange(shiftCalendar, record.id, record, fields)).toBeUndefined();
  expect(calendarFaults(fields)).toEqual([]);
});

test("[SH5] three shifts around the clock have no fault, gaps are allowed, and a week ends where it begins", () => {
  const days = [1, 2, 3, 4, 5, 6, 7];
  expect(codes(calendar([shift("E", 6, 14, { days }), shift("L", 14, 22, { days }), shift("N", 22, 6, { days })]))).toEqual([]);
  expect(codes(calendar([shift("E", 6, 12)]))).toEqual([]);
  expect(codes(calendar([shift("All day", 0, 24, { days })]))).toEqual([]);
  // from Sunday to Monday
  const over = calendar([shift("N", 22, 7, { days: [7] }), shift("E", 6, 14, { days: [1] })]);
  expect(calendarFaults(over).map(({ message, shift: at }) => [textOf(message), at])).toEqual([
    ["E starts on Monday at 06:00, before N has ended", 1],
  ]);
});

test.each<[string, CalendarFields, string]>([
  ["shifts that overlap", calendar([shift("E", 6, 15), shift("L", 14, 22)]), "shifts.fault.overlap"],
  ["a shift of the same name", calendar([shift("E", 6, 10), shift("E", 14, 22)]), "shifts.fault.sameName"],
  ["a shift on no day", calendar([shift("E", 6, 10, { days: [] })]), "shifts.fault.noDay"],
  ["a break outside", calendar([shift("E", 6, 14, { breaks: [{ startMinute: 830, minutes: 30 }] })]), "shifts.fault.breakOutside"],
  [
    "breaks that overlap",
    calendar([
      shift("N", 22, 6, {
        breaks: [
          { startMinute: 1_430, minutes: 30 },
          { startMinute: 10, minutes: 15 },
        ],
      }),
    ]),
    "shifts.fault.breaksOverlap",
  ],
  [
    "a date named twice",
    calendar([shift("E", 6, 14)], {
      exceptions: [
        { kind: "closed", date: "2026-12-24" },
        { kind: "closed", date: "2026-12-24" },
      ],
    }),
    "shifts.fault.sameDate",
  ],
  [
    "an extra shift over a planned one",
    calendar([shift("E", 6, 14)], {
      exceptions: [{ kind: "extra", date: "2026-11-24", name: "X", startMinute: 780, endMinute: 900, breaks: [] }],
    }),
    "shifts.fault.overlapOn",
  ],
  ["a period that ends before it begins", calendar([], { validFrom: "2026-12-02", validUntil: "2026-12-01" }), "shifts.fault.period"],
])("[SH5] %s is named", (_, fields, code) => {
  expect(codes(fields)).toEqual([code]);
});

test("[SH5] an extra shift on a closed date overlaps nothing", () => {
  const exceptions: CalendarFields["exceptions"] = [
    { kind: "closed", date: "2026-11-24" },
    { kind: "extra", date: "2026-11-24", name: "X", startMinute: 780, endMinute: 900, breaks: [] },
  ];
  expect(codes(calendar([shift("E", 6, 14)], { exceptions }))).toEqual([]);
});

test("[SH5] what may surprise is said: a shift over midnight, the nights of the change of the clocks, no shift", () => {
  const night = calendar([shift("Night", 22, 6, { days: [1, 2, 3, 4, 5, 6, 7] })]);
  expect(calendarNotes(night, berlin, utc(2026, 0, 1)).map(({ message }) => textOf(message))).toEqual([
    "Night ends on the next day, at 06:00",
    "On 2026-03-28 the clocks change in Night: it lasts 7 h",
    "On 2026-10-24 the clocks change in Night: it lasts 9 h",
  ]);
  expect(calendarNotes(calendar([shift("E", 6, 14)]), berlin, utc(2026, 0, 1))).toEqual([]);
  expect(calendarNotes(calendar([]), berlin, utc(2026, 0, 1)).map(({ message: { code } }) => code)).toEqual(["shifts.note.noShift"]);
});
