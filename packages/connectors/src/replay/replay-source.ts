import {
  quality,
  type Clock,
  type Instant,
  type Origin,
  type Quality,
  type SampleColumns,
  type SampleSource,
  type SourceListener,
} from "@doppelwerk/world";
import { deliver } from "../samples/outbox.ts";
import { SampleBuffer } from "../samples/sample-buffer.ts";
import { pause } from "../samples/pause.ts";

/** Rows of a signal, ascending; played, they have the origin of the replay. */
export type RecordedColumns = Omit<SampleColumns, "origins">;

export interface ReplayOptions {
  readonly clock: Clock;
  readonly origin?: Origin;
  /** Seconds of the recording in one second; absent = as fast as it is taken. */
  readonly speed?: number;
  /** Rows of one batch at most. */
  readonly rows?: number;
}

/**
 * Plays recorded columns, one a signal, merged in the order of time. Source times stay those of the recording.
 * `finished` resolves when everything was taken.
 */
export function createReplaySource(
  name: string,
  recording: readonly RecordedColumns[],
  options: ReplayOptions,
): SampleSource & { readonly finished: Promise<void> } {
  const finished = Promise.withResolvers<void>();
  const stop = new AbortController();
  let playing: Promise<void> | undefined;
  return {
    name,
    finished: finished.promise,
    async start(listener) {
      if (playing !== undefined) throw new Error(`source ${name} was already started`);
      listener.notice({ kind: "state", state: "connected", since: options.clock.now() });
      playing = play(recording, options, listener, stop.signal).then(() => {
        listener.notice({ kind: "state", state: "closed", since: options.clock.now() });
        finished.resolve();
      });
    },
    async close() {
      stop.abort();
      await playing;
    },
  };
}

async function play(
  recording: readonly RecordedColumns[],
  options: ReplayOptions,
  listener: SourceListener,
  stop: AbortSignal,
): Promise<void> {
  const { clock, speed, rows = 5_000, origin = "replayed" } = options;
  const buffer = new SampleBuffer(origin, rows);
  const begin = clock.now();
  let first: Instant | undefined;
  for (const { signal, row } of merged(recording)) {
    if (stop.aborted) return;
    const columns = recording[signal]!;
    const time = columns.times[row]!;
    first ??= time;
    const waitMs = speed === undefined ? 0 : (begin + (time - first) / speed - clock.now()) / 1000;
    if (buffer.count >= rows || (waitMs > 1 && buffer.count > 0)) await deliver(listener, buffer);
    if (waitMs > 1) await pause(waitMs, stop);
    if (stop.aborted) return;
    buffer.push(
      signal,
      columns.values[row]!,
      columns.texts.get(row),
      (columns.qualities[row] ?? quality.bad) as Quality,
      time,
      clock.now(),
    );
  }
  if (buffer.count > 0) await deliver(listener, buffer);
}

/** Rows of all columns in ascending time; equal times in the order of signals. A heap of the next row of each signal. */
function* merged(recording: readonly RecordedColumns[]): Generator<{ readonly signal: number; readonly row: number }> {
  const heap: { signal: number; row: number; time: number }[] = [];
  const before = (a: number, b: number): boolean => {
    const [x, y] = [heap[a]!, heap[b]!];
    return x.time < y.time || (x.time === y.time && x.signal < y.signal);
  };
  const sink = (from: number): void => {
    for (let at = from; ;) {
      const left = 2 * at + 1;
      let least = at;
      if (left < heap.length && before(left, least)) least = left;
      if (left + 1 < heap.length && before(left + 1, least)) least = left + 1;
      if (least === at) return;
      [heap[at], heap[least]] = [heap[least]!, heap[at]!];
      at = least;
    }
  };
  for (const [signal, columns] of recording.entries()) if (columns.times.length > 0) heap.push({ signal, row: 0, time: columns.times[0]! });
  for (let at = heap.length >> 1; at >= 0; at--) sink(at);
  while (heap.length > 0) {
    const top = heap[0]!;
    yield { signal: top.signal, row: top.row };
    const { times } = recording[top.signal]!;
    if (++top.row < times.length) top.time = times[top.row]!;
    else {
      const last = heap.pop()!;
      if (heap.length > 0) heap[0] = last;
    }
    if (heap.length > 0) sink(0);
  }
}
