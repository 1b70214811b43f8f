// A listener for tests: keeps everything it receives and lets a test wait for a condition instead of a time.
import { textOf, type Message } from "@doppelwerk/messages";
import type { SampleBatch, SourceListener, SourceNotice } from "@doppelwerk/world";

export interface RecordedSample {
  readonly signal: number;
  readonly value: number;
  readonly text: string | undefined;
  readonly quality: number;
  readonly sourceTime: number;
  readonly serverTime: number;
}

type InEnglish<Notice> = { readonly [Key in keyof Notice]: Notice[Key] extends Message | undefined ? string : Notice[Key] };
/** A notice as a reader of English sees it. */
export type RecordedNotice = SourceNotice extends infer Notice ? (Notice extends unknown ? InEnglish<Notice> : never) : never;

export interface Recorder extends SourceListener {
  readonly samples: RecordedSample[];
  readonly notices: RecordedNotice[];
  readonly batches: SampleBatch[];
  of(signal: number): RecordedSample[];
  /** Rejects with what was received when the condition does not come true in two minutes. */
  until(condition: () => boolean, what: string): Promise<void>;
  states(): string[];
}

export function createRecorder(onBatch?: (batch: SampleBatch) => Promise<void> | void): Recorder {
  const samples: RecordedSample[] = [];
  const notices: RecordedNotice[] = [];
  const batches: SampleBatch[] = [];
  return {
    samples,
    notices,
    batches,
    batch(batch) {
      batches.push(batch);
      for (let i = 0; i < batch.count; i++) {
        samples.push({
          signal: batch.signals[i]!,
          value: batch.values[i]!,
          text: batch.texts.get(i),
          quality: batch.qualities[i]!,
          sourceTime: batch.sourceTimes[i]!,
          serverTime: batch.serverTimes[i]!,
        });
      }
      return onBatch?.(batch);
    },
    notice: (notice) => void notices.push(inEnglish(notice)),
    of: (signal) => samples.filter((sample) => sample.signal === signal),
    states: () => notices.flatMap((notice) => (notice.kind === "state" ? [notice.state] : [])),
    async until(condition, what) {
      const deadline = performance.now() + 120_000;
      while (!condition()) {
        if (performance.now() > deadline) {
          throw new Error(`waited in vain for ${what}: ${JSON.stringify(notices.slice(-8))} ${JSON.stringify(samples.slice(-8))}`);
        }
        const { promise, resolve } = Promise.withResolvers<void>();
        setTimeout(resolve, 10);
        await promise;
      }
    },
  };
}

function inEnglish(notice: SourceNotice): RecordedNotice {
  switch (notice.kind) {
    case "state": {
      const { reason, ...rest } = notice;
      return reason === undefined ? rest : { ...rest, reason: textOf(reason) };
    }
    case "dropped":
      return { ...notice, why: textOf(notice.why) };
    case "finding":
      return { ...notice, message: textOf(notice.message) };
    default:
      return notice;
  }
}
