import { createShiftCalendar, elementsOfCut, indicatorValues, zoneOffsetOf, type ShiftDefinition } from "@doppelwerk/operations";
import { HOUR, MINUTE } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { hoursOf } from "./model/cuts.ts";

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
/** Three shifts around the clock; the night has half an hour of break from half past midnight on. */
const SHIFTS: readonly ShiftDefinition[] = [
  { name: "Early", startMinute: 360, endMinute: 840, days: EVERY_DAY, breaks: [] },
  { name: "Late", startMinute: 840, endMinute: 1_320, days: EVERY_DAY, breaks: [] },
  { name: "Night", startMinute: 1_320, endMinute: 360, days: EVERY_DAY, breaks: [{ startMinute: 30, minutes: 30 }] },
];

/** The zone, the day before the clocks change, and the night from it: begin and end in UTC, hours. Where they never change all nights are alike. */
const NIGHTS = [
  ["Europe/Berlin", "2026-03-28", "2026-03-28T21:00Z", "2026-03-29T04:00Z", 7],
  ["Europe/Berlin", "2026-10-24", "2026-10-24T20:00Z", "2026-10-25T05:00Z", 9],
  ["Europe/Berlin", "2026-11-24", "2026-11-24T21:00Z", "2026-11-25T05:00Z", 8],
  ["America/New_York", "2026-03-07", "2026-03-08T03:00Z", "2026-03-08T10:00Z", 7],
  ["America/New_York", "2026-10-31", "2026-11-01T02:00Z", "2026-11-01T11:00Z", 9],
  ["Asia/Shanghai", "2026-03-28", "2026-03-28T14:00Z", "2026-03-28T22:00Z", 8],
  ["Asia/Shanghai", "2026-10-24", "2026-10-24T14:00Z", "2026-10-24T22:00Z", 8],
  // half an hour of change, at Lord Howe
  ["Australia/Lord_Howe", "2026-10-03", "2026-10-03T11:30Z", "2026-10-03T19:00Z", 7.5],
] as const;

const at = (text: string): number => Date.parse(text) * 1_000;

test.each(NIGHTS)(
  "[SH13] [KP28] in %s the night of %s begins at %s, ends at %s and has %s hours, and its planned time and KPIs are of those",
  (zone, day, begin, end, hours) => {
    const calendar = createShiftCalendar(SHIFTS, zoneOffsetOf(zone));
    const night = calendar.shiftAt(at(begin))!;
    expect(night).toMatchObject({ id: `${day} Night`, day, start: at(begin), end: at(end), plannedS: (hours - 0.5) * 3_600 });
    expect([calendar.shiftAt(at(begin) - 1)?.name, calendar.shiftAt(at(end))?.name]).toEqual(["Late", "Early"]);
    expect(calendar.plannedBetween(night.start, night.end)).toBe(night.plannedS);
    // the production day has as many hours as there are
    expect(calendar.plannedBetween(at(begin) - 16 * HOUR, at(end))).toBe((hours + 16 - 0.5) * 3_600);
    // its local hours: one that the clocks leave out is not there, one that they repeat is there twice
    const whole = { from: night.start, to: night.end };
    const rows = hoursOf(whole, calendar.hourOf);
    expect(rows).toHaveLength(Math.ceil(hours));
    expect(rows.reduce((total, { from, to }) => total + to - from, 0)).toBe(hours * HOUR);

    // it works all night but for 36 min of failure from the fourth hour on, and makes a unit every two minutes of it
    const failed = { from: night.start + 4 * HOUR, to: night.start + 4 * HOUR + 36 * MINUTE };
    const working = [];
    for (let from = night.start; from < night.end; from = calendar.segmentAt(from).to) {
      const { kind, to } = calendar.segmentAt(from);
      if (kind !== "planned") continue;
      for (const [begun, until] of [
        [from, Math.min(to, failed.from)],
        [Math.max(from, failed.to), to],
      ] as const)
        if (until > begun) working.push({ from: begun, to: Math.min(until, night.end), state: "working" });
    }
    const states = [...working, { ...failed, state: "failed" }];
    const made = working.flatMap(({ from, to }) =>
      Array.from({ length: Math.floor((to - from) / (2 * MINUTE)) }, (_, unit) => ({
        at: from + unit * 2 * MINUTE,
        role: "Total" as const,
        delta: 1,
        runTimeS: 110,
      })),
    );
    const of = (spans: readonly { readonly from: number; readonly to: number }[]) =>
      elementsOfCut(
        spans,
        spans.reduce((total, { from, to }) => total + calendar.plannedBetween(from, to), 0),
        states,
        made,
        ["Total"],
      );
    const total = of([whole]);
    const plannedS = (hours - 0.5) * 3_600;
    expect(total.unknownS).toBe(0);
    expect(total.values).toMatchObject({ PBT: plannedS, APT: plannedS - 36 * 60, TTR: 36 * 60, FE: 1, PQ: made.length });
    const values = new Map(indicatorValues(total.values).map(({ indicator: { id }, value }) => [id, value]));
    expect(values.get("availability")).toBeCloseTo((plannedS - 2_160) / plannedS, 12);
    expect(values.get("effectiveness")).toBeCloseTo((110 * made.length) / (plannedS - 2_160), 12);
    // the rows by hour add up to the night
    for (const symbol of ["PBT", "APT", "TTR", "FE", "PQ"])
      expect(
        rows.reduce((sum, row) => sum + (of([row]).values[symbol] ?? 0), 0),
        symbol,
      ).toBe(total.values[symbol]);
  },
);
