import { closeSync, existsSync, fstatSync, openSync, read, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import { isLogFile } from "../files/scan-log.ts";
import { refuseLink, type Staging } from "./staging.ts";

/** A file that must be read while it is held. */
export interface HeldFile {
  /** In the data folder, with `/`. */
  readonly path: string;
  readonly length: number;
  readonly mode: number;
  /** Fills the buffer with the bytes from a position on. */
  readInto(buffer: Uint8Array, position: number): Promise<number>;
}

/** The record cache of a world as it was at an instant: the file and its write-ahead log. */
export interface HeldRecordCache {
  readonly files: readonly HeldFile[];
  readonly revision: number;
  release(): void;
}

const BUSY_MS = 10_000;
const readAsync = promisify(read);

/**
 * Holds a record cache that a server writes to; nothing of it is copied but the write-ahead log. While a reader holds its snapshot, SQLite moves only pages
 * into the file that the write-ahead log had by then, and does not begin the log anew: the file, read at any time, and that log together are the snapshot.
 * To be held before the change log is captured, so that it knows no more. Undefined where there is none, or none that can be read: it is made again then.
 */
export function holdRecordCache(world: string, staging: Staging): HeldRecordCache | undefined {
  const path = join(world, "records.sqlite");
  if (!existsSync(path)) return undefined;
  refuseLink(path);
  // closed last: a process that closes a file loses all its locks on it
  const open: number[] = [openSync(path, "r")];
  let database: DatabaseSync | undefined;
  const release = (): void => {
    database?.close();
    for (const file of open) closeSync(file);
  };
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: BUSY_MS });
    database.exec("BEGIN");
    const revision = database.prepare("SELECT max(revision) AS last FROM revisions").get()!["last"] as number | null;
    if (revision === null) {
      release();
      return undefined;
    }
    const log = staging.copy(`${path}-wal`);
    const files = [heldFile(staging.nameOf(path), open[0]!)];
    if (log !== undefined && log.length > 0) {
      open.push(openSync(log.source, "r"));
      files.push(heldFile(`${staging.nameOf(path)}-wal`, open[1]!));
    }
    return { files, revision, release };
  } catch {
    release();
    return undefined; // its damage is reported where it is used
  }
}

/** How much there would be to replay. */
export function changeLogBytes(world: string): number {
  const directory = join(world, "changes");
  if (!existsSync(directory)) return 0;
  return readdirSync(directory)
    .filter(isLogFile)
    .reduce((sum, name) => sum + (statSync(join(directory, name), { throwIfNoEntry: false })?.size ?? 0), 0);
}

function heldFile(path: string, file: number): HeldFile {
  const { size, mode } = fstatSync(file);
  return {
    path,
    length: size,
    mode: mode & 0o777,
    async readInto(buffer, position) {
      let at = 0;
      while (at < buffer.length) {
        const { bytesRead } = await readAsync(file, buffer, at, buffer.length - at, position + at);
        if (bytesRead === 0) break;
        at += bytesRead;
      }
      return at;
    },
  };
}
