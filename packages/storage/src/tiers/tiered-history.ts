import {
  quality,
  type BranchId,
  type Buckets,
  type Extent,
  type History,
  type Instant,
  type RecordId,
  type SampleAt,
  type SampleBatch,
  type SampleColumns,
  type SeriesKey,
  type StateDurations,
  type ThinnableHistory,
  type Thinning,
} from "@doppelwerk/world";
import { Filling } from "../segments/fill-buckets.ts";
import { tierRowsOf, type Held, type TierRow } from "./tier-rows.ts";

export interface ThinningReport {
  /** Series whose samples were thinned, and how many samples went. */
  readonly series: number;
  readonly samples: number;
  /** Series of texts, which no tier can stand for: they are kept whole. */
  readonly texts: number;
}

export interface TieredHistory extends History {
  /** Replaces old samples by tiers. What has no rule stays as it is. Errors: DW_UNAVAILABLE, and then it is done again at the next call. */
  thin(thinnings: readonly Thinning[]): Promise<ThinningReport>;
}

/** Until when a tier has rows, and from when on they are kept. */
interface TierState {
  readonly width: Instant;
  readonly from: Instant;
  readonly to: Instant;
}

/** What is known of a thinned series; kept as a text in a series of its own, the newest counts. */
interface SeriesState {
  readonly number: number;
  readonly thinnedBefore: Instant;
  readonly tiers: readonly TierState[];
}

const COLUMNS = ["min", "max", "mean", "known", "last", "count"] as const;
type Column = (typeof COLUMNS)[number];

const BEGINNING = -8e15;
const END = 8e15;
const ROWS_AT_A_TIME = 100_000;
/** A tier so many times narrower than the buckets asked for need not fit their borders. */
const NARROW = 10;
/** No id has it, so that no signal can be called like a tier. */
const SEPARATOR = "\u0001";

/**
 * A historian over another that keeps tiers of what its rules thin: per tier six series beside the signal's own, in the same store and as safe as any
 * sample. A thinned bucket is final. The order makes a crash harmless at any moment: mark, tier rows, state, and only then the samples go.
 */
export function createTieredHistory(inner: ThinnableHistory): TieredHistory {
  return new Tiered(inner);
}

class Tiered implements TieredHistory {
  readonly #inner: ThinnableHistory;
  readonly #states = new Map<string, SeriesState | undefined>();
  readonly damages: History["damages"];

  constructor(inner: ThinnableHistory) {
    this.#inner = inner;
    this.damages = inner.damages?.bind(inner);
  }

  append(branch: BranchId, batch: SampleBatch, signalIds: readonly RecordId[]): Promise<void> {
    return this.#inner.append(branch, batch, signalIds);
  }

  raw(key: SeriesKey, from: Instant, to: Instant, limit?: number): Promise<SampleColumns> {
    return this.#inner.raw(key, from, to, limit);
  }

  async at(keys: readonly SeriesKey[], instant: Instant): Promise<(SampleAt | undefined)[]> {
    const [answers, states] = [await this.#inner.at(keys, instant), await this.#statesOf(keys)];
    return Promise.all(
      answers.map(async (answer, at) => {
        const state = states[at];
        if (state === undefined || instant >= state.thinnedBefore) return answer;
        const tier = await this.#tierAt(keys[at]!, state, instant);
        return tier === undefined || (answer !== undefined && answer.time >= tier.time + tier.tier!) ? answer : tier;
      }),
    );
  }

  async buckets(key: SeriesKey, from: Instant, to: Instant, count: number, percentiles: readonly number[] = []): Promise<Buckets> {
    const [state] = await this.#statesOf([key]);
    if (state === undefined || from >= state.thinnedBefore) return this.#inner.buckets(key, from, to, count, percentiles);
    const width = Math.max(1, Math.floor((to - from) / count));
    const old = Math.min(count, Math.ceil((state.thinnedBefore - from) / width));
    const filling = new Filling(from, width, old, []);
    await this.#fillFromTiers(filling, key, state, from, Math.min(filling.end, state.thinnedBefore), width);
    const border = from + old * width;
    const buckets = filling.finish();
    // an empty question would be one bucket
    const rest = old < count ? await this.#inner.buckets(key, border, border + (count - old) * width, count - old, percentiles) : undefined;
    return joined(buckets, rest, percentiles.length, state.thinnedBefore);
  }

  /** What was thinned tells no state any more: that time is unknown. */
  async durations(key: SeriesKey, from: Instant, to: Instant, count: number): Promise<StateDurations> {
    const [state] = await this.#statesOf([key]);
    const durations = await this.#inner.durations(key, from, to, count);
    if (state === undefined || from >= state.thinnedBefore) return durations;
    for (let bucket = 0; bucket < count && durations.from + bucket * durations.width < state.thinnedBefore; bucket++) {
      for (const column of durations.held) column[bucket] = 0;
      durations.unknown[bucket] = durations.width;
    }
    const present = durations.states.map((_, s) => durations.held[s]!.some((held) => held > 0));
    return {
      ...durations,
      states: durations.states.filter((_, s) => present[s]),
      held: durations.held.filter((_, s) => present[s]),
    };
  }

  async extent(key: SeriesKey): Promise<Extent | undefined> {
    const [[state], extent] = [await this.#statesOf([key]), await this.#inner.extent(key)];
    if (state === undefined) return extent;
    const firsts = await Promise.all(state.tiers.map(async ({ width }) => (await this.#inner.extent(tierKey(key, width, "count")))?.first));
    const first = Math.min(...firsts.filter((time) => time !== undefined), extent?.first ?? END);
    return { first, last: extent?.last ?? state.thinnedBefore, count: extent?.count ?? 0, thinnedBefore: state.thinnedBefore };
  }

  async thinnedBefore(keys: readonly SeriesKey[]): Promise<readonly (Instant | undefined)[]> {
    return (await this.#statesOf(keys)).map((state) => state?.thinnedBefore);
  }

  async close(): Promise<void> {
    await this.#inner.close();
  }

  async thin(thinnings: readonly Thinning[]): Promise<ThinningReport> {
    if (thinnings.length === 0) return { series: 0, samples: 0, texts: 0 };
    const mark = await this.#inner.mark();
    const drops: { readonly key: SeriesKey; readonly before: Instant }[] = [];
    let [series, samples, texts] = [0, 0, 0];
    for (const thinning of thinnings) {
      const { key, tiers } = thinning;
      const state = (await this.#statesOf([key]))[0];
      const widest = Math.max(1, ...tiers.map(({ width }) => width));
      const target = Math.max(state?.thinnedBefore ?? BEGINNING, Math.floor(thinning.rawBefore / widest) * widest);
      const done = await this.#condense(thinning, target);
      if (done === "texts") {
        texts++;
        continue;
      }
      const next = nextState(state, target, thinning);
      if (next !== undefined) await this.#remember(key, next);
      for (const { width, from } of next?.tiers ?? []) {
        const before = state?.tiers.find((tier) => tier.width === width)?.from ?? BEGINNING;
        if (from > before) for (const column of COLUMNS) drops.push({ key: tierKey(key, width, column), before: from });
      }
      if (done.samples === 0) continue;
      series++;
      samples += done.samples;
      drops.push({ key, before: done.keepFrom });
    }
    if (drops.length > 0) await this.#inner.drop(drops, mark);
    return { series, samples, texts };
  }

  /** Writes tier rows of all samples before the target. The last of them stays as it is: it still holds, and its time is where to drop up to. */
  async #condense({ key, tiers }: Thinning, target: Instant): Promise<{ readonly samples: number; readonly keepFrom: Instant } | "texts"> {
    const widest = Math.max(1, ...tiers.map(({ width }) => width));
    let [samples, keepFrom] = [0, BEGINNING];
    let held: Held;
    for (let from = BEGINNING; from < target;) {
      let columns = await this.#inner.raw(key, from, target, ROWS_AT_A_TIME);
      const count = columns.times.length;
      if (count === 0) break;
      let next = target;
      if (count === ROWS_AT_A_TIME) {
        // whole buckets only; one that alone has more rows is read whole
        const border = Math.floor(columns.times[count - 1]! / widest) * widest;
        const first = Math.floor(columns.times[0]! / widest) * widest;
        next = border > first ? border : first + widest;
        columns = await this.#inner.raw(key, from, next);
      }
      if (columns.texts.size > 0) return "texts";
      for (const { width } of tiers) await this.#write(key, width, await this.#freshRows(key, width, columns, held));
      const last = columns.times.length - 1;
      samples += last + 1;
      keepFrom = columns.times[last]!;
      held = columns.qualities[last] === quality.bad || Number.isNaN(columns.values[last]) ? undefined : columns.values[last]!;
      from = next;
    }
    return { samples: Math.max(0, samples - 1), keepFrom };
  }

  /** A bucket that has a row is final: the row was made of samples that are gone, or of these in an attempt that did not come to its end. */
  async #freshRows(key: SeriesKey, width: Instant, columns: SampleColumns, held: Held): Promise<readonly TierRow[]> {
    const { times } = columns;
    const start = Math.floor(times[0]! / width) * width;
    const known = new Set((await this.#inner.raw(tierKey(key, width, "count"), start, times.at(-1)! + 1)).times);
    return [...tierRowsOf(columns, width, held)].filter(({ time }) => !known.has(time));
  }

  async #write(key: SeriesKey, width: Instant, rows: readonly TierRow[]): Promise<void> {
    if (rows.length === 0) return;
    const count = rows.length * COLUMNS.length;
    const qualityOf = (row: TierRow, column: Column): number =>
      column === "count" ? row.worstQuality : column === "last" && !row.holds ? quality.bad : quality.good;
    const times = Float64Array.from({ length: count }, (_, i) => rows[i % rows.length]!.time);
    const columnAt = (i: number): Column => COLUMNS[Math.floor(i / rows.length)]!;
    await this.#inner.append(
      key.branch,
      {
        origin: "derived",
        origins: Uint8Array.from({ length: count }, (_, i) => rows[i % rows.length]!.origin),
        count,
        signals: Uint32Array.from({ length: count }, (_, i) => Math.floor(i / rows.length)),
        values: Float64Array.from({ length: count }, (_, i) => rows[i % rows.length]![columnAt(i)]),
        texts: new Map(),
        qualities: Uint8Array.from({ length: count }, (_, i) => qualityOf(rows[i % rows.length]!, columnAt(i))),
        sourceTimes: times,
        serverTimes: times,
      },
      COLUMNS.map((column) => tierKey(key, width, column).signal),
    );
  }

  async #remember(key: SeriesKey, state: SeriesState): Promise<void> {
    const times = Float64Array.of(state.number);
    const text = JSON.stringify(state);
    await this.#inner.append(
      key.branch,
      {
        origin: "derived",
        count: 1,
        signals: new Uint32Array(1),
        values: Float64Array.of(Number.NaN),
        texts: new Map([[0, text]]),
        qualities: new Uint8Array(1),
        sourceTimes: times,
        serverTimes: times,
      },
      [stateKey(key).signal],
    );
    this.#states.set(nameOf(key), state);
  }

  async #statesOf(keys: readonly SeriesKey[]): Promise<readonly (SeriesState | undefined)[]> {
    const unread = keys.filter((key) => !this.#states.has(nameOf(key)));
    if (unread.length > 0) {
      const texts = await this.#inner.at(unread.map(stateKey), END);
      for (const [at, key] of unread.entries()) {
        const text = texts[at]?.text;
        this.#states.set(nameOf(key), text === undefined ? undefined : (JSON.parse(text) as SeriesState));
      }
    }
    return keys.map((key) => this.#states.get(nameOf(key)));
  }

  async #fillFromTiers(filling: Filling, key: SeriesKey, state: SeriesState, from: Instant, to: Instant, wanted: Instant): Promise<void> {
    const before = await this.#tierAt(key, state, from - 1);
    filling.begin(before);
    for (const { tier, start, end } of stretches(state, from, to, wanted)) {
      const { width } = tier;
      for (const row of await this.#readRows(key, width, start, end)) filling.block(filling.bucketOf(row.time), summaryOf(row, width));
    }
    if (to >= filling.end) return;
    const { times, values, qualities, origins } = await this.#inner.raw(key, to, filling.end);
    const grades = qualities.map((own, row) => own | (origins[row]! << 2));
    filling.rows({ count: times.length, times, values, qualities: grades, serverTimes: times, texts: undefined });
  }

  async #readRows(key: SeriesKey, width: Instant, start: Instant, end: Instant): Promise<readonly TierRow[]> {
    const columns = await Promise.all(COLUMNS.map((column) => this.#inner.raw(tierKey(key, width, column), start, end)));
    const [min, max, mean, known, last, count] = columns as [
      SampleColumns,
      SampleColumns,
      SampleColumns,
      SampleColumns,
      SampleColumns,
      SampleColumns,
    ];
    return Array.from(count.times, (time, row) => ({
      time,
      min: min.values[row]!,
      max: max.values[row]!,
      mean: mean.values[row]!,
      known: known.values[row]!,
      last: last.values[row]!,
      holds: last.qualities[row] !== quality.bad,
      count: count.values[row]!,
      worstQuality: count.qualities[row]!,
      origin: count.origins[row]!,
    }));
  }

  /** The last value of the last tier row that ends at or before the instant. */
  async #tierAt(key: SeriesKey, state: SeriesState, instant: Instant): Promise<SampleAt | undefined> {
    let best: SampleAt | undefined;
    for (const { width } of state.tiers) {
      const lastStart = instant + 1 - width;
      const [last] = await this.#inner.at([tierKey(key, width, "last")], lastStart);
      if (last === undefined || (best !== undefined && best.time + best.tier! >= last.time + width)) continue;
      best = { ...last, tier: width };
    }
    return best;
  }
}

/** The next state of a series, undefined when nothing is new. */
function nextState(state: SeriesState | undefined, target: Instant, { tiers }: Thinning): SeriesState | undefined {
  const old = new Map(state?.tiers.map((tier) => [tier.width, tier]));
  for (const { width, before } of tiers) {
    const known = old.get(width);
    const began = known?.from ?? state?.thinnedBefore ?? BEGINNING;
    old.set(width, { width, from: Math.max(began, Math.floor(before / width) * width), to: target });
  }
  const next = { number: (state?.number ?? 0) + 1, thinnedBefore: target, tiers: [...old.values()].toSorted((a, b) => a.width - b.width) };
  return state !== undefined && JSON.stringify({ ...next, number: state.number }) === JSON.stringify(state) ? undefined : next;
}

/**
 * Which tier answers which part of [from, to): the coarsest that fits the buckets asked for, or is so narrow that its edges do not matter, else the
 * finest there is. A row belongs to the bucket in which it begins.
 */
function* stretches(
  { tiers }: SeriesState,
  from: Instant,
  to: Instant,
  wanted: Instant,
): Generator<{ readonly tier: TierState; readonly start: Instant; readonly end: Instant }> {
  for (let start = from; start < to;) {
    const there = tiers.filter((tier) => tier.from <= start && start < tier.to);
    const fits = ({ width }: TierState): boolean => (wanted % width === 0 && start % width === 0) || width * NARROW <= wanted;
    const tier = there.findLast(fits) ?? there[0];
    const borders = tiers.flatMap((other) => [other.from, other.to]).filter((border) => border > start && border < to);
    const end = Math.min(to, ...borders);
    if (tier !== undefined) yield { tier, start: Math.ceil(start / tier.width) * tier.width, end };
    start = end;
  }
}

function summaryOf(row: TierRow, width: Instant) {
  return {
    count: row.count,
    first: row.time,
    last: row.time + width,
    min: row.min,
    max: row.max,
    integral: row.known > 0 ? row.mean * row.known : 0,
    known: row.known,
    lastValue: row.last,
    lastQuality: row.holds ? quality.good : quality.bad,
    lastKnown: row.last,
    worstQuality: row.worstQuality,
    origins: 1 << row.origin,
    hasTexts: false,
  };
}

function joined(old: Buckets, rest: Buckets | undefined, percentiles: number, thinnedBefore: Instant): Buckets {
  const oldCount = old.count.length;
  const count = oldCount + (rest?.count.length ?? 0);
  const columnOf = (first: Float64Array | undefined, second: Float64Array | undefined): Float64Array => {
    const column = new Float64Array(count).fill(Number.NaN);
    if (first !== undefined) column.set(first);
    if (second !== undefined) column.set(second, oldCount);
    return column;
  };
  const counts = new Uint32Array(count);
  counts.set(old.count);
  if (rest !== undefined) counts.set(rest.count, oldCount);
  const worstQuality = new Uint8Array(count);
  worstQuality.set(old.worstQuality);
  if (rest !== undefined) worstQuality.set(rest.worstQuality, oldCount);
  const origins = new Uint8Array(count);
  origins.set(old.origins);
  if (rest !== undefined) origins.set(rest.origins, oldCount);
  return {
    from: old.from,
    width: old.width,
    min: columnOf(old.min, rest?.min),
    max: columnOf(old.max, rest?.max),
    mean: columnOf(old.mean, rest?.mean),
    last: columnOf(old.last, rest?.last),
    count: counts,
    worstQuality,
    origins,
    thinnedBefore,
    ...(percentiles === 0
      ? {}
      : { percentiles: Array.from({ length: percentiles }, (_, p) => columnOf(undefined, rest?.percentiles?.[p])) }),
  };
}

function nameOf({ branch, signal }: SeriesKey): string {
  return `${branch}\n${signal}`;
}

function stateKey({ branch, signal }: SeriesKey): SeriesKey {
  return { branch, signal: `${signal}${SEPARATOR}thinned` };
}

function tierKey({ branch, signal }: SeriesKey, width: Instant, column: Column): SeriesKey {
  return { branch, signal: `${signal}${SEPARATOR}${width}.${column}` };
}
