import { counterStep, type Instant, type SignalRecord } from "@doppelwerk/world";

export interface MeterSample {
  readonly time: Instant;
  readonly value: number;
}

/** Readings that are further apart than this say nothing of the time between them. */
const MAX_GAP: Instant = 3_600_000_000;
const TOTALISER = { type: "totaliser" } as const;

/**
 * What a meter counted in [from, to), in its own unit. Between two readings it counts evenly; `samples` reach beyond both ends where there are any. Undefined where an end lies more than
 * an hour from a reading, or between two readings that are further apart: nobody knows then what of it was counted inside. A meter that was set back has counted what it shows since.
 */
export function countedEnergy(
  samples: readonly MeterSample[],
  counter: SignalRecord["counter"] | undefined,
  from: Instant,
  to: Instant,
): number | undefined {
  let sum = 0;
  let [isBegun, isEnded] = [false, false];
  for (const [at, { time, value }] of samples.entries()) {
    const before = samples[at - 1];
    if (before === undefined || time <= from || before.time >= to) continue;
    const { delta } = counterStep(before.value, value, counter ?? TOTALISER);
    const [begin, end] = [Math.max(before.time, from), Math.min(time, to)];
    const isCut = begin > before.time || end < time;
    if (isCut && delta > 0 && time - before.time > MAX_GAP) return undefined;
    sum += (delta * (end - begin)) / (time - before.time);
    if (before.time <= from) isBegun = true;
    if (time >= to) isEnded = true;
  }
  const [first, last] = [samples.find(({ time }) => time >= from), samples.at(-1)];
  if (!isBegun && (first === undefined || first.time - from > MAX_GAP)) return undefined;
  if (!isEnded && (last === undefined || to - last.time > MAX_GAP)) return undefined;
  return sum;
}
