import type { PlantView } from "@doppelwerk/kit/server";
import { DAY, HOUR, LIVE, quality, type Instant } from "@doppelwerk/world";
import type { MeterSample } from "../model/counted-energy.ts";
import type { Meter } from "./meters.ts";

/** Readings of a meter in [from, to), with one before and one after where there are any. */
export async function readingsOf(
  { history }: PlantView,
  { signal }: Pick<Meter, "signal">,
  from: Instant,
  to: Instant,
): Promise<readonly MeterSample[]> {
  const key = { branch: LIVE, signal: signal.id };
  const samples: MeterSample[] = [];
  const [before] = await history.at([key], from);
  if (before !== undefined && before.quality !== quality.bad && Number.isFinite(before.value))
    samples.push({ time: Math.min(before.time, from), value: before.value });
  for (let begin = from; begin < to; begin += DAY) add(await history.raw(key, begin, Math.min(begin + DAY, to)), samples);
  // the reading behind the end says how much of it was before
  add(await history.raw(key, to, to + HOUR, 1), samples);
  return samples;
}

function add({ times, values, qualities }: Awaited<ReturnType<PlantView["history"]["raw"]>>, samples: MeterSample[]): void {
  for (let row = 0; row < times.length; row++)
    if (qualities[row] !== quality.bad && Number.isFinite(values[row])) samples.push({ time: times[row]!, value: values[row]! });
}
