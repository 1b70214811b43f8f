import type { RecordId } from "@doppelwerk/world";

/** Lists of ids kept at hand, the longest of them, and the ids in all. */
const LISTS_MAX = 20_000;
const LIST_LENGTH_MAX = 256;
const IDS_MAX = 200_000;

/** Short lists of index ids that were read before. */
export class IndexLists {
  readonly #lists = new Map<number, readonly RecordId[]>();
  #ids = 0;

  forget(key: number): void {
    if (this.#lists.size > 0) this.#lists.delete(key);
  }

  clear(): void {
    this.#lists.clear();
    this.#ids = 0;
  }

  /** The ids of a key after one, from the list kept or as they are read. */
  ids(key: number, after: RecordId, read: () => Iterable<RecordId>): Iterable<RecordId> {
    const kept = this.#lists.get(key);
    if (kept === undefined) return this.#keeping(key, after, read());
    return after === "" ? kept : kept.filter((id) => id > after);
  }

  *#keeping(key: number, after: RecordId, read: Iterable<RecordId>): Iterable<RecordId> {
    const list: RecordId[] = [];
    for (const id of read) {
      if (list.length <= LIST_LENGTH_MAX) list.push(id);
      yield id;
    }
    if (after !== "" || list.length > LIST_LENGTH_MAX) return;
    if (this.#lists.size >= LISTS_MAX || this.#ids > IDS_MAX) this.clear();
    this.#lists.set(key, list);
    this.#ids += list.length;
  }
}

/** Ascending streams as one, without doubles. */
export function* mergedIds(streams: readonly Iterator<RecordId>[]): Generator<RecordId, void> {
  const next = streams.map((stream) => valueOf(stream));
  for (;;) {
    let least: RecordId | undefined;
    for (const id of next) if (id !== undefined && (least === undefined || id < least)) least = id;
    if (least === undefined) return;
    yield least;
    for (let i = 0; i < next.length; i++) while (next[i] === least) next[i] = valueOf(streams[i]!);
  }
}

function valueOf(stream: Iterator<RecordId>): RecordId | undefined {
  const { done, value } = stream.next();
  return done ? undefined : (value as RecordId);
}
