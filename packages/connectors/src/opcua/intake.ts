import { message, type Message } from "@doppelwerk/messages";
import type { DataValue } from "node-opcua";
import {
  quality,
  type Clock,
  type ConnectionRecord,
  type Instant,
  type Quality,
  type SignalRecord,
  type SourceListener,
} from "@doppelwerk/world";
import { acceptValue, type RawValue } from "../samples/accept-value.ts";
import { ClockOffsets } from "../samples/clock-offsets.ts";
import { LastKnown } from "../samples/last-known.ts";
import { deliver, Outbox } from "../samples/outbox.ts";
import { SampleBuffer } from "../samples/sample-buffer.ts";
import { rawKind, type HistoryColumns } from "./history-columns.ts";
import { hasOverflow, isCredible, qualityOf, rawValueOf, sourceTimeOf } from "./raw-value.ts";

const HISTORY_ROWS = 20_000;

/** Between the library and the listener: makes samples of values, remembers what was last said of each signal, and corrects clocks. */
export class Intake {
  readonly #signals: readonly SignalRecord[];
  readonly #sources: readonly string[];
  readonly #clock: Clock;
  readonly #listener: SourceListener;
  readonly #offsets: ClockOffsets;
  readonly #outbox: Outbox;
  readonly #history = new SampleBuffer("measured", HISTORY_ROWS);
  readonly #told = new Set<string>();
  readonly #last: LastKnown;
  /** 0 until the first value of this session came. */
  #seen: Uint8Array;
  /** The same of the session before. */
  #seenBefore: Uint8Array;
  #lostAt: Instant | undefined;
  /** When the values that are being taken in one go came: one look at the clock for all of them. */
  #now: Instant | undefined;
  #graceTimer: ReturnType<typeof setTimeout> | undefined;
  #overflows = 0;

  constructor(
    connection: ConnectionRecord,
    signals: readonly SignalRecord[],
    clock: Clock,
    listener: SourceListener,
    lastTimes?: Float64Array,
  ) {
    this.#signals = signals;
    this.#sources = signals.map((signal) => signal.shell ?? connection.name);
    this.#clock = clock;
    this.#listener = listener;
    this.#outbox = new Outbox(listener, signals);
    this.#offsets = new ClockOffsets((source, offsetS, at) => listener.notice({ kind: "clockOffset", source, offsetS, at }));
    this.#last = new LastKnown(signals.length, lastTimes);
    this.#seen = new Uint8Array(signals.length);
    this.#seenBefore = new Uint8Array(signals.length);
  }

  correction(index: number): Instant {
    return this.#offsets.correction(this.#sources[index]!);
  }

  /** Resolves after `leastMs`, or when the clocks that are ahead are known, after `mostMs` at the latest. */
  async offsetsKnown(leastMs: number, mostMs: number, stop: AbortSignal): Promise<void> {
    for (let waited = 0; waited < mostMs && !stop.aborted; waited += 100) {
      if (waited >= leastMs && !this.#offsets.searching) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      setTimeout(resolve, 100);
      await promise;
    }
  }

  /** A new session: its first values are the state as it stands, not changes. */
  connected(): void {
    clearTimeout(this.#graceTimer);
    if (this.#lostAt !== undefined) this.#offsets.cut(this.#lostAt, this.#clock.now());
    this.#seenBefore = this.#seen;
    this.#seen = new Uint8Array(this.#signals.length);
  }

  /** Of these the session of before goes on: what comes are changes, each with its own time. */
  resumed(signals: Iterable<{ readonly index: number }>): void {
    for (const { index } of signals) this.#seen[index] = this.#seenBefore[index]!;
  }

  /** `inside`: tokens of what of the value the signal is. `standing`: it was read, and may be old. */
  live(index: number, value: DataValue, inside: readonly string[] = [], standing = false): void {
    if (standing) this.#seen[index] = 0;
    this.#take(index, rawValueOf(value.value, inside), value.statusCode.value, sourceTimeOf(value));
  }

  /** The same of a row of a notification. */
  change(index: number, columns: HistoryColumns, row: number): void {
    const source = columns.sourceTimes[row]!;
    this.#take(index, rawOf(columns, row), columns.statuses[row]!, isCredible(source) ? source : undefined);
  }

  #take(index: number, raw: RawValue, status: number, sourceTime: Instant | undefined): void {
    const now = (this.#now ??= this.#look());
    if (hasOverflow(status)) this.#overflows++;
    const accepted = this.#accept(index, raw, status);
    const first = this.#seen[index] === 0;
    this.#seen[index] = 1;
    let { time, doubtful } = this.#timeOf(index, sourceTime, now, first);
    // after a loss the old value with its old time is news: it still holds now
    if (first && time <= this.#last.times[index]!) time = now;
    doubtful &&= accepted.quality === quality.good;
    this.#last.remember(index, accepted.value, accepted.text, time);
    this.#outbox.push(index, accepted.value, accepted.text, doubtful ? quality.uncertain : accepted.quality, time, now);
  }

  /** What is taken after something was waited for comes later. */
  #look(): Instant {
    queueMicrotask(() => (this.#now = undefined));
    return this.#clock.now();
  }

  flush(): void {
    if (this.#overflows > 0) {
      this.#listener.notice({ kind: "dropped", count: this.#overflows, why: message("connectors.serverQueueOverflow") });
      this.#overflows = 0;
    }
    this.#outbox.flush();
  }

  /** Nothing is sent after. */
  async close(): Promise<void> {
    clearTimeout(this.#graceTimer);
    await this.#outbox.close();
  }

  /** The link is gone: what was known is uncertain now and bad after the grace, both said with the last value and the time of the loss. */
  lost(graceMs: number): void {
    this.#lostAt = this.#clock.now();
    this.#sayAll(quality.uncertain);
    clearTimeout(this.#graceTimer);
    this.#graceTimer = setTimeout(() => this.#sayAll(quality.bad), graceMs);
  }

  refused(index: number, reason: Message): void {
    this.finding(index, reason);
    const now = this.#clock.now();
    this.#outbox.push(index, Number.NaN, undefined, quality.bad, now, now);
    queueMicrotask(() => this.flush());
  }

  finding(index: number, message: Message): void {
    const key = `${index} ${message}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.#listener.notice({ kind: "finding", message, address: this.#signals[index]!.address });
  }

  /** A page of an archive, without what is older than `from`. Awaits the listener whenever a batch is full. */
  async history(index: number, columns: HistoryColumns, from: Instant): Promise<void> {
    const now = this.#clock.now();
    let without = 0;
    for (let row = 0; row < columns.count; row++) {
      if (columns.sourceTimes[row]! < from) continue;
      if (!this.#historyRow(index, columns, row, now)) without++;
      if (this.#history.count >= HISTORY_ROWS) await deliver(this.#listener, this.#history);
    }
    if (without > 0)
      this.#listener.notice({
        kind: "dropped",
        count: without,
        why: message("connectors.historyWithoutTime", { signal: this.#signals[index]!.name }),
      });
  }

  async flushHistory(): Promise<void> {
    if (this.#history.count > 0) await deliver(this.#listener, this.#history);
  }

  #historyRow(index: number, columns: HistoryColumns, row: number, now: Instant): boolean {
    const status = columns.statuses[row]!;
    const accepted = this.#accept(index, rawOf(columns, row), status);
    const source = columns.sourceTimes[row]!;
    const server = columns.serverTimes[row]!;
    const believed = isCredible(source);
    if (!believed && !isCredible(server)) return false;
    const { time, doubtful } = this.#offsets.correct(this.#sources[index]!, believed ? source : server, now);
    const uncertain = (doubtful || !believed) && accepted.quality === quality.good;
    this.#history.push(index, accepted.value, accepted.text, uncertain ? quality.uncertain : accepted.quality, time, now);
    return true;
  }

  #accept(
    index: number,
    raw: RawValue,
    status: number,
  ): { readonly value: number; readonly text: string | undefined; readonly quality: Quality } {
    const signal = this.#signals[index]!;
    const { value, text, fault } = acceptValue(signal, raw);
    if (fault !== undefined) {
      this.finding(index, fault);
      return { value: Number.NaN, text: undefined, quality: quality.bad };
    }
    const absent = Number.isNaN(value) && text === undefined;
    return { value, text, quality: absent ? quality.bad : qualityOf(status) };
  }

  #timeOf(index: number, sourceTime: Instant | undefined, now: Instant, first: boolean): { time: Instant; doubtful: boolean } {
    if (sourceTime === undefined) {
      this.finding(index, message("connectors.sourceTimeMissing"));
      return { time: now, doubtful: true };
    }
    const source = this.#sources[index]!;
    if (first) this.#offsets.suspect(source, sourceTime, now);
    else this.#offsets.observe(source, sourceTime, now);
    return this.#offsets.correct(source, sourceTime, now);
  }

  #sayAll(worst: Quality): void {
    this.#outbox.pushBatch(this.#last.say(worst, this.#clock.now()));
    this.#outbox.flush();
  }
}

function rawOf(columns: HistoryColumns, row: number): RawValue {
  switch (columns.kinds[row]) {
    case rawKind.number:
      return columns.values[row]!;
    case rawKind.boolean:
      return columns.values[row] === 1;
    case rawKind.text:
      return columns.texts.get(row);
    case rawKind.wide:
      return columns.wide.get(row);
    case rawKind.other:
      return { other: message("connectors.foundStructure") };
    default:
      return undefined;
  }
}
