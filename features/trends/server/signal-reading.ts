import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import { samplesOf } from "@doppelwerk/storage/samples-file";
import {
  LIVE,
  originsOfMask,
  quality,
  SECOND,
  type Buckets,
  type Instant,
  type Origin,
  type RecordId,
  type SignalRecord,
} from "@doppelwerk/world";
import type {} from "../message-codes.ts";

/** Samples that one question reads. */
export const MAX_SAMPLES = 12_000_000;

export interface Stretch {
  readonly from: Instant;
  readonly to: Instant;
}

/** Of numbers; DW_NOT_FOUND also for one that may not be read. */
export function numericSignal(view: PlantView, id: RecordId): SignalRecord {
  const signal = view.signal(id);
  if (signal === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("trends.noSignal", { id: id.slice(0, 200) }));
  if (signal.valueType !== "double" && signal.valueType !== "integer")
    throw new DoppelwerkError("DW_INVALID", message("trends.notNumeric", { name: signal.name }));
  return signal;
}

export interface Extent {
  readonly count: number;
  /** Of all samples in it, simulated and replayed ones first. */
  readonly origins: readonly Origin[];
}

/** How much there is to read. Throws DW_INVALID where it is too much, and where samples of the period are no more. */
export async function extentOf(view: PlantView, signal: SignalRecord, { from, to }: Stretch, most = MAX_SAMPLES): Promise<Extent> {
  const { count, origins, thinnedBefore } = await view.history.buckets({ branch: LIVE, signal: signal.id }, from, to, 1);
  const stored = count[0] ?? 0;
  if (stored > most) throw new DoppelwerkError("DW_INVALID", message("trends.tooManySamples", { count: stored, max: most }));
  if (thinnedBefore !== undefined && thinnedBefore > from)
    throw new DoppelwerkError("DW_INVALID", message("trends.thinned", { before: new Date(thinnedBefore / 1_000).toISOString() }));
  return { count: stored, origins: stored === 0 ? [] : [...originsOfMask(origins[0]!, view.originOf(signal))] };
}

/** What takes the samples of a period: `held` says how long a value was, from the beginning of the period to its end; NaN: not known. */
export interface SampleTaker {
  sample(value: number): void;
  held(value: number, seconds: number): void;
}

/** Gives every sample of a period to who takes them, ascending; a value holds until the next one, and nothing is known beyond the end. */
export async function takeSamples(view: PlantView, signal: SignalRecord, { from, to }: Stretch, taker: SampleTaker): Promise<void> {
  const [before] = await view.history.at([{ branch: LIVE, signal: signal.id }], from - 1);
  let value = before === undefined || before.quality === quality.bad ? Number.NaN : before.value;
  let since = from;
  for await (const { times, values, qualities } of samplesOf(view.history, [signal], from, to)) {
    for (let row = 0; row < times.length; row++) {
      const time = times[row]!;
      taker.held(value, (time - since) / SECOND);
      value = qualities[row] === quality.bad ? Number.NaN : values[row]!;
      since = time;
      taker.sample(value);
    }
  }
  taker.held(value, (to - since) / SECOND);
}

/**
 * Time-weighted means of buckets in which a value holds on into those without a sample, up to the end of the period; NaN where nothing is known.
 */
export async function heldMeans(view: PlantView, { id: signal }: SignalRecord, { from, to }: Stretch, points: number): Promise<Buckets> {
  const key = { branch: LIVE, signal };
  const buckets = await view.history.buckets(key, from, to, points);
  const { mean, last, count, worstQuality, width } = buckets;
  const heldAt = async (instant: Instant): Promise<number> => {
    const [sample] = await view.history.at([key], instant);
    return sample === undefined || sample.quality === quality.bad ? Number.NaN : sample.value;
  };
  let held = count[0] === 0 ? await heldAt(buckets.from - 1) : Number.NaN;
  for (let at = 0; at < points; at++) {
    if (count[at] === 0) {
      mean[at] = held;
      continue;
    }
    held = last[at]!;
    // a bad one among them may be the last of them
    if (worstQuality[at] === quality.bad && count[at + 1] === 0) held = await heldAt(buckets.from + (at + 1) * width - 1);
  }
  return buckets;
}
