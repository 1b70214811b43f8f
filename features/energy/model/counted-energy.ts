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
 * an hour from a reading, or between two readings that are further apart: nobody knows then what of it was counted inside.
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
    const delta = meterStep(before.value, value, counter);
    if (delta === undefined) return undefined;
    const [begin, end] = [Math.max(before.time, from), Math.min(time, to)];
    const isCut = begin > before.time || end < time;
    if (isCut && delta > 0 && time - before.time > MAX_GAP) return undefined;
    // two readings of one instant
    sum += time === before.time ? delta : (delta * (end - begin)) / (time - before.time);
    if (before.time <= from) isBegun = true;
    if (time >= to) isEnded = true;
  }
  const [first, last] = [samples.find(({ time }) => time >= from), samples.at(-1)];
  if (!isBegun && (first === undefined || first.time - from > MAX_GAP)) return undefined;
  if (!isEnded && (last === undefined || to - last.time > MAX_GAP)) return undefined;
  return sum;
}

/** The part of [from, to) that readings lie around; empty where there are none. */
export function readSpan(samples: readonly MeterSample[], from: Instant, to: Instant): { readonly from: Instant; readonly to: Instant } {
  return { from: Math.max(from, samples[0]?.time ?? to), to: Math.min(to, samples.at(-1)?.time ?? from) };
}

/** Falls of less than this share are a meter that forgot its last readings; below a tenth it began anew at nothing. */
const [FORGOT, ANEW] = [0.01, 0.1];

/** What was counted from one reading to the next. Undefined: it was set to another number, and nobody knows what it counted meanwhile. */
export function meterStep(before: number, value: number, counter: SignalRecord["counter"] | undefined): number | undefined {
  const { kind, delta } = counterStep(before, value, counter ?? TOTALISER);
  if (kind !== "reset") return delta;
  if (value >= before * (1 - FORGOT)) return 0;
  return value < before * ANEW ? delta : undefined;
}
