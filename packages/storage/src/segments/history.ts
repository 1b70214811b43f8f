import { message } from "@doppelwerk/messages";
import {
  checkPercentiles,
  DoppelwerkError,
  originCodeOfGrade,
  packGrades,
  qualityOfGrade,
  type BranchId,
  type Buckets,
  type Extent,
  type HistoryDamage,
  type Instant,
  type RecordId,
  type SampleAt,
  type SampleBatch,
  type SampleColumns,
  type SeriesKey,
  type StateDurations,
  type ThinnableHistory,
} from "@doppelwerk/world";
import { nodeFileLayer } from "../files/node-file-layer.ts";
import type { FileLayer } from "../files/file-layer.ts";
import type { Arrival } from "./arrival.ts";
import { BLOCK_ROWS } from "./block.ts";
import { BlockCache } from "./block-cache.ts";
import { dueForMerge, isDueForRewrite } from "./due-merges.ts";
import type { Drop, Drops } from "./drops.ts";
import { fillBuckets, fillDurations } from "./fill-buckets.ts";
import { covers, readFolder, type HistoryFolder } from "./read-folder.ts";
import { DamagedBlock, SegmentFile, spanOf } from "./segment-file.ts";
import { MemoryRows, RowMemory, type Place } from "./memory-rows.ts";
import { CHUNK_ROWS } from "./shared-chunk.ts";
import { SeriesNumbers } from "./series-numbers.ts";
import { SeriesReader, type HeadRows } from "./series-reader.ts";
import { createInlineWriter, startWriterThread, type WriterClient } from "./writer-client.ts";
import { cutTail } from "./write-ahead-log.ts";

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
  /** A damaged file was found, set aside, and what is whole of it is served; called for what earlier openings set aside too. */
  readonly onDamage?: (damage: HistoryDamage) => void;
  /** Its writer shares a thread with those of other worlds. */
  readonly sharesThread?: boolean;
  /** A segment is written and changes no more, until another one is written in place of it. */
  readonly onSealed?: (sealed: SealedSegment) => void;
}

export interface SealedSegment {
  /** Name of the file in the folder. */
  readonly file: string;
  /** Files that it stands for from now on. */
  readonly replaces: readonly string[];
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
  /** Damaged files set aside. */
  readonly damaged: number;
}

export interface SegmentHistory extends ThinnableHistory {
  statistics(): HistoryStatistics;
  /** Until someone takes the files out of the folder. */
  damages(): readonly HistoryDamage[];
  /** Writes what is in memory as a segment and merges what is due; resolves when both are done. */
  settle(): Promise<void>;
}

const HEAD_ROWS = 524_288;
const HEAD_ROWS_MAX = 4_194_304;
const ROWS_A_SERIES = 40;
const CACHE_BYTES = 48 << 20;
const DECODED_ROW_BYTES = 17;
const FAN_IN = 8;

/**
 * Opens or creates a history folder. What is damaged is set aside and reported, the rest is served.
 * Errors: DW_FORMAT_NEWER (nothing touched), DW_UNAVAILABLE.
 */
export async function openSegmentHistory(options: SegmentHistoryOptions): Promise<SegmentHistory> {
  const layer = options.layer ?? nodeFileLayer;
  const { directory } = options;
  layer.makeDirectory(directory);
  const folder = readFolder(layer, directory);
  const newest = folder.logs.at(-1);
  if (newest?.tail !== undefined) cutTail(layer, directory, newest.name, newest.tail);
  const writer =
    options.layer === undefined
      ? await startWriterThread(directory, folder.nextLog, options.sharesThread)
      : createInlineWriter(layer, directory, folder.nextLog);
  await writer.remove(folder.obsolete);
  const history = new Segments(layer, options, writer, folder.segments);
  await history.begin(folder);
  return history;
}

class Segments implements SegmentHistory {
  readonly #layer: FileLayer;
  readonly #directory: string;
  readonly #headRows: number;
  readonly #isHeadGiven: boolean;
  readonly #fanIn: number;
  readonly #writer: WriterClient;
  readonly #cacheMost: number;
  readonly #cache: BlockCache;
  readonly #series = new SeriesNumbers();
  #segments: SegmentFile[];
  readonly #memory = new RowMemory((chunk) => this.#writer.forget(chunk));
  #head = new MemoryRows(this.#memory);
  /** What is being flushed, and up to which log it came. */
  #frozen: { readonly rows: MemoryRows; readonly upTo: number } | undefined;
  #flushing: Promise<void> | undefined;
  /** Merges and salvages, one after another. */
  #upkeep: Promise<void> = Promise.resolve();
  #mergeWaits = false;
  readonly #damages: HistoryDamage[] = [];
  readonly #onDamage: (damage: HistoryDamage) => void;
  readonly #onSealed: (sealed: SealedSegment) => void;
  #merges = 0;
  #refusals = 0;
  #drops: Drops = new Map();
  #closed = false;

  constructor(layer: FileLayer, options: SegmentHistoryOptions, writer: WriterClient, segments: readonly SegmentFile[]) {
    this.#layer = layer;
    this.#directory = options.directory;
    this.#headRows = options.headRows ?? HEAD_ROWS;
    this.#isHeadGiven = options.headRows !== undefined;
    this.#fanIn = options.fanIn ?? FAN_IN;
    this.#writer = writer;
    this.#cacheMost = options.cacheBytes ?? CACHE_BYTES;
    this.#cache = new BlockCache(this.#cacheMost);
    this.#onDamage = options.onDamage ?? (() => {});
    this.#onSealed = options.onSealed ?? (() => {});
    this.#segments = [...segments];
    for (const segment of segments) for (const name of segment.names) this.#series.know(name);
  }

  /** Sets aside what is damaged and takes up what the logs hold. */
  async begin({ broken, logs, damages, drops }: HistoryFolder): Promise<void> {
    this.#drops = drops;
    for (const damage of damages) this.#report(damage);
    // What was saved of a damaged log lies in a later one than those that need its names.
    for (const { arrivals } of logs) for (const { names } of arrivals) for (const name of names) this.#series.know(name);
    await this.#writer.know(this.#series.all());
    for (const { name, why } of broken) await this.#salvage(name, { file: name, why, missing: [], unknown: true });
    for (const log of logs) {
      const taken = log.arrivals.map((arrival) => this.#replay(arrival));
      await this.#writer.know(taken.flatMap(({ names }) => names));
      const nameless = taken.reduce((sum, arrival, at) => sum + log.arrivals[at]!.count - arrival.count, 0);
      if (log.damage === undefined && nameless === 0) continue;
      const why = [log.damage, nameless > 0 ? `${nameless} samples of a series whose name is lost` : undefined];
      const damage = { file: log.name, why: why.filter((text) => text !== undefined).join("; "), missing: [], unknown: true };
      try {
        // first to a log that is whole, then the damaged one out of the way: a crash between leaves them twice, which is once
        for (const arrival of taken) if (arrival.count > 0) await this.#writer.append([arrival]);
        this.#report(await this.#writer.setAside(damage));
      } catch {
        this.#refusals++;
        this.#report(damage);
      }
    }
  }

  async append(branch: BranchId, batch: SampleBatch, signalIds: readonly RecordId[]): Promise<void> {
    if (this.#closed) throw new DoppelwerkError("DW_UNAVAILABLE", message("storage.historyClosed"));
    if (batch.count === 0) return;
    await this.#makeRoom();
    const series = this.#series.ofRows(branch, batch, signalIds);
    const names = this.#series.unannounced();
    const places = this.#placesOf(batch, series, names);
    try {
      await this.#writer.append(places.map(({ arrival }) => arrival));
      this.#series.announced(names);
      for (const place of places) this.#head.add(place);
    } finally {
      for (const { chunk } of places) this.#memory.release(chunk);
    }
    this.#flushIfDue();
  }

  async raw(key: SeriesKey, from: Instant, to: Instant, limit = Number.POSITIVE_INFINITY): Promise<SampleColumns> {
    const rows = this.#serving(() => this.#reader(key)?.rows(from, to, limit));
    const texts = new Map<number, string>();
    rows?.texts?.forEach((text, row) => text !== undefined && texts.set(row, text));
    const none = new Uint8Array(0);
    if (rows === undefined) return { times: new Float64Array(0), values: new Float64Array(0), qualities: none, origins: none, texts };
    const grades = rows.qualities.subarray(0, rows.count);
    // copies: what is cached or still growing must not be handed out
    return {
      times: rows.times.slice(0, rows.count),
      values: rows.values.slice(0, rows.count),
      qualities: grades.map(qualityOfGrade),
      origins: grades.map(originCodeOfGrade),
      texts,
    };
  }

  async at(keys: readonly SeriesKey[], instant: Instant): Promise<(SampleAt | undefined)[]> {
    const once = keys.length * BLOCK_ROWS * DECODED_ROW_BYTES > this.#cacheMost;
    return keys.map((key) => this.#serving(() => this.#reader(key)?.lastAt(instant, once)));
  }

  async buckets(key: SeriesKey, from: Instant, to: Instant, count: number, percentiles: readonly number[] = []): Promise<Buckets> {
    checkPercentiles(percentiles);
    return this.#serving(() => fillBuckets(this.#reader(key) ?? this.#nothing(), from, to, count, percentiles));
  }

  async durations(key: SeriesKey, from: Instant, to: Instant, count: number): Promise<StateDurations> {
    return this.#serving(() => fillDurations(this.#reader(key) ?? this.#nothing(), from, to, count));
  }

  async extent(key: SeriesKey): Promise<Extent | undefined> {
    return this.#serving(() => {
      let [first, last, count] = [Number.NaN, Number.NaN, 0];
      for (const stretch of this.#reader(key)?.stretches(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY) ?? []) {
        if (count === 0) first = stretch.first;
        last = stretch.last;
        count += stretch.summary()?.count ?? stretch.rows().count;
      }
      return count === 0 ? undefined : { first, last, count };
    });
  }

  /** Everything in memory goes into a segment; the mark is the end of its span. */
  async mark(): Promise<number> {
    await this.#flushing;
    if (this.#frozen !== undefined || this.#head.count > 0) await this.#startFlush();
    if (this.#frozen !== undefined)
      throw new DoppelwerkError("DW_UNAVAILABLE", message("storage.historyCannotThinned", { directory: this.#directory }));
    return this.#segments.reduce((most, { span }) => Math.max(most, span.to), 0);
  }

  async drop(drops: readonly { readonly key: SeriesKey; readonly before: Instant }[], mark: number): Promise<void> {
    const added = new Map<number, Drop>();
    for (const { key, before } of drops) {
      const number = this.#series.find(key);
      if (number !== undefined) added.set(number, { before, upTo: mark });
    }
    if (added.size === 0) return;
    await this.#writer.drop(added);
    this.#drops = new Map([...this.#drops, ...added]);
    this.#later(() => this.#rewriteDue());
  }

  async settle(): Promise<void> {
    await this.#flushing;
    if (this.#frozen !== undefined || this.#head.count > 0) await this.#startFlush();
    for (let upkeep: Promise<void> | undefined; upkeep !== this.#upkeep;) await (upkeep = this.#upkeep);
  }

  /** Rows in memory stay in the log and are read from it at the next opening. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#flushing;
    await this.#upkeep;
    await this.#writer.close();
    for (const segment of this.#segments) segment.close();
  }

  statistics(): HistoryStatistics {
    return {
      series: this.#series.count,
      segments: this.#segments.length,
      segmentBytes: this.#segments.reduce((sum, segment) => sum + segment.bytes, 0),
      rowsInMemory: this.#head.count + (this.#frozen?.rows.count ?? 0),
      cacheBytes: this.#cache.bytes,
      merges: this.#merges,
      refusals: this.#refusals,
      damaged: this.#damages.length,
    };
  }

  damages(): readonly HistoryDamage[] {
    return this.#damages;
  }

  /** Answers from what is whole: a block that turns out damaged is left out from then on, and its segment set aside. */
  #serving<T>(ask: () => T): T {
    for (;;) {
      try {
        return ask();
      } catch (error) {
        const segment = error instanceof DamagedBlock ? this.#segments.find(({ name }) => name === error.file) : undefined;
        if (!(error instanceof DamagedBlock) || segment === undefined || segment.index.isLost(error.entry)) throw error;
        const { branch, signal } = this.#series.nameOf(segment.index.series(error.entry));
        const { first, last, count } = segment.index.summary(error.entry);
        segment.index.lose(error.entry);
        const missing = [{ branch, signal, from: first, to: last, count }];
        this.#later(() => this.#mend(segment, { file: segment.name, why: error.message, missing, unknown: false }));
      }
    }
  }

  #later(work: () => Promise<void>): void {
    this.#upkeep = this.#upkeep.then(work);
  }

  /** The segment may have been fixed or merged since the damage was found. */
  async #mend(segment: SegmentFile, found: HistoryDamage): Promise<void> {
    if (this.#segments.includes(segment) && !this.#closed) await this.#salvage(segment.name, found);
  }

  /** Never rejects: where the disk refuses, the damage is reported as it was found and the next opening tries again. */
  async #salvage(name: string, found: HistoryDamage): Promise<void> {
    const span = spanOf(name)!;
    const within = this.#segments.filter((segment) => covers(span, segment.span));
    const contained = within.filter((segment) => segment.name !== name).map((segment) => segment.name);
    try {
      const damage = await this.#writer.salvage(name, contained);
      const whole = new SegmentFile(this.#layer, this.#directory, name);
      const kept = this.#segments.filter((segment) => !within.includes(segment));
      this.#segments = [...kept, whole].toSorted((a, b) => a.span.from - b.span.from);
      for (const segment of within) {
        this.#cache.forget(segment);
        segment.close();
      }
      for (const series of whole.names) this.#series.know(series);
      this.#onSealed({ file: name, replaces: [name, ...contained] });
      await this.#writer.remove(contained);
      this.#report(damage);
    } catch {
      this.#refusals++;
      this.#report(found);
    }
  }

  #report(damage: HistoryDamage): void {
    const known = this.#damages.findIndex(({ file }) => file === damage.file);
    if (known >= 0) this.#damages[known] = damage;
    else this.#damages.push(damage);
    this.#onDamage(damage);
  }

  /** Takes the rows of series that have a name and returns them. */
  #replay(arrival: Arrival): Arrival {
    for (const name of arrival.names) this.#series.know(name);
    const named = this.#series.named(arrival);
    this.#take(named);
    return named;
  }

  /** Copies the rows to where both threads see them. */
  #placesOf(batch: SampleBatch, series: Uint32Array, names: Arrival["names"]): Place[] {
    const { sourceTimes: times, serverTimes, values, texts } = batch;
    const grades = (into: Uint8Array, from: number, to: number) => packGrades(batch, into, from, to);
    const places: Place[] = [];
    for (let from = 0; from < batch.count; from += CHUNK_ROWS) {
      const to = Math.min(batch.count, from + CHUNK_ROWS);
      const place = this.#memory.take({ times, serverTimes, values, texts, grades }, from, to, from === 0 ? names : []);
      place.arrival.series.set(series.subarray(from, to));
      places.push(place);
    }
    return places;
  }

  #take(arrival: Arrival): void {
    for (let from = 0; from < arrival.count; from += CHUNK_ROWS) {
      const to = Math.min(arrival.count, from + CHUNK_ROWS);
      const grades = (into: Uint8Array) => into.set(arrival.qualities.subarray(from, to));
      const place = this.#memory.take({ ...arrival, grades }, from, to, []);
      place.arrival.series.set(arrival.series.subarray(from, to));
      this.#head.add(place);
      this.#memory.release(place.chunk);
    }
  }

  #nothing(): SeriesReader {
    return new SeriesReader(0, [], [], this.#cache);
  }

  #reader(key: SeriesKey): SeriesReader | undefined {
    const number = this.#series.find(key);
    if (number === undefined) return undefined;
    const heads = (this.#frozen === undefined ? [this.#head] : [this.#frozen.rows, this.#head]).map((rows): HeadRows => ({
      columns: () => rows.columns(number),
      rowAt: (instant) => rows.rowAt(number, instant),
    }));
    return new SeriesReader(number, this.#segments, heads, this.#cache, this.#drops);
  }

  /** Bounds what is in memory: twice the head while it is being flushed, and a refusal when the disk takes no segment any more. */
  async #makeRoom(): Promise<void> {
    if (this.#head.count < this.#flushRows() * 2) return;
    await this.#flushing;
    if (this.#head.count >= this.#flushRows() * 2) await this.#startFlush();
    if (this.#frozen !== undefined && this.#head.count >= this.#flushRows() * 2)
      throw new DoppelwerkError("DW_UNAVAILABLE", message("storage.historyCannotWritten", { directory: this.#directory }));
  }

  /** Where there are very many series, more rows are kept, so that each brings a few dozen to a segment. */
  #flushRows(): number {
    return this.#isHeadGiven ? this.#headRows : Math.max(this.#headRows, Math.min(HEAD_ROWS_MAX, this.#series.count * ROWS_A_SERIES));
  }

  #flushIfDue(): void {
    if (this.#head.count >= this.#flushRows() && this.#flushing === undefined) void this.#startFlush();
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
      const { rows, upTo } = this.#frozen!;
      const name = await this.#writer.flush(upTo, rows.arrivals());
      this.#segments.push(new SegmentFile(this.#layer, this.#directory, name));
      this.#frozen = undefined;
      rows.release();
      this.#onSealed({ file: name, replaces: [] });
    } catch {
      this.#refusals++;
      return;
    }
    if (this.#mergeWaits) return;
    this.#mergeWaits = true;
    this.#later(async () => {
      this.#mergeWaits = false;
      await this.#mergeDue();
    });
  }

  async #freeze(): Promise<void> {
    const upTo = await this.#writer.rotate();
    // all that went to the logs before was answered before, and nothing that goes to the new one is here yet
    this.#frozen = { rows: this.#head, upTo };
    this.#head = new MemoryRows(this.#memory);
  }

  async #mergeDue(): Promise<void> {
    try {
      for (let due = this.#due(); due.length > 0 && !this.#closed; due = this.#due()) await this.#merge(due);
    } catch (error) {
      this.#refusals++;
      const file = error instanceof DoppelwerkError ? (error.details as { readonly file?: string } | undefined)?.file : undefined;
      const segment = this.#segments.find(({ name }) => name === file);
      if (segment === undefined) return;
      this.#later(() => this.#mend(segment, { file: segment.name, why: (error as Error).message, missing: [], unknown: true }));
      this.#later(() => this.#mergeDue());
    }
  }

  #due(): readonly SegmentFile[] {
    return dueForMerge(this.#segments, { headRows: this.#headRows, fanIn: this.#fanIn });
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
    this.#onSealed({ file: merged.name, replaces: names });
    // written again, it bears the name of what it replaces
    await this.#writer.remove(names.filter((name) => name !== merged.name));
  }

  /** Writes segments again of which a good part is no more. Never rejects: what the disk refuses is done at the next merge or drop. */
  async #rewriteDue(): Promise<void> {
    try {
      for (const segment of this.#segments) if (!this.#closed && isDueForRewrite(segment, this.#drops)) await this.#merge([segment]);
    } catch {
      this.#refusals++;
    }
  }
}
