import {
  checkPercentiles,
  codeOfOrigin,
  HeldValues,
  originOfCode,
  StateFold,
  type Buckets,
  type Instant,
  type Quality,
  type SampleAt,
  type SampleColumns,
  type SeriesKey,
  type ThinnableHistory,
} from "@doppelwerk/world";

interface Series {
  /** Ascending in time; samples of one time in order of arrival. */
  readonly samples: StoredSample[];
}

interface StoredSample {
  readonly time: Instant;
  readonly value: number;
  readonly text: string | undefined;
  readonly quality: Quality;
  /** Code; 0 = as the signal says. */
  readonly origin: number;
  readonly arrival: number;
}

const BAD = 2;

/** The historian in memory: short worlds, tests, and the oracle of the segment driver. */
export function createMemoryHistory(): ThinnableHistory {
  let arrivals = 0;
  const series = new Map<string, Series>();
  const keyOf = (key: SeriesKey): string => `${key.branch}\n${key.signal}`;
  const samplesOf = (key: SeriesKey): readonly StoredSample[] => series.get(keyOf(key))?.samples ?? [];

  return {
    async append(branch, batch, signalIds) {
      for (let row = 0; row < batch.count; row++) {
        const signal = signalIds[batch.signals[row]!];
        if (signal === undefined) throw new Error(`no signal id for index ${batch.signals[row]}`);
        const key = keyOf({ branch, signal });
        let stored = series.get(key);
        if (stored === undefined) series.set(key, (stored = { samples: [] }));
        insert(stored.samples, {
          time: batch.sourceTimes[row]!,
          value: batch.values[row]!,
          text: batch.texts.get(row),
          quality: batch.qualities[row] as Quality,
          origin: batch.origins?.[row] ?? codeOfOrigin(batch.origin),
          arrival: arrivals++,
        });
      }
    },
    async raw(key, from, to, limit = Infinity) {
      const samples = samplesOf(key);
      const start = firstAtOrAfter(samples, from);
      return columnsOf(samples.slice(start, Math.min(firstAtOrAfter(samples, to), start + limit)));
    },
    async at(keys, instant) {
      return keys.map((key): SampleAt | undefined => {
        const samples = samplesOf(key);
        const sample = samples[firstAtOrAfter(samples, instant + 1) - 1];
        if (sample === undefined) return undefined;
        const { value, text, quality, time } = sample;
        const origin = originOfCode(sample.origin);
        return { value, ...(text !== undefined && { text }), quality, time, ...(origin !== undefined && { origin }) };
      });
    },
    buckets: async (key, from, to, count, percentiles = []) => bucketsOf(samplesOf(key), from, to, count, percentiles),
    async durations(key, from, to, count) {
      const fold = new StateFold(from, to, count);
      const samples = samplesOf(key);
      const first = firstAtOrAfter(samples, from);
      const before = samples[first - 1];
      if (before !== undefined) fold.take(from, before.value, before.quality, before.text);
      for (let at = first; at < samples.length && samples[at]!.time < fold.end; at++) {
        const { time, value, quality, text } = samples[at]!;
        fold.take(time, value, quality, text);
      }
      return fold.finish();
    },
    async extent(key) {
      const samples = samplesOf(key);
      if (samples.length === 0) return undefined;
      return { first: samples[0]!.time, last: samples.at(-1)!.time, count: samples.length };
    },
    mark: async () => arrivals,
    async drop(drops, mark) {
      for (const { key, before } of drops) {
        const samples = series.get(keyOf(key))?.samples;
        const kept = samples?.filter(({ time, arrival }) => time >= before || arrival >= mark) ?? [];
        if (samples !== undefined) series.set(keyOf(key), { samples: kept });
      }
    },
    async close() {},
  };
}

function insert(samples: StoredSample[], sample: StoredSample): void {
  let at = samples.length > 0 && samples.at(-1)!.time < sample.time ? samples.length : firstAtOrAfter(samples, sample.time + 1);
  for (let i = at - 1; i >= 0 && samples[i]!.time === sample.time; i--)
    if (Object.is(samples[i]!.value, sample.value) && samples[i]!.text === sample.text) return;
  samples.splice(at, 0, sample);
}

function firstAtOrAfter(samples: readonly StoredSample[], time: Instant): number {
  let low = 0;
  let high = samples.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (samples[middle]!.time < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function columnsOf(samples: readonly StoredSample[]): SampleColumns {
  const texts = new Map<number, string>();
  samples.forEach(({ text }, i) => text !== undefined && texts.set(i, text));
  return {
    times: Float64Array.from(samples, ({ time }) => time),
    values: Float64Array.from(samples, ({ value }) => value),
    texts,
    qualities: Uint8Array.from(samples, ({ quality }) => quality),
    origins: Uint8Array.from(samples, ({ origin }) => origin),
  };
}

/**
 * The mean is weighted by how long each value held inside the bucket: a value holds until the next sample, also across bucket borders.
 * Nothing is known before the first sample or while a bad sample holds; that time weighs nothing.
 */
function bucketsOf(samples: readonly StoredSample[], from: Instant, to: Instant, count: number, percents: readonly number[]): Buckets {
  checkPercentiles(percents);
  const width = Math.max(1, Math.floor((to - from) / count));
  const buckets = {
    from,
    width,
    min: new Float64Array(count).fill(NaN),
    max: new Float64Array(count).fill(NaN),
    mean: new Float64Array(count).fill(NaN),
    last: new Float64Array(count).fill(NaN),
    count: new Uint32Array(count),
    worstQuality: new Uint8Array(count).fill(BAD),
    origins: new Uint8Array(count),
  };
  const percentiles = percents.map(() => new Float64Array(count).fill(NaN));
  for (let i = 0; i < count; i++) {
    const values = new HeldValues();
    fillBucket(buckets, i, samples, values);
    if (buckets.count[i]! > 0) values.take(percents, percentiles, i);
  }
  return percents.length === 0 ? buckets : { ...buckets, percentiles };
}

function fillBucket(buckets: Buckets, i: number, samples: readonly StoredSample[], values: HeldValues): void {
  const start = buckets.from + i * buckets.width;
  const end = start + buckets.width;
  const first = firstAtOrAfter(samples, start);
  let weighted = 0;
  let known = 0;
  const hold = (sample: StoredSample | undefined, until: Instant): void => {
    if (sample === undefined || sample.quality === BAD || Number.isNaN(sample.value)) return;
    const held = until - Math.max(sample.time, start);
    weighted += sample.value * held;
    known += held;
    values.add(sample.value, held, sample.time >= start ? 1 : 0);
  };
  let previous = samples[first - 1];
  let at = first;
  for (; at < samples.length && samples[at]!.time < end; at++) {
    const sample = samples[at]!;
    hold(previous, sample.time);
    previous = sample;
    buckets.worstQuality[i] = buckets.count[i] === 0 ? sample.quality : Math.max(buckets.worstQuality[i]!, sample.quality);
    buckets.origins[i]! |= 1 << sample.origin;
    buckets.count[i]!++;
    if (sample.quality === BAD || Number.isNaN(sample.value)) continue;
    buckets.last[i] = sample.value;
    buckets.min[i] = Number.isNaN(buckets.min[i]!) ? sample.value : Math.min(buckets.min[i]!, sample.value);
    buckets.max[i] = Number.isNaN(buckets.max[i]!) ? sample.value : Math.max(buckets.max[i]!, sample.value);
  }
  if (buckets.count[i] === 0) return;
  hold(previous, end);
  buckets.mean[i] = known > 0 ? weighted / known : buckets.last[i]!;
}
