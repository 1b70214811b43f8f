import type { DatabaseSync } from "node:sqlite";
import { canonicalJson } from "@doppelwerk/world";
import { KeyFilter } from "./key-filter.ts";
import { idKey } from "./record-keys.ts";
import { GROUP, signatureOf, sliced } from "./text-signature.ts";
import { RecordPacks } from "./record-packs.ts";
import { readSegments, TABLES } from "./record-tables.ts";
import { unpackText } from "./packed-text.ts";

/**
 * Where a record cache differs from one that was made anew from the log, up to the same revision: every row that a reader could meet, and what leads to
 * it. How rows are spread over segments and packs may differ. Undefined: they say the same. Errors: as SQLite and zlib throw them.
 */
export function cacheDifference(cache: DatabaseSync, fresh: DatabaseSync): string | undefined {
  const damage = cache.prepare("PRAGMA integrity_check(1)").get()?.["integrity_check"];
  if (damage !== "ok") return String(damage).split("\n")[0];
  for (const [what, rows] of listings) {
    const wanted = rows(fresh)[Symbol.iterator]();
    for (const line of rows(cache)) {
      const expected = wanted.next().value;
      if (line !== expected) return `${what}: the cache says ${shortened(line)}, the log says ${shortened(expected ?? "nothing")}`;
    }
    const missing = wanted.next().value;
    if (missing !== undefined) return `${what}: the cache lacks ${shortened(missing)}`;
  }
  return segmentProblem(cache) ?? signatureProblem(cache);
}

type Rows = (database: DatabaseSync) => Iterable<string>;

const listings: readonly (readonly [string, Rows])[] = [
  ["branches", (database) => lines(database, "SELECT key, branch FROM branches ORDER BY key")],
  ["forks", forksOf],
  ["revisions", revisionsOf],
  ["records", versionsOf],
  ["index", (database) => lines(database, `SELECT DISTINCT key, id FROM (${listed("ids", "key, id")}) ORDER BY key, id`)],
  ["texts", textsOf],
];

/** The rows of the segments that are in the list: others are what a killed process left of a merge. */
function listed(kind: "versions" | "ids", columns: string): string {
  return Array.from(
    { length: TABLES },
    (_, table) => `SELECT ${columns} FROM ${kind}_${table} WHERE segment IN (SELECT number FROM segments WHERE home = ${table})`,
  ).join(" UNION ALL ");
}

function* lines(database: DatabaseSync, sql: string): Generator<string, undefined> {
  for (const row of database.prepare(sql).iterate()) yield JSON.stringify(Object.values(row));
}

function* forksOf(database: DatabaseSync): Generator<string, undefined> {
  for (const row of database.prepare("SELECT revision, entry FROM forks ORDER BY revision").iterate())
    yield `${String(row["revision"])} ${canonicalJson(JSON.parse(row["entry"] as string))}`;
}

function* revisionsOf(database: DatabaseSync): Generator<string, undefined> {
  for (const row of database.prepare("SELECT revision, branch, time, hash, changed FROM revisions ORDER BY revision").iterate()) {
    const { changed, ...rest } = row as { readonly changed: string | Uint8Array };
    yield JSON.stringify([...Object.values(rest), typeof changed === "string" ? changed : unpackText(changed).toString()]);
  }
}

function* versionsOf(database: DatabaseSync): Generator<string, undefined> {
  const packs = new RecordPacks(database);
  const sql = `SELECT branch, id, revision, place FROM (${listed("versions", "branch, id, revision, place")}) ORDER BY branch, id, revision`;
  for (const row of database.prepare(sql).iterate()) {
    const { branch, id, revision, place } = row as { branch: number; id: string; revision: number; place: number | null };
    const { record } = packs.version(revision, place);
    yield `${branch} ${id} ${revision} ${record === undefined ? "deleted" : canonicalJson(record)}`;
  }
}

function* textsOf(database: DatabaseSync): Generator<string, undefined> {
  for (const row of database.prepare("SELECT kind, records FROM texts ORDER BY kind, number").iterate())
    for (const line of unpackText(row["records"] as Uint8Array)
      .toString()
      .split("\n"))
      yield `${row["kind"] as string} ${line}`;
}

/** The segments follow one another without a gap, and the filter of each lets through what it holds. */
function segmentProblem(database: DatabaseSync): string | undefined {
  let last = 0;
  for (const segment of readSegments(database)) {
    if (segment.first !== last + 1) return `segment ${segment.number} begins at revision ${segment.first}, the one before ends at ${last}`;
    last = segment.last;
    const filter = KeyFilter.ofBytes(segment.filter);
    const { number, table } = segment;
    for (const { id } of database.prepare(`SELECT DISTINCT id FROM versions_${table} WHERE segment = ?`).iterate(number))
      if (!filter.has(idKey(id as string))) return `the filter of segment ${number} hides ${String(id)}`;
    for (const { key } of database.prepare(`SELECT DISTINCT key FROM ids_${table} WHERE segment = ?`).iterate(number))
      if (!filter.has(key as number)) return `the filter of segment ${number} hides an index key`;
  }
  return undefined;
}

/** A signature that lacks a bit would hide what stands in its block. */
function signatureProblem(database: DatabaseSync): string | undefined {
  const wanted: Uint8Array[] = [];
  const slice = database.prepare("SELECT chunk, bits FROM text_slices WHERE kind = ? AND first = ? ORDER BY chunk");
  const signature = database.prepare("SELECT bits FROM text_signatures WHERE kind = ? AND number = ?");
  for (const row of database.prepare("SELECT kind, number, records FROM texts ORDER BY kind, number").iterate()) {
    const { kind, number, records } = row as { kind: string; number: number; records: Uint8Array };
    const expected = signatureOf(unpackText(records));
    const bits = signature.get(kind, number)?.["bits"] as Uint8Array | undefined;
    if (bits !== undefined && !isSameBytes(bits, expected)) return `the signature of block ${number} of ${kind} texts hides some of them`;
    const at = (number - 1) % GROUP;
    wanted[at] = expected;
    if (at < GROUP - 1) continue;
    const chunks = slice.all(kind, number - GROUP + 1) as unknown as readonly { readonly bits: Uint8Array }[];
    const all = sliced(wanted);
    if (chunks.length > 0 && !(chunks.length === all.length && chunks.every((chunk, i) => isSameBytes(chunk.bits, all[i]!))))
      return `the signatures of the blocks up to ${number} of ${kind} texts hide some of them`;
  }
  return undefined;
}

function isSameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function shortened(line: string): string {
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
