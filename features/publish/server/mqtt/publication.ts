import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { startMqttPublisher, type MqttPublisher } from "@doppelwerk/connectors/publish";
import { DoppelwerkError, LIVE, quality } from "@doppelwerk/world";
import type { ConnectionRecord, Instant, RecordId, RecordReader, WorldView } from "@doppelwerk/world";
import { message } from "@doppelwerk/kit";
import type { FeatureLog, LiveTable } from "@doppelwerk/kit/server";
import type { AasEventsRequest, CloudEvent, EventPlace } from "@doppelwerk/ports";
import { movesSignals } from "../places/asset-places.ts";
import { checkPublication, type PublicationSettings, type PublicationRequest } from "./settings.ts";
import { STATUS_LEVEL, topicsOf } from "./topics.ts";

export interface PublicationOptions extends PublicationRequest {
  /** Remembers up to where events were told. */
  readonly placeFile: string;
  readonly readSecret: (name: string) => Parameters<typeof startMqttPublisher>[0]["secret"];
  readonly table: LiveTable;
  /** What may be told to everyone who reads the broker. */
  readonly view: WorldView;
  readonly events: (request: AasEventsRequest, signal: AbortSignal) => AsyncIterable<CloudEvent | undefined>;
  readonly now: () => Instant;
  readonly log: FeatureLog;
  readonly world: string;
  /** URL of this server. */
  readonly serverUrl: string;
}

export interface PublicationCounts {
  readonly connected: boolean;
  /** Messages the broker acknowledged. */
  readonly values: number;
  readonly events: number;
  /** Signals whose newest value the broker has not acknowledged. */
  readonly waiting: number;
  /** Messages with values that were lost with a session; the newest value of each signal is told again in the next. */
  readonly lost: number;
  /** Signals left out because they are read from our own topics. */
  readonly ownEchoes: number;
  /** When it last acknowledged anything; milliseconds since 1970. */
  readonly heardMs?: number;
}

const QUALITY_WORDS = { [quality.good]: "good", [quality.uncertain]: "uncertain", [quality.bad]: "bad" } as const;
/** Events on their way at once: their order is kept, and a place is kept only when everything before it arrived. */
const EVENTS_IN_FLIGHT = 32;
const PLACE_EVERY_MS = 1_000;
const RETRY_EVENTS_MS = 500;
const FAREWELL_MS = 200;

/**
 * Tells a broker what is live. The live table is the queue: one row a signal, so memory is bounded by the signals and a slow broker gets the newest
 * value of each. Events are read from the world's log from the place last acknowledged: nothing is missed, something may come twice with the same id.
 */
export class Publication {
  readonly #options: PublicationOptions;
  readonly #settings: PublicationSettings;
  readonly #publisher: MqttPublisher;
  readonly #stop = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #unfollow: () => void;
  #topics: ReadonlyMap<number, string> = new Map();
  #ownEchoes = 0;
  /** Connections to a demonstration: what comes from one is never taken for a plant. */
  #demos: ReadonlySet<RecordId> = new Set();
  #stale = true;
  #told = new Float64Array(0);
  #toldQuality = new Uint8Array(0);
  /** Topics of rows that the broker has a value of from us, to clear them when they move or go. */
  readonly #held = new Map<number, string>();
  #onTheWay = new Set<number>();
  #cursor = 0;
  #place: EventPlace;
  #savedPlace: string;
  #savedAt = 0;
  #telling: Promise<void>;
  #connectedOnce: () => void = () => {};
  #counts = { values: 0, events: 0, lost: 0 };
  #heardMs: number | undefined;

  /** Throws DW_INVALID or DW_NOT_FOUND (the secret) at once; a broker that is not there is waited for. */
  constructor(options: PublicationOptions) {
    this.#options = options;
    this.#settings = checkPublication(options);
    const secret = options.secret === undefined ? undefined : options.readSecret(options.secret);
    const known = readPlace(options.placeFile, this.#placeKey);
    const now = { revision: options.view.revision(), position: Number.MAX_SAFE_INTEGER };
    // a world that was set back to an older copy counts its revisions again, and would be told nothing of until it is as far again
    if (known !== undefined && known.revision > now.revision)
      options.log.warn(
        { place: known.revision, revision: now.revision },
        "events were published that this world has not: it was set back; telling begins with now",
      );
    this.#place = known === undefined || known.revision > now.revision ? now : known;
    this.#savedPlace = "";
    // From the first start on: what happens before the broker is reached must not be missed.
    this.#savePlace();
    const ca = this.#settings.ca;
    this.#publisher = startMqttPublisher({
      url: options.url,
      ...(ca === undefined ? {} : { ca }),
      ...(secret === undefined ? {} : { secret }),
      will: { topic: this.#statusTopic, payload: JSON.stringify({ state: "offline", world: options.world }) },
      onConnected: () => this.#connected(),
      onLost: (reason) => options.log.warn({ broker: options.url, reason }, "the broker that is published to is not reached"),
    });
    this.#unfollow = options.view.onCommit(({ entry }) => {
      if (movesSignals(entry)) this.#stale = true;
    });
    this.#timer = setInterval(() => this.flush(), this.#settings.intervalMs);
    this.#telling = this.#settings.events ? this.#tellEvents() : Promise.resolve();
  }

  get counts(): PublicationCounts {
    const heard = this.#heardMs === undefined ? {} : { heardMs: this.#heardMs };
    return { ...this.#counts, connected: this.#publisher.connected, waiting: this.#waiting(), ownEchoes: this.#ownEchoes, ...heard };
  }

  /** Values that changed since they were told, as many as may be on their way; called by the timer. */
  flush(): void {
    if (!this.#settings.values || !this.#publisher.connected) return;
    if (this.#stale) this.#learnTopics();
    const { table } = this.#options;
    const { size } = table;
    this.#grow(size);
    for (let step = 0; step < size && this.#onTheWay.size < this.#settings.inFlight; step++) {
      const row = (this.#cursor + step) % size;
      if (!this.#isNew(row)) continue;
      const topic = this.#topics.get(row);
      if (topic !== undefined && !this.#onTheWay.has(row)) this.#tell(row, topic);
    }
    // those that had to wait come first the next time
    this.#cursor = size === 0 ? 0 : (this.#cursor + 1) % size;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#unfollow();
    this.#stop.abort();
    this.#connectedOnce();
    // a broker that answers nothing holds up no end
    await Promise.race([this.#telling, setTimeout(FAREWELL_MS)]);
    if (this.#publisher.connected) await Promise.race([this.#sayStatus("offline"), setTimeout(FAREWELL_MS)]);
    await this.#publisher.close();
    await this.#telling;
    this.#savePlace();
  }

  get #statusTopic(): string {
    return `${this.#settings.prefix}/${STATUS_LEVEL}`;
  }

  get #placeKey(): string {
    return `${this.#options.url} ${this.#settings.eventTopic}`;
  }

  #connected(): void {
    this.#heardMs = Date.now();
    // the broker may have forgotten what it kept
    this.#told.fill(NaN);
    this.#stale = true;
    void this.#sayStatus("online");
    this.#connectedOnce();
    setImmediate(() => this.flush());
  }

  #sayStatus(state: "online" | "offline"): Promise<boolean> {
    const { world, now } = this.#options;
    const payload = { state, world, since: isoOf(now()) };
    return this.#publisher.publish(this.#statusTopic, JSON.stringify(payload), { retain: true });
  }

  #learnTopics(): void {
    this.#stale = false;
    const { table, view } = this.#options;
    const reader: RecordReader = view.reader(LIVE);
    const connections = reader.query({ kind: "connection" }) as readonly ConnectionRecord[];
    this.#demos = new Set(connections.flatMap(({ id, demo }) => (demo === true ? [id] : [])));
    const { topics, ownEchoes } = topicsOf(table.signals, reader, this.#settings.prefix);
    this.#ownEchoes = ownEchoes;
    this.#topics = topics;
    const wanted = new Set(topics.values());
    for (const [row, topic] of this.#held) {
      if (topics.get(row) === topic) continue;
      this.#held.delete(row);
      this.#told[row] = NaN;
      // an empty retained message is how a broker forgets
      if (!wanted.has(topic)) void this.#publisher.publish(topic, "", { retain: true });
    }
  }

  #isNew(row: number): boolean {
    const { table } = this.#options;
    if (table.qualitySince[row] === 0) return false;
    return table.sourceTimes[row] !== this.#told[row] || table.qualities[row] !== this.#toldQuality[row];
  }

  #tell(row: number, topic: string): void {
    const { table } = this.#options;
    const signal = table.signals[row]!;
    const sample = table.live(signal.id)!;
    const payload = {
      value: sample.value ?? null,
      quality: QUALITY_WORDS[sample.quality],
      ...(signal.unit === undefined ? {} : { unit: signal.unit }),
      sourceTime: isoOf(sample.sourceTime),
      ...(signal.connection !== undefined && this.#demos.has(signal.connection) ? { demo: true } : {}),
    };
    const [time, worth] = [sample.sourceTime, sample.quality];
    this.#onTheWay.add(row);
    this.#held.set(row, topic);
    void this.#publisher.publish(topic, JSON.stringify(payload), { retain: true }).then((acknowledged) => {
      this.#onTheWay.delete(row);
      if (!acknowledged) return void this.#counts.lost++;
      this.#counts.values++;
      this.#heardMs = Date.now();
      this.#told[row] = time;
      this.#toldQuality[row] = worth;
    });
  }

  #waiting(): number {
    let waiting = 0;
    this.#grow(this.#options.table.size);
    for (const row of this.#topics.keys()) if (this.#isNew(row)) waiting++;
    return waiting;
  }

  #grow(size: number): void {
    if (this.#told.length >= size) return;
    const [times, qualities] = [new Float64Array(size * 2).fill(NaN), new Uint8Array(size * 2)];
    times.set(this.#told);
    qualities.set(this.#toldQuality);
    [this.#told, this.#toldQuality] = [times, qualities];
  }

  /** Until closed. What breaks off is begun again from the last place that was acknowledged. */
  async #tellEvents(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      if (!this.#publisher.connected) await this.#connection();
      if (signal.aborted) return;
      try {
        await this.#tellEventsWhileConnected();
      } catch (error) {
        this.#options.log.error({ err: error }, "publishing events broke off; it goes on from the last that arrived");
      }
      if (!signal.aborted) await setTimeout(RETRY_EVENTS_MS);
    }
  }

  async #tellEventsWhileConnected(): Promise<void> {
    const { events: follow, serverUrl } = this.#options;
    const stop = new AbortController();
    const end = () => stop.abort();
    this.#stop.signal.addEventListener("abort", end, { once: true });
    const base = `${(this.#settings.baseUrl ?? serverUrl).replace(/\/$/, "")}/api/v3`;
    const onTheWay: { readonly place: EventPlace; readonly sent: Promise<boolean> }[] = [];
    /** False = lost: what follows may not be counted as told either. */
    const arrive = async (left: number): Promise<boolean> => {
      while (onTheWay.length > left) {
        const { place, sent } = onTheWay.shift()!;
        if (!(await sent)) return false;
        this.#counts.events++;
        this.#heardMs = Date.now();
        this.#place = place;
        if (Date.now() - this.#savedAt > PLACE_EVERY_MS) this.#savePlace();
      }
      return true;
    };
    try {
      const { eventTypes: types, eventKinds: kinds, eventQuery: query, eventSlim: slim } = this.#settings;
      const request: AasEventsRequest = {
        base,
        after: this.#place,
        ...(types && { types }),
        ...(kinds && { kinds }),
        ...(query !== undefined && { query }),
        slim,
      };
      for await (const event of follow(request, stop.signal)) {
        if (event === undefined) {
          if (!(await arrive(0))) return;
          this.#savePlace();
          continue;
        }
        const [revision, position] = event.id.split(".").map(Number) as [number, number];
        const sent = this.#publisher.publish(this.#settings.eventTopic, JSON.stringify(event), { retain: false });
        onTheWay.push({ place: { revision, position }, sent });
        if (!(await arrive(EVENTS_IN_FLIGHT - 1))) return;
      }
      await arrive(0);
    } finally {
      this.#stop.signal.removeEventListener("abort", end);
      stop.abort();
    }
  }

  #connection(): Promise<void> {
    return new Promise((resolve) => (this.#connectedOnce = resolve));
  }

  #savePlace(): void {
    this.#savedAt = Date.now();
    const { revision, position } = this.#place;
    const text = JSON.stringify({ [this.#placeKey]: { revision, position } });
    if (text === this.#savedPlace) return;
    const { placeFile } = this.#options;
    writeFileSync(`${placeFile}.new`, text, { flush: true });
    renameSync(`${placeFile}.new`, placeFile);
    this.#savedPlace = text;
  }
}

/** A damaged file is refused: to begin again would miss events without a word. */
function readPlace(file: string, key: string): EventPlace | undefined {
  if (!existsSync(file)) return undefined;
  let place: unknown;
  try {
    place = (JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>)[key];
  } catch {
    throw new DoppelwerkError("DW_DAMAGED", message("publish.placeUpWhereEventsPublishedCannot", { file }));
  }
  if (place === undefined) return undefined;
  const { revision, position } = place as { readonly revision?: unknown; readonly position?: unknown };
  if (Number.isSafeInteger(revision) && Number.isSafeInteger(position)) return { revision: Number(revision), position: Number(position) };
  throw new DoppelwerkError("DW_DAMAGED", message("publish.placeUpWhereEventsPublishedNone", { file }));
}

/** ISO 8601 in UTC with microseconds. */
function isoOf(instant: Instant): string {
  const micros = String(((instant % 1_000_000) + 1_000_000) % 1_000_000).padStart(6, "0");
  return new Date(Math.floor(instant / 1_000)).toISOString().replace(/\.\d{3}Z$/, `.${micros}Z`);
}
