import type { BlockSummary } from "./block.ts";
import { ByteReader, ByteWriter } from "./byte-writer.ts";
import { isKnown } from "./columns.ts";

/** A block of format 2 inside a chain. */
export interface ChainPart {
  readonly rows: number;
  readonly compressed: boolean;
  readonly bytes: Uint8Array;
}

/** More parts in one chain are damage. */
const PARTS_MAX = 1 << 12;

/** Parts of the bytes of a chain, in order of time; views of them. Throws RangeError when the bytes are no chain. */
export function partsOf(bytes: Uint8Array): ChainPart[] {
  const reader = new ByteReader(bytes);
  const count = reader.u32();
  if (count === 0 || count > PARTS_MAX) throw new RangeError(`a chain of ${count} blocks`);
  const heads = Array.from({ length: count }, () => ({ rows: reader.u32(), length: reader.u32(), compressed: reader.u32() === 1 }));
  return heads.map(({ rows, length, compressed }) => {
    const part = { rows, compressed, bytes: reader.bytes(length) };
    reader.align(4);
    return part;
  });
}

/**
 * Blocks that follow one another in time, as one block of format 3: a merge makes it from what is on disk, without unpacking anything. Count of parts u32;
 * of each rows, length, and 1 when it is compressed (u32 each); then their bytes, each from a multiple of four on. One chain at a time.
 */
export class BlockChain {
  readonly #bytes = new ByteWriter(1 << 14);
  readonly #heads: { readonly rows: number; readonly length: number; readonly compressed: boolean }[] = [];
  readonly #joined = new ByteWriter(1 << 14);
  #summary: BlockSummary | undefined;

  /** Undefined while there is none. */
  get summary(): BlockSummary | undefined {
    return this.#summary;
  }

  get rows(): number {
    return this.#summary?.count ?? 0;
  }

  /** Takes a copy of blocks behind those it has; `summary` is of all of them. */
  add(parts: readonly ChainPart[], summary: BlockSummary): void {
    for (const { rows, compressed, bytes } of parts) {
      this.#heads.push({ rows, length: bytes.length, compressed });
      this.#bytes.bytes(bytes);
      this.#bytes.align(4);
    }
    this.#summary = this.#summary === undefined ? summary : summaryOfBoth(this.#summary, summary);
  }

  /** The chain as bytes, valid until the next one; then it is empty. */
  take(): { readonly bytes: Uint8Array; readonly summary: BlockSummary } {
    const joined = this.#joined;
    joined.clear();
    joined.u32(this.#heads.length);
    for (const { rows, length, compressed } of this.#heads) for (const number of [rows, length, compressed ? 1 : 0]) joined.u32(number);
    joined.bytes(this.#bytes.written);
    const summary = this.#summary!;
    this.#bytes.clear();
    this.#heads.length = 0;
    this.#summary = undefined;
    return { bytes: joined.written, summary };
  }
}

/** Summary of two blocks, the second after the first in time: the last value of the first holds until the second begins. */
export function summaryOfBoth(one: BlockSummary, other: BlockSummary): BlockSummary {
  const held = isKnown(one.lastValue, one.lastQuality) ? other.first - one.last : 0;
  return {
    count: one.count + other.count,
    first: one.first,
    last: other.last,
    min: leastOf(one.min, other.min),
    max: -leastOf(-one.max, -other.max),
    integral: one.integral + (held > 0 ? one.lastValue * held : 0) + other.integral,
    known: one.known + held + other.known,
    lastValue: other.lastValue,
    lastQuality: other.lastQuality,
    lastKnown: Number.isNaN(other.lastKnown) ? one.lastKnown : other.lastKnown,
    worstQuality: Math.max(one.worstQuality, other.worstQuality),
    origins: one.origins | other.origins,
    hasTexts: one.hasTexts || other.hasTexts,
  };
}

/** Not a number stands for none. */
function leastOf(one: number, other: number): number {
  return Number.isNaN(one) ? other : Number.isNaN(other) ? one : Math.min(one, other);
}
