import { createHash, hash } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { message as messageOf } from "@doppelwerk/messages";
import { verifyEvents } from "@doppelwerk/storage/events";
import { holdOff, readDataFormat, readLogFolder, type KnownHead, type LogFolder } from "@doppelwerk/storage/files";
import { verifyHistory } from "@doppelwerk/storage/segments";
import {
  cachedHashes,
  cacheDifference,
  openSqliteRecordStore,
  openUntouched,
  readCacheHead,
  settleCache,
  walProblem,
} from "@doppelwerk/storage/sqlite";
import { verifyRestored, verifyWorld, type Verified } from "@doppelwerk/storage/verify";
import { HOME_WORLD } from "@doppelwerk/client";
import { createSeal } from "@doppelwerk/trust";
import { coreKinds, DoppelwerkError, GENESIS_HASH } from "@doppelwerk/world";
import { damagedPacks } from "../packs/damaged-packs.ts";
import { goneEvents } from "./known-events.ts";
import { WORLD_FILE } from "../worlds/world-file.ts";
import { WorldFolders } from "../worlds/world-folders.ts";
import {
  verifyTransparency,
  type ComparedWorld,
  type Expected,
  type TransparencyReport,
  type VerifiedTransparency,
} from "../transparency/verify-transparency.ts";
import { verifyFiles } from "./verify-files.ts";

export interface FolderFinding {
  readonly kind: "damaged" | "missing" | "chain" | "replay" | "cache" | "history" | "events" | "file" | "transparency";
  /** In the data folder. */
  readonly file: string;
  readonly message: string;
  readonly revision?: number;
}

/** What `verify` says of a data folder; nothing in it was changed. */
export interface VerifiedFolder extends VerifiedWorld {
  /** The transparency log of the server; absent where it writes none. */
  readonly transparency?: VerifiedTransparency;
  /** Record caches that came with a backup: how far each was, and how many changes were looked up in it. */
  readonly caches: readonly RestoredCache[];
  /** Those beside the default one; what was found in them stands in `findings` and the like, files below `worlds`. */
  readonly worlds: readonly {
    readonly name: string;
    readonly revisions: number;
    readonly lastHash: string;
    readonly samples: number;
    readonly files: number;
  }[];
}

export interface RestoredCache {
  readonly world: string;
  readonly revision: number;
  readonly compared: number;
}

interface VerifiedWorld {
  readonly cache?: Omit<RestoredCache, "world">;
  readonly revisions: number;
  readonly lastHash: string;
  readonly samples: number;
  /** Damage; empty = good. */
  readonly findings: readonly FolderFinding[];
  /** Worth a look, no damage: a write that was cut short, a file that was set aside before. */
  readonly notices: readonly { readonly file: string; readonly message: string }[];
  readonly files: number;
  /** What a change could not be noticed in, and why. */
  readonly notChecked: readonly { readonly file: string; readonly why: string }[];
}

interface Report {
  readonly findings: FolderFinding[];
  readonly notices: { file: string; message: string }[];
  readonly notChecked: { file: string; why: string }[];
}

export interface VerifyOptions {
  /**
   * The folder was restored from a signed backup. A record cache that came with it is compared with the log in part and what it lacks is folded into it;
   * where there is none, what is replayed stays as one. Either way the next start need not replay again.
   */
  readonly isRestored?: boolean;
}

/**
 * Reads everything in the data folder of a stopped server and changes nothing. What is replayed lies in a temporary folder of the system (TMPDIR).
 * Errors: DW_UNAVAILABLE while a server runs on it, DW_NOT_FOUND where there is none, DW_FORMAT_NEWER.
 */
export async function verifyDataFolder(
  directory: string,
  expected: Expected = {},
  { isRestored = false }: VerifyOptions = {},
): Promise<VerifiedFolder> {
  const home = await verifyOne(directory, isRestored);
  const report: Report = { findings: [...home.findings], notices: [...home.notices], notChecked: [...home.notChecked] };
  const worlds: VerifiedFolder["worlds"][number][] = [];
  const caches: RestoredCache[] = [];
  const compared: ComparedWorld[] = [{ id: HOME_WORLD, folder: resolve(directory), below: (path) => path }];
  for (const { name, directory: folder, file } of new WorldFolders(directory, "verify").list()) {
    const below = (path: string): string => `worlds/${name}/${path}`;
    if (file instanceof DoppelwerkError)
      report.findings.push({ kind: file.code === "DW_DAMAGED" ? "damaged" : "file", file: below(WORLD_FILE), message: file.message });
    else if (file !== undefined) compared.push({ id: file.id, folder, below });
    const found = await verifyWorldFolder(folder, report, below, isRestored);
    if (found === undefined) continue;
    const { cache: kept, ...world } = found;
    worlds.push({ name, ...world });
    if (kept !== undefined) caches.push({ world: name, ...kept });
  }
  const transparency = await verifyTransparency(resolve(directory), compared, reportOf(report), expected);
  const { cache, ...world } = home;
  if (cache !== undefined) caches.unshift({ world: HOME_WORLD, ...cache });
  return { ...world, ...report, worlds, caches, ...(transparency && { transparency }) };
}

function reportOf({ findings, notices }: Report): TransparencyReport {
  return {
    finding: (file, message, revision) =>
      findings.push({ kind: "transparency", file, message, ...(revision !== undefined && { revision }) }),
    notice: (file, message) => notices.push({ file, message }),
  };
}

/** A world beside the default one; undefined where it cannot be looked into. */
// oxlint-disable-next-line max-params -- where it is, and what is told
async function verifyWorldFolder(
  folder: string,
  report: Report,
  below: (path: string) => string,
  isRestored: boolean,
): Promise<Pick<VerifiedWorld, "revisions" | "lastHash" | "samples" | "files" | "cache"> | undefined> {
  try {
    const { findings, notices, notChecked, revisions, lastHash, samples, files, cache } = await verifyOne(folder, isRestored);
    report.findings.push(...findings.map((each) => ({ ...each, file: below(each.file) })));
    report.notices.push(...notices.map((each) => ({ ...each, file: below(each.file) })));
    report.notChecked.push(...notChecked.map((each) => ({ ...each, file: below(each.file) })));
    return { revisions, lastHash, samples, files, ...(cache && { cache }) };
  } catch (error) {
    if (!(error instanceof DoppelwerkError)) throw error;
    report.findings.push({ kind: "file", file: below("format.json"), message: error.message });
    return undefined;
  }
}

/** Errors: DW_UNAVAILABLE, DW_NOT_FOUND, DW_FORMAT_NEWER. */
async function verifyOne(directory: string, isRestored: boolean): Promise<VerifiedWorld> {
  const root = resolve(directory);
  if (!existsSync(join(root, "format.json")))
    throw new DoppelwerkError("DW_NOT_FOUND", messageOf("server.noDataFolderDoppelwerk", { directory }));
  readDataFormat(root);
  const lease = existsSync(join(root, "lease.sqlite")) ? holdOff(join(root, "lease.sqlite")) : undefined;
  const scratch = mkdtempSync(join(tmpdir(), "doppelwerk-verify-"));
  try {
    const report: Report = { findings: [], notices: [], notChecked: [] };
    const log = readLogFolder(join(root, "changes"));
    const cached = isRestored ? undefined : readCacheHead(join(root, "records.sqlite"), scratch);
    checkLog(log, cached, report);
    const replayed = isRestored ? await verifyLog(root, log, report) : await replay(root, log, cached?.revision, scratch, report);
    const samples = checkHistory(root, report);
    if (existsSync(join(root, "events")))
      for (const { file, message } of verifyEvents(join(root, "events")).findings)
        report.findings.push({ kind: "events", file: `events/${file}`, message });
    const gone = goneEvents(root);
    if (gone !== undefined) report.findings.push({ kind: "events", file: gone.file, message: gone.why });
    for (const { file, message } of damagedPacks(root)) report.findings.push({ kind: "file", file, message });
    const files = verifyFiles(root, scratch);
    for (const [file, { problem, uncovered, notice }] of files) {
      if (problem !== undefined) report.findings.push({ kind: "file", file, message: problem });
      if (notice !== undefined) report.notices.push({ file, message: notice });
      if (uncovered !== undefined) report.notChecked.push({ file, why: uncovered });
    }
    return { ...replayed, samples, ...report, files: files.size };
  } finally {
    lease?.release();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** What the folder of the log says by itself: damage, its end, and what others remember of it. */
function checkLog(log: LogFolder, cached: Omit<KnownHead, "from"> | undefined, { findings, notices, notChecked }: Report): void {
  const { tail, damage, checkpoint } = log;
  if (damage !== undefined) {
    const file = `changes/${(damage.details as { readonly file?: string } | undefined)?.file ?? ""}`;
    findings.push({ kind: "damaged", file, message: damage.message, revision: log.lastRevision + 1 });
  }
  if (tail !== undefined) {
    const where = `${tail.bytes} bytes after revision ${log.lastRevision}, from byte ${tail.offset},`;
    if (tail.isShort)
      notices.push({ file: tail.file, message: `${where} are a write that was cut short; the next start keeps them aside` });
    else
      findings.push({
        kind: "damaged",
        file: tail.file,
        message: `${where} are no whole entry: damage, or a power loss while they were written`,
        revision: log.lastRevision + 1,
      });
  }
  const known: KnownHead[] = [];
  if (checkpoint.head !== undefined) known.push({ ...checkpoint.head, from: "the checkpoint" });
  if (cached !== undefined) known.push({ ...cached, from: "the record cache" });
  if (checkpoint.damage !== undefined) findings.push({ kind: "file", file: "changes.checkpoint.json", message: checkpoint.damage });
  if (log.areNotesDamaged)
    findings.push({
      kind: "file",
      file: "changes/checked.json",
      message: "it does not match its checksum; the next start makes it again",
    });
  for (const head of known) {
    const message = damage === undefined ? log.problemWith(head) : undefined;
    if (message !== undefined) findings.push({ kind: "missing", file: "changes", message, revision: log.lastRevision + 1 });
  }
  for (const name of log.others)
    notChecked.push({ file: `changes/${name}`, why: "it is no part of the log (kept aside, or not of Doppelwerk)" });
}

/** Replays the log, compares the cache at its own revision, and checks the hash chain. */
// oxlint-disable-next-line max-params -- what is replayed, and where to
async function replay(root: string, log: LogFolder, cachedUntil: number | undefined, scratch: string, report: Report): Promise<Head> {
  if (existsSync(join(root, "records.sqlite"))) await checkCache(root, log, cachedUntil ?? 0, scratch, report);
  return replayInto(join(scratch, "replayed.sqlite"), log, report);
}

interface Head {
  readonly revisions: number;
  readonly lastHash: string;
  readonly cache?: Omit<RestoredCache, "world">;
}

const seal = createSeal((text) => hash("sha256", text, "hex"));

function sha256Of(pieces: readonly Uint8Array[]): string {
  const whole = createHash("sha256");
  for (const piece of pieces) whole.update(piece);
  return whole.digest("hex");
}

async function replayInto(path: string, log: LogFolder, report: Report): Promise<Head> {
  const openStore = () => openSqliteRecordStore({ path, kinds: coreKinds });
  const whole = { lastRevision: async () => log.lastRevision, read: log.read, append: async () => {}, close: async () => {} };
  return headOf(await verifyWorld({ log: whole, openStore, seal }), report);
}

function headOf({ revisions, lastHash, findings }: Verified, report: Report): Head {
  report.findings.push(...findings.map((finding) => ({ ...finding, file: "changes" })));
  return { revisions, lastHash: revisions === 0 ? GENESIS_HASH : lastHash };
}

/** The log of a restored world: with the record cache that came with it, or replayed into a new one. */
async function verifyLog(root: string, log: LogFolder, report: Report): Promise<Head> {
  const path = join(root, "records.sqlite");
  if (existsSync(path)) {
    const verified = withRestoredCache(path, log);
    if (typeof verified !== "string") return { ...headOf(verified, report), cache: verified.cache };
    report.notices.push({ file: "records.sqlite", message: `the record cache of the backup was made again: ${verified}` });
    for (const end of ["", "-wal", "-shm"]) rmSync(path + end, { force: true });
  }
  return replayInto(path, log, report);
}

/** A text says why the cache is of no use: its damage does not keep what is truth from being restored. */
function withRestoredCache(path: string, log: LogFolder): (Verified & Required<Pick<Head, "cache">>) | string {
  try {
    settleCache(path);
    const store = openSqliteRecordStore({ path, kinds: coreKinds });
    try {
      const revision = store.appliedRevision();
      if (revision === 0) return "it is of another release";
      const chain = { seal, sha256Of };
      const verified = verifyRestored({ lines: log.lines(0), store, cached: cachedHashes(path), seal: chain, random: Math.random });
      return verified.cacheProblem ?? { ...verified, cache: { revision, compared: verified.compared } };
    } finally {
      store.close();
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function checkCache(root: string, log: LogFolder, until: number, scratch: string, { findings, notChecked }: Report): Promise<void> {
  const [path, fresh] = [join(root, "records.sqlite"), join(scratch, "replayed.sqlite")];
  const add = (message: string, file = "records.sqlite"): void => {
    findings.push({ kind: "cache", file, message: `${message}; it is a cache: delete it, and it is made again` });
  };
  try {
    const wal = existsSync(`${path}-wal`) ? walProblem(`${path}-wal`) : undefined;
    if (wal !== undefined) add(wal, "records.sqlite-wal");
    const store = openSqliteRecordStore({ path: fresh, kinds: coreKinds });
    try {
      for await (const entry of log.read(0)) {
        if (entry.revision > until) break;
        store.apply([entry]);
      }
    } finally {
      store.close();
    }
    const cache = openUntouched(path, scratch);
    const replayed = openUntouched(fresh, scratch);
    try {
      const layout = (database: typeof cache) => database.prepare("SELECT text FROM layout").get()?.["text"];
      if (layout(cache) !== layout(replayed))
        notChecked.push({ file: "records.sqlite", why: "a cache of another release, which the next start makes again" });
      else {
        const difference = until > log.lastRevision ? undefined : cacheDifference(cache, replayed);
        if (difference !== undefined) add(difference);
        notChecked.push({ file: "records.sqlite", why: "bytes of it that nothing is stored in" });
      }
    } finally {
      cache.close();
      replayed.close();
    }
  } catch (error) {
    add(`it cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function checkHistory(root: string, { findings, notices, notChecked }: Report): number {
  const { samples, problems } = verifyHistory(join(root, "history"));
  for (const { file, message, isHarmless } of problems) {
    if (isHarmless) notices.push({ file: `history/${file}`, message });
    else findings.push({ kind: "history", file: `history/${file}`, message });
  }
  if (existsSync(join(root, "history", "dropped.json")))
    notChecked.push({ file: "history/dropped.json", why: "it has no checksum: that it can be read was checked, not what it says" });
  return samples;
}
