import { join } from "node:path";
import type { HistoryDamage } from "@doppelwerk/world";
import type { FileLayer } from "../files/file-layer.ts";
import type { Arrival } from "./arrival.ts";
import { BLOCK_ROWS, type BlockSummary } from "./block.ts";
import { mergeColumns, sliceColumns, type Columns } from "./columns.ts";
import { cutRows } from "./cut-blocks.ts";
import { asideName, keepCopy, salvage, writeReport } from "./salvage.ts";
import { droppedBefore, readDrops, writeDrops, type Drops } from "./drops.ts";
import { cutRowsBefore } from "./series-reader.ts";
import { SegmentBuilder, SegmentFile, segmentName, spanOf, type SegmentSpan, type SeriesName } from "./segment-file.ts";
import { logName, logNumberOf, WriteAheadLog } from "./write-ahead-log.ts";

export interface SeriesColumns {
  readonly name: SeriesName;
  readonly columns: Columns;
}

/** The only writer of a history folder. Runs on a thread of its own, or inline over an injected file layer. Errors are thrown. */
export class SegmentWriter {
  readonly #layer: FileLayer;
  readonly #directory: string;
  #log: WriteAheadLog;
  #drops: Drops;

  /** `firstLog`: a number no file has yet. */
  constructor(layer: FileLayer, directory: string, firstLog: number) {
    this.#layer = layer;
    this.#directory = directory;
    this.#drops = readDrops(layer, directory);
    this.#log = WriteAheadLog.create(layer, directory, firstLog);
  }

  /** All on disk when it returns, or DW_UNAVAILABLE and nothing. */
  append(group: readonly Arrival[]): void {
    this.#log.append(group);
  }

  /** What is appended from now on goes to a new log; returns the number of the one before. */
  rotate(): number {
    const before = this.#log;
    this.#log = WriteAheadLog.create(this.#layer, this.#directory, before.number + 1);
    before.close();
    return before.number;
  }

  /** Writes what arrived up to log `upTo` as a segment, then lets those logs go. Columns ascend. */
  flush(upTo: number, series: readonly SeriesColumns[]): string {
    const span = { from: upTo, to: upTo };
    const builder = new SegmentBuilder(
      this.#layer,
      this.#directory,
      span,
      series.map(({ name }) => name),
    );
    try {
      for (const { name, columns } of series.toSorted((a, b) => a.name.number - b.name.number)) {
        for (const { start, end } of cutRows(columns)) builder.add(name.number, sliceColumns(columns, start, end));
      }
      builder.finish();
    } catch (error) {
      builder.abandon();
      throw error;
    }
    this.#removeLogs(upTo);
    return segmentName(span);
  }

  /** Replaces neighbouring segments by one. Yields between series, so that appends go on. The old files are removed by `remove` when nobody reads them. */
  *merge(names: readonly string[]): Generator<void, string> {
    const segments: SegmentFile[] = [];
    try {
      for (const name of names) segments.push(new SegmentFile(this.#layer, this.#directory, name));
      const span: SegmentSpan = { from: segments[0]!.span.from, to: segments.at(-1)!.span.to };
      yield* this.#mergeInto(span, segments);
      return segmentName(span);
    } finally {
      for (const segment of segments) segment.close();
    }
  }

  /**
   * Copies a damaged segment aside, then puts in its place what is whole of it, with what other segments hold of its span.
   * A crash on the way leaves the damaged one in its place, and the next opening does it again.
   */
  *salvage(name: string, contained: readonly string[]): Generator<void, HistoryDamage> {
    const span = spanOf(name)!;
    const segments: SegmentFile[] = [];
    try {
      const { segment, damage: found } = salvage(this.#layer, this.#directory, name, span);
      segments.push(segment);
      for (const other of contained) segments.push(new SegmentFile(this.#layer, this.#directory, other));
      const damage = { ...found, file: keepCopy(this.#layer, this.#directory, name) };
      writeReport(this.#layer, this.#directory, damage);
      yield* this.#mergeInto(span, segments);
      return damage;
    } finally {
      for (const segment of segments) segment.close();
    }
  }

  /** Keeps a damaged log under another name. */
  setAside(damage: HistoryDamage): HistoryDamage {
    const aside = { ...damage, file: asideName(this.#layer.list(this.#directory), damage.file) };
    writeReport(this.#layer, this.#directory, aside);
    this.#layer.rename(join(this.#directory, damage.file), join(this.#directory, aside.file));
    this.#layer.fsyncDirectory(this.#directory);
    return aside;
  }

  *#mergeInto(span: SegmentSpan, segments: readonly SegmentFile[]): Generator<void> {
    const names = new Map(segments.flatMap((segment) => segment.names.map((name) => [name.number, name] as const)));
    const builder = new SegmentBuilder(this.#layer, this.#directory, span, [...names.values()]);
    try {
      for (const number of [...names.keys()].toSorted((a, b) => a - b)) {
        yield* mergeSeries(builder, segments, number, this.#drops);
        yield;
      }
      builder.finish();
    } catch (error) {
      builder.abandon();
      throw error;
    }
  }

  /** From now on these rows are no more; merges leave them out. */
  drop(drops: Drops): void {
    const all = new Map([...this.#drops, ...drops]);
    writeDrops(this.#layer, this.#directory, all);
    this.#drops = all;
  }

  remove(names: readonly string[]): void {
    for (const name of names) this.#removeIfPossible(name);
  }

  close(): void {
    this.#log.close();
  }

  /** What stays is recognised as replaced at the next opening. */
  #removeIfPossible(name: string): void {
    try {
      this.#layer.remove(join(this.#directory, name));
    } catch {
      // see above
    }
  }

  #removeLogs(upTo: number): void {
    for (const name of this.#layer.list(this.#directory)) {
      const number = logNumberOf(name);
      if (number !== undefined && number <= upTo) this.#removeIfPossible(logName(number));
    }
  }
}

interface SourceBlock {
  readonly segment: SegmentFile;
  readonly entry: number;
  readonly first: number;
  readonly last: number;
  /** Rows before it are no more. */
  readonly cut: number;
}

/** Blocks that overlap nothing and are at least half full are copied as they are; the others are decoded, merged and cut anew. */
function* mergeSeries(builder: SegmentBuilder, segments: readonly SegmentFile[], number: number, drops: Drops): Generator<void> {
  let pending: Columns | undefined;
  const put = (columns: Columns): void => {
    const rows: Columns = pending === undefined ? columns : mergeColumns([pending, columns]);
    pending = undefined;
    for (const { start, end } of cutRows(rows)) {
      const cut = sliceColumns(rows, start, end);
      // the last cut may still grow
      if (end === rows.count && end - start < BLOCK_ROWS) pending = cut;
      else builder.add(number, cut);
    }
  };
  let decoded = 0;
  for (const cluster of clustersOf(blocksOf(segments, number, drops))) {
    const only = cluster.length === 1 ? cluster[0]! : undefined;
    const waiting: Columns | undefined = pending;
    if (
      only !== undefined &&
      only.cut === Number.NEGATIVE_INFINITY &&
      only.segment.index.rows(only.entry) >= BLOCK_ROWS / 2 &&
      (waiting === undefined || waiting.count >= BLOCK_ROWS / 2)
    ) {
      if (waiting !== undefined) builder.add(number, waiting);
      pending = undefined;
      copy(builder, only, number);
      continue;
    }
    put(mergeColumns(cluster.map(({ segment, entry, cut }) => cutRowsBefore(segment.block(entry), cut))));
    decoded += cluster.length;
    if (decoded > 64) {
      decoded = 0;
      yield;
    }
  }
  if (pending !== undefined) builder.add(number, pending);
}

function copy(builder: SegmentBuilder, { segment, entry }: SourceBlock, series: number): void {
  const { rawLength, compressed, format } = segment.index.place(entry);
  const summary: BlockSummary = segment.index.summary(entry);
  builder.addEncoded(segment.encoded(entry), { series, rawLength, compressed, format, summary });
}

function blocksOf(segments: readonly SegmentFile[], number: number, drops: Drops): SourceBlock[] {
  const blocks: SourceBlock[] = [];
  for (const segment of segments) {
    const { start, end } = segment.index.range(number);
    const cut = droppedBefore(drops, number, segment.span);
    for (let entry = start; entry < end; entry++) {
      const [first, last] = [segment.index.first(entry), segment.index.last(entry)];
      if (last < cut) continue;
      blocks.push({ segment, entry, first: Math.max(first, cut), last, cut: first < cut ? cut : Number.NEGATIVE_INFINITY });
    }
  }
  // stable: of equal beginnings the earlier arrival stays first
  return blocks.toSorted((a, b) => a.first - b.first);
}

/** Groups of blocks that touch one another in time, ascending; inside a group in order of arrival. */
function* clustersOf(blocks: readonly SourceBlock[]): Generator<readonly SourceBlock[]> {
  let cluster: SourceBlock[] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const block of blocks) {
    if (cluster.length > 0 && block.first > end) {
      yield inOrderOfArrival(cluster);
      cluster = [];
      end = Number.NEGATIVE_INFINITY;
    }
    cluster.push(block);
    end = Math.max(end, block.last);
  }
  if (cluster.length > 0) yield inOrderOfArrival(cluster);
}

function inOrderOfArrival(cluster: readonly SourceBlock[]): readonly SourceBlock[] {
  return cluster.toSorted((a, b) => a.segment.span.from - b.segment.span.from || a.entry - b.entry);
}
