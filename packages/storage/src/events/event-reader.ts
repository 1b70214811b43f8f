import { join } from "node:path";
import type { EventDamage, EventSelection, EventSpan, StoredEvent, StoredEventQuery } from "@doppelwerk/world";
import { cursorGone } from "@doppelwerk/world/cursor-gone";
import { DoppelwerkError } from "@doppelwerk/world/error";
import { EventFile, type Extent } from "./event-file.ts";
import { arrivalOf, countEvents, selectEvents, type Place, type PlacedEvent } from "./event-selection.ts";

/** A file and what it may hold; what it says of branches bounds what is there. */
export interface FileEntry {
  readonly name: string;
  readonly extents: readonly Extent[];
}

/** Files kept open, and memory for each. */
const MAX_OPEN = 32;
const CACHE_KIB = 1_024;

/** Answers questions over the files of a folder. Every call names the files that there are. */
export class EventReader {
  readonly #directory: string;
  readonly #onDamage: (damage: EventDamage) => void;
  /** The one asked last is the last. */
  readonly #open = new Map<string, EventFile>();

  constructor(directory: string, onDamage: (damage: EventDamage) => void) {
    this.#directory = directory;
    this.#onDamage = onDamage;
  }

  query(files: readonly FileEntry[], { spans, after, ...rest }: StoredEventQuery): readonly StoredEvent[] {
    const ascending = rest.order === "ascending";
    const ordered = ascending ? spans : spans.toReversed();
    const begin = after === undefined ? 0 : ordered.findIndex(({ from, to }) => from <= after.at && after.at < to);
    if (begin < 0) return [];
    const found: StoredEvent[] = [];
    for (const [index, span] of ordered.slice(begin).entries()) {
      const place = index === 0 && after !== undefined ? this.#placeOf(files, span, after) : undefined;
      found.push(...this.#querySpan(files, span, { ...rest, limit: rest.limit - found.length }, place));
      if (found.length >= rest.limit) break;
    }
    return found;
  }

  count(files: readonly FileEntry[], { spans, ...selection }: EventSelection): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const span of spans)
      for (const { file } of overlapping(files, span)) {
        const found = this.#ask(file.name, (open) => countEvents(open, span, selection)) ?? [];
        for (const [subject, count] of found) counts.set(subject, (counts.get(subject) ?? 0) + count);
      }
    return counts;
  }

  /** Files that are no more. */
  forget(names: readonly string[]): void {
    for (const name of names) {
      this.#open.get(name)?.close();
      this.#open.delete(name);
    }
  }

  close(): void {
    this.forget([...this.#open.keys()]);
  }

  /** File by file from the one that begins first: what comes after the last event of a full page is not read. */
  #querySpan(
    files: readonly FileEntry[],
    span: EventSpan,
    query: Omit<StoredEventQuery, "after" | "spans">,
    after: Place | undefined,
  ): readonly StoredEvent[] {
    const ascending = query.order === "ascending";
    const rest = after === undefined ? span : ascending ? { ...span, from: after.at } : { ...span, to: after.at + 1 };
    const candidates = overlapping(files, rest).toSorted((a, b) => (ascending ? a.first - b.first : b.last - a.last));
    let page: PlacedEvent[] = [];
    for (const { file, first, last } of candidates) {
      const end = page.length >= query.limit ? page.at(-1) : undefined;
      if (end !== undefined && (ascending ? first > end.at : last < end.at)) break;
      const rows = this.#ask(file.name, (open) => selectEvents(open, rest, query, after)) ?? [];
      page = [...page, ...rows].sort((a, b) => (ascending ? 1 : -1) * (a.at - b.at || a.arrival - b.arrival)).slice(0, query.limit);
    }
    return page.map(({ event }) => event);
  }

  #placeOf(files: readonly FileEntry[], { branch }: EventSpan, after: Pick<StoredEvent, "at" | "id">): Place {
    for (const { file } of overlapping(files, { branch, from: after.at, to: after.at + 1 })) {
      const arrival = this.#ask(file.name, (open) => arrivalOf(open, branch, after));
      if (arrival !== undefined) return { at: after.at, arrival };
    }
    throw cursorGone();
  }

  /** Undefined of a file that is damaged: that is reported, and the rest is served. */
  #ask<T>(name: string, question: (file: EventFile) => T): T | undefined {
    try {
      return question(this.#file(name));
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.#onDamage({ file: name, why: (error as Error).message });
      return undefined;
    }
  }

  #file(name: string): EventFile {
    let file = this.#open.get(name);
    this.#open.delete(name);
    file ??= new EventFile(join(this.#directory, name), "read", CACHE_KIB);
    this.#open.set(name, file);
    if (this.#open.size > MAX_OPEN) this.forget([this.#open.keys().next().value!]);
    return file;
  }
}

const SQLITE_CORRUPT = 11;
const SQLITE_NOT_A_DATABASE = 26;

function isDamage(error: unknown): boolean {
  if (error instanceof DoppelwerkError) return error.code === "DW_DAMAGED";
  return [SQLITE_CORRUPT, SQLITE_NOT_A_DATABASE].includes((error as { readonly errcode?: number }).errcode ?? 0);
}

/** Files that may hold events of a span, with what they hold of its branch. */
export function overlapping(
  files: readonly FileEntry[],
  { branch, from, to }: EventSpan,
): readonly { readonly file: FileEntry; readonly first: number; readonly last: number }[] {
  return files.flatMap((file) => {
    const extent = file.extents.find((one) => one.branch === branch);
    return extent !== undefined && extent.events > 0 && extent.first < to && extent.last >= from
      ? [{ file, first: extent.first, last: extent.last }]
      : [];
  });
}
