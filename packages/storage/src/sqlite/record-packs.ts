import type { Json, WorldRecord } from "@doppelwerk/world";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { checkedLinePack, LINE_PACK, lineOf } from "./line-pack.ts";
import { unpackText } from "./packed-text.ts";
import type { CachedVersion, WholeVersion } from "./record-cache.ts";

/** Records in one pack, and about how many characters: of each pack one record is kept whole, which the others are told by. */
export const RECORDS_MAX = 64;
const CHARACTERS_MAX = 20_480;
/** Packs kept at hand take so many bytes. */
const KEPT_BYTES = 16 << 20;
/** Whole packs fit, so that unpacking one takes one piece of memory. */
const UNPACKED_BYTES = 8_192;
const LINE_END = 10;

/**
 * The records of the versions, as JSON, one a line, in packs (see `packLines`; deflate for long lines and from older releases) that are only ever appended: a record that is written again and again moves
 * nothing else. A place is the key of a pack × 64 + the line in it. A line is a record, or what of it differs from an earlier one that is told whole:
 * `[place, fields, names that are gone]`.
 */
export class RecordPacks {
  readonly #read: StatementSync;
  readonly #last: StatementSync;
  readonly #kept = new Map<number, Buffer>();
  #keptBytes = 0;
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
    this.#keptBytes = 0;
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

  /** The version at a place; at none there is no record. */
  version(revision: number, place: number | null): CachedVersion {
    if (place === null) return { revision, record: undefined };
    const line = this.#lineAt(place);
    const told = JSON.parse(line) as WorldRecord | Difference;
    if (!isDifference(told)) return { revision, record: told, whole: { place, record: told, characters: line.length } };
    const [from, fields, gone] = told;
    const wholeLine = this.#lineAt(from);
    const whole = { place: from, record: JSON.parse(wholeLine) as WorldRecord, characters: wholeLine.length };
    const record: Record<string, Json | undefined> = { ...whole.record, ...fields };
    for (const name of gone ?? []) delete record[name];
    return { revision, record: record as WorldRecord, whole };
  }

  #lineAt(place: number): string {
    const pack = this.#pack(Math.floor(place / RECORDS_MAX));
    return pack[0] === LINE_PACK ? lineOf(pack, place % RECORDS_MAX) : lineOfText(pack, place % RECORDS_MAX);
  }

  #pack(key: number): Buffer {
    let pack = this.#kept.get(key);
    if (pack !== undefined) return pack;
    const bytes = this.#read.get(key)!["records"] as Uint8Array;
    pack = bytes[0] === LINE_PACK ? checkedLinePack(bytes) : unpackText(bytes, UNPACKED_BYTES);
    this.#keptBytes += sizeOf(pack);
    for (const [oldest, gone] of this.#kept) {
      if (this.#keptBytes <= KEPT_BYTES) break;
      this.#kept.delete(oldest);
      this.#keptBytes -= sizeOf(gone);
    }
    this.#kept.set(key, pack);
    return pack;
  }
}

/** What a pack takes while it is kept: one that was inflated all that was made room for. */
function sizeOf(pack: Buffer): number {
  return pack[0] === LINE_PACK ? pack.length : Math.max(pack.length, UNPACKED_BYTES);
}

/** A line of a pack that was inflated. */
function lineOfText(text: Buffer, line: number): string {
  let start = 0;
  for (let left = line; left > 0; left--) start = text.indexOf(LINE_END, start) + 1;
  const end = text.indexOf(LINE_END, start);
  return text.toString("utf8", start, end < 0 ? text.length : end);
}

type Difference = readonly [from: number, fields: Readonly<Record<string, Json>>, gone?: readonly string[]];

function isDifference(told: WorldRecord | Difference): told is Difference {
  return Array.isArray(told);
}

/**
 * A record as what differs from a whole version of it; undefined where that saves less than half. Fields that a fold did not write are the same objects in
 * both, so nothing is compared in depth: what is equal but not the same is told again.
 */
export function differenceLine(whole: WholeVersion, record: WorldRecord): string | undefined {
  const fields: Record<string, Json> = {};
  let gone: string[] | undefined;
  for (const name in record) if (record[name] !== whole.record[name] && record[name] !== undefined) fields[name] = record[name];
  for (const name in whole.record) if (record[name] === undefined && whole.record[name] !== undefined) (gone ??= []).push(name);
  const difference: Difference = gone === undefined ? [whole.place, fields] : [whole.place, fields, gone];
  const line = JSON.stringify(difference);
  return line.length * 2 < whole.characters ? line : undefined;
}
