import type { WorldRecord } from "@doppelwerk/world";
import type { DatabaseSync, StatementSync } from "node:sqlite";

/** Records in one pack, and about how many characters: what is written together is read together. */
const RECORDS_MAX = 64;
const CHARACTERS_MAX = 16_384;
const KEPT_MAX = 64;

/**
 * The records of the versions, as JSON, one a line, in packs that are only ever appended: a record that is written again and again moves nothing else.
 * A place is the key of a pack × 64 + the line in it.
 */
export class RecordPacks {
  readonly #read: StatementSync;
  readonly #write: StatementSync;
  readonly #last: StatementSync;
  readonly #kept = new Map<number, readonly string[]>();
  #key = 0;
  #lines: string[] = [];
  #characters = 0;

  constructor(database: DatabaseSync) {
    this.#read = database.prepare("SELECT records FROM packs WHERE key = ?");
    this.#write = database.prepare("INSERT INTO packs (key, records) VALUES (?, ?)");
    this.#last = database.prepare("SELECT max(key) AS key FROM packs");
  }

  /** Begins after what the file holds. */
  load(): void {
    this.#kept.clear();
    this.#lines = [];
    this.#characters = 0;
    this.#key = ((this.#last.get()?.["key"] as number | null | undefined) ?? 0) + 1;
  }

  /** The place of the record, to be read once its pack is written. */
  add(record: WorldRecord): number {
    if (this.#lines.length >= RECORDS_MAX || this.#characters >= CHARACTERS_MAX) this.finish();
    const line = JSON.stringify(record);
    this.#characters += line.length;
    return this.#key * RECORDS_MAX + this.#lines.push(line) - 1;
  }

  /** Writes the pack that was begun. */
  finish(): void {
    if (this.#lines.length === 0) return;
    this.#write.run(this.#key++, this.#lines.join("\n"));
    this.#lines = [];
    this.#characters = 0;
  }

  /** The record at a place; of no place there is none. */
  record(place: unknown): WorldRecord | undefined {
    if (typeof place !== "number") return undefined;
    const key = Math.floor(place / RECORDS_MAX);
    return JSON.parse((key === this.#key ? this.#lines : this.#linesOf(key))[place % RECORDS_MAX]!) as WorldRecord;
  }

  #linesOf(key: number): readonly string[] {
    let lines = this.#kept.get(key);
    if (lines !== undefined) return lines;
    lines = (this.#read.get(key)!["records"] as string).split("\n");
    if (this.#kept.size >= KEPT_MAX) this.#kept.delete(this.#kept.keys().next().value!);
    this.#kept.set(key, lines);
    return lines;
  }
}
