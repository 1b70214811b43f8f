import { DAY, HOUR, MINUTE } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { alarmFindings, type CountedOccurrence } from "./alarm-findings.ts";

const FROM = 1_000 * DAY;
const occurrence = (rule: string, minute: number, more: Partial<CountedOccurrence> = {}): CountedOccurrence => ({
  rule,
  title: { en: rule, zh: rule },
  priority: 3,
  raised: FROM + minute * MINUTE,
  returned: FROM + (minute + 1) * MINUTE,
  ...more,
});

test("[AL38] a day with one flood: 12 alarms within 6 minutes, and 8 at other times", () => {
  const flood = Array.from({ length: 12 }, (_, at) => occurrence(at % 2 === 0 ? "film" : "kit", 600 + at / 2));
  const others = Array.from({ length: 8 }, (_, at) => occurrence("spindle", 60 + at * 60, { priority: at === 0 ? 1 : 2 }));
  const found = alarmFindings([...flood, ...others], FROM, FROM + DAY, 2);
  expect(found.count).toBe(20);
  expect(found.per10Min).toBeCloseTo(20 / 144, 9);
  expect(found.floods.map(({ count }) => count)).toEqual([12]);
  // from its first alarm until fewer than 5 are left in ten minutes: the fifth from the end was raised after 3.5 minutes more
  expect(found.floodShare).toBeCloseTo((3.5 + 10) / 1_440, 9);
  expect(found.columns).toHaveLength(144);
  expect(found.columns[60]).toBe(12);
  expect(found.columns.filter((count) => count > 0)).toHaveLength(9);
  expect(found.rules.map(({ rule, count, upTo }) => [rule, count, upTo])).toEqual([
    ["spindle", 8, 0.4],
    ["film", 6, 0.7],
  ]);
  expect(found.split.map(({ priority, count, share, aim }) => [priority, count, share, aim])).toEqual([
    [1, 1, 0.05, 0.05],
    [2, 7, 0.35, 0.15],
    [3, 12, 0.6, 0.8],
  ]);
});

test("[AL38] chattering rules raise three within a minute, stale alarms are active for more than a day; diagnostics have no part in the split", () => {
  const chatter = [0, 0.4, 0.9].map((minute) => occurrence("valve", 1_500 + minute));
  const active = { returned: undefined };
  const found = alarmFindings(
    [...chatter, occurrence("old", 10, active), occurrence("new", 2_000, active), occurrence("clock", 1_700, { priority: 4 })],
    FROM + DAY,
    FROM + 2 * DAY,
    10,
  );
  expect([found.chattering, found.stale, found.count]).toEqual([1, 1, 5]);
  expect(found.split.map(({ count }) => count)).toEqual([0, 0, 4]);
});

test("[AL38] a long span has at most 144 columns, each with the busiest ten minutes of it; a span without alarms has no share", () => {
  const found = alarmFindings([occurrence("a", 5), occurrence("b", 6), occurrence("a", 35)], FROM, FROM + 30 * DAY, 10);
  expect(found.columns.length).toBeLessThanOrEqual(144);
  expect(found.columns[0]).toBe(2);
  const none = alarmFindings([], FROM, FROM + HOUR, 10);
  expect([none.count, none.floodShare, none.rules.length, none.columns.length]).toEqual([0, 0, 0, 6]);
  expect(none.split.every(({ share }) => share === 0)).toBe(true);
});
