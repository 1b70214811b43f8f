import { DAY } from "@doppelwerk/kit";
import { createShiftCalendar, zoneOffsetOf } from "@doppelwerk/operations";
import { expect, test } from "vitest";
import { cycleByTime, dueOfCycle, opensOrder, predicted } from "./due.ts";
import { Trigger } from "./plan-kind.ts";

const offset = zoneOffsetOf("Europe/Berlin");
const time = (fields: object) =>
  Trigger.parse({ kind: "time", every: 1, unit: "month", from: "2026-01-31", ...fields }) as Extract<Trigger, { kind: "time" }>;
const dueOf = (trigger: Extract<Trigger, { kind: "time" }>, cycle: number): string =>
  new Date(dueOfCycle(trigger, cycle, offset, undefined) / 1_000).toISOString();

test("[MN10] by the calendar: months end with the month, and the local time stays when clocks are changed", () => {
  expect([0, 1, 2, 3].map((cycle) => dueOf(time({}), cycle))).toEqual([
    "2026-01-31T07:00:00.000Z",
    "2026-02-28T07:00:00.000Z",
    "2026-03-31T06:00:00.000Z",
    "2026-04-30T06:00:00.000Z",
  ]);
  // 02:30 is not there on 29 March, and there twice on 25 October: one instant each
  const nights = time({ unit: "day", from: "2026-03-28", minute: 150 });
  expect([0, 1, 2].map((cycle) => dueOf(nights, cycle))).toEqual([
    "2026-03-28T01:30:00.000Z",
    "2026-03-29T01:30:00.000Z",
    "2026-03-30T00:30:00.000Z",
  ]);
  const weeks = time({ unit: "week", every: 2, from: "2026-03-16" });
  expect(dueOf(weeks, 1)).toBe("2026-03-30T06:00:00.000Z");
});

test("[MN10] what would be due while no shift is planned is due when the next one begins", () => {
  const calendar = createShiftCalendar([{ name: "Early", startMinute: 360, endMinute: 840, days: [1, 2, 3, 4, 5], breaks: [] }], offset);
  // Saturday
  const trigger = time({ unit: "week", from: "2026-11-28", minute: 480, inShift: true });
  expect(new Date(dueOfCycle(trigger, 0, offset, calendar) / 1_000).toISOString()).toBe("2026-11-30T05:00:00.000Z");
  const monday = time({ unit: "week", from: "2026-11-30", minute: 480, inShift: true });
  expect(new Date(dueOfCycle(monday, 0, offset, calendar) / 1_000).toISOString()).toBe("2026-11-30T07:00:00.000Z");
});

test("[MN10] the newest cycle that is open by now, for every kind of interval, with and without days before", () => {
  for (const unit of ["day", "week", "month"] as const)
    for (const every of [1, 2, 7])
      for (const leadDays of [0, 3]) {
        const trigger = time({ unit, every, leadDays });
        for (let cycle = 0; cycle < 40; cycle += 3) {
          const opens = dueOfCycle(trigger, cycle, offset, undefined) - leadDays * DAY;
          expect(cycleByTime(trigger, opens, offset, undefined)).toBe(cycle);
          expect(cycleByTime(trigger, opens - 1, offset, undefined)).toBe(cycle === 0 ? undefined : cycle - 1);
        }
      }
});

test("[MN11] a cycle opens once: not while an earlier one is open, not again after a clock was set back or a count fell, not when the work was done since", () => {
  expect(opensOrder(3, [], false)).toBe(true);
  // the work was done before the plan knew of any order: of a plan that is new
  expect(opensOrder(3, [], true)).toBe(true);
  expect(opensOrder(3, [{ cycle: 2 }], false)).toBe(false);
  expect(opensOrder(3, [{ cycle: 3, endedAt: 9 }], false)).toBe(false);
  expect(opensOrder(2, [{ cycle: 3, endedAt: 9 }], false)).toBe(false);
  expect(opensOrder(3, [{ cycle: 2, endedAt: 9 }], true)).toBe(false);
  expect(opensOrder(3, [{ cycle: 2, endedAt: 9 }], false)).toBe(true);
});

test("[MN12] the next due date is what remains over the rate, with the interval of a band around what is used in so many days", () => {
  // mean 100, deviation 10 of 5 days: t(0.975, 4) = 2.776445, w = t²·s²
  const daily = [90, 110, 100, 95, 105];
  const found = predicted(1_000, daily)!;
  expect(found).toMatchObject({ perDay: 100, n: 5, days: 10 });
  const s2 = (100 + 100 + 0 + 25 + 25) / 4;
  const w = 2.7764451051977987 ** 2 * s2;
  for (const [days, side] of [
    [found.low, 1],
    [found.high!, -1],
  ] as const)
    expect(days * 100 + side * Math.sqrt(w * (days + days ** 2 / 5))).toBeCloseTo(1_000, 6);
  expect(found.low).toBeLessThan(10);
  expect(found.high).toBeGreaterThan(10);
  // always the same: no spread, no interval
  expect(predicted(300, [100, 100, 100])).toMatchObject({ days: 3, low: 3, high: 3 });
  // so little is known that it may never be reached
  expect(predicted(300, [0, 200])!.high).toBeUndefined();
  expect(predicted(300, [100])).toBeUndefined();
  expect(predicted(300, [0, 0, 0])).toBeUndefined();
  expect(predicted(0, daily)).toMatchObject({ days: 0, low: 0, high: 0 });
});
