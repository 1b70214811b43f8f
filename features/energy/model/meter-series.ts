import { HOUR, type Instant, type SignalRecord } from "@doppelwerk/world";
import { meterStep, type MeterSample } from "./counted-energy.ts";
import type { MeterExchange } from "./meter-kind.ts";

/** Readings that are further apart than this do not say when what they counted was used. */
const MAX_READING_GAP: Instant = HOUR;

/** Between two readings: `read`, `untimed` (how much is known, when is not), `unknown` (neither). */
export const SPAN_KINDS = { read: 0, untimed: 1, unknown: 2 } as const;

/** What a meter counted, in columns: row i is a reading, `amounts[i]` what was counted from the reading before it, `kinds[i]` how well that is known. */
export interface MeterSeries {
  readonly times: Float64Array;
  readonly amounts: Float64Array;
  readonly kinds: Uint8Array;
}

export interface SeriesOptions {
  readonly counter: SignalRecord["counter"] | undefined;
  /** Base units in one unit of the meter. */
  readonly factor: number;
  readonly exchanges?: readonly MeterExchange[] | undefined;
}

/** Readings in order of time as columns. A roll-over counts on, a reset counts what is shown since, an exchange counts as its document says. */
export function meterSeries(samples: readonly MeterSample[], { counter, factor, exchanges = [] }: SeriesOptions): MeterSeries {
  const times = new Float64Array(samples.length);
  const amounts = new Float64Array(samples.length);
  const kinds = new Uint8Array(samples.length);
  let next = 0;
  for (const [row, { time, value }] of samples.entries()) {
    times[row] = time;
    const before = samples[row - 1];
    if (before === undefined) continue;
    while (next < exchanges.length && exchanges[next]!.at <= before.time) next++;
    let [last, delta] = [before.value, 0 as number | undefined];
    for (; next < exchanges.length && exchanges[next]!.at <= time; next++) {
      const step = meterStep(last, exchanges[next]!.last, counter);
      delta = step === undefined || delta === undefined ? undefined : delta + step;
      last = exchanges[next]!.first;
    }
    const step = meterStep(last, value, counter);
    const counted = step === undefined || delta === undefined ? undefined : delta + step;
    amounts[row] = (counted ?? 0) * factor;
    const isWide = time - before.time > MAX_READING_GAP && (counted ?? 0) > 0;
    kinds[row] = counted === undefined ? SPAN_KINDS.unknown : isWide ? SPAN_KINDS.untimed : SPAN_KINDS.read;
  }
  return { times, amounts, kinds };
}

/** Median distance of readings, seconds: a state that is shorter is given its share of time, not what it used. Undefined with less than two. */
export function readingIntervalS({ times }: MeterSeries): number | undefined {
  if (times.length < 2) return undefined;
  const distances = new Float64Array(times.length - 1);
  for (let row = 1; row < times.length; row++) distances[row - 1] = (times[row]! - times[row - 1]!) / 1e6;
  return distances.toSorted()[Math.floor(distances.length / 2)];
}
