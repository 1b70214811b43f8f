import { codeOfOrigin, type Origin, type Quality, type SampleBatch } from "@doppelwerk/world";

/** Columns that grow; `take` hands them on as one batch and starts anew. Holds at most what its owner lets it collect. */
export class SampleBuffer {
  readonly #origin: Origin;
  #capacity: number;
  #count = 0;
  #signals: Uint32Array;
  #values: Float64Array;
  #qualities: Uint8Array;
  #sourceTimes: Float64Array;
  #serverTimes: Float64Array;
  /** Codes of rows that say their origin themselves; made with the first of them. */
  #origins: Uint8Array | undefined;
  #texts = new Map<number, string>();

  constructor(origin: Origin, capacity = 256) {
    this.#origin = origin;
    this.#capacity = capacity;
    this.#signals = new Uint32Array(capacity);
    this.#values = new Float64Array(capacity);
    this.#qualities = new Uint8Array(capacity);
    this.#sourceTimes = new Float64Array(capacity);
    this.#serverTimes = new Float64Array(capacity);
  }

  get count(): number {
    return this.#count;
  }

  /** `origin`: of a row whose origin is not that of the buffer. */
  push(
    signal: number,
    value: number,
    text: string | undefined,
    quality: Quality,
    sourceTime: number,
    serverTime: number,
    origin?: Origin,
  ): void {
    if (this.#count === this.#capacity) this.#grow();
    const row = this.#count++;
    if (origin !== undefined) this.#origins ??= new Uint8Array(this.#capacity).fill(codeOfOrigin(this.#origin));
    if (this.#origins !== undefined) this.#origins[row] = codeOfOrigin(origin ?? this.#origin);
    this.#signals[row] = signal;
    this.#values[row] = value;
    this.#qualities[row] = quality;
    this.#sourceTimes[row] = sourceTime;
    this.#serverTimes[row] = serverTime;
    if (text !== undefined) this.#texts.set(row, text);
  }

  /** The rows collected so far as a batch of exact size, in the order they were pushed. */
  take(): SampleBatch {
    const count = this.#count;
    const batch: SampleBatch = {
      origin: this.#origin,
      ...(this.#origins && { origins: this.#origins.slice(0, count) }),
      count,
      signals: this.#signals.slice(0, count),
      values: this.#values.slice(0, count),
      texts: this.#texts,
      qualities: this.#qualities.slice(0, count),
      sourceTimes: this.#sourceTimes.slice(0, count),
      serverTimes: this.#serverTimes.slice(0, count),
    };
    this.#count = 0;
    this.#texts = new Map();
    this.#origins = undefined;
    return batch;
  }

  #grow(): void {
    this.#capacity *= 2;
    this.#signals = grown(new Uint32Array(this.#capacity), this.#signals);
    this.#values = grown(new Float64Array(this.#capacity), this.#values);
    this.#qualities = grown(new Uint8Array(this.#capacity), this.#qualities);
    this.#sourceTimes = grown(new Float64Array(this.#capacity), this.#sourceTimes);
    this.#serverTimes = grown(new Float64Array(this.#capacity), this.#serverTimes);
    if (this.#origins !== undefined) this.#origins = grown(new Uint8Array(this.#capacity), this.#origins);
  }
}

function grown<T extends Uint32Array | Float64Array | Uint8Array>(target: T, source: T): T {
  target.set(source);
  return target;
}
