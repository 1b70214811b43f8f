import { originAt, quality, type Quality, type RecordId, type Sample, type SampleBatch } from "@doppelwerk/world";
import type { LiveSession } from "./live-session.ts";

/** The newest value of a signal, and how many older ones of it the loop was too slow for. */
export interface LiveValue extends Sample {
  readonly skipped: number;
}

/**
 * Values of signals as they come, for as long as the loop runs; leave it to stop. A loop that is slower than the plant gets the newest value of each
 * signal and is told how many it skipped, so at most one value a signal waits. Ends when the session is closed or refused.
 * It subscribes the session to these signals, in place of what it was subscribed to before.
 */
export async function* liveValues(session: LiveSession, signals: "all" | readonly RecordId[]): AsyncGenerator<LiveValue, void, void> {
  const waiting = new Map<RecordId, LiveValue>();
  const wanted = signals === "all" ? undefined : new Set(signals);
  let wake = () => {};
  let ended = false;
  const stop = session.on((event) => {
    if (event.kind === "samples") for (const sample of samplesOf(event.batch, session, wanted)) put(waiting, sample);
    else if (event.kind === "state") ended = event.state.kind === "closed" || event.state.kind === "refused";
    else return;
    wake();
  });
  try {
    session.subscribe(signals);
    for (;;) {
      while (waiting.size > 0) {
        const [id, value] = waiting.entries().next().value!;
        waiting.delete(id);
        yield value;
      }
      if (ended) return;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    stop();
  }
}

function put(waiting: Map<RecordId, LiveValue>, sample: Sample): void {
  const older = waiting.get(sample.signal);
  waiting.set(sample.signal, { ...sample, skipped: older === undefined ? 0 : older.skipped + 1 });
}

function* samplesOf(batch: SampleBatch, session: LiveSession, wanted: ReadonlySet<RecordId> | undefined): Iterable<Sample> {
  const entries = session.signals();
  for (let row = 0; row < batch.count; row++) {
    const entry = entries[batch.signals[row]!];
    if (!entry || wanted?.has(entry.id) === false) continue;
    yield {
      signal: entry.id,
      value: valueAt(batch, row, entry.valueType),
      quality: batch.qualities[row] as Quality,
      sourceTime: batch.sourceTimes[row]!,
      serverTime: batch.serverTimes[row]!,
      origin: originAt(batch, row),
    };
  }
}

/** A bad value is none, whatever number stands in the column. */
function valueAt(batch: SampleBatch, row: number, valueType: string): Sample["value"] {
  if (batch.qualities[row] === quality.bad) return undefined;
  const text = batch.texts.get(row);
  if (text !== undefined) return text;
  const value = batch.values[row]!;
  if (Number.isNaN(value)) return undefined;
  return valueType === "boolean" ? value !== 0 : value;
}
