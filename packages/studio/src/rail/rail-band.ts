import type { Rail } from "@doppelwerk/client";
import type { Instant } from "@doppelwerk/world";
import { stateLook } from "@doppelwerk/ui";
import { xOf } from "./rail-view.ts";
import type { RailView } from "./rail-view.ts";

export const COLUMN_PIXELS = 2;
const DENSE_BELOW_PIXELS = 7;

/** Shares of what is recorded under two pixels of the band; columns without record (shift gaps) are left out. */
export interface BandColumn {
  readonly x: number;
  readonly running: number;
  readonly failed: number;
  readonly stopped: number;
}

/** Whether segments are too narrow on this scale to be read one by one. */
export function isDense(band: Rail["band"], scale: number): boolean {
  let total: Instant = 0;
  let count = 0;
  for (const segment of band) {
    if (stateLook(segment.state) === "off") continue;
    total += segment.to - segment.from;
    count += 1;
  }
  return count > 0 && total / count / scale < DENSE_BELOW_PIXELS;
}

/** Live, the last segment goes on until something else is known: it grows with now instead of in steps of loading. */
const GROWS_FOR: Instant = 60_000_000;

export function grownBand(rail: Rail, now: Instant, band = rail.band): Rail["band"] {
  const last = band.at(-1);
  if (last === undefined || last.to < rail.now - 5_000_000 || now <= last.to || now - rail.now > GROWS_FOR) return band;
  return [...band.slice(0, -1), { ...last, to: now }];
}

export function bandColumns(band: Rail["band"], view: RailView, end: number): readonly BandColumn[] {
  const count = Math.max(0, Math.ceil(end / COLUMN_PIXELS));
  const sums = Array.from({ length: count }, () => ({ recorded: 0, running: 0, failed: 0, stopped: 0 }));
  for (const segment of band) {
    const look = stateLook(segment.state);
    if (look === "off") continue;
    const left = Math.max(0, xOf(view, segment.from) / COLUMN_PIXELS);
    const right = Math.min(count, xOf(view, Math.min(segment.to, view.now)) / COLUMN_PIXELS);
    for (let column = Math.floor(left); column < right; column += 1) {
      const share = Math.min(right, column + 1) - Math.max(left, column);
      const sum = sums[column]!;
      sum.recorded += share;
      if (look === "running") sum.running += share * segment.share;
      else if (look === "failed") sum.failed += share * segment.share;
      else if (look === "stopped") sum.stopped += share * segment.share;
    }
  }
  return sums.flatMap((sum, index) =>
    sum.recorded < 0.25
      ? []
      : [
          {
            x: index * COLUMN_PIXELS,
            running: sum.running / sum.recorded,
            failed: sum.failed / sum.recorded,
            stopped: sum.stopped / sum.recorded,
          },
        ],
  );
}
