import type { RecordId, WorldRecord } from "@doppelwerk/world";

export interface CachedVersion {
  readonly revision: number;
  /** Absent = deleted. */
  readonly record?: WorldRecord | undefined;
  /** The version nearest before, or this one, that stands in the packs with all its fields. */
  readonly whole?: WholeVersion;
}

/** A version of which later ones may be told by what differs. */
export interface WholeVersion {
  readonly place: number;
  readonly record: WorldRecord;
  /** Of its JSON. */
  readonly characters: number;
}

/** The branch never wrote the record: what an import asks of every record it is about to create. */
export const NEVER_WRITTEN: CachedVersion = { revision: 0 };

/** Parsed newest versions kept at hand, bounded: two generations, the older is dropped when the younger is full. */
export class RecordCache {
  readonly #limit: number;
  #size = 0;
  #young = new Map<number, Map<RecordId, CachedVersion>>();
  #old = new Map<number, Map<RecordId, CachedVersion>>();

  constructor(limit = 80_000) {
    this.#limit = limit;
  }

  get(branch: number, id: RecordId): CachedVersion | undefined {
    const young = this.#young.get(branch)?.get(id);
    if (young !== undefined) return young;
    const old = this.#old.get(branch)?.get(id);
    if (old !== undefined) this.set(branch, id, old);
    return old;
  }

  set(branch: number, id: RecordId, version: CachedVersion): void {
    if (this.#size >= this.#limit) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#size = 0;
    }
    let versions = this.#young.get(branch);
    if (versions === undefined) this.#young.set(branch, (versions = new Map()));
    const before = versions.size;
    versions.set(id, version);
    this.#size += versions.size - before;
  }

  forget(branch: number, id: RecordId): void {
    if (this.#young.get(branch)?.delete(id)) this.#size--;
    this.#old.get(branch)?.delete(id);
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
    this.#size = 0;
  }
}
