import {
  appendFileSync,
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  rmdirSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import { zstdDecompress } from "node:zlib";
import { createWallClock } from "@doppelwerk/connectors";
import { message } from "@doppelwerk/messages";
import { DATA_FORMAT, makeFolder, nodeFileLayer } from "@doppelwerk/storage/files";
import { useSealing } from "@doppelwerk/storage/sealing";
import { DoppelwerkError } from "@doppelwerk/world";
import pino from "pino";
import { verifyDataFolder, type VerifiedFolder } from "../compose/verify-folder.ts";
import { TransparencyLog } from "../transparency/transparency-log.ts";
import { cutIdentities, IDENTITY_FILES, type CutIdentities } from "./identities-at.ts";
import { isBackupFolder } from "./backup-folder.ts";
import { Catalogue } from "./catalogue.ts";
import { archivesOf, type BackedUpFile, type BackedUpWorld, type Manifest, type Piece, type SignedManifest } from "./manifest.ts";
import { cutWorld, folderOf, type CutWorld } from "./point-in-time.ts";
import { checkDatabase, loadShared } from "./load-shared.ts";
import type { SharedOptions } from "./shared-stores.ts";
import { openBackup, readEarlierFiles, type SourceOptions, type Unpacked } from "./read-backup.ts";

export interface RestoreOptions extends SourceOptions {
  /** Of the key that the secrets in the backup are sealed with. */
  readonly sealKeyFile?: string;
  readonly data: string;
  readonly version: string;
  /** The change logs and files go into this PostgreSQL, which holds no world yet; with `history` "postgres" samples and events too. */
  readonly shared?: SharedOptions;
  /** With `atMs`: rights and credentials too that were taken away later. */
  readonly withRevoked?: boolean;
}

export interface RestoreReport {
  readonly backup: string;
  readonly instant: string;
  /** As the folder was then: ISO 8601. */
  readonly at?: string;
  readonly server: string;
  readonly key: string;
  readonly files: number;
  readonly worlds: readonly { readonly name: string; readonly revision: number; readonly hash: string | undefined }[];
  readonly verified: VerifiedFolder;
  /** Of an earlier instant: accounts, machines and the like that are not as they were backed up. */
  readonly identities?: CutIdentities;
  /** Of an earlier instant: ids of jobs that are gone, because they had not ended. */
  readonly jobs?: readonly string[];
}

/** What is restored lies here until it is whole and verified. */
const RESTORING = ".restoring";
/** Of a piece of a record cache, unpacked. */
const MAX_FRAME_BYTES = 64 << 20;
const decompress = promisify(zstdDecompress);

/**
 * Restores a backup into an empty folder and verifies everything in it; ended before, the folder is none that a server opens. The transparency log says what
 * was restored. Errors: DW_CONFLICT (not empty), DW_DAMAGED, DW_UNAVAILABLE (the disk refuses), those of `openBackup`; nothing is left then.
 */
export async function restore(options: RestoreOptions): Promise<RestoreReport> {
  const data = resolve(options.data);
  // what is there of a restore that was killed is of nobody
  if (existsSync(data) && readdirSync(data).some((name) => name !== RESTORING))
    throw new DoppelwerkError("DW_CONFLICT", message("server.restoreNotEmpty", { data: options.data }));
  const existed = existsSync(data);
  makeFolder(data);
  const work = join(data, RESTORING);
  rmSync(work, { recursive: true, force: true });
  try {
    if (options.shared !== undefined) await checkDatabase(options.shared);
    const { report, worlds } = await restoreInto(work, options);
    await noteRestore(join(work, "data"), report, options.version);
    if (options.shared !== undefined) await loadShared(join(work, "data"), worlds, options.shared, "keep");
    moveUp(join(work, "data"), data);
    return report;
  } catch (error) {
    throw refusedByDisk(error, options.data);
  } finally {
    rmSync(work, { recursive: true, force: true });
    if (!existed && readdirSync(data).length === 0) rmdirSync(data);
  }
}

/** Restores to a temporary folder, verifies, and removes it again. */
export async function drill(options: Omit<RestoreOptions, "data">): Promise<RestoreReport> {
  const work = mkdtempSync(join(tmpdir(), "doppelwerk-drill-"));
  try {
    if (options.shared !== undefined) await checkDatabase(options.shared);
    const { report, worlds } = await restoreInto(work, options);
    if (options.shared !== undefined) await loadShared(join(work, "data"), worlds, options.shared, "only try");
    return report;
  } catch (error) {
    throw refusedByDisk(error, work);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** A disk that is full, read only or away is no defect: DW_UNAVAILABLE. */
function refusedByDisk(error: unknown, path: string): unknown {
  const { code, message: reason } = error as NodeJS.ErrnoException;
  if (error instanceof DoppelwerkError || typeof code !== "string" || !/^E[A-Z]+$/.test(code)) return error;
  return new DoppelwerkError("DW_UNAVAILABLE", message("server.fileNotWritten", { reason, path }));
}

/** With the worlds as the manifest has them, for what is loaded elsewhere. */
interface Restored {
  readonly report: RestoreReport;
  readonly worlds: readonly BackedUpWorld[];
}

async function restoreInto(work: string, options: Omit<RestoreOptions, "data">): Promise<Restored> {
  const [pieceFolder, data] = [join(work, "pieces"), join(work, "data")];
  for (const folder of [work, pieceFolder, data]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { signed, pieces } = await openBackup(options).read(pieceFolder);
  const { manifest } = signed;
  if (manifest.dataFormat > DATA_FORMAT)
    throw new DoppelwerkError("DW_FORMAT_NEWER", message("server.backupNewer", { name: options.from, format: manifest.dataFormat }));
  for (const file of manifest.files) assemble(file, pieces, data);
  if (options.replay !== true) for (const cache of manifest.caches) await unpackCache(cache, pieces, data);
  for (const folder of new Set(manifest.files.map(({ path }) => dirname(join(data, path))))) nodeFileLayer.fsyncDirectory(folder);
  rmSync(pieceFolder, { recursive: true, force: true });
  for (const world of manifest.worlds) keepEpoch(data, world);
  useSealing(data, options.sealKeyFile);
  const { atMs } = options;
  const cut = atMs === undefined ? undefined : await backTo(data, manifest, { ...options, atMs }, join(work, "earlier"));
  const worlds = cut?.worlds ?? manifest.worlds;
  const verified = await verifyDataFolder(data, options.expectedKey === undefined ? {} : { key: options.expectedKey }, {
    isRestored: true,
  });
  const [first] = verified.findings;
  if (first !== undefined)
    throw new DoppelwerkError(
      "DW_DAMAGED",
      message("server.restoreFindings", { count: verified.findings.length, first: `${first.file}: ${first.message}` }),
    );
  checkHeads(worlds, verified);
  if (options.atMs === undefined) noteVerified(options.from, manifest);
  const report = reportOf(signed, worlds, verified);
  if (cut === undefined) return { report, worlds };
  const at = new Date(cut.atMs).toISOString();
  return { report: { ...report, at, identities: cut.identities, jobs: cut.worlds.flatMap(({ jobs }) => jobs) }, worlds };
}

/** For the rule by which backups go: the last one that was verified stays. */
function noteVerified(from: string, manifest: Manifest): void {
  if (!isBackupFolder(from)) return;
  try {
    new Catalogue(from).noteVerified(manifest.id, manifest.instant, archivesOf(manifest));
  } catch (error) {
    // a folder that is read from may be one that nobody writes to
    if (!(error instanceof DoppelwerkError)) throw error;
  }
}

/** The pieces of a file as the file. Errors: DW_DAMAGED for a piece that is missing or another. */
function assemble({ path, mode, pieces }: BackedUpFile, unpacked: ReadonlyMap<string, Unpacked>, data: string): void {
  const to = join(data, path);
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
  pieces.forEach((piece, at) => {
    const source = checkedPiece(path, piece, unpacked);
    if (at === 0) renameSync(source, to);
    else {
      // of a log that grew: at most what came between two backups
      appendFileSync(to, readFileSync(source));
      rmSync(source);
    }
  });
  flush(to);
  chmodSync(to, mode);
}

/** Errors: DW_DAMAGED. */
async function unpackCache({ path, mode, pieces }: BackedUpFile, unpacked: ReadonlyMap<string, Unpacked>, data: string): Promise<void> {
  const to = join(data, path);
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
  for (const piece of pieces) {
    const source = checkedPiece(path, piece, unpacked);
    appendFileSync(to, await decompress(readFileSync(source), { maxOutputLength: MAX_FRAME_BYTES }), { mode });
    rmSync(source);
  }
}

/** Where a piece lies that is the one of the manifest. Errors: DW_DAMAGED. */
function checkedPiece(path: string, { archive, entry, length, sha256 }: Piece, unpacked: ReadonlyMap<string, Unpacked>): string {
  const piece = unpacked.get(`${archive} ${entry}`);
  if (piece === undefined || piece.length !== length || piece.sha256 !== sha256)
    throw new DoppelwerkError("DW_DAMAGED", message("server.restorePieceDamaged", { path, archive }));
  return piece.path;
}

function flush(path: string): void {
  const file = openSync(path, "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Who opens the folder next comes after who wrote it last. */
function keepEpoch(data: string, world: BackedUpWorld): void {
  const folder = folderOf(data, world);
  if (!existsSync(folder)) return;
  const database = new DatabaseSync(join(folder, "lease.sqlite"));
  try {
    database.exec("CREATE TABLE IF NOT EXISTS lease (epoch INTEGER NOT NULL, owner TEXT NOT NULL)");
    database.prepare("INSERT INTO lease (epoch, owner) VALUES (?, ?)").run(world.epoch, "restored");
  } finally {
    database.close();
  }
}

/** The logs end where they ended when they were backed up. */
function checkHeads(worlds: readonly BackedUpWorld[], verified: VerifiedFolder): void {
  for (const { name, revision, hash } of worlds) {
    const found = verified.worlds.find((world) => world.name === name) ?? verified;
    if (found.revisions !== revision || (hash !== undefined && found.lastHash !== hash))
      throw new DoppelwerkError("DW_DAMAGED", message("server.restoreOtherHead", { name, revision, found: found.revisions }));
  }
}

function reportOf({ manifest, key }: SignedManifest, worlds: readonly BackedUpWorld[], verified: VerifiedFolder): RestoreReport {
  const { id, instant, server, files } = manifest;
  return {
    backup: id,
    instant,
    server,
    key,
    files: files.length,
    worlds: worlds.map(({ name, revision, hash }) => ({ name, revision, hash })),
    verified,
  };
}

interface CutFolder {
  readonly atMs: number;
  readonly worlds: readonly CutWorld[];
  readonly identities: CutIdentities;
}

/** Each world, and who may connect, as it was at an instant. The transparency log stays whole, and says what it knows that is no more. */
async function backTo(
  data: string,
  { worlds }: Manifest,
  options: Omit<RestoreOptions, "data"> & { readonly atMs: number },
  earlier: string,
): Promise<CutFolder> {
  const { atMs, version, withRevoked = false } = options;
  const cut: CutWorld[] = [];
  for (const world of worlds) cut.push(await cutWorld(data, world, atMs * 1_000));
  mkdirSync(earlier, { mode: 0o700 });
  const hasEarlier = await readEarlierFiles(options, IDENTITY_FILES, earlier);
  const identities = cutIdentities({ data, earlier: hasEarlier ? earlier : undefined, atMs, nowMs: Date.now(), withRevoked });
  const lost = cut.filter(({ isCut }) => isCut);
  if (lost.length > 0)
    await logged(data, version, async (log) => {
      for (const { id: world, revision: end, segments } of lost) {
        // of later revisions there are no entries yet
        const revision = Math.min(end, log.positions.of(world)?.revision ?? 0);
        await log.append(() => ({ what: "lost", world, revision, ...(segments.length > 0 && { segments }) }));
      }
    });
  return { atMs, worlds: cut, identities };
}

async function noteRestore(data: string, { backup, instant, at }: RestoreReport, version: string): Promise<void> {
  await logged(data, version, async (log) => {
    await log.append(() => ({ what: "restored", backup, instant, ...(at !== undefined && { at }) }));
  });
}

async function logged(data: string, version: string, work: (log: TransparencyLog) => Promise<void>): Promise<void> {
  const log = await TransparencyLog.open({ data, version, clock: createWallClock(), logger: pino({ level: "silent" }) });
  try {
    await work(log);
  } finally {
    await log.close();
  }
}

/** What makes it a data folder last. */
function moveUp(from: string, to: string): void {
  const names = readdirSync(from).toSorted((a, b) => Number(a === "format.json") - Number(b === "format.json"));
  for (const name of names) {
    renameSync(join(from, name), join(to, name));
    if (names.at(-2) === name) nodeFileLayer.fsyncDirectory(to);
  }
  nodeFileLayer.fsyncDirectory(to);
}
