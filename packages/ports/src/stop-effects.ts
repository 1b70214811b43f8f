import type { Message } from "@doppelwerk/messages";
import type { Instant, RecordId } from "@doppelwerk/world";
import { z } from "zod";
import { port } from "./token.ts";

/** A stop of a station, in a shift of a line. */
export interface AskedStop {
  /** Absent: the first. */
  readonly line?: RecordId | undefined;
  readonly station: string;
  readonly from: Instant;
  readonly to: Instant;
  /** `to`: the instant that units are counted up to. */
  readonly shift: { readonly from: Instant; readonly to: Instant };
}

/** Units, over the replications: mean, and the interval that has 95 % of them. */
const spread = z.object({ mean: z.number(), low: z.number(), high: z.number() });

/**
 * What a stop cost, simulated: the line as it was known a second before it, with the stop and without it, on the same random numbers.
 * `gained`: good units more without it, replication by replication.
 */
export const stopEffectShape = z.object({
  at: z.int(),
  until: z.int(),
  replications: z.int(),
  seed: z.int(),
  gained: spread,
  without: spread,
  with: spread,
  model: z.object({ hash: z.string(), code: z.string() }),
});
export type StopEffectValue = z.output<typeof stopEffectShape>;

export interface StopEffects {
  /** `why`: it cannot be simulated. Errors: DW_QUEUE_FULL, DW_CANCELLED, DW_NOT_FOUND of a line that is not there. */
  of(asked: AskedStop): Promise<StopEffectValue | { readonly why: Message }>;
}

export const stopEffects = port<StopEffects>("simulate.stopEffects", 1);
