import type { StoredEvent } from "@doppelwerk/world";
import { checksumOf, keysText, ORIGINS, type EventFile, type Extent } from "./event-file.ts";
import { merged } from "./manifest.ts";

/** Rows of one statement: a call of SQLite costs as much as a row. */
const ROWS = 16;
const KEY_ROWS = 64;

type Value = string | number | null;

const INTO_EVENTS = `INSERT INTO events (arrival, branch, at, id, subject, type, version, known, origin, actor, keys, payload, checksum) VALUES`;
const INTO_KEYS = "INSERT INTO event_keys (branch, name, value, at, arrival) VALUES";
const EVENT_COLUMNS = 13;
const KEY_COLUMNS = 5;

interface KeyRow {
  readonly branch: number;
  readonly name: number;
  readonly value: string;
  readonly at: number;
  readonly arrival: number;
}

/** The rows of one transaction, and what they add to the file. */
export class EventRows {
  readonly added = new Map<string, Extent>();
  readonly #file: EventFile;
  readonly #keys: KeyRow[] = [];
  #arrival: number;

  /** `arrival` is that of the last event before. */
  constructor(file: EventFile, arrival: number) {
    this.#file = file;
    this.#arrival = arrival;
  }

  /** Of the last event that was new. */
  get arrival(): number {
    return this.#arrival;
  }

  /** Inserts those that are new, and answers how many. */
  insert(events: readonly StoredEvent[]): number {
    let count = 0;
    for (let from = 0; from < events.length; from += ROWS) {
      const part = events.slice(from, from + ROWS);
      if (part.length === ROWS && this.#areInserted(part)) count += ROWS;
      else for (const event of part) if (this.#areInserted([event])) count++;
    }
    return count;
  }

  /** All of them, or none where one is not new. */
  #areInserted(events: readonly StoredEvent[]): boolean {
    const file = this.#file;
    const before = this.#arrival;
    const values: Value[] = [];
    for (const event of events) this.#push(values, event, ++this.#arrival);
    const sql = `${INTO_EVENTS} ${placeholders(EVENT_COLUMNS, events.length)} ON CONFLICT DO NOTHING`;
    const isOne = events.length === 1;
    if (!isOne) file.statement("SAVEPOINT part").run();
    const { changes } = file.statement(sql).run(...values);
    const areNew = changes === events.length;
    if (!areNew && !isOne) file.statement("ROLLBACK TO part").run();
    if (!isOne) file.statement("RELEASE part").run();
    if (!areNew) {
      this.#arrival = before;
      return false;
    }
    for (const [index, event] of events.entries()) this.#note(event, before + 1 + index);
    return true;
  }

  #push(values: Value[], event: StoredEvent, arrival: number): void {
    const file = this.#file;
    const { branch, at, id, subject, type, version, known, origin, actor, payload } = event;
    const keys = keysText(event.keys);
    const row = [arrival, file.makeId(branch), at, id, file.makeId(subject), file.makeId(type), version, known, ORIGINS.indexOf(origin)];
    values.push(...row, actor === undefined ? null : file.makeId(actor), keys, payload, checksumOf(event, keys));
  }

  #note({ branch, at, keys }: StoredEvent, arrival: number): void {
    const branchId = this.#file.makeId(branch);
    for (const { name, value } of keys) this.#keys.push({ branch: branchId, name: this.#file.makeId(name), value, at, arrival });
    const extent = { branch, first: at, last: at, events: 1 };
    const before = this.added.get(branch);
    this.added.set(branch, before === undefined ? extent : merged(before, extent));
  }

  /** Those of all events, in the order of the index: each of its pages is then found and written once. */
  insertKeys(): void {
    const rows = this.#keys.sort(byIndex);
    for (let from = 0; from < rows.length; from += KEY_ROWS) {
      const part = rows.slice(from, from + KEY_ROWS);
      const values = part.flatMap(({ branch, name, value, at, arrival }): Value[] => [branch, name, value, at, arrival]);
      this.#file.statement(`${INTO_KEYS} ${placeholders(KEY_COLUMNS, part.length)}`).run(...values);
    }
    this.#keys.length = 0;
  }
}

function byIndex(a: KeyRow, b: KeyRow): number {
  if (a.branch !== b.branch) return a.branch - b.branch;
  if (a.name !== b.name) return a.name - b.name;
  if (a.value !== b.value) return a.value < b.value ? -1 : 1;
  return a.at - b.at || a.arrival - b.arrival;
}

const placed = new Map<number, string>();

function placeholders(columns: number, rows: number): string {
  const key = columns * 1_000 + rows;
  let text = placed.get(key);
  if (text === undefined) {
    const row = `(${Array.from({ length: columns }, () => "?").join(", ")})`;
    placed.set(key, (text = Array.from({ length: rows }, () => row).join(", ")));
  }
  return text;
}
