import { SECOND, type Instant } from "@doppelwerk/world";
import type { RecordedSpan } from "./recorded-stops.ts";

/** A span in which a station was recorded as working and counted nothing for longer than expected. */
export interface SilentStop {
  /** When the next unit was expected. */
  readonly from: Instant;
  readonly to: Instant;
}

/** What was read of the counter of a station, in order of time; `value` undefined: it was not known from then on. */
export interface CountReading {
  readonly at: Instant;
  readonly value: number | undefined;
}

/** No silence is shorter. */
const MIN: Instant = 60 * SECOND;
/** Times of the expected interval between two units that are not yet silence. */
const PATIENCE = 3;

/**
 * Between two counts within one span of work lies one expected interval: the ideal one, or the median of those that were counted where that is longer. What is
 * beyond it is silent where the whole interval is longer than three expected ones and than a minute. Where the counter was not known nothing is concluded.
 */
export function silentStops(
  spans: readonly RecordedSpan[],
  readings: readonly CountReading[],
  idealIntervalS: number,
): readonly SilentStop[] {
  const worked = joined(spans.filter(({ state }) => state === "working"));
  const counted = countedAt(readings);
  const known = knownSpans(readings);
  const gaps = worked.flatMap((span) => gapsWithin(span, counted));
  const inner = gaps.filter(({ isInner }) => isInner).map(({ from, to }) => to - from);
  const expected = Math.max(idealIntervalS * SECOND, medianOf(inner) ?? 0);
  return gaps
    .filter(({ from, to }) => to - from > Math.max(MIN, PATIENCE * expected))
    .filter((gap) => known.some(({ from, to }) => from <= gap.from && to >= gap.to))
    .map(({ from, to }) => ({ from: from + expected, to }));
}

interface Gap {
  readonly from: Instant;
  readonly to: Instant;
  /** A unit was counted at both of its ends. */
  readonly isInner: boolean;
}

function gapsWithin({ from, to }: { readonly from: Instant; readonly to: Instant }, counted: readonly Instant[]): readonly Gap[] {
  const inside = counted.filter((at) => at > from && at <= to);
  const ends = [from, ...inside, to];
  return ends.slice(1).map((end, at) => ({ from: ends[at]!, to: end, isInner: at > 0 && at < inside.length }));
}

/** A break between two spans ends the first: nothing was expected in it. */
function joined(spans: readonly RecordedSpan[]): readonly { readonly from: Instant; readonly to: Instant }[] {
  const found: { from: Instant; to: Instant }[] = [];
  for (const { from, to } of spans) {
    const last = found.at(-1);
    if (last?.to === from) last.to = to;
    else found.push({ from, to });
  }
  return found;
}

/** A count that is another one, a counter that began again among them. */
function countedAt(readings: readonly CountReading[]): readonly Instant[] {
  let before: number | undefined;
  return readings.flatMap(({ at, value }) => {
    const isOther = value !== undefined && before !== undefined && value !== before;
    before = value ?? before;
    return isOther ? [at] : [];
  });
}

function knownSpans(readings: readonly CountReading[]): readonly { readonly from: Instant; readonly to: Instant }[] {
  const found: { from: Instant; to: Instant }[] = [];
  for (const [at, { at: from, value }] of readings.entries()) {
    if (value === undefined) continue;
    const to = readings[at + 1]?.at ?? Number.MAX_SAFE_INTEGER;
    const last = found.at(-1);
    if (last?.to === from) last.to = to;
    else found.push({ from, to });
  }
  return found;
}

function medianOf(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
