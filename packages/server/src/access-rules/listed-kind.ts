import type { ListedObject } from "@doppelwerk/trust";
import { LIVE, type BranchId, type RecordId, type RecordReader, type WorldRecord } from "@doppelwerk/world";

export interface ListedSources {
  reader(branch: BranchId): RecordReader;
  revision(): number;
}

/** Read at a time, so that others get their turn in between; so many changes at once are read as a whole again. */
const STRETCH = 500;
const MAX_CHANGES = 5_000;
/** Above that records are read one by one, as without a list. */
const MAX_LISTED = 1_000_000;

/**
 * The ids of the records of a kind on live in their order, with what lists know of each without reading it. The first stretch is read at once, more in the
 * background; each record keeps its number, and a number is of one record ever.
 */
export class ListedKind {
  readonly #sources: ListedSources;
  readonly #kind: string;
  readonly #known: (record: WorldRecord) => ListedObject;
  #numbers = new Map<RecordId, number>();
  #records: (ListedObject | undefined)[] = [];
  /** Ascending. */
  #ids: RecordId[] = [];
  #state: "new" | "filling" | "whole" | "too many" = "new";
  /** What is listed stands as at this revision. */
  #revision = -1;
  /** Numbers of what was written since it was whole, in turn. */
  #written: number[] = [];
  #edition = 0;

  constructor(sources: ListedSources, kind: string, known: (record: WorldRecord) => ListedObject) {
    this.#sources = sources;
    this.#kind = kind;
    this.#known = known;
  }

  /** Whether it is whole and as it stands now; otherwise it begins to be. */
  isWhole(): boolean {
    if (this.#state === "new") this.#begin();
    if (this.#state === "whole") this.#follow();
    return this.#state === "whole";
  }

  /** Another one where numbers are of other records. */
  edition(): number {
    return this.#edition;
  }

  numbers(): number {
    return this.#records.length;
  }

  /** Undefined: it is gone. */
  at(number: number): ListedObject | undefined {
    return this.#records[number];
  }

  numberOf(id: RecordId): number | undefined {
    return this.#numbers.get(id);
  }

  /** Numbers of what was written since, in turn. */
  written(): readonly number[] {
    return this.#written;
  }

  /** While nothing is written. */
  *after(id: RecordId): Generator<readonly [id: RecordId, number: number]> {
    const ids = this.#ids;
    for (let at = firstAfter(ids, id); at < ids.length; at++) yield [ids[at]!, this.#numbers.get(ids[at]!)!];
  }

  #begin(): void {
    this.#state = "filling";
    this.#edition++;
    this.#revision = this.#sources.revision();
    [this.#ids, this.#records, this.#numbers, this.#written] = [[], [], new Map(), []];
    this.#stretch();
  }

  #stretch(): void {
    const after = this.#ids.at(-1);
    const records = this.#sources.reader(LIVE).query({ kind: this.#kind, limit: STRETCH, ...(after !== undefined && { after }) });
    for (const record of records) {
      this.#ids.push(record.id);
      this.#put(record);
    }
    if (this.#ids.length > MAX_LISTED) {
      this.#state = "too many";
      [this.#ids, this.#records, this.#numbers] = [[], [], new Map()];
    } else if (records.length < STRETCH) this.#state = "whole";
    else setImmediate(() => this.#nextStretch()).unref();
  }

  #nextStretch(): void {
    try {
      this.#stretch();
    } catch {
      // the world is closed, or cannot be read now: whoever asks next is told, and it begins again
      this.#state = "new";
    }
  }

  #put(record: WorldRecord): void {
    const number = this.#numbers.get(record.id) ?? this.#records.length;
    this.#numbers.set(record.id, number);
    this.#records[number] = this.#known(record);
    if (this.#state === "whole") this.#written.push(number);
  }

  #follow(): void {
    const revision = this.#sources.revision();
    if (revision === this.#revision) return;
    const reader = this.#sources.reader(LIVE);
    const changed = reader.changedSince(this.#revision).filter((id) => id.startsWith(`${this.#kind}:`));
    if (changed.length > MAX_CHANGES || this.#written.length > MAX_CHANGES) return this.#begin();
    this.#revision = revision;
    for (const id of changed) {
      const record = reader.get(id);
      const isListed = this.#numbers.has(id);
      if (record === undefined && isListed) this.#remove(id);
      else if (record !== undefined) {
        if (!isListed) this.#ids.splice(firstAfter(this.#ids, id), 0, id);
        this.#put(record);
      }
    }
  }

  #remove(id: RecordId): void {
    const number = this.#numbers.get(id)!;
    this.#numbers.delete(id);
    this.#records[number] = undefined;
    this.#ids.splice(firstAfter(this.#ids, id) - 1, 1);
  }
}

/** The place of the first id that is greater. */
function firstAfter(ids: readonly RecordId[], id: RecordId): number {
  let [low, high] = [0, ids.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ids[middle]! > id) high = middle;
    else low = middle + 1;
  }
  return low;
}
