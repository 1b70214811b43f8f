import type { PlantView } from "@doppelwerk/kit/server";
import type { Aggregate } from "@doppelwerk/operations";
import { counterStep, DAY, LIVE, quality, type Instant, type SignalRecord } from "@doppelwerk/world";

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

const finite = (value: number | undefined): number | undefined => (value !== undefined && Number.isFinite(value) ? value : undefined);
