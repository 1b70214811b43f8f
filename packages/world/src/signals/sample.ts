import type { Instant } from "../instant.ts";
import type { Origin } from "./origin.ts";

/** OPC UA Part 8 severity in two bits. Missing data is `bad`, never good. */
export const quality = { good: 0, uncertain: 1, bad: 2 } as const;
export type Quality = (typeof quality)[keyof typeof quality];

/**
 * Samples in columns, `count` rows. Row i: signal `signals[i]` (index in `SignalTable`), number `values[i]` (boolean = 0/1, enumeration = its integer,
 * NaN = no number), text `texts.get(i)` for strings, quality, both times. `sourceTime` is corrected time; the raw offset is a finding of the connection.
 * Producers fill a batch once and hand it on; consumers never mutate it.
 */
export interface SampleBatch {
  readonly origin: Origin;
  /** Of each row, as a code of `origin.ts` (0 = as the signal says); absent where every row has `origin`. */
  readonly origins?: Uint8Array;
  readonly count: number;
  readonly signals: Uint32Array;
  readonly values: Float64Array;
  readonly texts: ReadonlyMap<number, string>;
  readonly qualities: Uint8Array;
  readonly sourceTimes: Float64Array;
  readonly serverTimes: Float64Array;
}

/** The one sample form outside columns, for tests, edges and answers. */
export interface Sample {
  readonly signal: string;
  readonly value: number | string | boolean | undefined;
  readonly quality: Quality;
  readonly sourceTime: Instant;
  readonly serverTime: Instant;
  readonly origin: Origin;
}

/** The history of one signal in columns, ascending in time. */
export interface SampleColumns {
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly texts: ReadonlyMap<number, string>;
  readonly qualities: Uint8Array;
  /** Codes of `origin.ts`; 0 = as the signal says, which is what rows say that were stored before origins were. */
  readonly origins: Uint8Array;
}
