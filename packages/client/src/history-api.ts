import type { Instant, RecordId, Origin } from "@doppelwerk/world";

// What the historian recorded of signals.

export interface Trend {
  readonly signal: RecordId;
  readonly name: string;
  readonly unit?: string;
  readonly from: Instant;
  readonly width: Instant;
  readonly min: readonly (number | null)[];
  readonly max: readonly (number | null)[];
  readonly mean: readonly (number | null)[];
  readonly quality: readonly number[];
  /** Least certain origin of each bucket, null where it is empty. Absent = all is measured. */
  readonly origin?: readonly (Origin | null)[];
  /** Buckets without a value in which something was measured all the same: bad. Absent = none. */
  readonly bad?: readonly number[];
  /** Those asked for: the least value that, with all below it, was held for so many percent of the known time of the bucket. */
  readonly percentiles?: readonly { readonly percent: number; readonly values: readonly (number | null)[] }[];
  /** Before it the buckets come from tiers: the samples were thinned by the signal's retention. */
  readonly thinnedBefore?: Instant;
  /** Where samples began to come at least four times as often or as rarely, the first stretch too, with the seconds between two of them. Absent = nowhere. */
  readonly densities?: readonly { readonly from: Instant; readonly everyS: number }[];
  readonly raw: boolean;
}

/** Seconds a signal was in each state, per bucket; with `unknownS` they add up to the bucket's width. */
export interface StateDurations {
  readonly signal: RecordId;
  readonly name: string;
  readonly from: Instant;
  readonly width: Instant;
  readonly states: readonly { readonly state: string | number; readonly seconds: readonly number[] }[];
  readonly unknownS: readonly number[];
}

/** The submodel with the series of an asset, and the signal of each of its columns. */
export interface SeriesSubmodel {
  readonly submodel: string;
  readonly columns: readonly { readonly idShort: string; readonly signal: string }[];
}

/** A damaged file of the history that was set aside, and which samples are missing with it. */
export interface HistoryDamage {
  readonly file: string;
  readonly why: string;
  readonly missing: readonly {
    readonly branch: string;
    readonly signal: RecordId;
    readonly name: string;
    readonly from: Instant;
    readonly to: Instant;
    readonly count: number;
  }[];
  /** The file does not even tell what it held. */
  readonly unknown: boolean;
}
