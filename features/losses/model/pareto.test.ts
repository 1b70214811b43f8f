import { MINUTE } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { paretoRows, type LossEntry, type ParetoBy } from "./pareto.ts";

const loss = (station: string, state: string, minutes: number, more: Partial<LossEntry> = {}): LossEntry => ({
  station,
  state,
  isConstraint: station === "C",
  seconds: minutes * 60,
  ...(station === "C" && { units: minutes }),
  count: 1,
  longest: [{ station, from: 0, to: minutes * MINUTE }],
  ...more,
});
const ENTRIES = [
  loss("C", "failed", 10, { reason: "technical.jam", product: "A" }),
  loss("C", "failed", 5, { product: "B" }),
  loss("C", "starved", 8, { waitsFor: "S1", waitState: "failed", product: "A" }),
  loss("C", "microStop", 3, { product: "A" }),
  loss("C", "silent", 4),
  loss("C", "speed", 6, { longest: [], count: 0 }),
  loss("S1", "failed", 20, { reason: "technical.jam" }),
  loss("S1", "microStop", 2),
];
const shown = (by: ParetoBy) =>
  paretoRows(ENTRIES, [], by, "C").map(({ isConstraint, seconds, station, state, reason, product, waitsFor }) =>
    [isConstraint ? "" : "other", seconds / 60, station, state, reason, product, waitsFor]
      .filter((each) => each !== undefined)
      .join(" ")
      .trim(),
  );

test("[LS15] losses are grouped by reason, station, state or product; micro-stops, speed and silent stops are rows of their own, and other stations are marked", () => {
  expect(shown("reason")).toEqual([
    "10 technical.jam",
    "8 starved S1",
    "6 speed",
    "5 failed",
    "4 silent",
    "3 microStop",
    "other 20 technical.jam",
    "other 2 microStop",
  ]);
  expect(shown("station")).toEqual(["15 C", "8 S1", "6 C speed", "4 C silent", "3 C microStop", "other 20 S1", "other 2 S1 microStop"]);
  expect(shown("state")).toEqual(["15 failed", "8 starved", "6 speed", "4 silent", "3 microStop", "other 20 failed", "other 2 microStop"]);
  expect(shown("product")).toEqual(["18 A", "6 speed", "5 B", "4 silent", "3 microStop", "other 20", "other 2 microStop"]);
});

test("[LS15] however they are grouped the rows of the constraint add up to the same, other stations have no units", () => {
  for (const by of ["reason", "station", "state", "product"] as const) {
    const rows = paretoRows(ENTRIES, ENTRIES.slice(0, 3), by, "C");
    const sum = (of: (row: (typeof rows)[number]) => number) =>
      rows.filter(({ isConstraint }) => isConstraint).reduce((total, row) => total + of(row), 0);
    expect([sum(({ seconds }) => seconds), sum(({ units = 0 }) => units), sum(({ before }) => before.seconds)]).toEqual([
      36 * 60,
      36,
      23 * 60,
    ]);
    expect(rows.some(({ isConstraint, units }) => !isConstraint && units !== undefined)).toBe(false);
  }
});

test("[LS15] a row has its longest occurrences, and one of the period before alone stays with nothing now", () => {
  const many = Array.from({ length: 9 }, (_, n) => loss("C", "failed", n + 1));
  const [row] = paretoRows(many, [], "state", "C");
  expect(row!.longest.map(({ to }) => to / MINUTE)).toEqual([9, 8, 7, 6, 5]);
  expect([row!.seconds / 60, row!.count]).toEqual([45, 9]);
  expect(paretoRows([], [loss("C", "failed", 7)], "state", "C")).toMatchObject([
    { seconds: 0, count: 0, before: { seconds: 420, count: 1 } },
  ]);
});
