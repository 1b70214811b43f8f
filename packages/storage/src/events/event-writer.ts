import { rmSync } from "node:fs";
import { join } from "node:path";
import { message } from "@doppelwerk/messages";
import type { EventExpiry, StoredEvent } from "@doppelwerk/world";
import { DoppelwerkError } from "@doppelwerk/world/error";
import { EventFile, keysFrom } from "./event-file.ts";
import { overlapping, type FileEntry } from "./event-reader.ts";
import { EventRows } from "./event-rows.ts";
import { arrivalOf } from "./event-selection.ts";
import { fileName, HeadFile, makeEventFolder, numberOf, widened, writeManifest, type EventCatalogue } from "./manifest.ts";

/** Events of a file: its indexes then fit into the cache of the writer. */
export const FILE_EVENTS = 1_000_000;
const CACHE_KIB = 65_536;
const OLDER_CACHE_KIB = 2_048;
/** Rows that one step of an expiry removes. */
const EXPIRE_ROWS = 2_000;

const WIDEN = `INSERT INTO extents (branch, first, last, events) VALUES (?, ?, ?, ?) ON CONFLICT (branch)
  DO UPDATE SET first = min(first, excluded.first), last = max(last, excluded.last), events = events + excluded.events`;

/** Writes the files of a folder, one call at a time. Errors: DW_UNAVAILABLE with nothing half-done. */
export class EventWriter {
  readonly #directory: string;
  readonly #fileEvents: number;
  #files: FileEntry[];
  readonly #missing: readonly FileEntry[];
  readonly #lost: EventCatalogue["lost"];
  #arrival: number;
  #current: EventFile | undefined;
  #older: { readonly name: string; readonly file: EventFile } | undefined;
  #head: HeadFile | undefined;

  constructor(directory: string, { files, missing, lost, arrival, damages }: EventCatalogue, fileEvents = FILE_EVENTS) {
    this.#directory = directory;
    this.#fileEvents = fileEvents;
    this.#files = [...files];
    this.#missing = missing;
    this.#lost = lost;
    this.#arrival = arrival;
    // what was found to be lost is kept in mind before anything is written over it
    if (damages.length > 0 && files.length > 0) writeManifest(directory, this.#listed(), lost);
  }

  get files(): readonly FileEntry[] {
    return this.#files;
  }

  /** All batches as one transaction; how many of each were new. */
  record(batches: readonly (readonly StoredEvent[])[]): readonly number[] {
    return this.#attempt(() => {
      const file = this.#fileToFill();
      const entry = this.#files.at(-1)!;
      // opened before anything is committed: a folder that takes none refuses the events whole
      const head = (this.#head ??= new HeadFile(this.#directory));
      const before = this.#arrival;
      const rows = new EventRows(file, before);
      const lastOfOlder = this.#lastOfOlder();
      let counts: readonly number[];
      file.database.exec("BEGIN IMMEDIATE");
      try {
        counts = batches.map((events) => rows.insert(events.filter((event) => !this.#isInOlder(event, lastOfOlder))));
        rows.insertKeys();
        for (const { branch, first, last, events } of rows.added.values())
          file.statement(WIDEN).run(file.makeId(branch), first, last, events);
        this.#arrival = rows.arrival;
        file.setAbout("arrival", this.#arrival);
        file.database.exec("COMMIT");
      } catch (error) {
        this.#arrival = before;
        file.forgetNames();
        if (file.database.isTransaction) file.database.exec("ROLLBACK");
        throw error;
      }
      this.#files[this.#files.length - 1] = { name: entry.name, extents: widened(entry.extents, rows.added) };
      head.write(this.#arrival);
      return counts;
    });
  }

  /** The last instant that a full file holds of each branch. */
  #lastOfOlder(): ReadonlyMap<string, number> {
    const last = new Map<string, number>();
    for (const { extents } of this.#files.slice(0, -1))
      for (const extent of extents)
        if (extent.events > 0) last.set(extent.branch, Math.max(last.get(extent.branch) ?? Number.NEGATIVE_INFINITY, extent.last));
    return last;
  }

  /** Mostly none of the full files holds anything so late. */
  #isInOlder(event: StoredEvent, lastOfOlder: ReadonlyMap<string, number>): boolean {
    const { branch, at } = event;
    if (at > (lastOfOlder.get(branch) ?? Number.NEGATIVE_INFINITY)) return false;
    for (let i = this.#files.length - 2; i >= 0; i--) {
      const [candidate] = overlapping([this.#files[i]!], { branch, from: at, to: at + 1 });
      if (candidate !== undefined && arrivalOf(this.#olderFile(candidate.file.name), branch, event) !== undefined) return true;
    }
    return false;
  }

  #olderFile(name: string): EventFile {
    if (this.#older?.name !== name) {
      this.#older?.file.close();
      this.#older = undefined;
      this.#older = { name, file: new EventFile(join(this.#directory, name), "write", OLDER_CACHE_KIB) };
    }
    return this.#older.file;
  }

  #fileToFill(): EventFile {
    const last = this.#files.at(-1);
    if (last !== undefined && eventsOf(last) < this.#fileEvents)
      return (this.#current ??= new EventFile(join(this.#directory, last.name), "write", CACHE_KIB));
    makeEventFolder(this.#directory);
    const name = fileName(1 + Math.max(0, ...this.#listed().map((file) => numberOf(file.name))));
    const path = join(this.#directory, name);
    // left behind by one that was being begun when the process ended
    removeDatabase(path);
    const file = new EventFile(path, "create", CACHE_KIB);
    try {
      writeManifest(this.#directory, [...this.#listed(), { name, extents: [] }], this.#lost);
    } catch (error) {
      file.close();
      removeDatabase(path);
      throw error;
    }
    this.#current?.close();
    this.#current = file;
    this.#files.push({ name, extents: [] });
    return file;
  }

  #listed(): readonly FileEntry[] {
    return [...this.#files, ...this.#missing].sort((a, b) => numberOf(a.name) - numberOf(b.name));
  }

  /** Removes a few; answers how many, and names of files that are no more. Undefined: there is nothing left to remove. */
  expire(expiry: EventExpiry): { readonly removed: number; readonly files: readonly string[] } | undefined {
    return this.#attempt(() => {
      for (const [index, entry] of this.#files.entries()) {
        const isLast = index === this.#files.length - 1;
        if (!isLast && isWholly(entry, expiry)) return this.#removeFile(entry, eventsOf(entry));
        for (const extent of entry.extents) {
          if ((expiry.branch !== undefined && extent.branch !== expiry.branch) || extent.events === 0 || extent.first >= expiry.before)
            continue;
          const file = isLast ? this.#fileToRead(entry.name) : this.#olderFile(entry.name);
          const removed = this.#expireRows(file, extent.branch, expiry);
          if (removed === 0) continue;
          const left = { name: entry.name, extents: file.extents() };
          this.#files[index] = left;
          return !isLast && eventsOf(left) === 0 ? this.#removeFile(left, removed) : { removed, files: [] };
        }
      }
      return undefined;
    });
  }

  #fileToRead(name: string): EventFile {
    return (this.#current ??= new EventFile(join(this.#directory, name), "write", CACHE_KIB));
  }

  #expireRows(file: EventFile, branch: string, { before, types }: EventExpiry): number {
    const branchId = file.idOf(branch);
    const typeIds = types?.flatMap((type) => file.idOf(type) ?? []);
    if (branchId === undefined || typeIds?.length === 0) return 0;
    const ofTypes = typeIds === undefined ? "" : ` AND type IN (${typeIds.join(", ")})`;
    const rows = file
      .statement(`SELECT arrival, at, keys FROM events WHERE branch = ? AND at < ?${ofTypes} LIMIT ${EXPIRE_ROWS}`)
      .all(branchId, before) as unknown as readonly { readonly arrival: number; readonly at: number; readonly keys: string }[];
    if (rows.length === 0) return 0;
    file.database.exec("BEGIN IMMEDIATE");
    try {
      const removeKey = file.statement("DELETE FROM event_keys WHERE branch = ? AND name = ? AND value = ? AND at = ? AND arrival = ?");
      for (const { arrival, at, keys } of rows) {
        for (const { name, value } of keysFrom(keys)) removeKey.run(branchId, file.idOf(name) ?? -1, value, at, arrival);
        file.statement("DELETE FROM events WHERE arrival = ?").run(arrival);
      }
      file.statement("UPDATE extents SET events = events - ? WHERE branch = ?").run(rows.length, branchId);
      file.database.exec("COMMIT");
    } catch (error) {
      if (file.database.isTransaction) file.database.exec("ROLLBACK");
      throw error;
    }
    return rows.length;
  }

  #removeFile({ name }: FileEntry, removed: number): { readonly removed: number; readonly files: readonly string[] } {
    // said in the file first: were the process to end here, it would otherwise be taken for one that is not listed by mistake
    this.#olderFile(name).setAbout("removed", 1);
    this.#older?.file.close();
    this.#older = undefined;
    this.#files = this.#files.filter((file) => file.name !== name);
    writeManifest(this.#directory, this.#listed(), this.#lost);
    removeDatabase(join(this.#directory, name));
    return { removed, files: [name] };
  }

  close(): void {
    this.#older?.file.close();
    this.#current?.close();
    this.#head?.close();
  }

  #attempt<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof DoppelwerkError) throw error;
      throw new DoppelwerkError(
        "DW_UNAVAILABLE",
        message("storage.eventsCannotWritten", { reason: (error as Error).message, directory: this.#directory }),
      );
    }
  }
}

function eventsOf({ extents }: FileEntry): number {
  return extents.reduce((sum, { events }) => sum + events, 0);
}

function isWholly({ extents }: FileEntry, { before, branch, types }: EventExpiry): boolean {
  return branch === undefined && types === undefined && extents.every(({ last }) => last < before);
}

function removeDatabase(path: string): void {
  for (const end of ["", "-wal", "-shm"]) rmSync(path + end, { force: true });
}
