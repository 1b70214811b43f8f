import { message, type Message } from "@doppelwerk/messages";
import {
  type Clock,
  type ConnectionRecord,
  type ConnectionState,
  type Instant,
  type SampleSource,
  type SignalRecord,
  type SourceListener,
} from "@doppelwerk/world";
import { reasonOf } from "./reason-of.ts";
import { ValueIntake, type ValueIntakeOptions } from "./value-intake.ts";
import { pause } from "./pause.ts";

export interface SessionTiming {
  readonly graceMs?: number;
  readonly retryMs?: { readonly first: number; readonly most: number };
}

/** One life with a plant: `lost` resolves once with the reason and never rejects; `close` ends it and may be called on a dead one. */
export interface Session {
  readonly lost: Promise<Message>;
  close(): Promise<void>;
}

export interface SessionSourceParts extends ValueIntakeOptions, SessionTiming {
  readonly connection: ConnectionRecord;
  readonly signals: readonly SignalRecord[];
  readonly clock: Clock;
  /** Connects and subscribes; rejects when that is not possible. `stop` is aborted when the source is closed. */
  begin(intake: ValueIntake, stop: AbortSignal): Promise<Session>;
}

export const GRACE_MS = 10_000;
/** Pauses between attempts. The longest leaves room for the first value within five seconds of a plant's return. */
export const RETRY_MS = { first: 250, most: 3_000 };

/** A source whose sessions are thrown away whole when they are lost and built again, with growing pauses. */
export function createSessionSource(parts: SessionSourceParts): SampleSource {
  return new SessionSource(parts);
}

class SessionSource implements SampleSource {
  readonly name: string;
  readonly #parts: SessionSourceParts;
  readonly #stop = new AbortController();
  #listener: SourceListener | undefined;
  #intake: ValueIntake | undefined;
  #session: Session | undefined;
  #running: Promise<void> | undefined;

  constructor(parts: SessionSourceParts) {
    this.name = parts.connection.name;
    this.#parts = parts;
  }

  async start(listener: SourceListener): Promise<void> {
    if (this.#running !== undefined) throw new Error(`source ${this.name} was already started`);
    const { connection, signals, clock } = this.#parts;
    this.#listener = listener;
    this.#intake = new ValueIntake(connection, signals, clock, listener, this.#parts);
    this.#running = this.#run(this.#intake);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await closed(this.#session);
    await this.#running;
    await this.#intake?.close();
    if (this.#listener !== undefined) this.#state("closed", this.#parts.clock.now());
    this.#listener = undefined;
  }

  async #run(intake: ValueIntake): Promise<void> {
    const { clock, graceMs = GRACE_MS, retryMs = RETRY_MS } = this.#parts;
    let wait = retryMs.first;
    let since = clock.now();
    this.#state("connecting", since);
    while (!this.#stop.signal.aborted) {
      const { connected, reason } = await this.#live(intake);
      if (this.#stop.signal.aborted) return;
      if (connected) {
        since = clock.now();
        wait = retryMs.first;
        intake.lost(graceMs);
      }
      this.#state("reconnecting", since, reason);
      await pause(wait, this.#stop.signal);
      wait = Math.min(wait * 2, retryMs.most);
    }
  }

  /** Never rejects. */
  async #live(intake: ValueIntake): Promise<{ readonly connected: boolean; readonly reason: Message }> {
    let session: Session | undefined;
    intake.beginning();
    try {
      session = await this.#parts.begin(intake, this.#stop.signal);
      if (this.#stop.signal.aborted) return { connected: false, reason: message("connectors.connectionClosed") };
      this.#session = session;
      intake.connected();
      this.#state("connected", this.#parts.clock.now());
      return { connected: true, reason: await session.lost };
    } catch (error) {
      intake.failed();
      return { connected: false, reason: reasonOf(error) };
    } finally {
      this.#session = undefined;
      await closed(session);
    }
  }

  #state(state: ConnectionState, since: Instant, reason?: Message): void {
    this.#listener?.notice({ kind: "state", state, since, ...(reason && { reason }) });
  }
}

/** Never rejects: a session that is closed after a loss has nothing left to close properly, and why it was lost is shown already. */
async function closed(session: Session | undefined): Promise<void> {
  await session?.close().catch(() => {
    // see above
  });
}
