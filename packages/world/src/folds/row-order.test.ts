import { expect, test } from "vitest";
import { chance } from "./folds.fixture.ts";
import { orderOfRows } from "./row-order.ts";

test("[FD3] rows of any runs come in order of time, then of slot, then as they came", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const next = chance(seed);
    const count = Math.floor(next() * 60);
    const runs = 1 + Math.floor(next() * 8);
    const rows = Array.from({ length: count }, (_, row) => ({
      row,
      // times ascend within a run, and many are the same
      time: Math.floor(((row * runs) % Math.max(1, count)) / 3),
      slot: Math.floor(next() * 3),
    }));
    const columns = { time: Float64Array.from(rows, ({ time }) => time), slot: Int32Array.from(rows, ({ slot }) => slot) };
    const expected = rows.toSorted((a, b) => a.time - b.time || a.slot - b.slot || a.row - b.row).map(({ row }) => row);
    expect([...orderOfRows(columns, count)], `seed ${seed}`).toEqual(expected);
  }
});
