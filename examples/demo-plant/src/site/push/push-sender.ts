import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Instant } from "@doppelwerk/world";
import type { PlantArchive } from "../../archive/plant-archive.ts";
import type { PlantSignal } from "../../signals/signal.ts";

export interface PushSenderOptions {
  /** Where the server listens: `http://127.0.0.1:8420`. */
  readonly server: string;
  /** Name of the sender; its connection has the address `push:NAME`. */
  readonly name: string;
  readonly archive: PlantArchive;
  /** The plant's folder, for the token and for how far the server has received. */
  readonly data: string;
  readonly now: () => Instant;
  readonly log: (text: string) => void;
}

/** A data logger with a store: it sends what the server has not acknowledged yet, oldest first. */
export interface PushSender {
  /** Values that the server has accepted since the start, repetitions included. */
  readonly accepted: number;
  setConnected(connected: boolean): void;
  close(): Promise<void>;
}

interface Stored {
  readonly token: string;
  /** Connection of the server that the rest belongs to; another one has received nothing. */
  readonly connection: string;
  /** Everything before this instant is on the server's disk. */
  readonly until: Instant;
}

interface Waiting {
  readonly index: number;
  /** Rows of the archive that are not acknowledged. */
  readonly row: number;
  readonly end: number;
}

interface Value {
  readonly address: string;
  readonly value: number | string | boolean | null;
  readonly time: Instant;
}

/** Who the server's log names for the connections that senders describe there. */
const SET_UP_SECRET = "set-up-of-the-demonstration";
const SET_UP_NAME = encodeURIComponent("Set-up of the demonstration");
const intervalMs = 400;
const maxValues = 8_000;
/** Values of one request older than this waited in the store. */
const late: Instant = 5_000_000;
/** The logger sends a request again now and then, as if its answer had been lost. */
const repeatEvery = 200;
/** What stands is sent again so often: a line that stands has nothing else to send, and silence would look like a loss. */
const presentEvery: Instant = 60_000_000;
/** Values that tell something that happened, not something that stands. */
const eventRoles: ReadonlySet<string> = new Set(["PartIn", "PartOut", "DefectCode"]);
/** How far it has come is written down this often; after a restart what lies between is sent twice, which makes one sample. */
const noteEvery: Instant = 10_000_000;

export function startPushSender(options: PushSenderOptions): PushSender {
  return new Sender(options);
}

class Sender implements PushSender {
  readonly #options: PushSenderOptions;
  readonly #signals: readonly PlantSignal[];
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  readonly #file: string;
  /** By signal: time of the newest acknowledged value. */
  readonly #sent = new Map<number, Instant>();
  #stored: Stored;
  /** The connection that was found to know this sender; undefined = look again. */
  #known: string | undefined;
  /** The server may not know what stands: it is sent once it has the past. */
  #presentDue = true;
  #presentAt: Instant = 0;
  #connected = true;
  #complaint = "";
  #requests = 0;
  accepted = 0;

  constructor(options: PushSenderOptions) {
    this.#options = options;
    this.#file = join(options.data, `push-${options.name}.json`);
    this.#stored = readStored(this.#file);
    this.#signals = options.archive.signals.filter(({ address }) => address.kind === "push" && address.sender === options.name);
    this.#running = this.#run();
  }

  setConnected(connected: boolean): void {
    this.#connected = connected;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      let pauseMs = intervalMs;
      try {
        if (this.#connected) pauseMs = await this.#send();
        this.#complaint = "";
      } catch (error) {
        this.#complain(error as Error);
        this.#presentDue = true;
        pauseMs = 1_000;
      }
      await sleep(pauseMs, undefined, { signal }).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
    }
  }

  /** Sends what is there, returns how long to wait for more, milliseconds. */
  async #send(): Promise<number> {
    this.#known ??= await this.#commissioned();
    if (this.#known === undefined) return 1_000;
    const now = this.#options.now();
    const { archive } = this.#options;
    const waiting = this.#signals.map(({ index }): Waiting => {
      const sent = this.#sent.get(index) ?? this.#stored.until - 1;
      return { index, row: archive.rowAt(index, sent + 1), end: archive.rowAt(index, now) };
    });
    const until = this.#instantOf(waiting, now);
    const chosen = waiting.map(({ index, row, end }) => ({ index, row, end: Math.min(end, archive.rowAt(index, until)) }));
    const values = chosen.flatMap(({ index, row, end }) => Array.from({ length: end - row }, (_, i) => this.#value(index, row + i)));
    if (values.length > 0) {
      values.sort((a, b) => a.time - b.time);
      // Sent again with the same times, a sample stays one.
      const times = ++this.#requests % repeatEvery === 0 ? 2 : 1;
      for (let n = 0; n < times; n++) await this.#post(this.#known, values, values[0]!.time < now - late);
      for (const { index, row, end } of chosen) if (end > row) this.#sent.set(index, archive.timeAt(index, end - 1));
    }
    // A running line has something to send at every turn: what stands may not wait for a turn without.
    if ((this.#presentDue || now - this.#presentAt >= presentEvery) && until === now) {
      await this.#post(this.#known, this.#present(now), false);
      this.#presentDue = false;
      this.#presentAt = now;
    }
    // A value may come into the store a little after its time.
    const noted = until - noteEvery / 2;
    if (noted > this.#stored.until + noteEvery) this.#store({ ...this.#stored, until: noted });
    return values.length >= maxValues / 2 ? 0 : intervalMs;
  }

  /** The instant before which at most `maxValues` of the rows lie, found by halving; `now` when all do. */
  #instantOf(waiting: readonly Waiting[], now: Instant): Instant {
    const { archive } = this.#options;
    if (waiting.reduce((sum, { row, end }) => sum + end - row, 0) <= maxValues) return now;
    const count = (until: Instant) =>
      waiting.reduce((sum, { index, row, end }) => sum + Math.max(0, Math.min(end, archive.rowAt(index, until)) - row), 0);
    let low = Math.min(...waiting.flatMap(({ index, row, end }) => (row < end ? [archive.timeAt(index, row)] : [])));
    let high = now;
    while (high - low > 1_000) {
      const middle = Math.floor((low + high) / 2);
      if (count(middle) <= maxValues) low = middle;
      else high = middle;
    }
    // Never nothing, however many values one millisecond holds.
    return count(low) > 0 ? low : high;
  }

  /** States as they stand, with the time at which they were looked at: nobody can ask a logger for what has not changed. */
  #present(now: Instant): readonly Value[] {
    const { archive } = this.#options;
    return this.#signals
      .filter(({ recording, counter, role }) => recording === "change" && counter === undefined && !eventRoles.has(role))
      .flatMap(({ index }) => (archive.count(index) > 0 ? [{ ...this.#value(index, archive.count(index) - 1), time: now }] : []));
  }

  #value(index: number, row: number): Value {
    const { archive } = this.#options;
    const signal = archive.signals[index]!;
    const value = archive.valueAt(index, row);
    return {
      address: signal.address.kind === "push" ? signal.address.name : signal.name,
      value: Number.isNaN(value)
        ? null
        : signal.type === "String"
          ? archive.textAt(value)
          : signal.type === "Boolean"
            ? value !== 0
            : value,
      time: archive.timeAt(index, row),
    };
  }

  /**
   * The connection with this sender's address, commissioned as an installer would: a token is put as the secret that the connection names. Undefined while
   * the server has no such connection, or is only just opening it with the secret.
   */
  async #commissioned(): Promise<string | undefined> {
    const all = (await this.#ask("GET", "connections")) as readonly {
      readonly id: string;
      readonly url: string;
      readonly enabled?: boolean;
    }[];
    const found = all.find(({ url }) => url === `push:${this.#options.name}`);
    if (found === undefined || found.enabled === false) return undefined;
    const secret = `push-${this.#options.name}`;
    const names = (await this.#ask("GET", "secrets")) as readonly string[];
    if (found.id === this.#stored.connection && names.includes(secret)) return found.id;
    const { token } = this.#stored;
    await this.#ask("PUT", `secrets/${secret}`, { token });
    await this.#ask("PATCH", `connections/${encodeURIComponent(found.id)}`, { secret });
    this.#sent.clear();
    this.#store({ token, connection: found.id, until: 0 });
    return undefined;
  }

  async #post(connection: string, values: readonly Value[], isLate: boolean): Promise<void> {
    const answer = (await this.#ask(
      "POST",
      `connections/${encodeURIComponent(connection)}/samples`,
      { values, ...(isLate ? { late: true } : { judged: true }) },
      this.#stored.token,
    )) as { readonly accepted: number; readonly refused: readonly { readonly address: string; readonly why: string }[] };
    this.accepted += answer.accepted;
    const [refused] = answer.refused;
    if (refused !== undefined) this.#complain(new Error(`${answer.refused.length} refused, ${refused.address}: ${refused.why}`));
  }

  async #ask(method: string, path: string, body?: unknown, token?: string): Promise<unknown> {
    const response = await fetch(`${this.#options.server}/api/doppelwerk/v1/${path}`, {
      method,
      signal: AbortSignal.any([this.#stop.signal, AbortSignal.timeout(30_000)]),
      headers: {
        // what it sets up stands in the log under this name
        "doppelwerk-person": SET_UP_SECRET,
        "doppelwerk-name": SET_UP_NAME,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    // A server that has lost the connection or its secret is looked up again.
    if (response.status === 403 || response.status === 404) this.#known = undefined;
    if (!response.ok) throw new Error(`${method} ${path} is answered ${response.status}: ${text.slice(0, 200)}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  /** A server that stays away is reported once, not every second. */
  #complain(error: Error): void {
    if (this.#stop.signal.aborted) return;
    const words = error.cause instanceof Error ? error.cause.message || error.message : error.message;
    if (words !== this.#complaint) this.#options.log(`push ${this.#options.name}: ${words}`);
    this.#complaint = words;
  }

  #store(stored: Stored): void {
    this.#stored = stored;
    mkdirSync(this.#options.data, { recursive: true });
    writeFileSync(`${this.#file}.part`, JSON.stringify(stored), { mode: 0o600 });
    renameSync(`${this.#file}.part`, this.#file);
  }
}

function readStored(file: string): Stored {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Stored;
  } catch {
    // First start under this folder.
    return { token: randomBytes(24).toString("base64url"), connection: "", until: 0 };
  }
}
