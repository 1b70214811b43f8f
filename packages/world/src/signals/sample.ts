import type { Instant } from "../instant.ts";

/** OPC UA Part 8 severity in two bits. Missing data is `bad`, never good. */
export const quality = { good: 0, uncertain: 1, bad: 2 } as const;
export type Quality = (typeof quality)[keyof typeof quality];

export type Origin = "measured" | "simulated" | "replayed" | "entered" | "derived";

/**
 * Samples in columns, `count` rows. Row i: signal `signals[i]` (index in `SignalTable`), number `values[i]` (boolean = 0/1, enumeration = its integer,
 * NaN = no number), text `texts.get(i)` for strings, quality, both times. `sourceTime` is corrected time; the raw offset is a finding of the connection.
 * Producers fill a batch once and hand it on; consumers never mutate it.
 */
export interface SampleBatch {
  readonly origin: Origin;
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
}

/** The history of one signal in columns, ascending in time. */
export interface SampleColumns {
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly texts: ReadonlyMap<number, string>;
  readonly qualities: Uint8Array;
}
