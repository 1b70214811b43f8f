import { existsSync, readFileSync } from "node:fs";
import { message, type Message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { writePrivateFile } from "../accounts/private-file.ts";
import type { Quota, Quotas } from "./quotas.ts";

interface Count {
  files: number;
  bytes: number;
}

export interface StoredCountsOptions {
  readonly quotas: Quotas;
  /** Where the counts of people are kept; by their opaque ids. */
  readonly path: string;
  /** What the world has now. */
  readonly stored: Quota;
  onFault(error: unknown): void;
}

/** Counts of people are on disk so long after a change at most. */
const SAVE_MS = 1_000;
const VERSION = 1;

/** How many files and bytes each person and the world have, against what they may. Files stay in the history, so counts only grow. */
export class StoredCounts {
  readonly #options: StoredCountsOptions;
  readonly #people: Map<string, Count>;
  readonly #world: Count;
  #timer: NodeJS.Timeout | undefined;

  /** Errors: DW_DAMAGED. */
  constructor(options: StoredCountsOptions) {
    this.#options = options;
    this.#people = readCounts(options.path);
    this.#world = { ...options.stored };
  }

  /** Pieces as they come; refused as soon as they are more than may be stored. Errors: DW_FORBIDDEN. */
  async *bounded(person: string | undefined, pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    let size = 0;
    for await (const piece of pieces) {
      size += piece.length;
      this.#check(person, size);
      yield piece;
    }
  }

  /** Counts a file while it is stored, and no more where that fails. Errors: DW_FORBIDDEN, those of `store`. */
  async adding<T>(person: string | undefined, bytes: number, store: () => Promise<T>): Promise<T> {
    this.#check(person, bytes);
    // at once: several are stored side by side
    this.#add(person, 1, bytes);
    try {
      return await store();
    } catch (error) {
      this.#add(person, -1, -bytes);
      throw error;
    }
  }

  of(person: string): Quota {
    return this.#people.get(person) ?? { files: 0, bytes: 0 };
  }

  get world(): Quota {
    return this.#world;
  }

  close(): void {
    if (this.#timer !== undefined) this.#save();
  }

  #check(person: string | undefined, bytes: number): void {
    const { quotas } = this.#options;
    if (person !== undefined) {
      const own = this.of(person);
      if (own.files + 1 > quotas.person.files) throw refused(message("server.quotaPersonFiles", { max: quotas.person.files }));
      if (own.bytes + bytes > quotas.person.bytes)
        throw refused(message("server.quotaPersonBytes", gigabytes(own.bytes, quotas.person.bytes)));
    }
    if (this.#world.files + 1 > quotas.world.files) throw refused(message("server.quotaWorldFiles", { max: quotas.world.files }));
    if (this.#world.bytes + bytes > quotas.world.bytes)
      throw refused(message("server.quotaWorldBytes", gigabytes(this.#world.bytes, quotas.world.bytes)));
  }

  #add(person: string | undefined, files: number, bytes: number): void {
    this.#world.files += files;
    this.#world.bytes += bytes;
    if (person === undefined) return;
    const own = this.#people.get(person) ?? { files: 0, bytes: 0 };
    this.#people.set(person, { files: own.files + files, bytes: own.bytes + bytes });
    this.#timer ??= setTimeout(() => this.#save(), SAVE_MS).unref();
  }

  #save(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      writePrivateFile(this.#options.path, JSON.stringify({ version: VERSION, people: Object.fromEntries(this.#people) }));
    } catch (error) {
      this.#options.onFault(error);
    }
  }
}

const gigabytes = (used: number, max: number) => ({ used: shown(used), max: shown(max) });
const shown = (bytes: number): string => String(Math.round(bytes / 1e6) / 1e3);

function refused(reason: Message): DoppelwerkError {
  return new DoppelwerkError("DW_FORBIDDEN", reason);
}

function readCounts(path: string): Map<string, Count> {
  if (!existsSync(path)) return new Map();
  try {
    const { version, people } = JSON.parse(readFileSync(path, "utf8")) as {
      readonly version: number;
      readonly people: Record<string, Count>;
    };
    if (version > VERSION) throw new DoppelwerkError("DW_FORMAT_NEWER", message("server.storedFilesNewer", { path }));
    return new Map(Object.entries(people).map(([id, { files, bytes }]) => [id, { files: Number(files), bytes: Number(bytes) }]));
  } catch (error) {
    if (error instanceof DoppelwerkError) throw error;
    throw new DoppelwerkError("DW_DAMAGED", message("server.storedFilesNotRead", { path, reason: (error as Error).message }));
  }
}
