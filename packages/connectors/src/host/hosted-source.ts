import type { Message } from "@doppelwerk/messages";
import {
  quality,
  reasonOf,
  type Clock,
  type ConnectionRecord,
  type Instant,
  type Quality,
  type SampleBatch,
  type SignalRecord,
  type SourceListener,
  type SourceNotice,
} from "@doppelwerk/world";
import { LastKnown } from "../samples/last-known.ts";
import type { ConnectedSource } from "./connector-host.ts";
import type { Answer, ToHost } from "./message.ts";
import type { SourceTiming } from "./source-timing.ts";

export interface HostedSourceParts {
  readonly id: number;
  readonly connection: ConnectionRecord;
  readonly signals: readonly SignalRecord[];
  readonly backfillFrom?: Instant | Float64Array;
  readonly clock: Clock;
  readonly dataDir: string;
  readonly timing: SourceTiming;
  /** False when there is no process to hear it. */
  send(message: ToHost): boolean;
  ask(question: (request: number) => ToHost): Promise<Answer>;
  begin(): void;
  end(): void;
}

const OVERLAP: Instant = 5_000_000;
const FAREWELL_MS = 4_000;

/** The server's side of one connection: takes batches in order, acknowledges each when the listener has, and speaks for a process that died. */
export class HostedSource implements ConnectedSource {
  readonly name: string;
  readonly #parts: HostedSourceParts;
  readonly #last: LastKnown;
  #listener: SourceListener | undefined;
  #started = false;
  #queue: Promise<void> = Promise.resolve();
  /** Source time of the newest good sample that the listener took. */
  #takenUntil: Instant | undefined;
  /** From here on samples may be missing: the newest that was taken before the first loss since the archive was last read to its end. */
  #gapFrom: Instant | undefined;
  #grace: ReturnType<typeof setTimeout> | undefined;
  #life = 0;
  #heardInLife = false;
  #backfilled = false;
  #closing = false;
  readonly #gone = Promise.withResolvers<void>();

  constructor(parts: HostedSourceParts) {
    this.name = parts.connection.name;
    this.#parts = parts;
    this.#last = new LastKnown(parts.signals.length);
  }

  async start(listener: SourceListener): Promise<void> {
    if (this.#started) throw new Error(`source ${this.name} was already started`);
    this.#started = true;
    this.#listener = listener;
    this.#parts.begin();
  }

  async close(): Promise<void> {
    if (this.#listener === undefined) return;
    this.#closing = true;
    clearTimeout(this.#grace);
    if (this.#parts.send({ kind: "close", id: this.#parts.id })) await this.#goneWithin(FAREWELL_MS);
    await this.#queue;
    this.#parts.end();
    const listener = this.#listener;
    this.#listener = undefined;
    listener.notice({ kind: "state", state: "closed", since: this.#parts.clock.now() });
  }

  /** A connector that is caught between two states (a plant that answers nothing, an archive half read) may not keep the server from ending. */
  async #goneWithin(milliseconds: number): Promise<void> {
    const timer = setTimeout(() => this.#gone.resolve(), milliseconds);
    await this.#gone.promise;
    clearTimeout(timer);
  }

  async backfill(from: Instant, to: Instant): Promise<number> {
    const answer = await this.#parts.ask((request) => ({ kind: "backfill", id: this.#parts.id, request, from, to }));
    return "samples" in answer ? answer.samples : 0;
  }

  /** A process has come to life: the first opens with what the historian lacks, a later one with the gap. */
  openInProcess(): void {
    if (this.#closing) return;
    const { id, connection, signals, dataDir, timing } = this.#parts;
    this.#life++;
    this.#heardInLife = false;
    this.#parts.send({
      kind: "open",
      id,
      connection,
      signals,
      dataDir,
      timing,
      backfillFrom: this.#backfillFrom(),
      lastTimes: this.#last.times,
    });
  }

  hearBatch(sequence: number, batch: SampleBatch): void {
    const life = this.#life;
    if (!this.#heardInLife) {
      this.#heardInLife = true;
      clearTimeout(this.#grace);
    }
    this.#queue = this.#queue
      .then(() => this.#take(batch))
      .then(() => {
        if (life === this.#life) this.#parts.send({ kind: "taken", id: this.#parts.id, sequence });
      });
  }

  hearNotice(notice: SourceNotice): void {
    // the end is told once, by close, when the last batch was taken
    if (notice.kind === "state" && notice.state === "closed") return;
    if (notice.kind === "state" && notice.state !== "connected" && notice.state !== "connecting") this.#beginGap();
    if (notice.kind === "backfill" && notice.finished) {
      // what it holds was received, and is taken also when the process dies now
      this.#gapFrom = undefined;
      // told when what came before was taken: a listener may remember that history is complete
      this.#queue = this.#queue.then(() => {
        this.#backfilled = true;
        this.#listener?.notice(notice);
      });
      return;
    }
    this.#listener?.notice(notice);
  }

  /** The process died: values are uncertain at once and bad when no new process says otherwise in time. */
  processLost(reason: Message, worst: Quality): void {
    if (this.#closing) return this.processGone();
    this.#beginGap();
    this.#listener?.notice({ kind: "state", state: "reconnecting", since: this.#parts.clock.now(), reason });
    this.#queue = this.#queue.then(() => this.#sayAll(worst));
    clearTimeout(this.#grace);
    this.#grace = setTimeout(() => {
      this.#queue = this.#queue.then(() => this.#sayAll(quality.bad));
    }, this.#parts.timing.graceMs ?? 10_000);
  }

  processGone(): void {
    this.#gone.resolve();
  }

  /** What was read after the last sample that was taken may have died with the process, or was never received. */
  #beginGap(): void {
    const now = this.#parts.clock.now();
    this.#gapFrom ??= Math.min(this.#takenUntil ?? now, now) - OVERLAP;
  }

  #backfillFrom(): Instant | Float64Array | undefined {
    const { backfillFrom } = this.#parts;
    // one that broke off is read again from its beginning: twice is harmless, missing is not
    return backfillFrom === undefined || this.#backfilled ? this.#gapFrom : backfillFrom;
  }

  async #sayAll(worst: Quality): Promise<void> {
    const batch = this.#last.say(worst, this.#parts.clock.now());
    if (batch.count > 0) await this.#listener?.batch(batch);
  }

  async #take(batch: SampleBatch): Promise<void> {
    this.#last.rememberBatch(batch);
    try {
      await this.#listener?.batch(batch);
      this.#takenUntil = newestGood(batch, this.#takenUntil);
    } catch (error) {
      // the listener refused it (its disk is full): said and counted, and the plant goes on
      this.#listener?.notice({ kind: "dropped", count: batch.count, why: reasonOf(error) });
    }
  }
}

/** Source time of the newest good sample, those before included. */
function newestGood({ count, qualities, sourceTimes }: SampleBatch, before: Instant | undefined): Instant | undefined {
  let newest = before ?? Number.NEGATIVE_INFINITY;
  for (let row = 0; row < count; row++) if (qualities[row] === quality.good && sourceTimes[row]! > newest) newest = sourceTimes[row]!;
  return newest === Number.NEGATIVE_INFINITY ? undefined : newest;
}
