import { readingColumns } from "./block.ts";
import type { Columns, NumberColumns } from "./columns.ts";
import type { SegmentFile } from "./segment-file.ts";

/** Of a string beside its characters. */
const STRING_BYTES = 24;

/** Decoded blocks, the least recently used thrown out beyond a bound of bytes. */
export class BlockCache {
  readonly #most: number;
  readonly #blocks = new Map<SegmentFile, Map<number, Columns>>();
  readonly #order = new Map<string, { readonly segment: SegmentFile; readonly entry: number; readonly bytes: number }>();
  #bytes = 0;
  #room: NumberColumns = readingColumns(0);

  constructor(mostBytes: number) {
    this.#most = mostBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  has(segment: SegmentFile, entry: number): boolean {
    return this.#blocks.get(segment)?.has(entry) ?? false;
  }

  block(segment: SegmentFile, entry: number): Columns {
    const key = `${segment.name} ${entry}`;
    const known = this.#blocks.get(segment)?.get(entry);
    if (known !== undefined) {
      const place = this.#order.get(key)!;
      this.#order.delete(key);
      this.#order.set(key, place);
      return known;
    }
    const columns = segment.rowsOf(entry);
    const bytes = bytesOf(columns);
    let blocks = this.#blocks.get(segment);
    if (blocks === undefined) this.#blocks.set(segment, (blocks = new Map()));
    blocks.set(entry, columns);
    this.#order.set(key, { segment, entry, bytes });
    this.#bytes += bytes;
    this.#shrink();
    return columns;
  }

  /** A block that is read once: what is not kept stays so, and its rows are valid until the next is read. Without it a look at years would leave a garbage of blocks. */
  passing(segment: SegmentFile, entry: number): Columns {
    if (this.has(segment, entry)) return this.block(segment, entry);
    return segment.rowsOf(entry, (count) => (this.#room.times.length < count ? (this.#room = readingColumns(count)) : this.#room));
  }

  forget(segment: SegmentFile): void {
    for (const entry of this.#blocks.get(segment)?.keys() ?? []) {
      const key = `${segment.name} ${entry}`;
      this.#bytes -= this.#order.get(key)!.bytes;
      this.#order.delete(key);
    }
    this.#blocks.delete(segment);
  }

  #shrink(): void {
    for (const [key, { segment, entry, bytes }] of this.#order) {
      if (this.#bytes <= this.#most) return;
      this.#order.delete(key);
      this.#blocks.get(segment)?.delete(entry);
      this.#bytes -= bytes;
    }
  }
}

/** What a decoded block takes on the engine's heap, nearly: rows, and of texts a reference a row and each different one once. */
function bytesOf({ count, texts }: Columns): number {
  const rows = count * 17 + 400;
  if (texts === undefined) return rows;
  let bytes = rows + count * 8;
  for (const text of new Set(texts)) bytes += text === undefined ? 0 : STRING_BYTES + text.length;
  return bytes;
}
