import type { WorldRecord } from "@doppelwerk/world";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { inflateRawSync } from "node:zlib";

/** Records in one pack, and about how many characters: what is written together is read together. */
export const RECORDS_MAX = 64;
const CHARACTERS_MAX = 12_288;
const KEPT_MAX = 256;

/**
 * The records of the versions, as JSON, one a line, in compressed packs that are only ever appended: a record that is written again and again moves
 * nothing else. A place is the key of a pack × 64 + the line in it.
 */
export class RecordPacks {
  readonly #read: StatementSync;
  readonly #last: StatementSync;
  readonly #kept = new Map<number, readonly string[]>();
  #key = 0;
  #full: { readonly key: number; readonly lines: readonly string[] }[] = [];
  #lines: string[] = [];
  #characters = 0;

  constructor(database: DatabaseSync) {
    this.#read = database.prepare("SELECT records FROM packs WHERE key = ?");
    this.#last = database.prepare("SELECT max(key) AS key FROM packs");
  }

  /** Begins after what the file holds. */
  load(): void {
    this.#kept.clear();
    this.#full = [];
    this.#lines = [];
    this.#characters = 0;
    this.#key = Math.max(this.#key, (this.#last.get()?.["key"] as number | null | undefined) ?? 0) + 1;
  }

  /** The place of a record, to be read once its pack is in the file. */
  add(line: string): number {
    if (this.#lines.length >= RECORDS_MAX || this.#characters >= CHARACTERS_MAX) this.#finish();
    this.#characters += line.length;
    return this.#key * RECORDS_MAX + this.#lines.push(line) - 1;
  }

  /** The packs since the last time, on their way to the file. */
  take(): readonly { readonly key: number; readonly lines: readonly string[] }[] {
    this.#finish();
    const taken = this.#full;
    this.#full = [];
    return taken;
  }

  #finish(): void {
    if (this.#lines.length === 0) return;
    this.#full.push({ key: this.#key++, lines: this.#lines });
    this.#lines = [];
    this.#characters = 0;
  }

  /** The record at a place; of no place there is none. */
  record(place: number | null): WorldRecord | undefined {
    if (place === null) return undefined;
    return JSON.parse(this.#linesOf(Math.floor(place / RECORDS_MAX))[place % RECORDS_MAX]!) as WorldRecord;
  }

  #linesOf(key: number): readonly string[] {
    let lines = this.#kept.get(key);
    if (lines !== undefined) return lines;
    lines = inflateRawSync(this.#read.get(key)!["records"] as Uint8Array)
      .toString()
      .split("\n");
    if (this.#kept.size >= KEPT_MAX) this.#kept.delete(this.#kept.keys().next().value!);
    this.#kept.set(key, lines);
    return lines;
  }
}
