import { message, textOf, type Message } from "@doppelwerk/messages";
import type { Clock, ConnectionRecord, Origin, SampleSource, SignalRecord, SourceListener } from "@doppelwerk/world";
import { DoppelwerkError, quality } from "@doppelwerk/world";
import type { BrowseResult } from "@doppelwerk/world";
import { DraftCollector } from "../discovery/draft-collector.ts";
import type { Connector } from "../host/connector.ts";
import { rawOfText } from "../samples/raw-of-text.ts";
import { GRACE_MS } from "../samples/session-source.ts";
import { instantOf } from "../samples/source-time.ts";
import { ValueIntake } from "../samples/value-intake.ts";
import { enteredSettings, pushSettings } from "./settings.ts";

export interface PushedValue {
  readonly address: string;
  /** null = the sender has no value. */
  readonly value: number | string | boolean | null;
  /** ISO 8601 or a number of s, ms, µs or ns since 1970; absent = now. */
  readonly time?: string | number;
  readonly quality?: keyof typeof quality;
}

export interface PushAnswer {
  /** Taken, and stored unless thinned. */
  readonly accepted: number;
  /** Of the accepted: held back by a dead band or a limit of rate that the signal declares; of those held by the limit the newest is stored when it is over. */
  readonly thinned?: number;
  /** What was not taken and why, the first hundred. */
  readonly refused: readonly { readonly address: string; readonly why: string; readonly message: Message }[];
}

/** Others bring the values: machines by HTTP, people by hand. Lives in the server's process and has no plant to connect to. */
export interface PushSource extends SampleSource {
  /**
   * Resolves when the listener has stored what is accepted; requests that come meanwhile share the next batch. Rejects with DW_UNAVAILABLE when it refuses,
   * or when too many rows wait (`details.retryAfterS`): then nothing of the request is taken, and it may be sent again. Throws when the source is not started.
   */
  push(values: readonly PushedValue[], options?: PushOptions): Promise<PushAnswer>;
}

export interface PushOptions {
  /** From a buffer of the sender: taken as the past is. */
  readonly late?: boolean;
  /** The sender judged the times by its own clock: they are taken as they are, so that what is sent twice is one sample. */
  readonly judged?: boolean;
}

export interface PushSourceOptions {
  readonly clock: Clock;
  readonly graceMs?: number;
}

const MAX_REFUSALS = 100;
/** Rows of a connection that may wait for the disk; who comes when so many do is asked to come again. */
const MAX_WAITING_ROWS = 50_000;
const RETRY_AFTER_S = 1;

export function createPushSource(connection: ConnectionRecord, signals: readonly SignalRecord[], options: PushSourceOptions): PushSource {
  return new Pushed(connection, signals, options);
}

class Pushed implements PushSource {
  readonly name: string;
  readonly #connection: ConnectionRecord;
  readonly #signals: readonly SignalRecord[];
  readonly #options: PushSourceOptions;
  readonly #byAddress: ReadonlyMap<string, number>;
  readonly #silenceMs: number | undefined;
  /** A time that a person wrote says nothing of a clock. */
  readonly #byHand: boolean;
  #listener: SourceListener | undefined;
  #intake: ValueIntake | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #silent = false;

  constructor(connection: ConnectionRecord, signals: readonly SignalRecord[], options: PushSourceOptions) {
    this.name = connection.name;
    this.#connection = connection;
    this.#signals = signals;
    this.#options = options;
    this.#byAddress = new Map(signals.map(({ address }, index) => [address ?? "", index]));
    this.#byHand = connection.protocol === "entered";
    const silenceS = connection.protocol === "push" ? connection.settings?.["silenceS"] : undefined;
    this.#silenceMs = typeof silenceS === "number" ? silenceS * 1000 : undefined;
  }

  async start(listener: SourceListener): Promise<void> {
    if (this.#listener !== undefined) throw new Error(`source ${this.name} was already started`);
    this.#listener = listener;
    const origin: Origin = this.#connection.protocol === "entered" ? "entered" : "measured";
    this.#intake = new ValueIntake(this.#connection, this.#signals, this.#options.clock, listener, { origin, maxRows: Infinity });
    listener.notice({ kind: "state", state: "connected", since: this.#options.clock.now() });
  }

  async push(values: readonly PushedValue[], options: PushOptions = {}): Promise<PushAnswer> {
    const intake = this.#intake;
    if (intake === undefined) throw new Error(`source ${this.name} is not started`);
    const before = intake.waiting;
    if (before >= MAX_WAITING_ROWS)
      throw new DoppelwerkError("DW_UNAVAILABLE", message("connectors.tooManySamplesWaitDisk", { name: this.name }), {
        retryAfterS: RETRY_AFTER_S,
      });
    this.#heard();
    const refused: { address: string; why: string; message: Message }[] = [];
    let accepted = 0;
    for (const value of values) {
      const reason = this.#take(value, intake, options);
      if (reason === undefined) accepted++;
      else if (refused.length < MAX_REFUSALS) refused.push({ address: value.address, why: textOf(reason), message: reason });
    }
    const rows = intake.waiting - before;
    const thinned = accepted - rows;
    await intake.stored(rows, thinned > 0);
    return { accepted, ...(thinned > 0 && { thinned }), refused };
  }

  async close(): Promise<void> {
    clearTimeout(this.#silence);
    await this.#intake?.close();
    this.#listener?.notice({ kind: "state", state: "closed", since: this.#options.clock.now() });
    this.#listener = undefined;
    this.#intake = undefined;
  }

  #take({ address, value, time, quality: said }: PushedValue, intake: ValueIntake, { late, judged }: PushOptions): Message | undefined {
    const index = this.#byAddress.get(address);
    if (index === undefined) return message("connectors.noSignalHasAddress");
    const at = time === undefined ? undefined : instantOf(time);
    if (time !== undefined && at === undefined) return message("connectors.timeOutOfRange");
    if ((late === true || judged === true) && at === undefined) return message("connectors.lateValueNeedsTime");
    const raw = value === null ? undefined : typeof value === "string" ? rawOfText(value, this.#signals[index]!.valueType) : value;
    intake.value(index, {
      raw,
      ...(at === undefined ? {} : { time: at }),
      ...(said === undefined ? {} : { quality: quality[said] }),
      ...(late === true ? { past: true } : {}),
      ...(judged === true || this.#byHand ? { judged: true } : {}),
    });
    return undefined;
  }

  #heard(): void {
    if (this.#silenceMs === undefined) return;
    const now = this.#options.clock.now();
    if (this.#silent) {
      this.#silent = false;
      this.#intake!.connected();
      this.#listener!.notice({ kind: "state", state: "connected", since: now });
    }
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      this.#silent = true;
      this.#intake?.lost(this.#options.graceMs ?? GRACE_MS);
      this.#listener?.notice({
        kind: "state",
        state: "reconnecting",
        since: this.#options.clock.now(),
        reason: message("connectors.nothingSent", { seconds: this.#silenceMs! / 1000 }),
      });
    }, this.#silenceMs);
  }
}

/** The declared signals are the proposal. Sources of these protocols are made by the server itself. */
function connectorOf(settings: typeof pushSettings | typeof enteredSettings): Connector {
  return {
    open() {
      throw new Error("values that are sent or typed in are taken by the server itself");
    },
    async discover(target): Promise<BrowseResult> {
      const collector = new DraftCollector(50_000);
      for (const { name, ...declared } of settings.parse(target.settings ?? {}).signals)
        collector.add({ ...declared, name: name ?? declared.address, path: [name ?? declared.address] });
      return collector.result(target.url);
    },
  };
}

export const pushConnector = connectorOf(pushSettings);
export const enteredConnector = connectorOf(enteredSettings);
