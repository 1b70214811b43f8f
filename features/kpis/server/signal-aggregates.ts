import type { PlantView } from "@doppelwerk/kit/server";
import type { Aggregate } from "@doppelwerk/operations";
import { counterStep, DAY, LIVE, quality, SECOND, type Instant, type RecordId, type SignalRecord } from "@doppelwerk/world";

/** Of a signal over [from, to); undefined where there is none that may be read, or it has no good value there. A counter that falls was reset (P10). */
export async function aggregateOf(
  view: PlantView,
  id: string,
  aggregate: Aggregate,
  from: Instant,
  to: Instant,
): Promise<number | undefined> {
  const signal = view.signal(id);
  if (signal === undefined || from >= to) return undefined;
  const key = { branch: LIVE, signal: id };
  if (aggregate === "rise") return riseOf(view, signal, from, to);
  if (aggregate === "integral") return integralOf(view, signal.id, from, to);
  if (aggregate === "average" || aggregate === "deviation" || aggregate === "recentDeviation")
    return ofSamples(await goodValues(view, signal.id, from, to), aggregate);
  if (aggregate === "first" || aggregate === "last") {
    const [sample] = await view.history.at([key], aggregate === "first" ? from : to - 1);
    return sample === undefined || sample.quality === quality.bad ? undefined : finite(sample.value);
  }
  const buckets = await view.history.buckets(key, from, to, 1);
  if (aggregate === "count") return buckets.count[0] ?? 0;
  const columns = { mean: buckets.mean, minimum: buckets.min, maximum: buckets.max };
  return finite(columns[aggregate][0]);
}

const TOTALISER = { type: "totaliser" } as const;

/** The sum of the increments of a counter, a day at a time. */
async function riseOf({ history }: PlantView, signal: SignalRecord, from: Instant, to: Instant): Promise<number | undefined> {
  const key = { branch: LIVE, signal: signal.id };
  const [before] = await history.at([key], from - 1);
  let last = before === undefined || before.quality === quality.bad ? undefined : finite(before.value);
  let rise = 0;
  for (let begin = from; begin < to; begin += DAY) {
    const { times, values, qualities } = await history.raw(key, begin, Math.min(begin + DAY, to));
    for (let row = 0; row < times.length; row++) {
      const value = values[row]!;
      if (qualities[row] === quality.bad || Number.isNaN(value)) continue;
      if (last !== undefined && value !== last) rise += counterStep(last, value, signal.counter ?? TOTALISER).delta;
      last = value;
    }
  }
  return last === undefined ? undefined : rise;
}

/** More of the span than this may not be unknown. */
const MAX_UNKNOWN = 0.01;

/** The value over time, seconds: each holds until the next. Unknown where it was not known for more than a hundredth of the span. */
async function integralOf({ history }: PlantView, signal: RecordId, from: Instant, to: Instant): Promise<number | undefined> {
  const key = { branch: LIVE, signal };
  const [before] = await history.at([key], from);
  let held = before === undefined || before.quality === quality.bad ? undefined : finite(before.value);
  let [since, sum, unknown] = [from, 0, 0];
  const hold = (until: Instant): void => {
    if (held === undefined) unknown += until - since;
    else sum += (held * (until - since)) / SECOND;
    since = until;
  };
  for (let begin = from; begin < to; begin += DAY) {
    const { times, values, qualities } = await history.raw(key, begin, Math.min(begin + DAY, to));
    for (let row = 0; row < times.length; row++) {
      hold(times[row]!);
      held = qualities[row] === quality.bad ? undefined : finite(values[row]!);
    }
  }
  hold(to);
  return unknown > MAX_UNKNOWN * (to - from) ? undefined : sum;
}

/** So many of the newest samples show what a machine does by itself, before the process drifts. */
const RECENT = 50;

/** Errors: none; undefined where there are too few. */
export function ofSamples(values: readonly number[], aggregate: "average" | "deviation" | "recentDeviation"): number | undefined {
  const taken = aggregate === "recentDeviation" ? values.slice(-RECENT) : values;
  if (taken.length === 0 || (aggregate === "recentDeviation" && taken.length < RECENT)) return undefined;
  const mean = taken.reduce((total, value) => total + value, 0) / taken.length;
  if (aggregate === "average") return mean;
  if (taken.length < 2) return undefined;
  return Math.sqrt(taken.reduce((total, value) => total + (value - mean) ** 2, 0) / (taken.length - 1));
}

async function goodValues({ history }: PlantView, signal: RecordId, from: Instant, to: Instant): Promise<readonly number[]> {
  const good: number[] = [];
  for (let begin = from; begin < to; begin += DAY) {
    const { values, qualities } = await history.raw({ branch: LIVE, signal }, begin, Math.min(begin + DAY, to));
    for (let row = 0; row < values.length; row++)
      if (qualities[row] !== quality.bad && Number.isFinite(values[row])) good.push(values[row]!);
  }
  return good;
}

const finite = (value: number | undefined): number | undefined => (value !== undefined && Number.isFinite(value) ? value : undefined);
