import type { SampleBatch } from "@doppelwerk/world";

/** The rows of a batch that pass; the batch itself where all do. */
export function rowsWhere(batch: SampleBatch, passes: (row: number) => boolean): SampleBatch {
  const rows = new Uint32Array(batch.count);
  let count = 0;
  for (let row = 0; row < batch.count; row++) if (passes(row)) rows[count++] = row;
  if (count === batch.count) return batch;
  const texts = new Map<number, string>();
  const { origins } = batch;
  const picked: SampleBatch = {
    origin: batch.origin,
    ...(origins && { origins: new Uint8Array(count) }),
    count,
    signals: new Uint32Array(count),
    values: new Float64Array(count),
    qualities: new Uint8Array(count),
    sourceTimes: new Float64Array(count),
    serverTimes: new Float64Array(count),
    texts,
  };
  // most rows are numbers without a text
  const hasTexts = batch.texts.size > 0;
  for (let at = 0; at < count; at++) {
    const row = rows[at]!;
    const text = hasTexts ? batch.texts.get(row) : undefined;
    if (text !== undefined) texts.set(at, text);
    picked.signals[at] = batch.signals[row]!;
    picked.values[at] = batch.values[row]!;
    picked.qualities[at] = batch.qualities[row]!;
    picked.sourceTimes[at] = batch.sourceTimes[row]!;
    picked.serverTimes[at] = batch.serverTimes[row]!;
    if (origins) picked.origins![at] = origins[row]!;
  }
  return picked;
}
