import { message } from "@doppelwerk/messages";
import { SECOND, type Instant } from "../instant.ts";
import type { RecordId } from "../record.ts";
import { codeOfOrigin, originOfCode } from "./origin.ts";
import { quality, type Quality, type Sample, type SampleBatch } from "./sample.ts";
import { checkValue, type SampleFault } from "./check-value.ts";
import type { SourceNotice } from "./sample-source.ts";
import type { SignalRecord } from "./signal.ts";

export interface SignalTableOptions {
  /** A source time later than server time by more than this is not believed (P13). Default 2 s. */
  readonly futureToleranceS?: number;
}

/** How often a signal sent something that could not be taken at its word; shown on the connection page. */
export interface SignalFinding {
  readonly signal: RecordId;
  readonly fault: SampleFault;
  readonly count: number;
  readonly first: Instant;
  readonly last: Instant;
}

export interface Ingested {
  /** The batch itself when nothing was wrong, else a corrected copy: this is what historian, alarms, KPIs and rooms get. */
  readonly batch: SampleBatch;
  /** Clock offsets that changed by a second or more, one a connection. */
  readonly notices: readonly SourceNotice[];
}

const noNotices: readonly SourceNotice[] = [];
const CAPACITY = 1024;
/** P14: after so many alive intervals of silence nothing is known. */
const BAD_AFTER = 2;

/**
 * The live values: one row a signal, columns that grow by doubling. `ingest` allocates nothing a sample.
 * Rows are never reused, so an index held by a connector stays right; a removed signal only stops being live.
 */
export class SignalTable {
  /** Last value as a number; NaN = no number (text, missing or bad). */
  values = new Float64Array(CAPACITY);
  qualities = new Uint8Array(CAPACITY);
  sourceTimes = new Float64Array(CAPACITY);
  serverTimes = new Float64Array(CAPACITY);
  /** Codes of `origin.ts`. */
  origins = new Uint8Array(CAPACITY);
  /** Since when the quality is what it is; 0 before the first sample. */
  qualitySince = new Float64Array(CAPACITY);
  readonly texts: (string | undefined)[] = [];
  readonly signals: (SignalRecord | undefined)[] = [];
  readonly #indexes = new Map<RecordId, number>();
  readonly #ids: RecordId[] = [];
  readonly #faults = new Map<string, { signal: RecordId; fault: SampleFault; count: number; first: Instant; last: Instant }>();
  readonly #offsets = new Map<string, number>();
  readonly #tolerance: Instant;

  constructor({ futureToleranceS = 2 }: SignalTableOptions = {}) {
    this.#tolerance = futureToleranceS * SECOND;
    this.qualities.fill(quality.bad);
    this.values.fill(NaN);
  }

  get size(): number {
    return this.#ids.length;
  }

  /** Adds a signal or takes its new description; returns its index. */
  put(signal: SignalRecord): number {
    let index = this.#indexes.get(signal.id);
    if (index === undefined) {
      index = this.#ids.length;
      if (index === this.values.length) this.#grow();
      this.#ids.push(signal.id);
      this.#indexes.set(signal.id, index);
      this.texts.push(undefined);
    }
    this.signals[index] = signal;
    return index;
  }

  remove(id: RecordId): void {
    const index = this.#indexes.get(id);
    if (index !== undefined) this.signals[index] = undefined;
  }

  indexOf(id: RecordId): number | undefined {
    const index = this.#indexes.get(id);
    return index !== undefined && this.signals[index] !== undefined ? index : undefined;
  }

  idOf(index: number): RecordId | undefined {
    return this.#ids[index];
  }

  /** Index → id for `History.append`. */
  get ids(): readonly RecordId[] {
    return this.#ids;
  }

  /** The live value of a signal; undefined before its first sample. */
  live(id: RecordId): Sample | undefined {
    const index = this.indexOf(id);
    if (index === undefined || this.qualitySince[index] === 0) return undefined;
    const sampleQuality = this.qualities[index] as Quality;
    return {
      signal: id,
      value: sampleQuality === quality.bad ? undefined : this.#valueAt(index),
      quality: sampleQuality,
      sourceTime: this.sourceTimes[index]!,
      serverTime: this.serverTimes[index]!,
      origin: originOfCode(this.origins[index]!) ?? "measured",
    };
  }

  /**
   * Takes a batch into the live columns. What cannot be taken at its word (wrong type, not finite, out of range) becomes bad, a time in the
   * future becomes the server's with quality uncertain; both are counted. A late sample is passed on but is not the live value.
   */
  ingest(batch: SampleBatch): Ingested {
    return this.#judge(batch, true);
  }

  /** The same judgement, without taking anything: what is to be stored before it is shown. */
  check(batch: SampleBatch): Ingested {
    return this.#judge(batch, false);
  }

  /** Takes a batch that was checked into the live columns. */
  take(checked: SampleBatch): void {
    for (let row = 0; row < checked.count; row++) {
      const index = checked.signals[row]!;
      if (this.signals[index] !== undefined) this.#take(checked, row, index);
    }
  }

  #judge(batch: SampleBatch, takes: boolean): Ingested {
    let checked = batch;
    let notices = noNotices;
    for (let row = 0; row < batch.count; row++) {
      const index = batch.signals[row]!;
      const signal = this.signals[index];
      if (signal === undefined) continue;
      const fault = checkValue(typeOfValue(signal), batch.values[row]!, batch.texts.get(row), batch.qualities[row]!);
      const offset = batch.sourceTimes[row]! - batch.serverTimes[row]!;
      if (fault !== undefined) {
        if (checked === batch) checked = copyOf(batch);
        this.#count(signal.id, fault, batch.serverTimes[row]!);
        checked.values[row] = NaN;
        (checked.texts as Map<number, string>).delete(row);
        checked.qualities[row] = quality.bad;
      }
      // `!(… <= …)` also catches a time that is not a number.
      if (!(offset <= this.#tolerance)) {
        if (checked === batch) checked = copyOf(batch);
        this.#count(signal.id, "future", batch.serverTimes[row]!);
        checked.sourceTimes[row] = batch.serverTimes[row]!;
        checked.qualities[row] = Math.max(checked.qualities[row]!, quality.uncertain);
        const notice = this.#noteOffset(signal.connection ?? signal.id, offset / SECOND);
        if (notice !== undefined) notices = [...notices, notice];
      }
      if (takes) this.#take(checked, row, index);
    }
    return { batch: checked, notices };
  }

  /**
   * P14: "no change" is not "no data". Signals with an alive interval that were silent too long become uncertain, then bad, as samples of their
   * own so that the gap is seen in history too. Undefined when nothing expired.
   */
  expire(now: Instant): SampleBatch | undefined {
    const rows: { index: number; worse: Quality; time: Instant }[] = [];
    for (let index = 0; index < this.size; index++) {
      const alive = this.signals[index]?.aliveS;
      if (alive === undefined || this.qualitySince[index] === 0 || this.qualities[index] === quality.bad) continue;
      const silentSince = this.serverTimes[index]!;
      const aliveUntil = silentSince + alive * SECOND;
      const knownUntil = silentSince + BAD_AFTER * alive * SECOND;
      if (now > knownUntil) rows.push({ index, worse: quality.bad, time: Math.round(knownUntil) });
      else if (now > aliveUntil && this.qualities[index] === quality.good)
        rows.push({ index, worse: quality.uncertain, time: Math.round(aliveUntil) });
    }
    return rows.length === 0 ? undefined : this.#expired(rows, now);
  }

  findings(): readonly SignalFinding[] {
    return [...this.#faults.values()].map((finding) => ({ ...finding }));
  }

  #take(batch: SampleBatch, row: number, index: number): void {
    const time = batch.sourceTimes[row]!;
    if (time < this.sourceTimes[index]!) return;
    const sampleQuality = batch.qualities[row]!;
    if (sampleQuality !== this.qualities[index] || this.qualitySince[index] === 0) this.qualitySince[index] = time;
    this.values[index] = sampleQuality === quality.bad ? NaN : batch.values[row]!;
    this.texts[index] = sampleQuality === quality.bad ? undefined : batch.texts.get(row);
    this.qualities[index] = sampleQuality;
    this.sourceTimes[index] = time;
    this.origins[index] = batch.origins?.[row] ?? codeOfOrigin(batch.origin);
    this.serverTimes[index] = Math.max(this.serverTimes[index]!, batch.serverTimes[row]!);
  }

  /** Expiry does not count as a sign of life: the server time of the last real sample stays. */
  #expired(rows: readonly { readonly index: number; readonly worse: Quality; readonly time: Instant }[], now: Instant): SampleBatch {
    const texts = new Map<number, string>();
    const values = new Float64Array(rows.length).fill(NaN);
    rows.forEach(({ index, worse, time }, row) => {
      if (worse === quality.bad) {
        this.values[index] = NaN;
        this.texts[index] = undefined;
      } else {
        values[row] = this.values[index]!;
        const text = this.texts[index];
        if (text !== undefined) texts.set(row, text);
      }
      this.qualities[index] = worse;
      this.qualitySince[index] = time;
    });
    return {
      origin: "derived",
      // silence changes how sure a value is, not where it came from
      origins: Uint8Array.from(rows, ({ index }) => this.origins[index]!),
      count: rows.length,
      signals: Uint32Array.from(rows, ({ index }) => index),
      values,
      texts,
      qualities: Uint8Array.from(rows, ({ worse }) => worse),
      sourceTimes: Float64Array.from(rows, ({ time }) => time),
      serverTimes: new Float64Array(rows.length).fill(now),
    };
  }

  #valueAt(index: number): number | string | boolean | undefined {
    const text = this.texts[index];
    if (text !== undefined) return text;
    const value = this.values[index]!;
    if (Number.isNaN(value)) return undefined;
    return this.signals[index]!.valueType === "boolean" ? value !== 0 : value;
  }

  #count(signal: RecordId, fault: SampleFault, time: Instant): void {
    const key = `${fault}\n${signal}`;
    const finding = this.#faults.get(key);
    if (finding === undefined) {
      this.#faults.set(key, { signal, fault, count: 1, first: time, last: time });
      return;
    }
    finding.count++;
    finding.last = time;
  }

  #noteOffset(source: string, offsetS: number): SourceNotice | undefined {
    const known = this.#offsets.get(source);
    if (known !== undefined && Math.abs(known - offsetS) < 1) return undefined;
    if (!Number.isFinite(offsetS))
      return known === undefined && !this.#offsets.has(source)
        ? { kind: "finding", message: message("connectors.sourceTimeInvalid", { text: source }) }
        : undefined;
    this.#offsets.set(source, offsetS);
    return { kind: "clockOffset", source, offsetS };
  }

  #grow(): void {
    const size = this.values.length * 2;
    this.values = grown(this.values, new Float64Array(size).fill(NaN));
    this.qualities = grown(this.qualities, new Uint8Array(size).fill(quality.bad));
    this.sourceTimes = grown(this.sourceTimes, new Float64Array(size));
    this.serverTimes = grown(this.serverTimes, new Float64Array(size));
    this.origins = grown(this.origins, new Uint8Array(size));
    this.qualitySince = grown(this.qualitySince, new Float64Array(size));
  }
}

/** The declared type is that of the device's own number; scaled by 0.01 an integer of ticks is a decimal number of seconds. */
function typeOfValue({ valueType, scale }: SignalRecord): SignalRecord["valueType"] {
  return valueType === "integer" && scale !== undefined && !Number.isInteger(scale) ? "double" : valueType;
}

function copyOf(batch: SampleBatch): SampleBatch {
  return {
    ...batch,
    signals: batch.signals.slice(0, batch.count),
    values: batch.values.slice(0, batch.count),
    texts: new Map(batch.texts),
    qualities: batch.qualities.slice(0, batch.count),
    sourceTimes: batch.sourceTimes.slice(0, batch.count),
    serverTimes: batch.serverTimes.slice(0, batch.count),
  };
}

function grown<T extends Float64Array | Uint8Array>(old: T, next: T): T {
  next.set(old);
  return next;
}
