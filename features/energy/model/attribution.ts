import { SPAN_KINDS, type MeterSeries } from "./meter-series.ts";

/** What a meter counted in each cut of a timeline, in base units. */
export interface CutAmounts {
  /** As far as it is known when it was used. */
  readonly amounts: Float64Array;
  /** Microseconds of each cut of which that is not known. */
  readonly unknown: Float64Array;
  /** Counted between two readings that are too far apart to say when, both within the timeline. */
  readonly untimed: number;
  /** Microseconds of which nobody knows how much was used. */
  readonly unknownUs: number;
}

/**
 * Integrates a meter by the bounds of cuts, in one pass: between two readings it counts evenly. Before the first and after the last reading nothing is known,
 * and what was counted in a gap is either timed by nobody, or where the gap reaches out of the timeline not known either.
 */
export function cutAmounts({ times, amounts: counted, kinds }: MeterSeries, bounds: Float64Array): CutAmounts {
  const cuts = Math.max(0, bounds.length - 1);
  const [amounts, unknown] = [new Float64Array(cuts), new Float64Array(cuts)];
  let [untimed, unknownUs, cut] = [0, 0, 0];
  const [from, to] = [bounds[0]!, bounds[cuts]!];
  /** Gives [begin, end) to the cuts that it lies in; `amount` of it per microsecond, or undefined where it is not known. */
  const give = (begin: number, end: number, perUs: number | undefined): void => {
    while (cut > 0 && bounds[cut]! > begin) cut--;
    for (let at = begin; at < end;) {
      while (cut < cuts - 1 && bounds[cut + 1]! <= at) cut++;
      const until = Math.min(end, bounds[cut + 1]!);
      if (perUs === undefined) unknown[cut]! += until - at;
      else amounts[cut]! += perUs * (until - at);
      at = until;
    }
  };
  const [first, last] = times.length === 0 ? [to, to] : [times[0]!, times.at(-1)!];
  const leave = (begin: number, end: number): void => {
    const [a, b] = [Math.max(begin, from), Math.min(end, to)];
    if (b <= a) return;
    give(a, b, undefined);
    unknownUs += b - a;
  };
  leave(from, Math.min(first, to));
  for (let row = 1; row < times.length; row++) {
    const [begin, end] = [times[row - 1]!, times[row]!];
    if (end < from || begin >= to) continue;
    const [a, b] = [Math.max(begin, from), Math.min(end, to)];
    if (end === begin) {
      // two readings of one instant: it belongs to the cut that begins there
      if (begin >= from && kinds[row] === SPAN_KINDS.read && counted[row]! > 0) amounts[cutAt(bounds, begin)]! += counted[row]!;
      continue;
    }
    if (b <= a) continue;
    if (kinds[row] === SPAN_KINDS.read) give(a, b, counted[row]! / (end - begin));
    else if (kinds[row] === SPAN_KINDS.untimed && begin >= from && end <= to) {
      untimed += counted[row]!;
      give(a, b, undefined);
    } else leave(a, b);
  }
  leave(Math.max(last, from), to);
  return { amounts, unknown, untimed, unknownUs };
}

function cutAt(bounds: Float64Array, at: number): number {
  let [low, high] = [0, bounds.length - 2];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (bounds[middle]! <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Sums of a column by label; `NO_LABEL` is left out. */
export function sumsByLabel(values: Float64Array, labels: Int32Array, count: number): Float64Array {
  const sums = new Float64Array(count);
  for (let cut = 0; cut < values.length; cut++) if (labels[cut]! >= 0) sums[labels[cut]!]! += values[cut]!;
  return sums;
}

/** What several meters of one place counted: where one of them does not know a cut, none of it is known. */
export function addedCuts(all: readonly CutAmounts[]): CutAmounts {
  const [first, ...others] = all;
  const cuts = first?.amounts.length ?? 0;
  const [amounts, unknown] = [Float64Array.from(first?.amounts ?? []), Float64Array.from(first?.unknown ?? [])];
  for (const other of others)
    for (let cut = 0; cut < cuts; cut++) {
      amounts[cut]! += other.amounts[cut]!;
      unknown[cut] = Math.max(unknown[cut]!, other.unknown[cut]!);
    }
  return {
    amounts,
    unknown,
    untimed: all.reduce((sum, { untimed }) => sum + untimed, 0),
    unknownUs: all.reduce((most, { unknownUs }) => Math.max(most, unknownUs), 0),
  };
}
