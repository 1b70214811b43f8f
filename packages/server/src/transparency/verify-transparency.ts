import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { hashOfLine, nodeFileLayer, readLogFolder } from "@doppelwerk/storage/files";
import { spanOf } from "@doppelwerk/storage/segments";
import { createLogHash, verifyEd25519, verifyTileLog } from "@doppelwerk/storage/tile-log";
import {
  isSameHash,
  keyText,
  MerkleFrontier,
  parseCheckpoint,
  parseNote,
  verifyNote,
  type Checkpoint,
  type NoteKey,
} from "@doppelwerk/trust/log";
import { canonicalJson, DoppelwerkError, type Json } from "@doppelwerk/world";
import { entryOf, type Entry } from "./entry.ts";
import { partsOf, readLogKey, TRANSPARENCY } from "./folder.ts";
import { readOutsideRecords, type OutsideRecord } from "./outside-records.ts";
import { Salts } from "./salts.ts";
import { checkpointOf, verifyOutsideRecord, type OutsideTrust, type OutsideVerdict } from "./verify-outside.ts";
import { journalsOf } from "./world-feed.ts";

/** A world whose folder is compared with what the log says of it. */
export interface ComparedWorld {
  readonly id: string;
  readonly folder: string;
  /** As the report calls a file of it. */
  readonly below: (path: string) => string;
}

export interface VerifiedTransparency {
  readonly entries: number;
  /** Those that the checkpoint signs. */
  readonly signed: number;
  readonly key: string;
  /** What others stated about it, each verified by whom the verifier trusts. */
  readonly outside: readonly OutsideVerdict[];
}

export interface TransparencyReport {
  /** `file` in the data folder. */
  finding(file: string, message: string, revision?: number): void;
  notice(file: string, message: string): void;
}

/** What of the log is known from elsewhere: then it cannot have been exchanged as a whole. */
export interface Expected {
  readonly key?: string;
  /** An earlier checkpoint, as it was given. */
  readonly checkpoint?: string;
  /** Whose statements about the log count, and are verified. */
  readonly outside?: OutsideTrust;
}

/** What the log says of a world. */
interface Said {
  /** Revisions up to it are covered by the hash of it. */
  before: number;
  readonly hashes: Map<number, { readonly hash: string; readonly index: number }>;
  last: number;
  readonly segments: Map<string, { readonly sha256: string; readonly index: number }>;
  /** The newest entry of each item, by journal and id. */
  readonly records: Map<string, Entry & { readonly what: "record" }>;
}

/** Computes the log of a data folder anew and compares it with change logs, histories and journals. Undefined where there is none. Writes nothing. */
export async function verifyTransparency(
  data: string,
  worlds: readonly ComparedWorld[],
  report: TransparencyReport,
  expected: Expected = {},
): Promise<VerifiedTransparency | undefined> {
  const parts = partsOf(data);
  if (!existsSync(parts.directory)) {
    if (expected.key !== undefined || expected.checkpoint !== undefined)
      report.finding(TRANSPARENCY, "there is no transparency log, and one was expected");
    return undefined;
  }
  const key = keyOf(data, report);
  if (key === undefined) return undefined;
  if (expected.key !== undefined && expected.key !== keyText(key))
    report.finding(`${TRANSPARENCY}/key.json`, "it is not the key that was given");
  const said = new Map<string, Said>();
  const records = outsideOf(parts.outside, report);
  const { size, signed } = readEntries(parts.log, key, expected.checkpoint, report, (index, entry) => take(said, index, entry), records);
  const salts = saltsOf(parts.salts, report);
  for (const world of worlds) {
    const known = said.get(world.id);
    if (known === undefined) continue;
    compareCommits(world, known, report);
    compareSegments(world, known, report);
    if (salts !== undefined) compareJournals(world, known, salts, report);
  }
  const outside: OutsideVerdict[] = [];
  for (const record of records) outside.push(await verifyOutsideRecord(record, key, expected.outside ?? {}));
  for (const { what, finding, size: of } of outside)
    if (finding !== undefined) report.finding(`${TRANSPARENCY}/outside.jsonl`, `${what} with ${of} entries: ${finding}`);
  return { entries: size, signed, key: keyText(key), outside };
}

function outsideOf(path: string, report: TransparencyReport): readonly OutsideRecord[] {
  try {
    return readOutsideRecords(path);
  } catch (error) {
    report.finding(`${TRANSPARENCY}/outside.jsonl`, (error as Error).message);
    return [];
  }
}

function keyOf(data: string, report: TransparencyReport): NoteKey | undefined {
  try {
    return readLogKey(data).key;
  } catch (error) {
    report.finding(`${TRANSPARENCY}/key.json`, (error as Error).message);
    return undefined;
  }
}

function saltsOf(path: string, report: TransparencyReport): Salts | undefined {
  try {
    return new Salts(path);
  } catch (error) {
    report.finding(`${TRANSPARENCY}/salts.json`, (error as Error).message);
    return undefined;
  }
}

// oxlint-disable-next-line max-params -- a log, and what it is compared with
function readEntries(
  directory: string,
  key: NoteKey,
  earlierNote: string | undefined,
  report: TransparencyReport,
  each: (index: number, entry: Entry) => void,
  records: readonly OutsideRecord[],
): { readonly size: number; readonly signed: number } {
  const hash = createLogHash();
  const earlier = earlierNote === undefined ? undefined : earlierOf(earlierNote, key, report);
  const frontier = new MerkleFrontier(hash);
  // the roots that somebody has of it, by size
  const known = new Map<number, Uint8Array | undefined>();
  for (const { size } of [...records, ...(earlier === undefined ? [] : [earlier])])
    known.set(size, size === 0 ? frontier.root() : undefined);
  const last = Math.max(0, ...known.keys());
  const { size, signed, findings } = verifyTileLog(nodeFileLayer, directory, hash, key, verifyEd25519, (bytes, index) => {
    const entry = entryOf(bytes);
    if (entry === undefined) report.finding(`${TRANSPARENCY}/log`, `entry ${index} is none that is known here`);
    else each(index, entry);
    if (frontier.size >= last) return;
    frontier.append(hash.leaf(bytes), () => {});
    if (known.has(frontier.size)) known.set(frontier.size, frontier.root());
  });
  for (const finding of findings) {
    const [, file, text] = /^([\w./]+): (.*)$/s.exec(finding) ?? [];
    report.finding(`${TRANSPARENCY}/log${file === undefined ? "" : `/${file}`}`, text ?? finding);
  }
  const isBegun = (checkpoint: Checkpoint): boolean => {
    const root = known.get(checkpoint.size);
    return root !== undefined && isSameHash(root, checkpoint.root);
  };
  for (const record of records) {
    const checkpoint = checkpointOf(record, key);
    if (checkpoint !== undefined && !isBegun(checkpoint))
      report.finding(`${TRANSPARENCY}/log`, `it does not begin with the ${record.size} entries that were ${record.what}`);
  }
  if (earlier !== undefined && !isBegun(earlier))
    report.finding(`${TRANSPARENCY}/log`, `it does not begin with the ${earlier.size} entries of the checkpoint that was given`);
  if (signed < size) report.notice(`${TRANSPARENCY}/log/checkpoint`, `${size - signed} entries at the end are not signed yet`);
  return { size, signed };
}

function earlierOf(note: string, key: NoteKey, report: TransparencyReport): Checkpoint | undefined {
  const parsed = parseNote(note);
  const checkpoint = parsed === undefined ? undefined : parseCheckpoint(parsed.text);
  if (checkpoint?.origin === key.name && verifyNote(parsed!, [key], verifyEd25519)?.length === 1) return checkpoint;
  report.finding(`${TRANSPARENCY}/key.json`, `the checkpoint that was given is not signed by ${key.name}`);
  return undefined;
}

function take(said: Map<string, Said>, index: number, entry: Entry): void {
  if (!("world" in entry) || entry.world === undefined) return;
  let known = said.get(entry.world);
  if (known === undefined)
    said.set(entry.world, (known = { before: 0, last: 0, hashes: new Map(), segments: new Map(), records: new Map() }));
  if (entry.what === "before" || entry.what === "commit") {
    if (entry.what === "before") known.before = entry.revision;
    known.hashes.set(entry.revision, { hash: entry.hash, index });
    known.last = entry.revision;
  } else if (entry.what === "lost") {
    for (const revision of known.hashes.keys()) if (revision > entry.revision) known.hashes.delete(revision);
    known.last = entry.revision;
    for (const file of entry.segments ?? []) known.segments.delete(file);
  } else if (entry.what === "segment") {
    for (const file of entry.replaces) known.segments.delete(file);
    known.segments.set(entry.file, { sha256: entry.sha256, index });
  } else if (entry.what === "record") known.records.set(`${entry.journal} ${entry.record}`, entry);
}

function compareCommits({ folder, below }: ComparedWorld, { before, hashes, last }: Said, report: TransparencyReport): void {
  const file = below("changes");
  const log = readLogFolder(join(folder, "changes"));
  let unlogged = 0;
  let end = 0;
  try {
    for (const { revision, line } of log.lines(0)) {
      const hash = hashOfLine(line);
      end = revision;
      const known = hashes.get(revision);
      if (known !== undefined && known.hash !== hash)
        return report.finding(file, `the transparency log has another hash of this revision (entry ${known.index})`, revision);
      if (known === undefined && revision > last) unlogged++;
      else if (known === undefined && revision > before)
        return report.finding(`${TRANSPARENCY}/log`, "this revision has no entry", revision);
    }
  } catch (error) {
    // the change log itself is damaged, which its own check says
    if (!(error instanceof DoppelwerkError)) throw error;
    return;
  }
  if (last > end) report.finding(file, `the transparency log knows ${last} revisions, and ${end} are there`, end + 1);
  if (unlogged > 0) report.notice(file, `${unlogged} revisions at the end are not in the transparency log yet; the next start adds them`);
}

function compareSegments({ folder, below }: ComparedWorld, { segments }: Said, report: TransparencyReport): void {
  const directory = join(folder, "history");
  const there = existsSync(directory) ? readdirSync(directory).filter((name) => spanOf(name) !== undefined) : [];
  for (const file of there) {
    const known = segments.get(file);
    if (known === undefined) report.notice(below(`history/${file}`), "it is not in the transparency log yet; the next start adds it");
    else if (
      createHash("sha256")
        .update(readFileSync(join(directory, file)))
        .digest("hex") !== known.sha256
    )
      report.finding(below(`history/${file}`), `it is not the file that the transparency log has the hash of (entry ${known.index})`);
  }
  for (const [file, { index }] of segments)
    if (!there.includes(file) && !there.some((name) => isWithin(file, name)))
      report.finding(below(`history/${file}`), `it is missing, and the transparency log has its hash (entry ${index})`);
}

/** A segment that took others in, of which a process was killed before it wrote the entry. */
function isWithin(file: string, other: string): boolean {
  const [inner, outer] = [spanOf(file)!, spanOf(other)!];
  return inner.from >= outer.from && inner.to <= outer.to;
}

/** The newest item that the log has a commitment to must be in its journal. Later ones, of which no entry was written any more, are not looked at. */
function compareJournals({ id, folder, below }: ComparedWorld, { records }: Said, salts: Salts, report: TransparencyReport): void {
  if (!salts.has(journalsOf(id))) return;
  for (const [journal, entries] of Map.groupBy(records.values(), (entry) => entry.journal)) {
    const file = below(`${journal}.jsonl`);
    const lines = Map.groupBy(linesOf(join(folder, `${journal}.jsonl`)), ({ id: item }) => item);
    for (const { nonce, record, content } of entries) {
      const isThere = (lines.get(record) ?? []).some(
        (item) => salts.open(journalsOf(id), nonce, "content", canonicalJson(item as unknown as Json), content) !== undefined,
      );
      if (!isThere) report.finding(file, `what the transparency log commits to of ${record} is not there`);
    }
  }
}

function linesOf(path: string): readonly { readonly id: string }[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as { readonly id: string }];
      } catch {
        // the check of the file itself says so
        return [];
      }
    });
}
