import { join } from "node:path";
import type { HistoryDamage } from "@doppelwerk/world";
import type { FileLayer } from "../files/file-layer.ts";
import type { Arrival } from "./arrival.ts";
import { BLOCK_ROWS, encodeBlock, type BlockSummary } from "./block.ts";
import { BlockChain, partsOf } from "./block-chain.ts";
import { mergeColumns, numberColumns, sliceColumns, type Columns, type NumberColumns } from "./columns.ts";
import { bridgesGap, cutRows } from "./cut-blocks.ts";
import { countRows, RowGroups, seriesOf } from "./group-rows.ts";
import { asideName, keepCopy, salvage, writeReport } from "./salvage.ts";
import { droppedBefore, readDrops, writeDrops, type Drops } from "./drops.ts";
import { cutRowsBefore } from "./series-reader.ts";
import { SegmentBuilder, SegmentFile, segmentName, spanOf, type SegmentSpan, type SeriesName } from "./segment-file.ts";
import { logName, logNumberOf, WriteAheadLog } from "./write-ahead-log.ts";

/** The only writer of a history folder. Runs on a thread of its own, or inline over an injected file layer. Errors are thrown. */
export class SegmentWriter {
  readonly #layer: FileLayer;
  readonly #directory: string;
  #log: WriteAheadLog;
  #drops: Drops;
  readonly #names = new Map<number, SeriesName>();
  #highest = 0;
  readonly #groups = new RowGroups();

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
    for (const { names } of group) this.know(names);
  }

  /** Names of series whose rows may come to be flushed. */
  know(names: readonly SeriesName[]): void {
    for (const name of names) {
      this.#names.set(name.number, name);
      this.#highest = Math.max(this.#highest, name.number);
    }
  }

  /** What is appended from now on goes to a new log; returns the number of the one before. */
  rotate(): number {
    const before = this.#log;
    this.#log = WriteAheadLog.create(this.#layer, this.#directory, before.number + 1);
    before.close();
    return before.number;
  }

  /** Writes what arrived up to log `upTo` as a segment, then lets those logs go. Yields between series, so that appends go on. */
  *flush(upTo: number, arrivals: readonly Arrival[]): Generator<void, string> {
    const span = { from: upTo, to: upTo };
    const counts = countRows(arrivals, this.#highest);
    const names = seriesOf(counts).map((number) => this.#names.get(number)!);
    const builder = new SegmentBuilder(this.#layer, this.#directory, span, names);
    try {
      for (const { series, columns } of this.#groups.of(arrivals, counts)) {
        for (const { start, end } of cutRows(columns)) builder.add(series, sliceColumns(columns, start, end));
        yield;
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
    const [pending, chain] = [new Pending(builder), new BlockChain()];
    for (const segment of segments) segment.readAhead();
    try {
      for (const number of [...names.keys()].toSorted((a, b) => a - b)) {
        yield* mergeSeries({ builder, pending, chain, number }, segments, this.#drops);
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

/** Rows of a series on their way into blocks; one for all series of a merge, so that a merge leaves no garbage but for what overlaps. */
class Pending {
  readonly #builder: SegmentBuilder;
  #columns = numberColumns(BLOCK_ROWS * 4);
  #texts: (string | undefined)[] | undefined;
  count = 0;

  constructor(builder: SegmentBuilder) {
    this.#builder = builder;
  }

  /** Takes a block, decoded behind the rows that wait. Its rows come after them. */
  block(number: number, { segment, entry, cut }: SourceBlock): void {
    const rows = segment.index.rows(entry);
    if (this.count + rows > this.#columns.times.length) this.#cut(number, false);
    const room = this.#from(this.count);
    const columns = cut === Number.NEGATIVE_INFINITY && rows <= room.times.length ? segment.block(entry, room) : segment.block(entry);
    this.rows(number, cutRowsBefore(columns, cut), columns.times === room.times);
  }

  rows(number: number, columns: Columns, inPlace = false): void {
    const { count, texts } = columns;
    if (this.count + count > this.#columns.times.length) {
      this.#cut(number, false);
      if (this.count + count > this.#columns.times.length) this.#grow(this.count + count);
    }
    if (!inPlace) {
      const room = this.#from(this.count);
      for (const name of ["times", "values", "qualities", "serverTimes"] as const) room[name].set(columns[name].subarray(0, count));
    }
    if (texts !== undefined) this.#texts ??= Array.from({ length: this.count });
    if (this.#texts !== undefined) for (let row = 0; row < count; row++) this.#texts.push(texts?.[row]);
    this.count += count;
    if (this.count > BLOCK_ROWS * 2) this.#cut(number, false);
  }

  flush(number: number): void {
    this.#cut(number, true);
    this.#texts = undefined;
  }

  /** Makes blocks of what waits; the last one may still grow, unless this is the end. */
  #cut(number: number, isEnd: boolean): void {
    const all: Columns = { count: this.count, ...this.#columns, texts: this.#texts };
    let left = this.count;
    for (const { start, end } of cutRows(all)) {
      if (end === this.count && end - start < BLOCK_ROWS && !isEnd) break;
      const rows = sliceColumns(all, start, end);
      this.#builder.add(number, rows.texts?.every((text) => text === undefined) ? { ...rows, texts: undefined } : rows);
      left = this.count - end;
    }
    const from = this.count - left;
    for (const column of Object.values(this.#columns)) column.copyWithin(0, from, this.count);
    this.#texts = this.#texts?.slice(from);
    this.count = left;
  }

  #from(row: number): NumberColumns {
    const { times, values, qualities, serverTimes } = this.#columns;
    return {
      times: times.subarray(row),
      values: values.subarray(row),
      qualities: qualities.subarray(row),
      serverTimes: serverTimes.subarray(row),
    };
  }

  #grow(rows: number): void {
    const grown = numberColumns(rows * 2);
    for (const name of ["times", "values", "qualities", "serverTimes"] as const) grown[name].set(this.#columns[name]);
    this.#columns = grown;
  }
}

/** Fewer rows are unpacked and packed again with their neighbours: what a block costs apart from its rows weighs more than the work. */
const CHAIN_FROM = BLOCK_ROWS / 8;
/** A chain of more rows takes no more: what is unpacked at once stays small. */
const CHAIN_ROWS = BLOCK_ROWS + BLOCK_ROWS / 4;

interface Merging {
  readonly builder: SegmentBuilder;
  readonly pending: Pending;
  readonly chain: BlockChain;
  readonly number: number;
}

/**
 * Blocks that overlap nothing are copied as they are, the smaller of them chained to blocks of a good size; those that overlap and very small ones are
 * unpacked, merged and cut again.
 */
function* mergeSeries(merging: Merging, segments: readonly SegmentFile[], drops: Drops): Generator<void> {
  const { pending, chain, number } = merging;
  let decoded = 0;
  for (const cluster of clustersOf(blocksOf(segments, number, drops))) {
    const only = cluster.length === 1 ? cluster[0]! : undefined;
    const rows = only?.cut === Number.NEGATIVE_INFINITY ? only.segment.index.rows(only.entry) : 0;
    if (rows >= CHAIN_FROM && (pending.count === 0 || pending.count >= CHAIN_FROM)) {
      pending.flush(number);
      if (chain.rows > 0 && (chain.rows + rows > CHAIN_ROWS || bridgesGap(chain.summary!, only!.first))) writeChain(merging);
      if (rows >= BLOCK_ROWS / 2 && chain.rows === 0) copy(merging.builder, only!, number);
      else link(chain, only!);
      continue;
    }
    writeChain(merging);
    if (only !== undefined) pending.block(number, only);
    else pending.rows(number, mergeColumns(cluster.map(({ segment, entry, cut }) => cutRowsBefore(segment.block(entry), cut))));
    decoded += cluster.length;
    if (decoded > 64) {
      decoded = 0;
      yield;
    }
  }
  writeChain(merging);
  pending.flush(number);
}

function link(chain: BlockChain, { segment, entry }: SourceBlock): void {
  const { compressed, format } = segment.index.place(entry);
  const bytes = segment.encoded(entry);
  const rows = segment.index.rows(entry);
  if (format === 1) {
    const again = encodeBlock(segment.block(entry));
    chain.add([{ rows, ...again }], segment.index.summary(entry));
  } else chain.add(format === 3 ? partsOf(bytes) : [{ rows, compressed, bytes }], segment.index.summary(entry));
}

function writeChain({ builder, chain, number }: Merging): void {
  if (chain.rows === 0) return;
  const { bytes, summary } = chain.take();
  builder.addEncoded(bytes, { series: number, rawLength: bytes.length, compressed: false, format: 3, summary });
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
