import { codeText, message, type Message } from "@doppelwerk/messages";
import {
  quality,
  type Clock,
  type ConnectionRecord,
  type Instant,
  type Origin,
  type Quality,
  type SignalRecord,
  type SourceListener,
} from "@doppelwerk/world";
import { acceptValue, type RawValue } from "./accept-value.ts";
import { ClockOffsets, TOLERANCE } from "./clock-offsets.ts";
import { LastKnown } from "./last-known.ts";
import { Outbox, type OutboxOptions } from "./outbox.ts";
import { isCredible } from "./source-time.ts";

/** One value as a protocol delivered it. */
export interface IncomingValue {
  readonly raw: RawValue;
  /** Absent = good. */
  readonly quality?: Quality;
  /**
   * Microseconds. `missing`: it should be there and is not, so the value is uncertain. Absent: the protocol knows no time, the value was read just now
   * and is as sure as the reading.
   */
  readonly time?: Instant | "missing";
  /** What stood when the session began (`now`: the source says so this moment; `kept`: a broker kept it, nobody confirms it). It may be old. */
  readonly standing?: "now" | "kept";
  /** The sender judged the time by its own clock and may send the value again: it is not corrected, so that it stays the same sample. */
  readonly judged?: boolean;
  /** From an archive: own time, no dead band, no clock offset, not the standing value. */
  readonly past?: boolean;
  /** Where the source says so of each value; else that of the connection. */
  readonly origin?: Origin;
}

export interface ValueIntakeOptions extends OutboxOptions {
  /** Source times already said for each signal in an earlier life of this connection, NaN = none. */
  readonly lastTimes?: Float64Array;
}

/** Rows beyond which a reader should wait for `room`. */
const ROOM = 20_000;
const TOO_WIDE = "connectors.integerTooWide";
const FINDINGS_REMEMBERED = 10_000;

/** Between any protocol and the listener: makes samples of raw values, remembers what was last said, corrects clocks, tells each finding once. */
export class ValueIntake {
  readonly #signals: readonly SignalRecord[];
  readonly #sources: readonly string[];
  readonly #clock: Clock;
  readonly #listener: SourceListener;
  readonly #outbox: Outbox;
  readonly #last: LastKnown;
  readonly #offsets: ClockOffsets;
  readonly #told = new Set<string>();
  readonly #dropped = new Map<string, { readonly why: Message; count: number }>();
  #grace: ReturnType<typeof setTimeout> | undefined;
  #lostAt: Instant | undefined;
  #graceOver = false;
  /** What was said while a session is being made, which may take longer than the grace. */
  #heard: Set<number> | undefined;

  constructor(
    connection: ConnectionRecord,
    signals: readonly SignalRecord[],
    clock: Clock,
    listener: SourceListener,
    options: ValueIntakeOptions = {},
  ) {
    this.#signals = signals;
    this.#sources = signals.map((signal) => signal.shell ?? connection.name);
    this.#clock = clock;
    this.#listener = listener;
    this.#outbox = new Outbox(listener, signals, options);
    this.#last = new LastKnown(signals.length, options.lastTimes);
    this.#offsets = new ClockOffsets((source, offsetS, at) => listener.notice({ kind: "clockOffset", source, offsetS, at }));
  }

  /** A session is being made: what it says from now on outlives the grace. */
  beginning(): void {
    this.#heard = new Set();
  }

  /** It was not made: what it said stands as little as everything else. */
  failed(): void {
    const heard = this.#heard;
    this.#heard = undefined;
    if (heard !== undefined && heard.size > 0) this.say(this.#graceOver ? quality.bad : quality.uncertain, heard);
  }

  /** A new session. */
  connected(): void {
    clearTimeout(this.#grace);
    this.#heard = undefined;
    if (this.#lostAt !== undefined) this.#offsets.cut(this.#lostAt, this.#clock.now());
    this.#lostAt = undefined;
  }

  /** Returns the source time it is told with; undefined where it is not. */
  value(index: number, incoming: IncomingValue): Instant | undefined {
    const now = this.#clock.now();
    const { value, text, fault } = acceptValue(this.#signals[index]!, incoming.raw);
    // one a signal: the number in it is another with each sample
    if (fault !== undefined) this.finding(index, fault, fault.code === TOO_WIDE ? TOO_WIDE : undefined);
    const absent = Number.isNaN(value) && text === undefined;
    let valueQuality: Quality = absent ? quality.bad : (incoming.quality ?? quality.good);
    if (incoming.past === true) {
      if (typeof incoming.time !== "number" || !isCredible(incoming.time)) {
        this.dropped(1, message("connectors.pastValueWithoutTime"));
        return undefined;
      }
      this.#outbox.pushPast(index, value, text, valueQuality, Math.min(incoming.time, now), now, incoming.origin);
      return Math.min(incoming.time, now);
    }
    let { time, doubtful } = this.#timeOf(index, incoming, now);
    if (incoming.standing !== undefined && time <= this.#last.times[index]!) {
      time = now;
      // the same old value again: only the source itself can say that it still holds
      doubtful ||= incoming.standing === "kept";
    }
    if (doubtful && valueQuality === quality.good) valueQuality = quality.uncertain;
    this.#heard?.add(index);
    this.#last.remember(index, value, text, time, incoming.origin);
    this.#outbox.push(index, value, text, valueQuality, time, now, incoming.origin);
    return time;
  }

  /** The signal cannot be had: bad, and a finding. */
  refused(index: number, reason: Message): void {
    this.finding(index, reason);
    this.value(index, { raw: undefined, quality: quality.bad });
    queueMicrotask(() => this.flush());
  }

  /** Whether anything was ever said of the signal. */
  knows(index: number): boolean {
    return !Number.isNaN(this.#last.times[index]!);
  }

  /** Once for each `kind` of it, which is all that it says where none is given. */
  finding(index: number | undefined, message: Message, kind = codeText(message)): void {
    const key = `${index ?? ""} ${kind}`;
    if (this.#told.has(key)) return;
    // what strangers send must not fill the memory
    if (this.#told.size > FINDINGS_REMEMBERED) this.#told.clear();
    this.#told.add(key);
    const address = index === undefined ? undefined : this.#signals[index]!.address;
    this.#listener.notice(address === undefined ? { kind: "finding", message } : { kind: "finding", message, address });
  }

  /** Counted, and told with the next `flush`. */
  dropped(count: number, why: Message): void {
    const key = codeText(why);
    const known = this.#dropped.get(key);
    if (known === undefined) this.#dropped.set(key, { why, count });
    else known.count += count;
  }

  flush(): void {
    this.#reportDropped();
    this.#outbox.flush();
  }

  /** Rows that wait for the listener. */
  get waiting(): number {
    return this.#outbox.waiting;
  }

  /** Sends what is there; resolves when the listener has the last `rows` that were pushed, rejects when it refuses them. `thinned`: some did not pass. */
  stored(rows: number, thinned: boolean): Promise<void> {
    this.#reportDropped();
    return this.#outbox.stored(rows, thinned);
  }

  /** True when a reader should wait for `room` before it reads on. */
  get full(): boolean {
    return this.#outbox.waiting > ROOM;
  }

  room(): Promise<void> {
    return this.#outbox.room();
  }

  /** Sends what is there, and resolves when the listener has taken all of it. */
  taken(): Promise<void> {
    this.flush();
    return this.#outbox.taken();
  }

  /** What stood in a buffer or a table before the session is about to be read. */
  archiveBegins(): void {
    this.#listener.notice({ kind: "backfill", done: 0, total: 1, urgent: false, samples: 0, finished: false });
  }

  /** It was read to its end; told when the listener has taken all of it. */
  async archiveEnds(samples: number): Promise<void> {
    await this.taken();
    this.#listener.notice({ kind: "backfill", done: 1, total: 1, urgent: true, samples, finished: true });
  }

  /** The link is gone: what was known (or what was chosen of it) is uncertain now and bad after the grace. */
  lost(graceMs: number): void {
    this.#lostAt = this.#clock.now();
    this.say(quality.uncertain);
    clearTimeout(this.#grace);
    this.#graceOver = false;
    this.#grace = setTimeout(() => {
      this.#graceOver = true;
      this.say(
        quality.bad,
        [...this.#last.times.keys()].filter((index) => this.#heard?.has(index) !== true),
      );
    }, graceMs);
  }

  say(worst: Quality, indices?: Iterable<number>): void {
    this.#outbox.pushBatch(this.#last.say(worst, this.#clock.now(), indices));
    this.#outbox.flush();
  }

  /** Nothing is sent after. */
  async close(): Promise<void> {
    clearTimeout(this.#grace);
    await this.#outbox.close();
  }

  #reportDropped(): void {
    for (const { why, count } of this.#dropped.values()) this.#listener.notice({ kind: "dropped", count, why });
    this.#dropped.clear();
  }

  #timeOf(index: number, incoming: IncomingValue, now: Instant): { time: Instant; doubtful: boolean } {
    if (incoming.time === undefined) return { time: now, doubtful: false };
    if (incoming.time === "missing" || !isCredible(incoming.time)) {
      this.finding(index, message("connectors.sourceTimeMissing"));
      return { time: now, doubtful: true };
    }
    if (incoming.judged === true) return { time: Math.min(incoming.time, now), doubtful: incoming.time > now + TOLERANCE };
    const source = this.#sources[index]!;
    if (incoming.standing === undefined) this.#offsets.observe(source, incoming.time, now);
    else this.#offsets.suspect(source, incoming.time, now);
    return this.#offsets.correct(source, incoming.time, now);
  }
}
