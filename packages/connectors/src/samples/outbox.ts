import { message } from "@doppelwerk/messages";
import { DoppelwerkError, originAt } from "@doppelwerk/world";
import type { Instant, Origin, Quality, SampleBatch, SignalRecord, SourceListener } from "@doppelwerk/world";
import { reasonOf } from "./reason-of.ts";
import { SampleBuffer } from "./sample-buffer.ts";
import { SignalGate, type GateOptions } from "./signal-gate.ts";

/** Rows that wait for a listener at most; what comes on top is dropped and counted. */
const MAX_ROWS = 50_000;

export interface OutboxOptions extends GateOptions {
  readonly origin?: Origin;
  /** Rows that wait for the listener at most. Infinite where whoever pushes asks for `waiting` before. */
  readonly maxRows?: number;
}

/**
 * Live samples on their way to the listener: one batch is out at a time, and while it is, the next one grows.
 * Dead bands and rate limits of the signals are kept here, for every protocol alike.
 * A listener that refuses a batch (its disk is full) loses it, counted, and the plant goes on.
 */
export class Outbox {
  readonly #listener: SourceListener;
  readonly #gate: SignalGate | undefined;
  readonly #buffer: SampleBuffer;
  readonly #maxRows: number;
  #delivery: Promise<void> | undefined;
  /** What becomes of the batch that is out, and of the one that grows; undefined while nobody waits for it. */
  #out: Promise<void> | undefined;
  #next: PromiseWithResolvers<void> | undefined;
  /** Rows of the batch that grows whose sender waits for the outcome. */
  #awaitedRows = 0;
  #release: ReturnType<typeof setTimeout> | undefined;
  #newest: Instant = 0;
  #dropped = 0;
  #closed = false;

  constructor(listener: SourceListener, signals: readonly SignalRecord[] = [], options: OutboxOptions = {}) {
    this.#listener = listener;
    this.#gate = SignalGate.of(signals, options);
    this.#buffer = new SampleBuffer(options.origin ?? "measured", 1024);
    this.#maxRows = options.maxRows ?? MAX_ROWS;
  }

  get waiting(): number {
    return this.#buffer.count;
  }

  push(
    signal: number,
    value: number,
    text: string | undefined,
    quality: Quality,
    sourceTime: Instant,
    serverTime: Instant,
    origin?: Origin,
  ): void {
    if (this.#gate !== undefined) {
      this.#newest = serverTime;
      if (!this.#gate.admits(signal, value, text, quality, sourceTime, serverTime)) return;
    }
    this.pushPast(signal, value, text, quality, sourceTime, serverTime, origin);
  }

  /** What lies in the past is neither thinned nor does it thin what comes. */
  pushPast(
    signal: number,
    value: number,
    text: string | undefined,
    quality: Quality,
    sourceTime: Instant,
    serverTime: Instant,
    origin?: Origin,
  ): void {
    if (this.#buffer.count >= this.#maxRows) this.#dropped++;
    else this.#buffer.push(signal, value, text, quality, sourceTime, serverTime, origin);
  }

  pushBatch(batch: SampleBatch): void {
    for (let row = 0; row < batch.count; row++) {
      this.push(
        batch.signals[row]!,
        batch.values[row]!,
        batch.texts.get(row),
        batch.qualities[row] as Quality,
        batch.sourceTimes[row]!,
        batch.serverTimes[row]!,
        batch.origins && originAt(batch, row),
      );
    }
  }

  /** Sends what is there, unless a batch is still out: then it goes when that one was taken. */
  flush(): void {
    if (this.#closed) return;
    if (this.#gate?.holds === true && this.#release === undefined) this.#releaseHeld(this.#newest);
    if (this.#delivery !== undefined || this.#buffer.count === 0) return;
    const outcome = this.#next;
    const awaitedRows = this.#awaitedRows;
    this.#out = outcome?.promise;
    [this.#next, this.#awaitedRows] = [undefined, 0];
    this.#delivery = this.#deliver(outcome, awaitedRows).then(() => {
      [this.#delivery, this.#out] = [undefined, undefined];
      this.#reportDropped();
      this.flush();
    });
  }

  /**
   * Sends what is there. Resolves when the listener has taken the last `rows` that were pushed and, where some were `thinned`, whatever they were compared
   * with; rejects when it refuses them: their sender has them still, and may push them again. All that wait meanwhile share one batch.
   */
  async stored(rows: number, thinned: boolean): Promise<void> {
    if (this.#closed) throw closedError();
    const out = thinned ? this.#out : undefined;
    this.#awaitedRows += rows;
    if (rows > 0) this.#next ??= Promise.withResolvers<void>();
    const next = this.#next?.promise;
    this.flush();
    await Promise.all([out, next]);
  }

  /** Resolves when nothing is out any more; nothing is sent after. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#release);
    await this.#delivery;
    this.#next?.reject(closedError());
  }

  /** Resolves when the listener has taken the batch that is out. */
  async room(): Promise<void> {
    await this.#delivery;
  }

  /** Resolves when the listener has taken all that was there. */
  async taken(): Promise<void> {
    while (this.#delivery !== undefined) await this.#delivery;
  }

  #releaseHeld(now: Instant): void {
    this.#release = undefined;
    const due = this.#gate!.release(now, (index, { value, text, quality, sourceTime, serverTime }) =>
      this.pushPast(index, value, text, quality, sourceTime, serverTime),
    );
    if (due === undefined) return;
    this.#release = setTimeout(
      () => {
        this.#releaseHeld(due);
        this.flush();
      },
      Math.max(1, Math.ceil((due - now) / 1000)),
    );
  }

  /** Never rejects. Rows that are refused and that no sender waits for are lost, and counted. */
  async #deliver(outcome: PromiseWithResolvers<void> | undefined, awaitedRows: number): Promise<void> {
    const batch = this.#buffer.take();
    try {
      await this.#listener.batch(batch);
      outcome?.resolve();
    } catch (error) {
      // pushed again, the same value must pass
      this.#gate?.forget(batch.signals);
      const count = batch.count - awaitedRows;
      if (count > 0) this.#listener.notice({ kind: "dropped", count, why: reasonOf(error) });
      outcome?.reject(error);
    }
  }

  #reportDropped(): void {
    if (this.#dropped === 0) return;
    this.#listener.notice({
      kind: "dropped",
      count: this.#dropped,
      why: message("connectors.samplesTooFast"),
    });
    this.#dropped = 0;
  }
}

function closedError(): DoppelwerkError {
  return new DoppelwerkError("DW_UNAVAILABLE", message("connectors.connectionClosedBeforeSamplesStored"));
}

/** Hands the rows of a buffer to the listener; never rejects. */
export async function deliver(listener: SourceListener, buffer: SampleBuffer): Promise<void> {
  const batch = buffer.take();
  try {
    await listener.batch(batch);
  } catch (error) {
    listener.notice({ kind: "dropped", count: batch.count, why: reasonOf(error) });
  }
}
