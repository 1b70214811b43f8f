import { zoneOffsetOf } from "@doppelwerk/operations";
import { DAY, HOUR, MINUTE, SECOND } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { timeOfDevice } from "./device-time.ts";
import { dueSpans, plannedSpans } from "./due.ts";
import type { EntryFact } from "./entry.ts";
import { Check } from "./round-kind.ts";
import { isBeyond, missingChecks, walksOf, type Walk } from "./walks.ts";

const berlin = zoneOffsetOf("Europe/Berlin");
const at = (text: string): number => Date.parse(text) * 1_000;
const iso = (instant: number): string => new Date(instant / 1_000).toISOString();

test("[RD5] days and weeks are those of the clock on the wall, also where it is turned", () => {
  const schedule = { kind: "day", days: [1, 7], from: "22:00", to: "03:30", timeZone: "Europe/Berlin" } as const;
  // the clocks go back on Sunday, 25 October 2026
  expect(
    plannedSpans(schedule, at("2026-10-19T00:00Z"), at("2026-10-27T00:00Z"), berlin).map(({ from, to }) => [iso(from), (to - from) / HOUR]),
  ).toEqual([
    ["2026-10-19T20:00:00.000Z", 5.5],
    ["2026-10-25T21:00:00.000Z", 5.5],
    ["2026-10-26T21:00:00.000Z", 5.5],
  ]);
  const saturday = { ...schedule, days: [6] } as const;
  expect(
    plannedSpans(saturday, at("2026-10-24T00:00Z"), at("2026-10-25T12:00Z"), berlin).map(({ to, from }) => (to - from) / HOUR),
  ).toEqual([6.5]);
  const [week] = plannedSpans({ kind: "week", timeZone: "Europe/Berlin" }, at("2026-10-18T00:00Z"), at("2026-10-20T00:00Z"), berlin);
  expect([iso(week!.from), (week!.to - week!.from) / DAY]).toEqual(["2026-10-18T22:00:00.000Z", 7 + 1 / 24]);
});

test("[RD5] a span is done in time, late, due or missed; a walk belongs to the last span that had begun when it was started", () => {
  const spans = [0, 1, 2, 3].map((day) => ({ from: day * DAY, to: day * DAY + 2 * HOUR }));
  const walk = (name: string, startedAt: number, finishedAt?: number): Walk => ({
    walk: name,
    startedAt,
    points: new Map(),
    ...(finishedAt !== undefined && { finishedAt }),
  });
  const walks = [walk("a", HOUR, 1.5 * HOUR), walk("b", DAY + HOUR, DAY + 3 * HOUR), walk("c", 2 * DAY + HOUR)];
  expect(dueSpans(spans, walks, 3 * DAY + HOUR).map(({ state, walk: name }) => [state, name])).toEqual([
    ["done", "a"],
    ["late", "b"],
    ["missed", "c"],
    ["due", undefined],
  ]);
});

const facts: readonly EntryFact[] = [
  { kind: "started", entry: "1", walk: "w", round: "R", at: 10, known: 100, by: "otto" },
  { kind: "answered", entry: "2", walk: "w", round: "R", point: "p", answers: { oil: 7 }, isScanned: true, at: 20, known: 100 },
  { kind: "answered", entry: "3", walk: "w", round: "R", point: "p", answers: { oil: 5 }, at: 30, known: 100 },
  { kind: "finished", entry: "4", walk: "w", round: "R", at: 40, known: 100 },
] as never;

test("[RD2] [RD6] walks follow from what was said in any order, each once; the last answer of a point counts, and says how often it was given [level: fold]", () => {
  const [walk] = walksOf(facts);
  expect(walk).toMatchObject({ walk: "w", startedAt: 10, finishedAt: 40, by: "otto" });
  expect(walk!.points.get("p")).toMatchObject({ answers: { oil: 5 }, corrected: 1, isScanned: false });
  expect(walksOf([...facts, ...facts].toReversed())).toEqual(walksOf(facts));
  // a phone without network: its start comes last, or never
  expect(walksOf(facts.slice(1))[0]).toMatchObject({ startedAt: 20, finishedAt: 40 });
});

test("[RD7] limits include their ends; a yes or no and a choice are as they should be where that is said", () => {
  const check = (fields: object) => Check.parse({ id: "c", title: { en: "c", zh: "c" }, ...fields });
  const value = check({ kind: "value", low: 4, high: 6 });
  expect([3.99, 4, 6, 6.01].map((each) => isBeyond(value, each))).toEqual([true, false, false, true]);
  expect(isBeyond(check({ kind: "value" }), 9)).toBeUndefined();
  expect(isBeyond(check({ kind: "yesNo", good: false }), true)).toBe(true);
  expect(isBeyond(check({ kind: "yesNo" }), true)).toBeUndefined();
  expect(isBeyond(check({ kind: "choice", choices: ["a", "b"], good: ["a"] }), "b")).toBe(true);
  expect(missingChecks([value, check({ kind: "note", isRequired: false })], {})).toEqual(["c"]);
  for (const wrong of [{ kind: "value", low: 6, high: 4 }, { kind: "choice", choices: ["a"] }, { kind: "rhyme" }])
    expect(Check.safeParse({ id: "c", title: { en: "c", zh: "c" }, ...wrong }).success).toBe(false);
});

test("[RD4] an instant of a device is moved by what its clock is behind, and is never one to come", () => {
  const now = 1_000 * HOUR;
  expect(timeOfDevice(now - HOUR, now + SECOND, now)).toEqual({ at: now - HOUR });
  expect(timeOfDevice(now - 3 * HOUR, now - 2 * HOUR, now)).toEqual({ at: now - HOUR, offset: 2 * HOUR });
  expect(timeOfDevice(now + 5 * MINUTE, now + 5 * MINUTE, now)).toEqual({ at: now, offset: -5 * MINUTE });
  expect(timeOfDevice(now + DAY, now, now)).toEqual({ at: now });
});
