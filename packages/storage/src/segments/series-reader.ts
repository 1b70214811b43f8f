import type { Instant, SampleAt } from "@doppelwerk/world";
import { originCodeOfGrade, originOfCode, qualityOfGrade } from "@doppelwerk/world/origin";
import type { BlockRow, BlockSummary } from "./block.ts";
import type { BlockCache } from "./block-cache.ts";
import { emptyColumns, firstRowAtOrAfter, mergeColumns, sliceColumns, type Columns } from "./columns.ts";
import { cutRows, type RowRange } from "./cut-blocks.ts";
import { droppedBefore, type Drops } from "./drops.ts";
import type { SegmentFile } from "./segment-file.ts";

/** A stretch of rows of one series: a block on disk, or rows in memory. `rank` grows with arrival. */
interface Piece {
  readonly first: Instant;
  readonly last: Instant;
  readonly rank: number;
  readonly segment: SegmentFile | undefined;
  readonly entry: number;
  readonly columns: Columns | undefined;
  /** Rows before it are no more. */
  readonly cut: Instant;
}

/** Rows that touch nothing outside themselves in time, ascending and without duplicates; not decoded before they are asked for. */
export interface Stretch {
  readonly first: Instant;
  readonly last: Instant;
  /** Present when the stretch is one block on disk. */
  summary(): BlockSummary | undefined;
  rows(): Columns;
  /** The same; those of a block on disk are not kept, and valid until rows of another are asked for. */
  passing(): Columns;
}

/** Rows of one series in memory; put together when someone asks. */
export interface HeadRows {
  columns(): Columns | undefined;
  rowAt(instant: Instant): BlockRow | undefined;
}

/** Everything stored of one series: segments in order of arrival, then what is being flushed, then the newest. */
export class SeriesReader {
  readonly #series: number;
  readonly #segments: readonly SegmentFile[];
  readonly #heads: readonly HeadRows[];
  readonly #cache: BlockCache;
  readonly #drops: Drops;

  constructor(series: number, segments: readonly SegmentFile[], heads: readonly HeadRows[], cache: BlockCache, drops: Drops = new Map()) {
    this.#series = series;
    this.#drops = drops;
    this.#segments = segments;
    this.#heads = heads;
    this.#cache = cache;
  }

  /** Stretches with any row in [from, to), ascending. They may begin before and end after. */
  *stretches(from: Instant, to: Instant): Generator<Stretch> {
    let group: Piece[] = [];
    let end = Number.NEGATIVE_INFINITY;
    for (const piece of this.#pieces(from, to).toSorted((a, b) => a.first - b.first)) {
      if (group.length > 0 && piece.first > end) {
        yield this.#stretch(group);
        group = [];
        end = Number.NEGATIVE_INFINITY;
      }
      group.push(piece);
      end = Math.max(end, piece.last);
    }
    if (group.length > 0) yield this.#stretch(group);
  }

  /** Rows in [from, to), the first `limit` of them. */
  rows(from: Instant, to: Instant, limit: number): Columns {
    const parts: Columns[] = [];
    let left = limit;
    for (const stretch of this.stretches(from, to)) {
      const rows = stretch.rows();
      const start = firstRowAtOrAfter(rows, from);
      const end = Math.min(firstRowAtOrAfter(rows, to), start + left);
      if (end <= start) continue;
      parts.push(sliceColumns(rows, start, end));
      left -= end - start;
      if (left <= 0) break;
    }
    return parts.length === 0 ? emptyColumns() : mergeColumns(parts);
  }

  /**
   * The last sample at or before the instant; of several at one time the one that arrived last. `once`: so many series are asked that their blocks
   * would only push one another out of the cache.
   */
  lastAt(instant: Instant, once = false): SampleAt | undefined {
    let best: { readonly time: Instant; readonly value: number; readonly quality: number; readonly text: string | undefined } | undefined;
    for (const segment of this.#segments) {
      const { index } = segment;
      const range = index.range(this.#series);
      let entry = index.firstAfter(range, instant) - 1;
      while (entry >= range.start && index.isLost(entry)) entry--;
      if (entry < range.start) continue;
      if (best !== undefined && best.time > index.last(entry)) continue;
      const cut = droppedBefore(this.#drops, this.#series, segment.span);
      if (index.last(entry) < cut) continue;
      const summary = index.last(entry) <= instant ? index.summary(entry) : undefined;
      if (summary !== undefined && !summary.hasTexts)
        best = { time: summary.last, value: summary.lastValue, quality: summary.lastQuality, text: undefined };
      else if (once && !this.#cache.has(segment, entry)) {
        const row = segment.rowAt(entry, instant);
        if (row !== undefined && row.time >= cut && !(best !== undefined && best.time > row.time)) best = row;
      } else best = later(best, cutRowsBefore(this.#cache.block(segment, entry), cut), instant);
    }
    for (const head of this.#heads) {
      const row = head.rowAt(instant);
      if (row !== undefined && !(best !== undefined && best.time > row.time)) best = row;
    }
    if (best === undefined) return undefined;
    const { time, value, text } = best;
    const quality = qualityOfGrade(best.quality);
    const origin = originOfCode(originCodeOfGrade(best.quality));
    return { value, ...(text !== undefined && { text }), quality, time, ...(origin !== undefined && { origin }) };
  }

  #pieces(from: Instant, to: Instant): Piece[] {
    const pieces: Piece[] = [];
    for (const [rank, segment] of this.#segments.entries()) {
      const { index } = segment;
      const range = index.range(this.#series);
      const cut = droppedBefore(this.#drops, this.#series, segment.span);
      let entry = index.firstAfter(range, from) - 1;
      // blocks of one segment touch at most in one instant
      while (entry >= range.start && index.last(entry) >= from) entry--;
      for (entry = Math.max(entry + 1, range.start); entry < range.end && index.first(entry) < to; entry++) {
        if (index.isLost(entry) || index.last(entry) < cut) continue;
        pieces.push({
          first: Math.max(index.first(entry), cut),
          last: index.last(entry),
          rank,
          segment,
          entry,
          columns: undefined,
          cut: index.first(entry) < cut ? cut : Number.NEGATIVE_INFINITY,
        });
      }
    }
    for (const [n, rows] of this.#heads.entries()) {
      const head = rows.columns();
      if (head === undefined) continue;
      for (const { start, end } of rangesOf(head)) {
        const [first, last] = [head.times[start]!, head.times[end - 1]!];
        if (last < from || first >= to) continue;
        pieces.push({
          first,
          last,
          rank: this.#segments.length + n,
          segment: undefined,
          entry: start,
          columns: sliceColumns(head, start, end),
          cut: Number.NEGATIVE_INFINITY,
        });
      }
    }
    return pieces;
  }

  #stretch(group: readonly Piece[]): Stretch {
    const only = group.length === 1 ? group[0]! : undefined;
    const rowsOf = (piece: Piece): Columns => piece.columns ?? cutRowsBefore(this.#cache.block(piece.segment!, piece.entry), piece.cut);
    const rows = (): Columns =>
      only === undefined ? mergeColumns(group.toSorted((a, b) => a.rank - b.rank || a.entry - b.entry).map(rowsOf)) : rowsOf(only);
    return {
      first: group[0]!.first,
      last: group.reduce((last, piece) => Math.max(last, piece.last), Number.NEGATIVE_INFINITY),
      summary: () => (only?.cut === Number.NEGATIVE_INFINITY ? only.segment?.index.summary(only.entry) : undefined),
      rows,
      passing: () => (only?.segment === undefined ? rows() : cutRowsBefore(this.#cache.passing(only.segment, only.entry), only.cut)),
    };
  }
}

const ranges = new WeakMap<Columns, readonly RowRange[]>();

/** Ranges of rows in memory that bridge no gap; the same columns are asked for again and again. */
function rangesOf(head: Columns): readonly RowRange[] {
  let found = ranges.get(head);
  if (found === undefined) ranges.set(head, (found = [...cutRows(head, Number.POSITIVE_INFINITY)]));
  return found;
}

export function cutRowsBefore(columns: Columns, time: Instant): Columns {
  return time === Number.NEGATIVE_INFINITY ? columns : sliceColumns(columns, firstRowAtOrAfter(columns, time), columns.count);
}

type Found = { readonly time: Instant; readonly value: number; readonly quality: number; readonly text: string | undefined };

function later(best: Found | undefined, columns: Columns, instant: Instant): Found | undefined {
  const row = firstRowAtOrAfter(columns, Math.floor(instant) + 1) - 1;
  if (row < 0) return best;
  const time = columns.times[row]!;
  if (best !== undefined && best.time > time) return best;
  return { time, value: columns.values[row]!, quality: columns.qualities[row]!, text: columns.texts?.[row] };
}
