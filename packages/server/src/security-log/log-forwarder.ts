import { existsSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Instant } from "@doppelwerk/world";
import type { Logger } from "pino";
import { writePrivateFile } from "../accounts/private-file.ts";
import { entryOf, type Entry } from "../transparency/entry.ts";
import { TRANSPARENCY } from "../transparency/folder.ts";
import type { TransparencyLog } from "../transparency/transparency-log.ts";
import { codeOf, type Doors } from "./event-codes.ts";
import type { ReceiverAddress } from "./receiver-address.ts";
import { connectReceiver, type ReceiverConnection, type ReceiverTrust } from "./receiver-connection.ts";
import { syslogMessage } from "./syslog-message.ts";

export interface ForwardedTo {
  readonly address: ReceiverAddress;
  readonly trust: ReceiverTrust;
}

export interface ForwarderOptions extends ForwardedTo {
  readonly data: string;
  readonly log: Pick<TransparencyLog, "size" | "entries" | "origin" | "startedAt">;
  readonly version: string;
  readonly doors: Doors;
  readonly now: () => Instant;
  readonly logger: Pick<Logger, "warn">;
  /** How long a connection is used before its end shows what was received; default 20 s. */
  readonly renewMs?: number;
  /** Before the first attempt after a failure; doubles up to 30 s. */
  readonly retryMs?: number;
}

export interface ForwardingState {
  readonly address: string;
  /** Events that the receiver has, of this run. */
  readonly sent: number;
  /** Entries that it is not known to have yet. */
  readonly waiting: number;
  readonly failing?: { readonly since: Instant; readonly reason: string };
}

const AT_ONCE = 500;
/** Entries on one connection: so many are sent again at most where it breaks. */
const MAX_UNCONFIRMED = 10_000;
const RENEW_MS = 20_000;
const LOOK_MS = 250;
const RETRY_MS = 1_000;
const MAX_RETRY_MS = 30_000;
const CLOSING_MS = 5_000;
const MAX_REASON = 200;

const pathOf = (data: string): string => join(data, TRANSPARENCY, "forwarded.json");

/**
 * Sends the entries of the transparency log to one receiver of syslog, in order. The log is the buffer: what the receiver is not known to have is read from
 * it again, over any outage and any restart, and no more than one group of it is in memory. Syslog has no answers, so a connection counts as received when
 * the receiver closed it after this side did, without an error; until then its entries are sent again where it breaks. An event may come twice, with the
 * same number of its entry, and never not at all.
 */
export class LogForwarder {
  readonly #options: ForwarderOptions;
  #confirmed: number;
  #sent = 0;
  #failing: ForwardingState["failing"];
  #isClosing = false;
  #wake = (): void => {};
  readonly #running: Promise<void>;
  #connection: ReceiverConnection | undefined;

  constructor(options: ForwarderOptions) {
    this.#options = options;
    const { data, log } = options;
    this.#confirmed = Math.min(readPosition(data) ?? log.startedAt, log.size);
    this.#running = this.#run();
  }

  get state(): ForwardingState {
    return {
      address: this.#options.address.text,
      sent: this.#sent,
      waiting: this.#options.log.size - this.#confirmed,
      ...(this.#failing && { failing: this.#failing }),
    };
  }

  /** What waits is sent, unless the receiver is away: the next start sends it then. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#wake();
    const timer = setTimeout(() => this.#connection?.destroy(), CLOSING_MS);
    await this.#running;
    clearTimeout(timer);
  }

  async #run(): Promise<void> {
    const { retryMs = RETRY_MS, now, logger, address } = this.#options;
    let wait = retryMs;
    for (;;) {
      if (!(await this.#something())) return;
      try {
        await this.#forward();
        this.#failing = undefined;
        wait = retryMs;
      } catch (error) {
        const reason = ((error as Error).message || String((error as NodeJS.ErrnoException).code ?? error)).slice(0, MAX_REASON);
        if (this.#failing === undefined) logger.warn({ address: address.text, reason }, "the security log is not taken; it is sent later");
        this.#failing = { since: this.#failing?.since ?? now(), reason };
        if (this.#isClosing) return;
        await this.#pause(wait);
        wait = Math.min(MAX_RETRY_MS, wait * 2);
      } finally {
        this.#connection?.destroy();
        this.#connection = undefined;
      }
    }
  }

  /** Waits until there are entries to send. False: it closes, and there are none. */
  async #something(): Promise<boolean> {
    while (this.#options.log.size <= this.#confirmed) {
      if (this.#isClosing) return false;
      await this.#pause(LOOK_MS);
    }
    return true;
  }

  /** One connection from its beginning to its end. */
  async #forward(): Promise<void> {
    const { log, address, trust, renewMs = RENEW_MS, data } = this.#options;
    let at = this.#confirmed;
    let count = 0;
    let first = await this.#read(at);
    if (first.messages.length > 0) {
      const connection = (this.#connection = await connectReceiver(address, trust));
      const until = performance.now() + renewMs;
      for (;;) {
        await connection.send(first.messages);
        at = first.next;
        count += first.messages.length;
        while (log.size <= at && !this.#isClosing && performance.now() < until) await this.#pause(LOOK_MS);
        if (log.size <= at || performance.now() >= until || at - this.#confirmed >= MAX_UNCONFIRMED) break;
        first = await this.#read(at);
      }
      await connection.finish();
      this.#connection = undefined;
    } else at = first.next;
    this.#confirmed = at;
    this.#sent += count;
    writePrivateFile(pathOf(data), JSON.stringify({ version: 1, entries: at }));
  }

  async #read(from: number): Promise<{ readonly messages: readonly Buffer[]; readonly next: number }> {
    const { log, version, doors, now } = this.#options;
    const source = { host: hostname(), version, process: process.pid };
    const read = await log.entries(from, Math.min(AT_ONCE, log.size - from));
    const messages = read.flatMap((bytes, at) => {
      const entry = entryOf(bytes);
      const code = codeOf(entry, doors);
      if (code === undefined) return [];
      const values = { entry: from + at, log: log.origin, ...(entry && valuesOf(entry)) };
      return [syslogMessage({ code, time: entry?.time ?? now(), values }, source)];
    });
    return { messages, next: from + read.length };
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds).unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** What the entry says beside its code, without its commitments: who may read the log opens them there, by the number of the entry. */
function valuesOf(entry: Entry): Readonly<Record<string, string | number | undefined>> {
  const { v: _, time: __, what: ___, nonce: ____, ...rest } = entry as Entry & Readonly<Record<string, unknown>>;
  const { who, whom: _____, reason: ______, content: _______, ...plain } = rest as Readonly<Record<string, unknown>>;
  // what the server does by itself is said as it is; a commitment is base 64
  const by = typeof who === "string" && !/^[A-Za-z0-9+/]{43}=$/.test(who) ? { by: who } : {};
  const shown = Object.entries(plain).map(([name, value]) => [name, typeof value === "number" ? value : textOf(value)]);
  return { ...by, ...Object.fromEntries(shown) };
}

function textOf(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return Array.isArray(value) ? value.join(" ") : String(value);
}

/** Undefined where nothing was forwarded yet, or the file cannot be read: then it begins with this run. */
function readPosition(data: string): number | undefined {
  const path = pathOf(data);
  if (!existsSync(path)) return undefined;
  try {
    const { version, entries } = JSON.parse(readFileSync(path, "utf8")) as { readonly version: unknown; readonly entries: unknown };
    return version === 1 && Number.isSafeInteger(entries) && (entries as number) >= 0 ? (entries as number) : 0;
  } catch {
    // rather twice than not at all
    return 0;
  }
}
