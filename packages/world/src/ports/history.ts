import type { BranchId } from "../change.ts";
import type { Instant } from "../instant.ts";
import type { RecordId } from "../record.ts";
import type { Origin } from "../signals/origin.ts";
import type { SampleBatch, SampleColumns, Quality } from "../signals/sample.ts";

/** Series = (branch, signal). A branch reads its parent's samples up to its instant: the caller passes the lineage. */
export interface SeriesKey {
  readonly branch: BranchId;
  readonly signal: RecordId;
}

/** Bucket i covers [from + i·width, from + (i+1)·width). Empty bucket: count 0, NaN, quality bad. `mean` is time-weighted. */
export interface Buckets {
  readonly from: Instant;
  readonly width: Instant;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly mean: Float64Array;
  readonly last: Float64Array;
  readonly count: Uint32Array;
  readonly worstQuality: Uint8Array;
  /** Origins of the samples of each bucket: bit = code of `origin.ts`. */
  readonly origins: Uint8Array;
  /** One column for each percentile asked for, in that order; by time held, like the mean. */
  readonly percentiles?: readonly Float64Array[];
  /** Buckets that begin before it come from tiers: as exact as those are wide, and without percentiles. */
  readonly thinnedBefore?: Instant;
}

/** Samples that are stored. */
export interface Extent {
  readonly first: Instant;
  readonly last: Instant;
  readonly count: number;
  /** Samples before it are no more; tiers answer for them. */
  readonly thinnedBefore?: Instant;
}

/** How long a signal was in each state, microseconds in bucket i as in `Buckets`; a state holds on into buckets without samples. */
export interface StateDurations {
  readonly from: Instant;
  readonly width: Instant;
  /** States held at any time in the period, in order of appearance: the text where the sample has one, else the number. */
  readonly states: readonly (number | string)[];
  /** `held[s][i]` of `states[s]`. With `unknown[i]` they add up to the width. */
  readonly held: readonly Float64Array[];
  /** Before the first sample, while a bad one holds, or one without a value. */
  readonly unknown: Float64Array;
}

export interface SampleAt {
  readonly value: number;
  readonly text?: string;
  readonly quality: Quality;
  readonly time: Instant;
  /** Absent: as the signal says. */
  readonly origin?: Origin;
  /** The sample itself was thinned: it lies within so many microseconds from `time`. */
  readonly tier?: Instant;
}

/** Samples of one series that a damaged file held and nobody can read any more: at most `count` of them, from ≤ time ≤ to. */
export interface MissingSamples {
  readonly branch: BranchId;
  readonly signal: RecordId;
  readonly from: Instant;
  readonly to: Instant;
  readonly count: number;
}

/** A damaged file of the history: kept under the name `file`, what was whole of it is served. */
export interface HistoryDamage {
  readonly file: string;
  readonly why: string;
  readonly missing: readonly MissingSamples[];
  /** The file does not even tell what it held: `missing` may not be all. */
  readonly unknown: boolean;
}

/**
 * The historian. The same sample twice (same series, time and value) is one sample; late and out-of-order samples are accepted.
 * `append` resolves when the batch is on disk. `signalIds[i]` names index i of the batch. Errors: DW_UNAVAILABLE when the disk refuses (nothing half-done).
 */
export interface History {
  append(branch: BranchId, batch: SampleBatch, signalIds: readonly RecordId[]): Promise<void>;
  /** Ascending samples with from ≤ time < to, at most `limit` (first ones). */
  raw(key: SeriesKey, from: Instant, to: Instant, limit?: number): Promise<SampleColumns>;
  /** Last sample at or before the instant, one answer a key. */
  at(keys: readonly SeriesKey[], instant: Instant): Promise<(SampleAt | undefined)[]>;
  /** `percentiles`: 0 to 100. Errors: DW_INVALID for others, and when one bucket has too many different values to take them over. */
  buckets(key: SeriesKey, from: Instant, to: Instant, count: number, percentiles?: readonly number[]): Promise<Buckets>;
  /** Errors: DW_INVALID when the signal takes on so many values that they are no states. */
  durations(key: SeriesKey, from: Instant, to: Instant, count: number): Promise<StateDurations>;
  /** First and last time stored, undefined when the series is empty. */
  extent(key: SeriesKey): Promise<Extent | undefined>;
  /** From when on the samples of each series are whole; undefined: none was thinned. Absent where nothing is ever thinned. */
  thinnedBefore?(keys: readonly SeriesKey[]): Promise<readonly (Instant | undefined)[]>;
  /** What the driver found damaged and set aside; absent where the store itself answers for that. */
  damages?(): readonly HistoryDamage[];
  close(): Promise<void>;
}

/** A historian that can let samples go. */
export interface ThinnableHistory extends History {
  /** Names what is stored at this moment. Errors: DW_UNAVAILABLE. */
  mark(): Promise<number>;
  /** Drops the samples with time < `before` that were stored at the mark; on disk when it resolves. `before` of a series never goes back. Errors: DW_UNAVAILABLE. */
  drop(drops: readonly { readonly key: SeriesKey; readonly before: Instant }[], mark: number): Promise<void>;
}

/** What a rule makes of the old samples of one series. */
export interface Thinning {
  readonly key: SeriesKey;
  /** Samples before it are replaced by tiers. */
  readonly rawBefore: Instant;
  /** Finest first; rows before `before` go, -Infinity: none. */
  readonly tiers: readonly { readonly width: Instant; readonly before: Instant }[];
}
