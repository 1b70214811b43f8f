import type { RecordId, RecordQuery, WorldRecord } from "@doppelwerk/world";
import type { DatabaseSync, StatementSync } from "node:sqlite";

/** Lists of ids kept at hand, and the longest of them. */
const LISTS_MAX = 20_000;
const LIST_LENGTH_MAX = 256;

type Index = NonNullable<RecordQuery["index"]>;

/**
 * Every id that ever had a value, under a hash of it: a superset that the reader checks. What is new waits in memory until `write` puts all of it into
 * the table in the order of the table, because keys that are hashes would touch a page each.
 */
export class RecordIndex {
  readonly #read: StatementSync;
  readonly #write: StatementSync;
  readonly #new = new Map<number, RecordId[]>();
  readonly #lists = new Map<number, readonly RecordId[]>();
  /** Keys of a writing that was begun, ascending, and how far it is. */
  #order: Float64Array | undefined;
  #next = 0;

  constructor(database: DatabaseSync) {
    this.#read = database.prepare("SELECT id FROM ids WHERE key = ? AND id > ? ORDER BY id");
    this.#write = database.prepare("INSERT OR IGNORE INTO ids (key, id) VALUES (?, ?)");
  }

  add({ kind, id }: WorldRecord, name: string, value: string): void {
    const key = indexKey(kind, name, value);
    this.#lists.delete(key);
    const ids = this.#new.get(key);
    if (ids === undefined) this.#new.set(key, [id]);
    else if (ids.at(-1) !== id) ids.push(id);
  }

  /** Ascending, without doubles. */
  *ids(kind: string, { name, value }: Index, after: RecordId = ""): Iterable<RecordId> {
    const key = indexKey(kind, name, value);
    const kept = this.#lists.get(key);
    if (kept !== undefined) {
      for (const id of kept) if (id > after) yield id;
      return;
    }
    const list: RecordId[] = [];
    for (const id of this.#merged(key, after)) {
      if (list.length <= LIST_LENGTH_MAX) list.push(id);
      yield id;
    }
    if (after !== "" || list.length > LIST_LENGTH_MAX) return;
    if (this.#lists.size >= LISTS_MAX) this.#lists.clear();
    this.#lists.set(key, list);
  }

  /** Puts what is new into the table, about so many rows of it; answers whether all was written. */
  write(most: number = Infinity): boolean {
    let written = 0;
    while (this.#new.size > 0 && written < most) {
      this.#order ??= Float64Array.from(this.#new.keys()).sort();
      while (this.#next < this.#order.length && written < most) {
        const key = this.#order[this.#next++]!;
        const ids = this.#new.get(key)!;
        for (const id of ids.sort()) this.#write.run(key, id);
        this.#new.delete(key);
        written += ids.length;
      }
      if (this.#next >= this.#order.length) this.#restart();
    }
    return this.#new.size === 0;
  }

  #restart(): void {
    this.#order = undefined;
    this.#next = 0;
  }

  /** What was not written is void. */
  forget(): void {
    this.#new.clear();
    this.#lists.clear();
    this.#restart();
  }

  *#merged(key: number, after: RecordId): Iterable<RecordId> {
    const waiting = this.#new.get(key);
    const fresh = waiting === undefined ? [] : waiting.filter((id) => id > after).sort();
    let [next, last] = [0, ""];
    for (const row of this.#read.iterate(key, after)) {
      const id = row["id"] as RecordId;
      for (; next < fresh.length && fresh[next]! <= id; next++) if (fresh[next]! < id && fresh[next] !== last) yield (last = fresh[next]!);
      yield (last = id);
    }
    for (; next < fresh.length; next++) if (fresh[next] !== last) yield (last = fresh[next]!);
  }
}

/** 53 bits over kind, name and value, by two multiplications a character: short keys that compare fast. What shares one is told apart when read. */
function indexKey(kind: string, name: string, value: string): number {
  const text = `${kind} ${name} ${value}`;
  let [low, high] = [0x811c9dc5, 0x9e3779b9];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code ^ (low >>> 15), 0x85ebca6b);
    high = (high << 13) | (high >>> 19);
  }
  low = Math.imul(low ^ (low >>> 16) ^ high, 0x85ebca6b);
  high = Math.imul(high ^ (high >>> 13) ^ low, 0xc2b2ae35);
  return (high >>> 11) * 0x1_0000_0000 + (low >>> 0);
}
