import type { Client } from "@doppelwerk/client";
import { HOUR, MINUTE, type Instant, type RecordId, type SampleBatch } from "@doppelwerk/world";
import type { ValueIntake } from "../samples/value-intake.ts";

/** Signals of one question: their ids stand in its address. */
const MAX_SIGNALS = 200;
const [FEW_ROWS, MANY_ROWS] = [20_000, 200_000];
const MAX_WIDTH: Instant = 30 * 24 * HOUR;

export interface Gap {
  /** Ids at the other world, by position in the source's list. */
  readonly ids: readonly RecordId[];
  /** From when on something may be missing, by position. */
  readonly from: Float64Array;
  readonly to: Instant;
  /** Says one row of an answer; returns whether it was one of ours. */
  take(batch: SampleBatch, row: number, from: Instant): boolean;
}

/** Reads what another world recorded in a gap, in pieces that grow where little was recorded. Returns the samples that were taken. */
export async function readGap(client: Client, { ids, from, to, take }: Gap, intake: ValueIntake, stop: AbortSignal): Promise<number> {
  let samples = 0;
  for (let first = 0; first < ids.length; first += MAX_SIGNALS) {
    const asked = ids.slice(first, first + MAX_SIGNALS);
    let width: Instant = HOUR;
    let at = from.subarray(first, first + MAX_SIGNALS).reduce((least, time) => Math.min(least, time), to);
    while (at < to) {
      const end = Math.min(at + width, to);
      const batch = await client.window(asked, at, end, { signal: stop });
      for (let row = 0; row < batch.count; row++) if (take(batch, row, at)) samples++;
      intake.flush();
      if (intake.full) await intake.room();
      if (batch.count > MANY_ROWS) width = Math.max(MINUTE, width / 4);
      else if (batch.count < FEW_ROWS) width = Math.min(MAX_WIDTH, width * 4);
      at = end;
    }
  }
  return samples;
}
