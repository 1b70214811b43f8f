import { HOUR } from "@doppelwerk/kit";
import { expect, test } from "vitest";
import { Qualified, validityOn } from "./qualified.ts";
import { findingsOf, type RosterRules } from "./roster-checks.ts";
import type { RosterFields, RosterPlace } from "./roster-kind.ts";
import { workingTimeHints } from "./working-time.ts";

const at = (text: string): number => Date.parse(text) * 1_000;
const place = (station: string, worker?: string): RosterPlace => ({ line: "Line1", station, role: "operator", ...(worker && { worker }) });
const shift = (date: string, name: string, from: string, hours: number, places: readonly RosterPlace[]): RosterFields => ({
  date,
  shift: name,
  from: at(from),
  to: at(from) + hours * HOUR,
  edition: 1,
  places,
});
const rules = (more: Partial<RosterRules> = {}): RosterRules => ({
  requirements: [{ station: "S10", skill: "weld", level: 2, people: 2 }],
  qualified: new Qualified([
    { worker: "P1", skill: "weld", level: 3, validUntil: "2026-11-30" },
    { worker: "P2", skill: "weld", level: 1 },
    { worker: "P3", skill: "weld", level: 4, validUntil: "2026-11-29" },
    { worker: "P4", skill: "weld", level: 2 },
  ]),
  isWorker: (worker) => worker !== "P99",
  isStation: (station) => station !== "S99",
  ...more,
});

test("[PE1] a qualification holds on its first and its last day, is marked within 30 days of its end, and holds no longer afterwards", () => {
  const own = { worker: "P1", skill: "weld", level: 2, validFrom: "2026-11-02", validUntil: "2026-12-31" };
  expect(["2026-11-01", "2026-11-02", "2026-11-30", "2026-12-01", "2026-12-31", "2027-01-01"].map((day) => validityOn(own, day))).toEqual([
    "notYet",
    "valid",
    "valid",
    "expiring",
    "expiring",
    "expired",
  ]);
  expect(validityOn({ worker: "P1", skill: "weld", level: 2 }, "2099-01-01")).toBe("valid");
});

test("[PE5] a station whose skill too few have is one finding, with how many there are; who ran out is named, who learns does not count", () => {
  const early = shift("2026-11-30", "Early", "2026-11-30T05:00:00Z", 8, [place("S10", "P1"), place("S10", "P2"), place("S10", "P3")]);
  expect(findingsOf(early, [early], rules())).toEqual([
    { kind: "uncovered", station: "S10", skill: "weld", level: 2, needed: 2, have: 1 },
    { kind: "expired", station: "S10", worker: "P3", skill: "weld", day: "2026-11-29" },
  ]);
  const covered = { ...early, places: [place("S10", "P1"), place("S10", "P4")] };
  expect(findingsOf(covered, [covered], rules())).toEqual([]);
});

test("[PE5] one person at two stations or in two shifts at once, a repeated place, an empty one, and names that nobody knows are one finding each", () => {
  const early = shift("2026-11-30", "Early", "2026-11-30T05:00:00Z", 8, [
    place("S20", "P1"),
    place("S30", "P1"),
    place("S30", "P2"),
    place("S30", "P2"),
    place("S40"),
    place("S40"),
    place("S99", "P99"),
  ]);
  const other = shift("2026-11-30", "Extra", "2026-11-30T12:00:00Z", 4, [place("S20", "P2")]);
  const later = shift("2026-11-30", "Late", "2026-11-30T13:00:00Z", 8, [place("S20", "P1")]);
  expect(findingsOf(early, [early, other, later], rules())).toEqual([
    { kind: "emptyPlace", station: "S40", needed: 2 },
    { kind: "twoStations", worker: "P1", station: "S20", other: "S30" },
    { kind: "duplicate", worker: "P2", station: "S30" },
    { kind: "twoShifts", worker: "P2", other: "Extra", day: "2026-11-30" },
    { kind: "unknownWorker", worker: "P99" },
    { kind: "unknownStation", station: "S99" },
  ]);
});

test("[PE5] with a rotation each part of the shift is covered by itself, and one person at two stations after each other is no finding", () => {
  const from = at("2026-11-30T05:00:00Z");
  const part = (station: string, worker: string, begin: number, end: number): RosterPlace => ({
    ...place(station, worker),
    from: from + begin * HOUR,
    to: from + end * HOUR,
  });
  const needsOne = rules({ requirements: [{ station: "S10", skill: "weld", level: 2, people: 1 }] });
  const early = shift("2026-11-30", "Early", "2026-11-30T05:00:00Z", 8, [
    part("S10", "P1", 0, 4),
    part("S20", "P2", 0, 4),
    part("S10", "P2", 4, 8),
    part("S20", "P1", 4, 8),
  ]);
  expect(findingsOf(early, [early], needsOne)).toMatchObject([{ kind: "uncovered", station: "S10", have: 0 }]);
});

test("[PE6] less than 11 hours between two shifts and more than 48 hours in a week are hints; 11 and 48 are none, a break is no rest", () => {
  const late = shift("2026-11-30", "Late", "2026-11-30T14:00:00Z", 8, [place("S10", "P1"), place("S10", "P2")]);
  const early = shift("2026-12-01", "Early", "2026-12-01T06:00:00Z", 8, [place("S10", "P1")]);
  const eleven = shift("2026-12-01", "Day", "2026-12-01T09:00:00Z", 8, [place("S10", "P2")]);
  expect(workingTimeHints([late, early, eleven])).toEqual([{ kind: "rest", worker: "P1", hours: 8, from: late.to, to: early.from }]);
  const week = (hours: number) =>
    ["2026-11-30", "2026-12-01", "2026-12-02", "2026-12-03", "2026-12-04", "2026-12-05"].map((date) =>
      shift(date, "Early", `${date}T06:00:00Z`, hours, [place("S10", "P1")]),
    );
  expect(workingTimeHints(week(8))).toEqual([]);
  expect(workingTimeHints(week(9))).toEqual([{ kind: "week", worker: "P1", hours: 54, monday: "2026-11-30" }]);
  const halves = [
    shift("2026-11-30", "A", "2026-11-30T06:00:00Z", 4, [place("S10", "P1")]),
    shift("2026-11-30", "B", "2026-11-30T10:30:00Z", 4, [place("S10", "P1")]),
  ];
  expect(workingTimeHints(halves)).toEqual([]);
});
