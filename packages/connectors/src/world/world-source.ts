import type { Client, LiveSession } from "@doppelwerk/client";
import { message, verbatim, type Message } from "@doppelwerk/messages";
import {
  DoppelwerkError,
  MINUTE,
  originAt,
  quality,
  SECOND,
  type ConnectionRecord,
  type Instant,
  type Quality,
  type RecordId,
  type SampleBatch,
  type SampleSource,
  type SignalRecord,
} from "@doppelwerk/world";
import { DraftCollector } from "../discovery/draft-collector.ts";
import type { Connector, ConnectorOptions } from "../host/connector.ts";
import { reasonOf } from "../samples/reason-of.ts";
import { createSessionSource, type Session } from "../samples/session-source.ts";
import type { ValueIntake } from "../samples/value-intake.ts";
import { readGap } from "./past-gap.ts";
import { clientOfWorld, readWorldAddress } from "./world-address.ts";

/** Follows the signals that another world granted, each with its own time, quality and origin. A signal's address is its id there. */
export const worldConnector: Connector = {
  open: (connection, signals, options) => new FollowedWorld(connection, signals, options).source(),
  async discover({ url, secret }, options) {
    const stop = new AbortController();
    const client = clientOfWorld(
      readWorldAddress(url),
      keyOf(options.secret?.token, secret),
      { now: () => Date.now() * 1_000 },
      stop.signal,
    );
    const live = await online(client, stop.signal);
    const collector = new DraftCollector(50_000);
    for (const entry of live.signals()) {
      if (entry === null) continue;
      const { id, name, valueType, ...more } = entry;
      collector.add({
        ...more,
        address: id,
        name,
        path: [name],
        valueType: valueType as SignalRecord["valueType"],
        writable: false,
        hasHistory: true,
      });
    }
    live.close();
    return collector.result(url);
  },
};

/** Samples reach a world a while after their own time: so much of what was received last is read again. Twice is one sample. */
const OVERLAP: Instant = MINUTE;
const HEARD_OVERLAP: Instant = 10 * SECOND;
/** Ids that a subscription names one by one. */
const MAX_NAMED = 20_000;

function keyOf(token: string | undefined, secret: string | undefined): string {
  if (token === undefined) throw new DoppelwerkError("DW_INVALID", message("connectors.worldNeedsKey", { secret: secret ?? "" }));
  return token;
}

class FollowedWorld {
  readonly #connection: ConnectionRecord;
  readonly #signals: readonly SignalRecord[];
  readonly #options: ConnectorOptions;
  readonly #ids: readonly RecordId[];
  readonly #indexes: ReadonlyMap<RecordId, number>;
  /** Per signal: from when on something may be missing. */
  readonly #missingFrom: Float64Array;
  /** While it is being read: from when on it is read once more. */
  #againFrom: Instant | undefined;
  /** When the other world was last heard of while nothing was missing. */
  #heardAt: Instant | undefined;

  constructor(connection: ConnectionRecord, signals: readonly SignalRecord[], options: ConnectorOptions) {
    this.#connection = connection;
    this.#signals = signals;
    this.#options = options;
    this.#ids = signals.map(({ address }) => address ?? "");
    this.#indexes = new Map(this.#ids.map((id, index) => [id, index]));
    const { backfillFrom, clock } = options;
    const begin = (index: number): Instant => (typeof backfillFrom === "number" ? backfillFrom : (backfillFrom?.[index] ?? Number.NaN));
    const now = clock.now();
    this.#missingFrom = Float64Array.from(signals, (_, index) => (Number.isNaN(begin(index)) ? now : begin(index) - OVERLAP));
  }

  source(): SampleSource {
    const address = readWorldAddress(this.#connection.url);
    const key = keyOf(this.#options.secret?.token, this.#connection.secret);
    return createSessionSource({
      ...this.#options,
      connection: this.#connection,
      signals: this.#signals,
      begin: async (intake, stop) => {
        const ended = new AbortController();
        const signal = AbortSignal.any([stop, ended.signal]);
        const client = clientOfWorld(address, key, this.#options.clock, signal);
        const live = await online(client, signal);
        return this.#follow({ client, live, intake, signal }, ended);
      },
    });
  }

  #follow(followed: Followed, ended: AbortController): Session {
    const { live, signal } = followed;
    if (this.#heardAt !== undefined) this.#missSince(this.#heardAt - HEARD_OVERLAP);
    this.#heardAt = undefined;
    const { promise: broken, resolve } = Promise.withResolvers<Message>();
    let isFirst = true;
    const stop = live.on((event) => {
      if (event.kind === "state" && event.state.kind !== "online") resolve(endOf(event.state));
      if (event.kind === "topic" && event.topic === PAST) this.#latePast(followed, event.payload as { readonly from: Instant });
      if (event.kind === "samples") {
        this.#say(followed, event.batch, isFirst);
        isFirst = false;
      }
      if (this.#heardAt !== undefined) this.#heardAt = this.#options.clock.now();
    });
    live.subscribe(this.#ids.length > MAX_NAMED ? "all" : this.#ids);
    const filled = this.#fill(followed).catch((error: unknown) => {
      if (!signal.aborted) resolve(reasonOf(error));
    });
    const lost = broken.finally(stop);
    return {
      lost,
      async close() {
        resolve(message("connectors.connectionClosed"));
        ended.abort();
        live.close();
        await filled;
      },
    };
  }

  #say({ live, intake }: Followed, batch: SampleBatch, isStanding: boolean): void {
    const entries = live.signals();
    for (let row = 0; row < batch.count; row++) {
      const index = this.#indexes.get(entries[batch.signals[row]!]?.id ?? "");
      if (index !== undefined) intake.value(index, { ...valueOf(batch, row), judged: true, ...(isStanding && { standing: "now" }) });
    }
    intake.flush();
  }

  /** Reads what is missing; from then on what is received is all there is. */
  async #fill({ client, live, intake, signal }: Followed): Promise<void> {
    const to = this.#options.clock.now();
    const isGap = this.#missingFrom.some((from) => from < to);
    if (isGap) intake.archiveBegins();
    const take = (batch: SampleBatch, row: number, from: Instant): boolean => {
      const index = this.#indexes.get(live.signals()[batch.signals[row]!]?.id ?? "");
      // the last sample before the window comes along
      if (index === undefined || batch.sourceTimes[row]! < from) return false;
      intake.value(index, { ...valueOf(batch, row), past: true });
      return true;
    };
    const samples = await readGap(client, { ids: this.#ids, from: this.#missingFrom, to, take }, intake, signal);
    if (isGap) await intake.archiveEnds(samples);
    if (signal.aborted) return;
    this.#missingFrom.fill(to - HEARD_OVERLAP);
    const again = this.#againFrom;
    this.#againFrom = undefined;
    if (again !== undefined) {
      this.#missSince(again);
      return this.#fill({ client, live, intake, signal });
    }
    this.#heardAt = this.#options.clock.now();
  }

  /** The other world was told of its own past: what it recorded since is read again. */
  #latePast(followed: Followed, { from }: { readonly from: Instant }): void {
    if (this.#heardAt === undefined) return void (this.#againFrom = Math.min(this.#againFrom ?? from, from));
    this.#missSince(from);
    this.#heardAt = undefined;
    this.#fill(followed).catch(() => {
      // the session ends with it, and the next one reads it
    });
  }

  #missSince(from: Instant): void {
    for (const [index, known] of this.#missingFrom.entries()) this.#missingFrom[index] = Math.min(known, from);
  }
}

/** What the other world sends to those who follow it when its past became another. */
const PAST = "kernel.past";

interface Followed {
  readonly client: Client;
  readonly live: LiveSession;
  readonly intake: ValueIntake;
  readonly signal: AbortSignal;
}

/** Rejects with why there is no session: the key does not hold, there is no such world, nobody answers. */
async function online(client: Client, stop: AbortSignal): Promise<LiveSession> {
  // a WebSocket does not say why it is refused
  await client.requester.json("GET", "/links/own", { signal: stop });
  const live = client.live();
  try {
    await new Promise<void>((resolve, reject) => {
      const judge = (state: ReturnType<LiveSession["state"]>): void => {
        if (state.kind === "online") resolve();
        else if (state.kind !== "connecting") reject(new DoppelwerkError("DW_UNAVAILABLE", endOf(state)));
      };
      live.on((event) => event.kind === "state" && judge(event.state));
      stop.addEventListener("abort", () => reject(new DoppelwerkError("DW_CANCELLED", message("connectors.connectionClosed"))), {
        once: true,
      });
      judge(live.state());
    });
  } catch (error) {
    live.close();
    throw error;
  }
  return live;
}

function endOf(state: ReturnType<LiveSession["state"]>): Message {
  return state.kind === "refused" ? verbatim(state.message) : message("connectors.worldNotReached");
}

function valueOf(batch: SampleBatch, row: number): Pick<Parameters<ValueIntake["value"]>[1], "raw" | "quality" | "time" | "origin"> {
  const number = batch.values[row]!;
  const worth = batch.qualities[row] as Quality;
  const raw = worth === quality.bad ? undefined : (batch.texts.get(row) ?? (Number.isNaN(number) ? undefined : number));
  return { raw, quality: worth, time: batch.sourceTimes[row]!, origin: originAt(batch, row) };
}
