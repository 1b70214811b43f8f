import type { Extent, History, WantedSignal } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { foldedShare, recordedRows } from "./past-reader.ts";

const signals = ["a", "b", "c"].map((id) => ({ id }) as WantedSignal);
const historyOf = (extents: Readonly<Record<string, Extent>>): History =>
  ({ extent: async ({ signal }: { readonly signal: string }) => extents[signal] }) as never;

test("[SV174] the share of a derivation is that of its samples: weeks of minutes count as what they hold, and so do hours of seconds", async () => {
  const history = historyOf({ a: { first: 0, last: 100, count: 30 }, b: { first: 90, last: 100, count: 970 } });
  const rows = await recordedRows(history, signals, 0);
  expect(rows).toBe(1_000);
  const span = { begin: 0, end: 100, rows };
  expect(foldedShare(span, { to: 90, rows: 27 })).toBe(0.027);
  expect(foldedShare(span, { to: 95, rows: 513 })).toBe(0.513);
  // what came meanwhile is folded too
  expect(foldedShare(span, { to: 100, rows: 1_004 })).toBe(1);
});

test("[SV174] of a part of a series the number is not known: there it is the share of the time", async () => {
  expect(await recordedRows(historyOf({ a: { first: 0, last: 100, count: 30 } }), signals, 50)).toBeUndefined();
  expect(foldedShare({ begin: 50, end: 100, rows: undefined }, { to: 75, rows: 3 })).toBe(0.5);
  expect(foldedShare({ begin: 50, end: 100, rows: 0 }, { to: 75, rows: 0 })).toBe(0.5);
});
