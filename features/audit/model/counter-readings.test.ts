import { quality, type SampleColumns } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { rawReadings } from "./counter-readings.ts";

/** Rows of time, text and quality. */
function columnsOf(rows: readonly (readonly [number, string, number?])[]): SampleColumns {
  return {
    times: Float64Array.from(rows.map(([at]) => at)),
    values: Float64Array.from(rows.map(() => Number.NaN)),
    texts: new Map(rows.map(([, text], row) => [row, text])),
    qualities: Uint8Array.from(rows.map(([, , of]) => of ?? quality.good)),
  } as unknown as SampleColumns;
}

test("[AU3] of a signal of texts: what it held at the beginning and each change, bad and repeated samples left out, the number whole where the list is not", () => {
  const rows = [
    [110, "WM7"],
    [120, "WM8"],
    [130, "WD8", quality.bad],
    [140, "WM8"],
    [150, "WM7"],
  ] as const;
  const read = rawReadings(columnsOf(rows), { from: 100, isHeld: true, beforeText: { at: 40, text: "WM7" } });
  expect(read.texts).toEqual([
    { at: 40, text: "WM7" },
    { at: 120, text: "WM8" },
    { at: 150, text: "WM7" },
  ]);
  expect([read.textCount, read.samples, read.bad, read.first]).toEqual([3, 5, 1, undefined]);
  const many = Array.from({ length: 300 }, (_, row) => [200 + row, String(row)] as const);
  expect(rawReadings(columnsOf(many), { from: 100, isHeld: true })).toMatchObject({ textCount: 300, texts: { length: 200 } });
  expect(rawReadings(columnsOf(many), { from: 100 }).texts).toBeUndefined();
});
