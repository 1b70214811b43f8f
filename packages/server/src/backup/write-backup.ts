import { createHash, randomBytes } from "node:crypto";
import { createWriteStream, existsSync, mkdirSync, readdirSync, realpathSync, renameSync, rmSync, statSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { basename, dirname, join, resolve, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { constants as zlib, zstdCompress } from "node:zlib";
import { message } from "@doppelwerk/messages";
import { createFileLease, holdOff, isOwned, nodeFileLayer, readDataFormat } from "@doppelwerk/storage/files";
import { changeLogBytes, Staging, type CapturedFile, type HeldFile, type IsKnown } from "@doppelwerk/storage/capture";
import { createLogHash, TileLog, verifyEd25519 } from "@doppelwerk/storage/tile-log";
import { keyText } from "@doppelwerk/trust/log";
import { DoppelwerkError } from "@doppelwerk/world";
import { writePrivateFile } from "../accounts/private-file.ts";
import { openLogKey, partsOf, type LogKey } from "../transparency/folder.ts";
import { backupId, backupsIn, clearFolder, isBackupFolder, namesOf, PART, prepareFolder } from "./backup-folder.ts";
import { Catalogue } from "./catalogue.ts";
import { captureDataFolder, worldFoldersOf, type CapturedFolder } from "./capture-data-folder.ts";
import { encrypted, type Recipients } from "./encryption.ts";
import { bytesOf } from "./file-pieces.ts";
import { LAST_BACKUP, stateFolder, type LastBackup } from "../protection/last-backup.ts";
import { archivesOf, MANIFEST_ENTRY, MANIFEST_FORMAT, signManifest, type BackedUpFile, type Manifest, type Piece } from "./manifest.ts";
import { prune, type Pruned } from "./prune.ts";
import type { KeepRule } from "./retention.ts";
import { holdCaches, type HeldCaches } from "./sent-caches.ts";
import { SentFiles, type SentCache } from "./sent-files.ts";
import { SharedStores, type SharedOptions } from "./shared-stores.ts";
import { tarEnd, tarHeader, tarPadding } from "./tar-stream.ts";

export interface BackupOptions {
  readonly data: string;
  /** A file that ends in `.age`, or a folder. */
  readonly to: string;
  readonly recipients: Recipients;
  readonly version: string;
  /** Send everything, also what the folder has. */
  readonly full?: boolean;
  /** Of what is read while a server runs. */
  readonly bytesPerSecond?: number;
  /** Of the backups in the folder the others go, once this one is whole. */
  readonly keep?: KeepRule;
  /** Of a change log of so many bytes the record cache is backed up too; for tests. */
  readonly cacheFromBytes?: number;
  /** The change logs are in this PostgreSQL. */
  readonly shared?: SharedOptions;
}

export interface BackupReport extends LastBackup {
  readonly isOnline: boolean;
  readonly captureMs: number;
  /** What went by the rule. */
  readonly pruned?: Pruned;
}

const OWNER = (): string => `backup ${process.pid}`;

/**
 * Backs up a data folder, while a server writes to it or not. Whole once this resolves; ended before, nothing of it looks like a backup.
 * Errors: DW_NOT_FOUND (no data folder), DW_UNAVAILABLE (another backup runs; the disk refuses), DW_INVALID, DW_CONFLICT, DW_DAMAGED, DW_FORMAT_NEWER.
 */
export async function writeBackup(options: BackupOptions): Promise<BackupReport> {
  const { data, to } = { data: rootOf(options.data, options.shared !== undefined), to: resolve(options.to) };
  if (`${to}${sep}`.startsWith(`${data}${sep}`)) throw new DoppelwerkError("DW_INVALID", message("server.backupIntoDataFolder", { to }));
  const isFolder = !to.endsWith(".age") || isBackupFolder(to);
  if (!isFolder && options.keep !== undefined) throw new DoppelwerkError("DW_INVALID", message("server.backupKeepNeedsFolder", { to }));
  if (!isFolder && existsSync(to)) throw new DoppelwerkError("DW_CONFLICT", message("server.backupFileExists", { to }));
  const state = stateFolder(data);
  mkdirSync(state, { recursive: true, mode: 0o700 });
  const alone = createFileLease(join(state, "lease.sqlite"));
  await alone.acquire(OWNER());
  try {
    // what a killed backup left keeps bytes of files that are gone
    for (const name of readdirSync(state)) if (name.startsWith("staging-")) rmSync(join(state, name), { recursive: true, force: true });
    return await backUp({ ...options, data, to }, isFolder);
  } finally {
    await alone.release();
  }
}

async function backUp(options: BackupOptions, isFolder: boolean): Promise<BackupReport> {
  const { data, to, version } = options;
  const key = keyOf(data);
  const sent = isFolder ? new SentFiles(stateFolder(data), to) : undefined;
  if (isFolder) prepareFolder(to, key.name);
  const catalogue = isFolder ? new Catalogue(to) : undefined;
  if (catalogue !== undefined) clearFolder(to, catalogue.neededArchives(backupsIn(to)));
  const isIncremental = sent !== undefined && options.full !== true && sent.archives.length > 0;
  const staging = new Staging(data, join(stateFolder(data), `staging-${randomBytes(4).toString("hex")}`));
  const worlds = worldFoldersOf(data);
  const shared = options.shared === undefined ? undefined : new SharedStores(options.shared, stateFolder(data), worlds);
  let caches: HeldCaches | undefined;
  try {
    await shared?.prepare(join(data, "lease.sqlite"));
    caches = holdCaches({
      worlds: worlds.map(({ id, directory }) => ({ directory, logBytes: shared?.logBytes(id) ?? changeLogBytes(directory) })),
      staging,
      sent: isIncremental ? sent.caches : new Map(),
      fromBytes: options.cacheFromBytes,
    });
    const isKnown: IsKnown = (path, stamp) => isIncremental && sent.has(path, stamp);
    const { isOnline, captured, captureMs } = await capture(data, staging, isKnown, shared);
    const id = backupId(captured.instant, randomBytes(4).toString("hex"));
    const names = isFolder ? namesOf(id) : { archive: basename(to), manifest: undefined };
    const directory = isFolder ? to : dirname(to);
    const files = captured.files.map((file) => withPieces(file, isIncremental ? sent.piecesOf(file) : []));
    const archive = new Archive(names.archive, files, caches, {
      ...options,
      bytesPerSecond: isOnline ? options.bytesPerSecond : undefined,
    });
    const manifest = (): Manifest => ({
      product: "doppelwerk",
      format: MANIFEST_FORMAT,
      id,
      server: key.name,
      version,
      dataFormat: readDataFormat(data)!,
      instant: captured.instant,
      worlds: captured.worlds,
      files: files.map(({ path, mode, pieces }) => ({ path, mode, pieces })),
      caches: [...archive.caches.values()].flatMap((cache) => cache.files),
    });
    const signed = (): Uint8Array => signManifest(manifest(), key);
    await write(join(directory, names.archive), archive.bytes(signed), options.recipients);
    const archives = isIncremental ? [...sent.archives, names.archive] : [names.archive];
    // before it counts: of a backup that is there it is known what it needs
    catalogue?.add(id, { instant: captured.instant, archives: archivesOf(manifest()) });
    if (names.manifest !== undefined) await write(join(directory, names.manifest), once(signed()), options.recipients);
    sent?.save(archives, files, archive.caches);
    const pruned = catalogue === undefined || options.keep === undefined ? undefined : prune(to, catalogue, options.keep);
    const report: BackupReport = {
      ...totalsOf(captured, archive),
      id,
      to,
      finished: new Date().toISOString(),
      isIncremental,
      key: keyText(key.key),
      isOnline,
      captureMs,
      ...(pruned !== undefined && { pruned }),
    };
    writePrivateFile(join(stateFolder(data), LAST_BACKUP), JSON.stringify({ format: 1, ...report }));
    return report;
  } finally {
    await shared?.close();
    caches?.release();
    staging.dispose();
  }
}

function totalsOf(
  { instant, files, worlds }: CapturedFolder,
  { sentBytes }: Archive,
): Pick<BackupReport, "instant" | "files" | "bytes" | "sentBytes" | "worlds"> {
  return {
    instant,
    files: files.length,
    bytes: files.reduce((sum, { length }) => sum + length, 0),
    sentBytes,
    worlds: worlds.map(({ name, revision, hash }) => ({ name, revision, ...(hash !== undefined && { hash }) })),
  };
}

/** The key of the transparency log; a folder of a release that wrote none gets an empty one. */
function keyOf(data: string): LogKey {
  const known = openLogKey(data);
  const { log: directory } = partsOf(data);
  if (!existsSync(directory))
    new TileLog({
      layer: nodeFileLayer,
      directory,
      hash: createLogHash(),
      key: known.key,
      sign: known.sign,
      verify: verifyEd25519,
    }).close();
  return known;
}

/** Where no server runs, none starts meanwhile. Where one runs, what follows gives way to it. */
// oxlint-disable-next-line max-params -- what is captured, where to, and what is elsewhere
async function capture(
  data: string,
  staging: Staging,
  isKnown: IsKnown,
  shared: SharedStores | undefined,
): Promise<{ readonly isOnline: boolean; readonly captured: CapturedFolder; readonly captureMs: number }> {
  const path = join(data, "lease.sqlite");
  const isOnline = isOwned(path);
  const held = isOnline || !existsSync(path) ? undefined : holdOff(path);
  const began = performance.now();
  try {
    const captured = await captureDataFolder(data, staging, isKnown, shared);
    const captureMs = Math.round(performance.now() - began);
    if (isOnline) setPriority(constants.priority.PRIORITY_LOW);
    if (shared === undefined) return { isOnline, captured, captureMs };
    const files = [...captured.files, ...(await shared.capture(worldFoldersOf(data), staging, isKnown))];
    return { isOnline, captured: { ...captured, files: files.toSorted((a, b) => (a.path < b.path ? -1 : 1)) }, captureMs };
  } finally {
    held?.release();
  }
}

type SentFile = CapturedFile & { pieces: readonly Piece[] };

function withPieces(file: CapturedFile, pieces: readonly Piece[]): SentFile {
  return { ...file, pieces };
}

/** Bytes of a record cache in one frame of zstd. */
const FRAME_BYTES = 16 << 20;
/** Large chunks: memory that is taken and given back for every few kilobytes costs more than the compression. */
const COMPRESSION = { chunkSize: 4 << 20, params: { [zlib.ZSTD_c_compressionLevel]: 1 } };
const compress = promisify(zstdCompress);

/** The archive of one backup: what was not sent before, and at its end the manifest. */
class Archive {
  readonly #name: string;
  readonly #files: readonly SentFile[];
  readonly #held: HeldCaches;
  readonly #rate: number | undefined;
  readonly #began = performance.now();
  /** Those that are in this archive or an earlier one. */
  readonly caches: Map<string, SentCache>;
  sentBytes = 0;
  #readBytes = 0;

  // oxlint-disable-next-line max-params -- what is sent, and how
  constructor(
    name: string,
    files: readonly SentFile[],
    held: HeldCaches,
    { bytesPerSecond }: { readonly bytesPerSecond?: number | undefined },
  ) {
    this.#name = name;
    this.#files = files;
    this.#held = held;
    this.#rate = bytesPerSecond;
    this.caches = new Map(held.sent);
  }

  async *bytes(manifest: () => Uint8Array): AsyncGenerator<Uint8Array> {
    for (const [world, { logBytes, files }] of this.#held.held) {
      const sent: BackedUpFile[] = [];
      for (const file of files) sent.push(yield* this.#cache(file));
      this.caches.set(world, { logBytes, files: sent });
    }
    this.#held.release();
    for (const file of this.#files) {
      const from = file.pieces.reduce((sum, { length }) => sum + length, 0);
      if (file.pieces.length > 0 && (!file.grows || from === file.length)) continue;
      const length = file.length - from;
      const entry = `data/${file.path}${from === 0 ? "" : `@${from}`}`;
      const hash = createHash("sha256");
      yield tarHeader(entry, length, file.mode);
      for await (const piece of bytesOf(file.source, from, file.length)) {
        hash.update(piece);
        yield piece;
        this.sentBytes += piece.length;
        await this.#wait(piece.length);
      }
      yield tarPadding(length);
      file.pieces = [...file.pieces, { archive: this.#name, entry, length, sha256: hash.digest("hex") }];
    }
    const last = manifest();
    yield tarHeader(MANIFEST_ENTRY, last.length, 0o600);
    yield last;
    yield tarPadding(last.length);
    yield tarEnd();
  }

  async *#cache({ path, length, mode, readInto }: HeldFile): AsyncGenerator<Uint8Array, BackedUpFile> {
    const pieces: Piece[] = [];
    const whole = Buffer.allocUnsafe(Math.min(FRAME_BYTES, length));
    for (let at = 0; at < length; at += FRAME_BYTES) {
      const buffer = whole.subarray(0, Math.min(FRAME_BYTES, length - at));
      const frame = await compress(buffer.subarray(0, await readInto(buffer, at)), COMPRESSION);
      const entry = `cache/${path}${at === 0 ? "" : `@${at}`}.zst`;
      yield tarHeader(entry, frame.length, mode);
      yield frame;
      yield tarPadding(frame.length);
      this.sentBytes += frame.length;
      pieces.push({ archive: this.#name, entry, length: frame.length, sha256: createHash("sha256").update(frame).digest("hex") });
      await this.#wait(buffer.length);
    }
    return { path, mode, pieces };
  }

  /** No faster than the rate. */
  async #wait(bytes: number): Promise<void> {
    this.#readBytes += bytes;
    if (this.#rate === undefined) return;
    const early = (this.#readBytes / this.#rate) * 1_000 - (performance.now() - this.#began);
    if (early > 10) await setTimeout(early);
  }
}

/** Under its name once it is whole and on disk. Errors: DW_UNAVAILABLE. */
async function write(path: string, bytes: AsyncIterable<Uint8Array>, recipients: Recipients): Promise<void> {
  const part = `${path}${PART}`;
  try {
    await pipeline(encrypted(bytes, recipients), createWriteStream(part, { mode: 0o600, flush: true }));
    renameSync(part, path);
    nodeFileLayer.fsyncDirectory(dirname(path));
  } catch (error) {
    rmSync(part, { force: true });
    if (error instanceof DoppelwerkError) throw error;
    const { code, message: reason } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new DoppelwerkError("DW_UNAVAILABLE", message("server.fileNotWritten", { reason, path }));
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Errors: DW_NOT_FOUND, DW_INVALID, DW_FORMAT_NEWER, DW_DAMAGED. */
function rootOf(directory: string, isShared: boolean): string {
  const root = existsSync(directory) ? realpathSync(directory) : resolve(directory);
  if (!existsSync(join(root, "format.json")))
    throw new DoppelwerkError("DW_NOT_FOUND", message("server.noDataFolderDoppelwerk", { directory }));
  readDataFormat(root);
  const elsewhere =
    !isShared && !existsSync(join(root, "changes")) && statSync(join(root, "records.sqlite"), { throwIfNoEntry: false }) !== undefined;
  if (elsewhere) throw new DoppelwerkError("DW_INVALID", message("server.backupOfPostgres", { directory }));
  return root;
}
