import { crc32 } from "node:zlib";
import type { BlockForm, BlockSummary } from "./block.ts";
import { ByteWriter } from "./byte-writer.ts";
import { QUALITY } from "./columns.ts";

/** Bytes of one entry; little-endian, fixed places, so that an index of hundreds of thousands of blocks is one array and not as many objects. */
export const ENTRY_BYTES = 96;

export interface BlockPlace extends BlockForm {
  readonly series: number;
  readonly offset: number;
  readonly length: number;
  readonly rawLength: number;
  readonly crc: number;
}

const CHECK_AT = 31;

export function writeEntry(writer: ByteWriter, place: BlockPlace, summary: BlockSummary): void {
  writer.reserve(ENTRY_BYTES);
  const start = writer.length;
  writer.u32(place.series);
  writer.u32(summary.count);
  writer.f64(place.offset);
  writer.u32(place.length);
  writer.u32(place.rawLength);
  writer.u32(place.crc);
  writer.u8(summary.worstQuality | (summary.origins << 2));
  writer.u8(summary.lastQuality);
  writer.u8((place.compressed ? 1 : 0) | (summary.hasTexts ? 2 : 0) | (place.format === 2 ? 4 : place.format === 3 ? 8 : 0));
  writer.u8(0);
  for (const number of [
    summary.first,
    summary.last,
    summary.min,
    summary.max,
    summary.integral,
    summary.known,
    summary.lastValue,
    summary.lastKnown,
  ])
    writer.f64(number);
  const written = writer.written;
  written[start + CHECK_AT] = checkOf(written.subarray(start, start + ENTRY_BYTES));
}

/** Whether an entry of an index that does not match its checksum is one of those that do. Entries of the first releases have no check: false. */
export function isEntryWhole(entry: Uint8Array): boolean {
  return entry[CHECK_AT] !== 0 && entry[CHECK_AT] === checkOf(entry);
}

/** 1 to 255 over all bytes of the entry but its own. */
function checkOf(entry: Uint8Array): number {
  return (crc32(entry.subarray(CHECK_AT + 1), crc32(entry.subarray(0, CHECK_AT))) % 255) + 1;
}

/** The entries of one segment, by series and then by first time. */
export class SegmentIndex {
  readonly count: number;
  readonly #view: DataView;
  readonly #ranges = new Map<number, { readonly start: number; readonly end: number }>();
  /** Entries whose block turned out damaged: they are read no more. */
  readonly #lost = new Set<number>();

  constructor(entries: Uint8Array) {
    this.#view = new DataView(entries.buffer, entries.byteOffset, entries.byteLength);
    this.count = entries.byteLength / ENTRY_BYTES;
    for (let start = 0; start < this.count;) {
      const series = this.series(start);
      let end = start + 1;
      while (end < this.count && this.series(end) === series) end++;
      this.#ranges.set(series, { start, end });
      start = end;
    }
  }

  /** Entries of a series: [start, end). */
  range(series: number): { readonly start: number; readonly end: number } {
    return this.#ranges.get(series) ?? { start: 0, end: 0 };
  }

  lose(entry: number): void {
    this.#lost.add(entry);
  }

  isLost(entry: number): boolean {
    return this.#lost.has(entry);
  }

  allRows(): number {
    let rows = 0;
    for (let entry = 0; entry < this.count; entry++) rows += this.rows(entry);
    return rows;
  }

  /** First entry of the range whose first time is > `time`. */
  firstAfter(range: { readonly start: number; readonly end: number }, time: number): number {
    let low = range.start;
    let high = range.end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.first(middle) <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  series(entry: number): number {
    return this.#view.getUint32(entry * ENTRY_BYTES, true);
  }

  rows(entry: number): number {
    return this.#view.getUint32(entry * ENTRY_BYTES + 4, true);
  }

  first(entry: number): number {
    return this.#view.getFloat64(entry * ENTRY_BYTES + 32, true);
  }

  last(entry: number): number {
    return this.#view.getFloat64(entry * ENTRY_BYTES + 40, true);
  }

  place(entry: number): BlockPlace {
    const at = entry * ENTRY_BYTES;
    const view = this.#view;
    return {
      series: view.getUint32(at, true),
      offset: view.getFloat64(at + 8, true),
      length: view.getUint32(at + 16, true),
      rawLength: view.getUint32(at + 20, true),
      crc: view.getUint32(at + 24, true),
      compressed: (view.getUint8(at + 30) & 1) !== 0,
      format: (view.getUint8(at + 30) & 8) !== 0 ? 3 : (view.getUint8(at + 30) & 4) !== 0 ? 2 : 1,
    };
  }

  summary(entry: number): BlockSummary {
    const at = entry * ENTRY_BYTES;
    const view = this.#view;
    return {
      count: view.getUint32(at + 4, true),
      first: view.getFloat64(at + 32, true),
      last: view.getFloat64(at + 40, true),
      min: view.getFloat64(at + 48, true),
      max: view.getFloat64(at + 56, true),
      integral: view.getFloat64(at + 64, true),
      known: view.getFloat64(at + 72, true),
      lastValue: view.getFloat64(at + 80, true),
      lastQuality: view.getUint8(at + 29),
      lastKnown: view.getFloat64(at + 88, true),
      worstQuality: view.getUint8(at + 28) & QUALITY,
      // entries of earlier formats know of none: all rows are as their signal says
      origins: view.getUint8(at + 28) >> 2 || 1,
      hasTexts: (view.getUint8(at + 30) & 2) !== 0,
    };
  }
}
