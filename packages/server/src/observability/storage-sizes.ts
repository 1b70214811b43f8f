import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

export interface StoredPart {
  readonly name: string;
  readonly bytes: number;
  readonly files: number;
}

/** Looked at at most so often: a plant of years has a hundred thousand files. */
const OLD_MS = 60_000;

/** What lies in a data folder by its first level, a database with its logs as one, the largest first. What is removed while it is counted counts as nothing. */
export class StorageSizes {
  readonly #folder: string;
  readonly #now: () => number;
  #read: { readonly at: number; readonly parts: Promise<readonly StoredPart[]> } | undefined;

  constructor(folder: string, now: () => number) {
    this.#folder = folder;
    this.#now = now;
  }

  parts(): Promise<readonly StoredPart[]> {
    if (this.#read === undefined || this.#now() - this.#read.at > OLD_MS) this.#read = { at: this.#now(), parts: partsOf(this.#folder) };
    return this.#read.parts;
  }
}

async function partsOf(folder: string): Promise<readonly StoredPart[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const parts: StoredPart[] = [];
  const databases = new Map<string, { bytes: number; files: number }>();
  // one after the other: nobody waits for it, and the disk has other work
  for (const entry of entries)
    if (entry.isDirectory()) parts.push({ name: entry.name, ...(await sizeOf(join(folder, entry.name))) });
    else if (entry.isFile()) {
      const name = entry.name.replace(/-(?:wal|shm|journal)$/, "");
      const before = databases.get(name) ?? { bytes: 0, files: 0 };
      databases.set(name, { bytes: before.bytes + (await bytesOf(join(folder, entry.name))), files: before.files + 1 });
    }
  for (const [name, size] of databases) parts.push({ name, ...size });
  return parts.toSorted((a, b) => b.bytes - a.bytes || a.name.localeCompare(b.name, "en"));
}

async function sizeOf(folder: string): Promise<Omit<StoredPart, "name">> {
  let [bytes, files] = [0, 0];
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(goneAs([]))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      const inner = await sizeOf(path);
      bytes += inner.bytes;
      files += inner.files;
    } else if (entry.isFile()) {
      bytes += await bytesOf(path);
      files += 1;
    }
  }
  return { bytes, files };
}

function bytesOf(path: string): Promise<number> {
  return stat(path).then(({ size }) => size, goneAs(0));
}

/** What is gone by now has no size. */
function goneAs<T>(value: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code !== "ENOENT") throw error;
    return value;
  };
}
