import {
  DoppelwerkError,
  type BranchId,
  type Buckets,
  type History,
  type Instant,
  type RecordId,
  type SampleAt,
  type SampleBatch,
  type SampleColumns,
  type SeriesKey,
} from "@doppelwerk/world";
import { nodeFileLayer } from "../files/node-file-layer.ts";
import type { FileLayer } from "../files/file-layer.ts";
import type { Arrival } from "./arrival.ts";
import { BlockCache } from "./block-cache.ts";
import type { Columns } from "./columns.ts";
import { fillBuckets } from "./fill-buckets.ts";
import { readFolder } from "./read-folder.ts";
import { SegmentFile, type SeriesName } from "./segment-file.ts";
import { SeriesHead } from "./series-head.ts";
import { SeriesReader } from "./series-reader.ts";
import { createInlineWriter, startWriterThread, type WriterClient } from "./writer-client.ts";

export interface SegmentHistoryOptions {
  readonly directory: string;
  /** Injected in tests; given, everything runs on this thread. */
  readonly layer?: FileLayer;
  /** Rows in memory before they become a segment. */
  readonly headRows?: number;
  /** Decoded blocks kept, bytes. */
  readonly cacheBytes?: number;
  /** Segments of one size before they are merged. */
  readonly fanIn?: number;
}

export interface HistoryStatistics {
  readonly series: number;
  readonly segments: number;
  readonly segmentBytes: number;
  readonly rowsInMemory: number;
  readonly cacheBytes: number;
  readonly merges: number;
  /** Flushes and merges that the disk refused so far; they are tried again. */
  readonly refusals: number;
}

export interface SegmentHistory extends History {
  statistics(): HistoryStatistics;
  /** Writes what is in memory as a segment and merges what is due; resolves when both are done. */
  settle(): Promise<void>;
}

const HEAD_ROWS = 524_288;
const CACHE_BYTES = 48 << 20;
const FAN_IN = 8;
/** A segment of more rows is not merged any further. */
const MOST_ROWS = 400_000_000;

/** Opens or creates a history folder. Errors: DW_DAMAGED, DW_FORMAT_NEWER (nothing touched), DW_UNAVAILABLE. */
export async function openSegmentHistory(options: SegmentHistoryOptions): Promise<SegmentHistory> {
  const layer = options.layer ?? nodeFileLayer;
  const { directory } = options;
  layer.makeDirectory(directory);
  const folder = readFolder(layer, directory);
  const writer =
    options.layer === undefined ? await startWriterThread(directory, folder.nextLog) : createInlineWriter(layer, directory, folder.nextLog);
  await writer.remove(folder.obsolete);
  const history = new Segments(layer, options, writer, folder.segments);
  for (const arrival of folder.arrivals) history.replay(arrival);
  return history;
}

class Segments implements SegmentHistory {
  readonly #layer: FileLayer;
  readonly #directory: string;
  readonly #headRows: number;
  readonly #fanIn: number;
  readonly #writer: WriterClient;
  readonly #cache: BlockCache;
  readonly #numbers = new Map<BranchId, Map<RecordId, number>>();
  readonly #names = new Map<number, SeriesName>();
  /** Series whose name is on disk. */
  readonly #announced = new Set<number>();
  #segments: SegmentFile[];
  #heads = new Map<number, SeriesHead>();
  #headCount = 0;
  /** Rows a series brought to the last flush, as the size of its next head. */
  readonly #expected = new Map<number, number>();
  /** What is being flushed, and up to which log it came. */
  #frozen: { readonly columns: Map<number, Columns>; readonly rows: number; upTo: number } | undefined;
  #flushing: Promise<void> | undefined;
  #merging: Promise<void> | undefined;
  #merges = 0;
  #refusals = 0;
  #nextNumber = 1;
  #closed = false;

  constructor(layer: FileLayer, options: SegmentHistoryOptions, writer: WriterClient, segments: readonly SegmentFile[]) {
    this.#layer = layer;
    this.#directory = options.directory;
    this.#headRows = options.headRows ?? HEAD_ROWS;
    this.#fanIn = options.fanIn ?? FAN_IN;
    this.#writer = writer;
    this.#cache = new BlockCache(options.cacheBytes ?? CACHE_BYTES);
    this.#segments = [...segments];
    for (const segment of segments) for (const name of segment.names) this.#know(name);
  }

  async append(branch: BranchId, batch: SampleBatch, signalIds: readonly RecordId[]): Promise<void> {
    if (this.#closed) throw new DoppelwerkError("DW_UNAVAILABLE", "the history is closed");
    if (batch.count === 0) return;
    const arrival = this.#arrivalOf(branch, batch, signalIds);
    await this.#makeRoom();
    await this.#writer.append(arrival);
    for (const { number } of arrival.names) this.#announced.add(number);
    this.#take(arrival);
    this.#flushIfDue();
  }

  async raw(key: SeriesKey, from: Instant, to: Instant, limit = Number.POSITIVE_INFINITY): Promise<SampleColumns> {
    const rows = this.#reader(key)?.rows(from, to, limit);
    const texts = new Map<number, string>();
    rows?.texts?.forEach((text, row) => text !== undefined && texts.set(row, text));
    if (rows === undefined) return { times: new Float64Array(0), values: new Float64Array(0), qualities: new Uint8Array(0), texts };
    // copies: what is cached or still growing must not be handed out
    return {
      times: rows.times.slice(0, rows.count),
      values: rows.values.slice(0, rows.count),
      qualities: rows.qualities.slice(0, rows.count),
      texts,
    };
  }

  async at(keys: readonly SeriesKey[], instant: Instant): Promise<(SampleAt | undefined)[]> {
    return keys.map((key) => this.#reader(key)?.lastAt(instant));
  }

  async buckets(key: SeriesKey, from: Instant, to: Instant, count: number): Promise<Buckets> {
    return fillBuckets(this.#reader(key) ?? new SeriesReader(0, [], [], this.#cache), from, to, count);
  }

  async extent(key: SeriesKey): Promise<{ readonly first: Instant; readonly last: Instant; readonly count: number } | undefined> {
    let [first, last, count] = [Number.NaN, Number.NaN, 0];
    for (const stretch of this.#reader(key)?.stretches(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY) ?? []) {
      if (count === 0) first = stretch.first;
      last = stretch.last;
      count += stretch.summary()?.count ?? stretch.rows().count;
    }
    return count === 0 ? undefined : { first, last, count };
  }

  async settle(): Promise<void> {
    await this.#flushing;
    if (this.#frozen !== undefined || this.#headCount > 0) await this.#startFlush();
    await this.#merging;
  }

  /** Rows in memory stay in the log and are read from it at the next opening. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#flushing;
    await this.#merging;
    await this.#writer.close();
    for (const segment of this.#segments) segment.close();
  }

  statistics(): HistoryStatistics {
    return {
      series: this.#names.size,
      segments: this.#segments.length,
      segmentBytes: this.#segments.reduce((sum, segment) => sum + segment.bytes, 0),
      rowsInMemory: this.#headCount + (this.#frozen?.rows ?? 0),
      cacheBytes: this.#cache.bytes,
      merges: this.#merges,
      refusals: this.#refusals,
    };
  }

  replay(arrival: Arrival): void {
    for (const name of arrival.names) this.#know(name);
    this.#take(arrival);
  }

  #know(name: SeriesName): void {
    this.#names.set(name.number, name);
    this.#announced.add(name.number);
    this.#nextNumber = Math.max(this.#nextNumber, name.number + 1);
    let signals = this.#numbers.get(name.branch);
    if (signals === undefined) this.#numbers.set(name.branch, (signals = new Map()));
    signals.set(name.signal, name.number);
  }

  #numberOf(branch: BranchId, signal: RecordId): number {
    let signals = this.#numbers.get(branch);
    if (signals === undefined) this.#numbers.set(branch, (signals = new Map()));
    let number = signals.get(signal);
    if (number === undefined) {
      number = this.#nextNumber++;
      signals.set(signal, number);
      this.#names.set(number, { number, branch, signal });
    }
    return number;
  }

  #arrivalOf(branch: BranchId, batch: SampleBatch, signalIds: readonly RecordId[]): Arrival {
    const { count } = batch;
    const series = new Uint32Array(count);
    const numbers: (number | undefined)[] = [];
    for (let row = 0; row < count; row++) {
      const signal = batch.signals[row]!;
      let number = numbers[signal];
      if (number === undefined) {
        const id = signalIds[signal];
        if (id === undefined) throw new Error(`no signal id for index ${signal}`);
        numbers[signal] = number = this.#numberOf(branch, id);
      }
      if (!Number.isSafeInteger(batch.sourceTimes[row]))
        throw new Error(`a time that is no whole number of microseconds: ${batch.sourceTimes[row]}`);
      series[row] = number;
    }
    const names = numbers.flatMap((number) => (number === undefined || this.#announced.has(number) ? [] : [this.#names.get(number)!]));
    return {
      names,
      count,
      series,
      times: exact(batch.sourceTimes, count),
      serverTimes: exact(batch.serverTimes, count),
      values: exact(batch.values, count),
      qualities: exact(batch.qualities, count),
      texts: batch.texts,
    };
  }

  #take(arrival: Arrival): void {
    const { count, series, times, values, qualities, serverTimes, texts } = arrival;
    const hasTexts = texts.size > 0;
    for (let row = 0; row < count; row++) {
      const number = series[row]!;
      let head = this.#heads.get(number);
      if (head === undefined) this.#heads.set(number, (head = new SeriesHead(this.#expected.get(number))));
      head.push(times[row]!, values[row]!, qualities[row]!, serverTimes[row]!, hasTexts ? texts.get(row) : undefined);
    }
    this.#headCount += count;
  }

  #reader(key: SeriesKey): SeriesReader | undefined {
    const number = this.#numbers.get(key.branch)?.get(key.signal);
    if (number === undefined) return undefined;
    const heads: Columns[] = [];
    const frozen = this.#frozen?.columns.get(number);
    if (frozen !== undefined) heads.push(frozen);
    const head = this.#heads.get(number);
    if (head !== undefined) heads.push(head.columns());
    return new SeriesReader(number, this.#segments, heads, this.#cache);
  }

  /** Bounds what is in memory: twice the head while it is being flushed, and a refusal when the disk takes no segment any more. */
  async #makeRoom(): Promise<void> {
    if (this.#headCount < this.#headRows * 2) return;
    await this.#flushing;
    if (this.#headCount >= this.#headRows * 2) await this.#startFlush();
    if (this.#frozen !== undefined && this.#headCount >= this.#headRows * 2)
      throw new DoppelwerkError("DW_UNAVAILABLE", `the history cannot be written: the disk takes no segment: ${this.#directory}`);
  }

  #flushIfDue(): void {
    if (this.#headCount >= this.#headRows && this.#flushing === undefined) void this.#startFlush();
  }

  #startFlush(): Promise<void> {
    this.#flushing ??= this.#flush().finally(() => {
      this.#flushing = undefined;
    });
    return this.#flushing;
  }

  /** Never rejects: a refusal leaves everything in memory and in the log, to be tried again. */
  async #flush(): Promise<void> {
    try {
      if (this.#frozen === undefined) await this.#freeze();
      const frozen = this.#frozen!;
      const series = [...frozen.columns].map(([number, columns]) => ({ name: this.#names.get(number)!, columns: owned(columns) }));
      const name = await this.#writer.flush(frozen.upTo, series);
      this.#segments.push(new SegmentFile(this.#layer, this.#directory, name));
      this.#frozen = undefined;
    } catch {
      this.#refusals++;
      return;
    }
    this.#merging ??= this.#mergeDue().finally(() => {
      this.#merging = undefined;
    });
  }

  async #freeze(): Promise<void> {
    const upTo = await this.#writer.rotate();
    // all that went to the logs before was answered before, and nothing that goes to the new one is here yet
    const columns = new Map([...this.#heads].map(([number, head]) => [number, head.columns()]));
    this.#frozen = { columns, rows: this.#headCount, upTo };
    for (const [number, { count }] of columns) this.#expected.set(number, Math.max(16, Math.ceil(count * 1.1)));
    this.#heads = new Map();
    this.#headCount = 0;
  }

  async #mergeDue(): Promise<void> {
    try {
      for (let due = this.#due(); due.length > 0 && !this.#closed; due = this.#due()) await this.#merge(due);
    } catch {
      this.#refusals++;
    }
  }

  async #merge(old: readonly SegmentFile[]): Promise<void> {
    const names = old.map((segment) => segment.name);
    const merged = new SegmentFile(this.#layer, this.#directory, await this.#writer.merge(names));
    const at = this.#segments.indexOf(old[0]!);
    this.#segments.splice(at, old.length, merged);
    for (const segment of old) {
      this.#cache.forget(segment);
      segment.close();
    }
    this.#merges++;
    await this.#writer.remove(names);
  }

  /** The first neighbours of one size that are as many as the fan-in. */
  #due(): readonly SegmentFile[] {
    let start = 0;
    for (let at = 1; at <= this.#segments.length; at++) {
      if (at < this.#segments.length && this.#tier(this.#segments[at]!) === this.#tier(this.#segments[start]!)) {
        if (at - start + 1 >= this.#fanIn && this.#tier(this.#segments[start]!) < Number.POSITIVE_INFINITY)
          return this.#segments.slice(start, at + 1);
      } else start = at;
    }
    return [];
  }

  #tier(segment: SegmentFile): number {
    const { rows } = segment;
    if (rows > MOST_ROWS) return Number.POSITIVE_INFINITY;
    return Math.max(0, Math.round(Math.log(rows / this.#headRows) / Math.log(this.#fanIn)));
  }
}

function exact<T extends Float64Array | Uint8Array>(column: T, count: number): T {
  return column.byteLength === column.buffer.byteLength && column.length === count ? column : (column.slice(0, count) as T);
}

/** A clone of a part clones the whole buffer behind it: give the writer just the rows. */
function owned(columns: Columns): Columns {
  const { count } = columns;
  return {
    count,
    times: exact(columns.times, count),
    values: exact(columns.values, count),
    qualities: exact(columns.qualities, count),
    serverTimes: exact(columns.serverTimes, count),
    texts: columns.texts,
  };
}
