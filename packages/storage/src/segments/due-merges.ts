import { droppedBefore, type Drops } from "./drops.ts";
import type { SegmentFile } from "./segment-file.ts";

/** A segment is written again when more than this part of its rows is no more. */
const REWRITE_FROM = 0.25;
/** A segment of more rows is not merged any further. */
const MAX_ROWS = 400_000_000;

/** Sizes of segments: a tier is `fanIn` times the one before, the first one what is flushed. */
export interface Tiers {
  readonly headRows: number;
  readonly fanIn: number;
}

/** The first neighbours of one size that are as many as the fan-in; none: nothing is due. */
export function dueForMerge(segments: readonly SegmentFile[], tiers: Tiers): readonly SegmentFile[] {
  let start = 0;
  for (let at = 1; at <= segments.length; at++) {
    const tier = tierOf(segments[start]!, tiers);
    if (at < segments.length && tierOf(segments[at]!, tiers) === tier) {
      if (at - start + 1 >= tiers.fanIn && tier < Number.POSITIVE_INFINITY) return segments.slice(start, at + 1);
    } else start = at;
  }
  return [];
}

function tierOf({ rows }: SegmentFile, { headRows, fanIn }: Tiers): number {
  if (rows > MAX_ROWS) return Number.POSITIVE_INFINITY;
  return Math.max(0, Math.round(Math.log(rows / headRows) / Math.log(fanIn)));
}

/** Whether a good part of the rows was dropped, so that the file is worth writing again. */
export function isDueForRewrite({ index, span, rows }: SegmentFile, drops: Drops): boolean {
  let dropped = 0;
  for (const series of drops.keys()) {
    const before = droppedBefore(drops, series, span);
    const { start, end } = index.range(series);
    for (let entry = start; entry < end && index.last(entry) < before; entry++) dropped += index.rows(entry);
  }
  return dropped > rows * REWRITE_FROM;
}
