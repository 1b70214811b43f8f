import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { quality, SECOND, type Instant, type SampleAt, type SampleBatch } from "@doppelwerk/world";

/** An interruption that is shorter is not distinguished from the interval at which the mark is written. */
const MIN_OUTAGE: Instant = 4 * SECOND;

/** Registers that are read more rarely stay as they were. */
const MAX_POLL: Instant = 60 * SECOND;

/** Until when this server listened, as it is known after `kill -9` too. */
export interface AliveMark {
  /** Of the run before; undefined where there was none, or none that kept a mark. */
  readonly until: Instant | undefined;
  beat(now: Instant): void;
}

/** The mark as a small file, replaced whole. Throws while it cannot be written. */
export function openAliveMark(path: string): AliveMark {
  const until = existsSync(path) ? Number(readFileSync(path, "utf8")) : Number.NaN;
  return {
    until: Number.isSafeInteger(until) ? until : undefined,
    beat(now) {
      writeFileSync(`${path}.new`, String(now));
      renameSync(`${path}.new`, path);
    },
  };
}

/**
 * The time in which this server did not run, as one connection shows it. A signal whose plant says that its value stands since before held it all the while,
 * and one whose archive tells what happened is known by that; any other is unknown from the last moment at which this server listened.
 */
export class Outage {
  readonly #stored: readonly (SampleAt | undefined)[];
  readonly #from: Instant;
  readonly #opened: Instant;
  /** The earliest source time that was received of each signal; NaN = none yet. */
  readonly #first: Float64Array;
  /** Samples of the outage itself, by signal: the standing value is one, an archive has more. */
  readonly #within: Uint8Array;

  /** `stored`: the last sample of each signal; `aliveUntil`: of the run before. */
  constructor(stored: readonly (SampleAt | undefined)[], aliveUntil: Instant, opened: Instant) {
    this.#stored = stored;
    this.#from = stored.reduce((latest, sample) => Math.max(latest, sample?.time ?? 0), aliveUntil);
    this.#opened = opened;
    this.#first = new Float64Array(stored.length).fill(Number.NaN);
    this.#within = new Uint8Array(stored.length);
  }

  /** Indexes as of `stored`. */
  receive({ count, signals, sourceTimes }: SampleBatch): void {
    for (let row = 0; row < count; row++) {
      const index = signals[row]!;
      const time = sourceTimes[row]!;
      if (!(this.#first[index]! <= time)) this.#first[index] = time;
      if (time > this.#from && time < this.#opened && this.#within[index]! < 2) this.#within[index]!++;
    }
  }

  /** Whether each signal was read since, or there was time enough for it. */
  wasPolled(now: Instant): boolean {
    return (
      now > this.#opened + MAX_POLL || this.#stored.every((sample, index) => sample === undefined || !Number.isNaN(this.#first[index]!))
    );
  }

  /** Once the archive was read: a bad sample for each signal that is unknown from then on; undefined where there is none. */
  unknown(): SampleBatch | undefined {
    const found = [...this.#first.keys()].filter((index) => this.#isUnknown(index));
    const count = found.length;
    if (count === 0) return undefined;
    return {
      origin: "measured",
      count,
      signals: Uint32Array.from(found),
      values: new Float64Array(count).fill(Number.NaN),
      texts: new Map(),
      qualities: new Uint8Array(count).fill(quality.bad),
      sourceTimes: new Float64Array(count).fill(this.#from + 1),
      serverTimes: new Float64Array(count).fill(this.#opened),
    };
  }

  #isUnknown(index: number): boolean {
    const stored = this.#stored[index];
    if (stored === undefined || stored.quality === quality.bad) return false;
    return this.#first[index]! > this.#from + MIN_OUTAGE && this.#within[index]! < 2;
  }
}
