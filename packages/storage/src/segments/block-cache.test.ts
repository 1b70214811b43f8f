import { expect, test } from "vitest";
import { BlockCache } from "./block-cache.ts";
import { numberColumns, type Columns } from "./columns.ts";
import type { SegmentFile } from "./segment-file.ts";

const ROWS = 100;

/** A segment all of whose blocks have these texts, as long as the others. */
function segmentOf(texts: (row: number) => string | undefined): SegmentFile {
  const rowsOf = (): Columns => ({ count: ROWS, ...numberColumns(ROWS), texts: Array.from({ length: ROWS }, (_, row) => texts(row)) });
  return { name: "1", rowsOf } as unknown as SegmentFile;
}

const heldOf = (cache: BlockCache, segment: SegmentFile, blocks: number): number => {
  for (let entry = 0; entry < blocks; entry++) cache.block(segment, entry);
  return Array.from({ length: blocks }, (_, entry) => cache.has(segment, entry)).filter(Boolean).length;
};

test("[ST61] a long text counts with its length, each different one of a block once: what is kept stays below the bound", () => {
  // 100 texts of 1,000 characters are 100 kB and more: of 500 kB no more than four
  const long = segmentOf((row) => `${row} `.padEnd(1_000, "x"));
  const cache = new BlockCache(500_000);
  expect(heldOf(cache, long, 20)).toBe(4);
  expect(cache.bytes).toBeLessThanOrEqual(500_000);
  // one text in all rows is kept once
  const same = segmentOf(() => "x".repeat(1_000));
  expect(heldOf(new BlockCache(500_000), same, 20)).toBe(20);
});
