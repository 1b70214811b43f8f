import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import type { Entry } from "./entry.ts";

/** How far the log is with a world. */
export interface WorldPosition {
  revision: number;
  hash: string;
  /** Segments of the history that stand for themselves, with their bytes. */
  readonly segments: Map<string, number>;
}

/** What of each world is in the log. It follows from the entries, and is kept in a file so that a start reads the last of them alone. */
export class Positions {
  readonly #path: string;
  readonly #worlds = new Map<string, WorldPosition>();
  /** Entries that it follows from. */
  size = 0;

  constructor(path: string) {
    this.#path = path;
    if (existsSync(path)) this.#load();
  }

  of(world: string): WorldPosition | undefined {
    return this.#worlds.get(world);
  }

  take(entry: Entry): void {
    this.size++;
    if (!("world" in entry) || entry.world === undefined) return;
    let position = this.#worlds.get(entry.world);
    if (position === undefined) {
      if (entry.what !== "before" && entry.what !== "commit" && entry.what !== "segment") return;
      this.#worlds.set(entry.world, (position = { revision: 0, hash: "", segments: new Map() }));
    }
    if (entry.what === "before" || entry.what === "commit") [position.revision, position.hash] = [entry.revision, entry.hash];
    else if (entry.what === "lost") {
      [position.revision, position.hash] = [entry.revision, ""];
      for (const file of entry.segments ?? []) position.segments.delete(file);
    } else if (entry.what === "segment") {
      for (const file of entry.replaces) position.segments.delete(file);
      position.segments.set(entry.file, entry.bytes);
    }
  }

  /** Begins anew, from no entry. */
  clear(): void {
    this.#worlds.clear();
    this.size = 0;
  }

  save(): void {
    const worlds = [...this.#worlds].map(([world, { revision, hash, segments }]) => ({ world, revision, hash, segments: [...segments] }));
    writeFileSync(`${this.#path}.new`, JSON.stringify({ version: 1, size: this.size, worlds }), { mode: 0o600 });
    renameSync(`${this.#path}.new`, this.#path);
  }

  #load(): void {
    try {
      const { version, size, worlds } = JSON.parse(readFileSync(this.#path, "utf8")) as {
        version: number;
        size: number;
        worlds: readonly { world: string; revision: number; hash: string; segments: readonly [string, number][] }[];
      };
      if (version !== 1 || !Number.isSafeInteger(size)) return;
      for (const { world, revision, hash, segments } of worlds) this.#worlds.set(world, { revision, hash, segments: new Map(segments) });
      this.size = size;
    } catch {
      // the entries are read again
      this.clear();
    }
  }
}
