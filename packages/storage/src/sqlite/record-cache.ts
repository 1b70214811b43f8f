import type { RecordId, WorldRecord } from "@doppelwerk/world";

export interface CachedVersion {
  readonly revision: number;
  /** Undefined = deleted. */
  readonly record: WorldRecord | undefined;
}

/** The branch never wrote the record: what an import asks of every record it is about to create. */
export const NEVER_WRITTEN: CachedVersion = { revision: 0, record: undefined };

/** Parsed newest versions kept at hand, bounded: two generations, the older is dropped when the younger is full. */
export class RecordCache {
  readonly #limit: number;
  #young = new Map<string, CachedVersion>();
  #old = new Map<string, CachedVersion>();

  constructor(limit = 50_000) {
    this.#limit = limit;
  }

  get(branch: number, id: RecordId): CachedVersion | undefined {
    const key = `${branch} ${id}`;
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.#put(key, old);
    return old;
  }

  set(branch: number, id: RecordId, version: CachedVersion): void {
    this.#put(`${branch} ${id}`, version);
  }

  forget(branch: number, id: RecordId): void {
    this.#young.delete(`${branch} ${id}`);
    this.#old.delete(`${branch} ${id}`);
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
  }

  #put(key: string, version: CachedVersion): void {
    if (this.#young.size >= this.#limit) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, version);
  }
}
