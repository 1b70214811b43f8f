import type { Instant } from "@doppelwerk/world";

/** A stretch of a trend in which samples come about so often. */
export interface SampleDensity {
  readonly from: Instant;
  readonly everyS: number;
}

/** Groups of buckets whose counts are compared: fewer see no change, more see noise. */
const GROUPS = 48;
/** Groups on either side that must agree. */
const SIDE = 3;
/** From then on a curve has another shape for what is the same at the plant. */
const FACTOR = 4;
/** A signal whose density changes more often has none of its own: it is sent when it changes. */
const MAX_CHANGES = 4;
const SECOND = 1_000_000;

/**
 * Where the density of the samples of a trend changed at least fourfold and stayed so: the stretches, the first one too. None where it did not change, or
 * changes all the time as with values that are sent on change. Times without samples are gaps, not a density.
 */
export function sampleDensities({
  from,
  width,
  count,
}: {
  readonly from: Instant;
  readonly width: number;
  readonly count: ArrayLike<number>;
}): readonly SampleDensity[] {
  const size = Math.max(1, Math.ceil(count.length / GROUPS));
  const groups: { readonly at: number; readonly perS: number }[] = [];
  for (let at = 0; at + size <= count.length; at += size) {
    let sum = 0;
    for (let bucket = at; bucket < at + size; bucket++) sum += count[bucket]!;
    if (sum > 0) groups.push({ at, perS: (sum * SECOND) / (size * width) });
  }
  const changes: { at: number; ratio: number }[] = [];
  for (let group = SIDE; group + SIDE <= groups.length; group++) {
    const before = groups.slice(group - SIDE, group).map(({ perS }) => perS);
    const after = groups.slice(group, group + SIDE).map(({ perS }) => perS);
    // every one of one side is that much denser than every one of the other
    const ratio = Math.max(Math.min(...after) / Math.max(...before), Math.min(...before) / Math.max(...after));
    if (ratio < FACTOR) continue;
    const last = changes.at(-1);
    if (last !== undefined && group - last.at < SIDE) {
      if (ratio > last.ratio) changes[changes.length - 1] = { at: group, ratio };
    } else changes.push({ at: group, ratio });
  }
  if (changes.length === 0 || changes.length > MAX_CHANGES) return [];
  const starts = [0, ...changes.map(({ at }) => at)];
  return starts.map((start, n) => {
    const own = groups.slice(start, starts[n + 1]);
    const perS = own.reduce((sum, group) => sum + group.perS, 0) / own.length;
    return { from: n === 0 ? from : from + groups[start]!.at * width, everyS: Number((1 / perS).toPrecision(3)) };
  });
}
