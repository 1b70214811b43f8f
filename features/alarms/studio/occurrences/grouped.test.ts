import { SECOND } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { groupedRows, type TableRow } from "./grouped.ts";
import type { ListedOccurrence } from "./listed.ts";

function row(key: string, station: string, afterS: number, more: Partial<ListedOccurrence> = {}): ListedOccurrence {
  return { key, rule: key, station, title: { en: key, zh: key }, priority: 2, state: "acknowledged", raised: afterS * SECOND, ...more };
}
const shown = (rows: readonly TableRow[]): readonly string[] =>
  rows.map((each) =>
    each.kind === "occurrence" ? each.occurrence.key : each.kind === "fold" ? `+${each.count} under ${each.under}` : "returned",
  );

test("[AL82] by station what came within a minute of the one before is folded under the first; another station and no station are not", () => {
  const list = [
    row("a4", "S10", 300),
    row("b1", "S20", 50),
    row("x2", "", 45),
    row("x1", "", 40),
    row("a3", "S10", 110),
    row("a2", "S10", 55),
    row("a1", "S10", 0),
  ];
  expect(shown(groupedRows(list, new Set(), "station"))).toEqual(["a4", "b1", "x2", "x1", "a1", "+2 under a1"]);
  expect(shown(groupedRows(list, new Set(["a1"]), "station"))).toEqual(["a4", "b1", "x2", "x1", "a1", "+2 under a1", "a3", "a2"]);
  expect(shown(groupedRows(list, new Set(), "none"))).toEqual(list.map(({ key }) => key));
  // one that nobody acknowledged and that is more urgent keeps its row
  const urgent = list.map((each) => (each.key === "a3" ? { ...each, priority: 1 as const, state: "unacknowledged" as const } : each));
  expect(shown(groupedRows(urgent, new Set(), "station"))).toEqual(["a4", "b1", "x2", "x1", "a3", "a1", "+1 under a1"]);
});

test("[AL82] [level: bounded] 10,000 alarms of one burst are grouped in their order, none of them lost, by first out and by station", () => {
  const list = Array.from({ length: 10_000 }, (_, n) =>
    row(`k${n}`, `S${n % 50}`, (10_000 - n) / 100, { follows: n === 9_999 ? undefined : "k9999" } as Partial<ListedOccurrence>),
  );
  for (const grouping of ["firstOut", "station"] as const) {
    const rows = groupedRows(list, new Set(), grouping);
    const count = rows.reduce((sum, each) => sum + (each.kind === "fold" ? each.count : 1), 0);
    expect(count).toBe(10_000);
    expect(rows.length).toBe(grouping === "firstOut" ? 2 : 100);
    const all = groupedRows(list, new Set(list.map(({ key }) => key)), grouping).flatMap((each) =>
      each.kind === "occurrence" ? [each.occurrence] : [],
    );
    expect(new Set(all).size).toBe(10_000);
  }
  expect(shown(groupedRows(list, new Set(), "none"))).toEqual(list.map(({ key }) => key));
});
