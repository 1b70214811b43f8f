import type { ShiftDefinition } from "@doppelwerk/operations";
import type { LineModel } from "@doppelwerk/sim";
import { DAY, HOUR, MINUTE, type Instant } from "@doppelwerk/world";
import { expect, test } from "vitest";
import type { LineOfShells } from "../line-of-shells.ts";
import { withPlannedShifts } from "./planned-shifts.ts";

/** Monday 7 December 2026, 00:00 in Berlin. */
const MONDAY: Instant = Date.UTC(2026, 11, 6, 23) * 1_000;
const week: readonly ShiftDefinition[] = [
  { name: "Early", startMinute: 360, endMinute: 840, days: [1, 2, 3, 4, 5], breaks: [{ startMinute: 600, minutes: 30 }] },
  { name: "Night", startMinute: 1_320, endMinute: 360, days: [1, 2, 3, 4], breaks: [{ startMinute: 120, minutes: 30 }] },
];
const model: LineModel = {
  stations: [],
  calendar: {
    kind: "weekly",
    utcOffsetS: 3_600,
    shifts: [
      { id: "Early", days: [1, 2, 3, 4, 5], startS: 21_600, endS: 50_400, breaks: [{ startS: 36_000, durationS: 1_800 }] },
      { id: "Night", days: [1, 2, 3, 4], startS: 79_200, endS: 108_000, breaks: [{ startS: 93_600, durationS: 1_800 }] },
    ],
  },
} as unknown as LineModel;

function planned(shifts: readonly ShiftDefinition[], from: Instant = MONDAY) {
  const line = { definition: { shifts, timeZone: "Europe/Berlin" }, week } as unknown as LineOfShells;
  return withPlannedShifts(model, line, from, from + 7 * DAY);
}

function listed(shifts: readonly ShiftDefinition[], from?: Instant) {
  const { calendar } = planned(shifts, from);
  if (calendar?.kind !== "list") throw new Error("the week stands");
  return calendar.shifts;
}

test("[LN3] a model keeps its week where the calendar plans nothing else", () => {
  expect(planned(week)).toBe(model);
  expect(withPlannedShifts({ ...model, calendar: undefined } as never, {} as never, 0, DAY).calendar).toBeUndefined();
});

test("[LN3] closed dates are not worked and extra shifts are, each with its breaks", () => {
  const [early, night] = week as readonly [ShiftDefinition, ShiftDefinition];
  const shifts = listed([{ ...early, except: ["2026-12-08"], also: ["2026-12-12"] }, night]);
  const early1 = { id: "Early", start: MONDAY + 6 * HOUR, end: MONDAY + 14 * HOUR };
  expect(shifts[0]).toEqual({ ...early1, breaks: [{ start: MONDAY + 10 * HOUR, end: MONDAY + 10.5 * HOUR }] });
  const after = (shift: { readonly start: Instant; readonly id: string }) => `${shift.id} ${(shift.start - MONDAY) / HOUR}`;
  expect(shifts.slice(0, 8).map(after)).toEqual([
    "Early 6",
    "Night 22",
    "Night 46",
    "Early 54",
    "Night 70",
    "Early 78",
    "Night 94",
    "Early 102",
  ]);
  expect(shifts[8]).toMatchObject({ id: "Early", start: MONDAY + 5 * DAY + 6 * HOUR });
  // over midnight: its break is after it
  expect(shifts[1]!.breaks).toEqual([{ start: MONDAY + 26 * HOUR, end: MONDAY + 26 * HOUR + 30 * MINUTE }]);
});

test("[LN3] the list begins with the shift that runs, and changes of the clock and versions that begin later are in it", () => {
  const monday = Date.UTC(2026, 9, 18, 22) * 1_000;
  const inNight = monday + 23 * HOUR;
  const shifts = listed(week, inNight);
  expect(shifts[0]).toMatchObject({ id: "Night", start: monday + 22 * HOUR });
  // 25 October 2026: the day has 25 hours, so what came at 06:00 of summer time comes an hour later
  expect(shifts.find(({ start }) => start > monday + 7 * DAY)).toMatchObject({ start: monday + 7 * DAY + 7 * HOUR });
  const later = listed([
    { ...week[0]!, until: MONDAY + 2 * DAY },
    { ...week[0]!, name: "Long", endMinute: 960, from: MONDAY + 2 * DAY },
  ]);
  expect(later.slice(0, 3).map(({ id, start, end }) => [id, (end - start) / HOUR])).toEqual([
    ["Early", 8],
    ["Early", 8],
    ["Long", 10],
  ]);
});
