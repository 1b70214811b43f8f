import { randomBytes } from "node:crypto";
import { message } from "@doppelwerk/messages";
import { startTileLog, type LogOnThread } from "@doppelwerk/storage/tile-log";
import { inclusionText, keyText } from "@doppelwerk/trust/log";
import { DoppelwerkError, type Clock, type Instant } from "@doppelwerk/world";
import type { Logger } from "pino";
import { entryBytes, entryOf, type Entry, type Happened } from "./entry.ts";
import { openLogKey, partsOf, type LogKey } from "./folder.ts";
import { Positions } from "./positions.ts";
import { Salts } from "./salts.ts";

export interface TransparencyOptions {
  /** Data folder of the server, which this process owns. */
  readonly data: string;
  readonly version: string;
  readonly clock: Clock;
  readonly logger: Pick<Logger, "error" | "warn">;
}

/** What is to be logged, once the nonce of its entry is known. */
export type Describe = (nonce: string) => Happened & { readonly time?: Instant };

interface Waiting {
  readonly entries: readonly Entry[];
  readonly bytes: readonly Uint8Array[];
  readonly resolve: (first: number) => void;
  readonly reject: (error: unknown) => void;
}

/** A checkpoint is signed so long after an entry at most. */
const CHECKPOINT_MS = 10_000;
const SAVE_MS = 30_000;
/** Entries that are made durable together. */
const GROUP = 1_000;
/** Entries that wait for the disk; further ones are refused. */
const MAX_WAITING = 20_000;
/** While the disk refuses it is tried so often. */
const RETRY_MS = 1_000;
const READ_AT_ONCE = 2_000;

/** The transparency log of a server: what happened on it, durable in order, signed from time to time. */
export class TransparencyLog {
  readonly salts: Salts;
  readonly positions: Positions;
  readonly #options: TransparencyOptions;
  readonly #key: LogKey;
  readonly #log: LogOnThread;
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #run = randomBytes(6).toString("base64url");
  #count = 0;
  #waiting: Waiting[] = [];
  #waitingEntries = 0;
  #isWriting = false;
  #size: number;
  #signed: { readonly size: number; readonly note: string } | undefined;
  #refusedAt: number | undefined;
  #savedSize = 0;
  #startedAt = 0;
  readonly #beforeEnd: (() => Promise<void>)[] = [];

  private constructor(options: TransparencyOptions, key: LogKey, log: LogOnThread) {
    this.#options = options;
    this.#key = key;
    this.#log = log;
    this.#size = log.size;
    const { salts, positions } = partsOf(options.data);
    this.salts = new Salts(salts);
    this.positions = new Positions(positions);
    this.#timers = [setInterval(() => this.#sign(), CHECKPOINT_MS).unref(), setInterval(() => this.#save(), SAVE_MS).unref()];
  }

  /** Entries that wait for the disk. */
  get waiting(): number {
    return this.#waitingEntries;
  }

  /** Opens the log of a data folder, or begins one. Errors: DW_DAMAGED where it is not what its checkpoint says, and nothing is touched; DW_UNAVAILABLE. */
  static async open(options: TransparencyOptions): Promise<TransparencyLog> {
    const key = openLogKey(options.data);
    const log = await startTileLog({ directory: partsOf(options.data).log, name: key.name, privateKey: key.privateKey });
    if (log.tornBytes > 0)
      options.logger.warn({ bytes: log.tornBytes }, "the transparency log: the last write before a power loss was cut off");
    const opened = new TransparencyLog(options, key, log);
    await opened.#catchUp();
    opened.#startedAt = await opened.append(() => ({ what: "start", version: options.version }));
    return opened;
  }

  /** As text, for who verifies (C2SP signed-note). */
  get keyText(): string {
    return keyText(this.#key.key);
  }

  get origin(): string {
    return this.#key.name;
  }

  get size(): number {
    return this.#size;
  }

  /** Index of the first entry of this run. */
  get startedAt(): number {
    return this.#startedAt;
  }

  /** Called once the last entry is written, while the log can still be read. */
  beforeEnd(work: () => Promise<void>): void {
    this.#beforeEnd.push(work);
  }

  /** Whether the last entry was refused, and it is too early to try again. */
  get isRefusing(): boolean {
    return this.#refusedAt !== undefined && performance.now() - this.#refusedAt < RETRY_MS;
  }

  /** Index of the entry, once it is durable. Errors: DW_UNAVAILABLE; it is in the log then neither now nor later. */
  append(describe: Describe): Promise<number> {
    return this.appendAll([describe]);
  }

  /** Of the first of them. They are there all or none. */
  appendAll(all: readonly Describe[]): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.#waitingEntries + all.length > MAX_WAITING)
        throw new DoppelwerkError("DW_UNAVAILABLE", message("server.transparencyLogWaits", { count: this.#waitingEntries }));
      const entries = all.map((describe) => this.#entryOf(describe));
      this.#waiting.push({ entries, bytes: entries.map(entryBytes), resolve, reject });
      this.#waitingEntries += entries.length;
      if (!this.#isWriting) void this.#write();
    });
  }

  /** Entries from an index on as their bytes. */
  entries(first: number, count: number): Promise<readonly Uint8Array[]> {
    return this.#log.entries(first, count);
  }

  tile(level: number | "entries", index: number, width: number): Promise<Uint8Array | undefined> {
    return this.#log.tile(level, index, width);
  }

  /** The checkpoint of all entries there are, signed now where it was not. Errors: DW_UNAVAILABLE. */
  async checkpoint(): Promise<{ readonly size: number; readonly note: string; readonly root: Uint8Array }> {
    if (this.#signed?.size !== this.#size) {
      const note = await this.#log.checkpoint();
      // entries that came meanwhile may be in it
      this.#signed = { size: Number(note.split("\n")[1]), note };
    }
    const { size, note } = this.#signed!;
    return { size, note, root: await this.#log.root(size) };
  }

  /** A proof that can be verified without the log (C2SP tlog-proof). Errors: DW_NOT_FOUND. */
  async proof(index: number): Promise<string> {
    this.#known(index);
    const { size, note } = await this.checkpoint();
    return inclusionText({ index, path: await this.#log.inclusion(index, size), note });
  }

  async path(index: number, size: number): Promise<readonly Uint8Array[]> {
    return this.#log.inclusion(index, size);
  }

  /** That the log at `size` begins with what it was at `earlier` (RFC 6962, 2.1.2). 0 < `earlier` ≤ `size` ≤ the size now. */
  consistency(earlier: number, size: number): Promise<readonly Uint8Array[]> {
    return this.#log.consistency(earlier, size);
  }

  /** SHA-256 of a file, read beside everything else; undefined where it is gone. */
  fileHash(path: string): ReturnType<LogOnThread["fileHash"]> {
    return this.#log.fileHash(path);
  }

  /** Errors: DW_UNAVAILABLE when the last entries or the last checkpoint cannot be written. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    try {
      await this.append(() => ({ what: "stop" }));
      this.#save();
      for (const work of this.#beforeEnd) await work();
    } finally {
      await this.#log.close();
    }
  }

  #known(index: number): void {
    if (!Number.isSafeInteger(index) || index < 0 || index >= this.#size)
      throw new DoppelwerkError("DW_NOT_FOUND", message("server.transparencyNoEntry", { index, size: this.#size }));
  }

  #entryOf(describe: Describe): Entry {
    const nonce = `${this.#run}.${(this.#count++).toString(36)}`;
    return { v: 1, time: this.#options.clock.now(), nonce, ...describe(nonce) };
  }

  /** Groups of what came while the one before was written. */
  async #write(): Promise<void> {
    this.#isWriting = true;
    // what comes in the same turn goes together
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group: Waiting[] = [];
      let count = 0;
      while (this.#waiting.length > 0 && (count === 0 || count + this.#waiting[0]!.entries.length <= GROUP)) {
        group.push(this.#waiting.shift()!);
        count += group.at(-1)!.entries.length;
      }
      this.#waitingEntries -= count;
      try {
        let first = await this.#log.append(group.flatMap(({ bytes }) => bytes));
        this.#size = first + count;
        this.#refusedAt = undefined;
        for (const { entries, resolve } of group) {
          for (const entry of entries) this.positions.take(entry);
          resolve(first);
          first += entries.length;
        }
      } catch (error) {
        if (this.#refusedAt === undefined) this.#options.logger.error({ err: error }, "the transparency log could not be written");
        this.#refusedAt = performance.now();
        for (const { reject } of group) reject(error);
      }
    }
    this.#isWriting = false;
  }

  /** The entries that the file of positions does not know yet. */
  async #catchUp(): Promise<void> {
    if (this.positions.size > this.#size) this.positions.clear();
    while (this.positions.size < this.#size) {
      for (const bytes of await this.#log.entries(this.positions.size, READ_AT_ONCE)) {
        const entry = entryOf(bytes);
        if (entry === undefined)
          throw new DoppelwerkError("DW_DAMAGED", message("server.transparencyEntryUnreadable", { index: this.positions.size }));
        this.positions.take(entry);
      }
    }
  }

  #sign(): void {
    this.checkpoint().catch((error: unknown) => this.#options.logger.error({ err: error }, "the transparency log could not be signed"));
  }

  #save(): void {
    if (this.#savedSize === this.positions.size) return;
    try {
      this.positions.save();
      this.#savedSize = this.positions.size;
    } catch (error) {
      this.#options.logger.warn(
        { err: error },
        "how far the transparency log is could not be kept; the next start reads its entries again",
      );
    }
  }
}
