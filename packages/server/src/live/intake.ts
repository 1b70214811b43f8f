import { message as messageOf } from "@doppelwerk/messages";
import { DoppelwerkError, joinedOrigins, LIVE, quality, SECOND } from "@doppelwerk/world";
import type { FollowedSamples } from "@doppelwerk/kit/server";
import type { Clock, History, Instant, SampleBatch, SourceNotice } from "@doppelwerk/world";
import type { FollowedBatch } from "./followed-batch.ts";
import type { FollowedBatches } from "./followed-batches.ts";
import { RollingTimes } from "./rolling-times.ts";
import { rowsWhere } from "./rows-where.ts";
import type { SignalDirectory } from "./signal-directory.ts";

export interface IntakeOptions {
  readonly signals: SignalDirectory;
  readonly history: History;
  readonly clock: Clock;
  /** Default: no batch is followed. */
  readonly followed?: Pick<FollowedBatches, "follow" | "of">;
  /** Each tick's checked samples, once they are in the live table: alarms, KPIs, rooms. */
  onTick(batch: SampleBatch, followed?: FollowedBatch): void;
  /** Samples of the past, once they are on disk. */
  onPast(batch: SampleBatch): void;
  onNotice(notice: SourceNotice): void;
  onFault(message: string, error: unknown): void;
}

/** The historian takes no samples: since when, and whether for want of room. */
export interface StoreRefusal {
  readonly since: Instant;
  readonly isDiskFull: boolean;
}

/** World tick. */
const TICK_MS = 20;
/** Live rows that may wait for a tick; more than this arrives only when the process stalls, then the oldest batches go. */
const WAITING_ROWS_MAX = 200_000;
/**
 * Rows the historian may be behind before live samples are no longer handed to it (the disk is full or gone): two seconds of a million a second, so that a
 * disk that holds its breath loses nothing, and 60 MB at most.
 */
const UNWRITTEN_ROWS_MAX = 2_000_000;
/** Older than this is history that arrives late: it is stored, and told to the derivation, but not to live viewers. */
const LIVE_AGE: Instant = 60 * SECOND;
/** So long after the last refusal the historian counts as taking samples again: whoever was refused may try. */
const CALM: Instant = 5 * SECOND;
const EXPIRE_EVERY_MS = 1_000;
/** When senders that were refused should come again, seconds: where the historian is behind, and where the disk is full. */
const RETRY_BEHIND_S = 1;
const RETRY_REFUSED_S = 5;

/** The one way for samples into the world: bounded queue, once a tick into the live table, the historian and everyone who watches. */
export class Intake {
  readonly #options: IntakeOptions;
  #waiting: SampleBatch[] = [];
  #waitingRows = 0;
  /** Stored already, and taken into the live table; shown with the next tick. */
  #toShow: SampleBatch[] = [];
  #unwrittenRows = 0;
  /** What the next tick brings is followed. */
  #followed: FollowedBatch | undefined;
  #tick: NodeJS.Timeout | undefined;
  #expiry: NodeJS.Timeout | undefined;
  #refusal: StoreRefusal | undefined;
  #refusedAt: Instant = 0;
  readonly counts = { ingested: 0, dropped: 0, unwritten: 0, ticks: 0 };
  /** From the arrival of the oldest value of a tick until it was handed to the viewers. */
  readonly shownAfter: RollingTimes;

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.shownAfter = new RollingTimes(() => options.clock.now() / 1_000);
  }

  /** Live rows that wait for a tick, and those that wait for the disk. */
  get waiting(): number {
    return this.#waitingRows + this.#unwrittenRows;
  }

  start(): void {
    this.#tick = setInterval(() => this.drain(), TICK_MS);
    this.#expiry = setInterval(() => this.#expire(), EXPIRE_EVERY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#tick);
    clearInterval(this.#expiry);
    this.drain();
    while (this.#unwrittenRows > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  /** See `FollowedBatches`. */
  follow(batch: SampleBatch): FollowedSamples | undefined {
    return this.#options.followed?.follow(batch);
  }

  /** Takes a batch in the table's index space. Past samples resolve when they are on disk: the source waits before it sends more. */
  offer(batch: SampleBatch, followed?: FollowedSamples): Promise<void> | undefined {
    if (batch.count === 0) return undefined;
    const liveFrom = this.#options.clock.now() - LIVE_AGE;
    if (maximum(batch.sourceTimes, batch.count) < liveFrom) return this.#takePast(batch);
    if (minimum(batch.sourceTimes, batch.count) < liveFrom) {
      // The end of an archive: what is old is history, what is new is live.
      const past = this.#takePast(rowsWhere(batch, (row) => batch.sourceTimes[row]! < liveFrom));
      return Promise.all([past, this.offer(rowsWhere(batch, (row) => batch.sourceTimes[row]! >= liveFrom))]).then(() => undefined);
    }
    if (followed !== undefined) this.#followed = this.#options.followed?.of(followed)?.mark("mapped");
    this.#waiting.push(batch);
    this.#waitingRows += batch.count;
    while (this.#waitingRows > WAITING_ROWS_MAX && this.#waiting.length > 1) {
      const oldest = this.#waiting.shift()!;
      this.#waitingRows -= oldest.count;
      this.counts.dropped += oldest.count;
    }
    return undefined;
  }

  /**
   * Samples whose sender waits for an answer. Resolves when all of them are on disk and in the live table. Rejects with DW_UNAVAILABLE
   * (`details.retryAfterS`) when they are not stored: then nothing of them was taken, and the sender may send them again.
   */
  async offerDurably(batch: SampleBatch, given?: FollowedSamples): Promise<void> {
    if (batch.count === 0) return;
    const followed = given && this.#options.followed?.of(given)?.mark("mapped");
    if (this.#unwrittenRows > UNWRITTEN_ROWS_MAX)
      throw new DoppelwerkError("DW_UNAVAILABLE", messageOf("connect.historyBehind"), {
        retryAfterS: RETRY_BEHIND_S,
      });
    const { signals, clock, onNotice, onPast } = this.#options;
    const { batch: checked, notices } = signals.table.check(batch);
    for (const notice of notices) onNotice(notice);
    try {
      await this.#append(checked);
    } catch (error) {
      throw refusedAnswer(isDiskFull(error));
    }
    this.counts.ingested += checked.count;
    followed?.mark("stored");
    signals.table.take(checked);
    const liveFrom = clock.now() - LIVE_AGE;
    this.#followed = followed ?? this.#followed;
    if (minimum(checked.sourceTimes, checked.count) >= liveFrom) return void this.#toShow.push(checked);
    onPast(rowsWhere(checked, (row) => checked.sourceTimes[row]! < liveFrom));
    const live = rowsWhere(checked, (row) => checked.sourceTimes[row]! >= liveFrom);
    if (live.count > 0) this.#toShow.push(live);
  }

  /** Undefined while what comes is stored. Refused for the last time a while ago, it counts as over: nobody may be sending. */
  get refusal(): StoreRefusal | undefined {
    if (this.#refusal !== undefined && this.#options.clock.now() - this.#refusedAt > CALM) this.#refusal = undefined;
    return this.#refusal;
  }

  /** One tick; called by the timer, and by tests. */
  drain(): void {
    if (this.#waiting.length === 0 && this.#toShow.length === 0) return;
    const [waiting, stored] = [this.#waiting, this.#toShow];
    [this.#waiting, this.#toShow] = [[], []];
    this.#waitingRows = 0;
    this.counts.ticks++;
    const followed = this.#followed?.mark("ticked");
    this.#followed = undefined;
    if (waiting.length > 0) {
      const { checked, stored: whenStored } = this.#takeLive(concatenate(waiting));
      stored.push(checked);
      if (followed !== undefined) void whenStored.then(() => followed.mark("stored"));
    }
    const tick = concatenate(stored);
    followed?.mark("taken");
    this.#options.onTick(tick, followed);
    const { clock } = this.#options;
    this.shownAfter.record(Math.max(0, clock.now() - tick.serverTimes[0]!) / 1_000);
  }

  /** Samples made here (derived states, alarm states): shown like any others at once, and stored, or counted as not stored, when it resolves. */
  derive(batch: SampleBatch): Promise<void> {
    return this.#take(batch);
  }

  #take(batch: SampleBatch): Promise<void> {
    const { checked, stored } = this.#takeLive(batch);
    this.#options.onTick(checked);
    return stored;
  }

  #takeLive(batch: SampleBatch): { readonly checked: SampleBatch; readonly stored: Promise<void> } {
    const { batch: checked, notices } = this.#options.signals.table.ingest(batch);
    this.counts.ingested += checked.count;
    for (const notice of notices) this.#options.onNotice(notice);
    return { checked, stored: this.#store(checked) };
  }

  async #store(batch: SampleBatch): Promise<void> {
    if (this.#unwrittenRows > UNWRITTEN_ROWS_MAX) {
      this.counts.unwritten += batch.count;
      return;
    }
    try {
      await this.#append(batch);
    } catch {
      // reported where it was refused
      this.counts.unwritten += batch.count;
    }
  }

  async #append(batch: SampleBatch): Promise<void> {
    this.#unwrittenRows += batch.count;
    try {
      await this.#options.history.append(LIVE, batch, this.#options.signals.table.ids);
    } catch (error) {
      const { refusal } = this;
      this.#refusedAt = this.#options.clock.now();
      // reported once each time: a disk that stays full would be reported fifty times a second
      if (refusal === undefined) this.#options.onFault("samples could not be stored", error);
      this.#refusal = { since: refusal?.since ?? this.#refusedAt, isDiskFull: isDiskFull(error) };
      throw error;
    } finally {
      this.#unwrittenRows -= batch.count;
    }
  }

  async #takePast(batch: SampleBatch): Promise<void> {
    const { batch: checked, notices } = this.#options.signals.table.ingest(batch);
    this.counts.ingested += checked.count;
    for (const notice of notices) this.#options.onNotice(notice);
    await this.#append(checked);
    this.#options.onPast(checked);
  }

  #expire(): void {
    const batch = this.#options.signals.table.expire(this.#options.clock.now());
    if (!batch) return;
    void this.#store(batch);
    this.#options.onTick(batch);
  }
}

function isDiskFull(error: unknown): boolean {
  return /ENOSPC|EDQUOT|no space|disk full|disk is full/i.test(error instanceof Error ? error.message : "");
}

/** What a sender is answered; the log has the historian's own words. */
function refusedAnswer(isFull: boolean): DoppelwerkError {
  const message = isFull ? messageOf("connect.diskFull") : messageOf("connect.historyTakesNoSamples");
  return new DoppelwerkError("DW_UNAVAILABLE", message, { retryAfterS: RETRY_REFUSED_S });
}

function concatenate(batches: readonly SampleBatch[]): SampleBatch {
  if (batches.length === 1) return batches[0]!;
  const count = batches.reduce((sum, batch) => sum + batch.count, 0);
  const signals = new Uint32Array(count);
  const values = new Float64Array(count);
  const qualities = new Uint8Array(count).fill(quality.bad);
  const sourceTimes = new Float64Array(count);
  const serverTimes = new Float64Array(count);
  const texts = new Map<number, string>();
  let at = 0;
  for (const batch of batches) {
    signals.set(batch.signals.subarray(0, batch.count), at);
    values.set(batch.values.subarray(0, batch.count), at);
    qualities.set(batch.qualities.subarray(0, batch.count), at);
    sourceTimes.set(batch.sourceTimes.subarray(0, batch.count), at);
    serverTimes.set(batch.serverTimes.subarray(0, batch.count), at);
    for (const [row, text] of batch.texts) texts.set(at + row, text);
    at += batch.count;
  }
  const origins = joinedOrigins(batches, count);
  return { origin: batches[0]!.origin, ...(origins && { origins }), count, signals, values, qualities, sourceTimes, serverTimes, texts };
}

function maximum(values: Float64Array, count: number): number {
  let result = -Infinity;
  for (let i = 0; i < count; i++) if (values[i]! > result) result = values[i]!;
  return result;
}

function minimum(values: Float64Array, count: number): number {
  let result = Infinity;
  for (let i = 0; i < count; i++) if (values[i]! < result) result = values[i]!;
  return result;
}
