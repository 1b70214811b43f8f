import { packMemory, unpackMemory } from "../../kernel/memory.ts";
import type { Search } from "../search.ts";
import { WordStream } from "../word-stream.ts";

export interface BufferProblem {
  /** Buffers to size, and places to divide over them; every place is used. */
  readonly buffers: number;
  readonly total: number;
  /** Largest size of each buffer; none = the total. */
  readonly largest?: readonly number[];
  /** Throughput of the line with these sizes in one replication. The same arguments always give the same value (common random numbers). */
  readonly throughput: (sizes: Int32Array, replication: number) => number;
  /** Sizes from which moving starts; none = as even as can be. */
  readonly present?: readonly number[];
  /** Replications of each allocation; 1 where `throughput` is exact. */
  readonly replications: number;
}

const MAX_KEPT = 200_000;

class BufferMemory {
  sizes: Int32Array<ArrayBuffer>;
  value = -Infinity;
  best: Int32Array<ArrayBuffer>;
  bestValue = -Infinity;
  iterations = 0;
  /** Move tried next from `sizes`: from · buffers + to, in units of `step`. */
  move = 0;
  step = 1;
  /** Best move of the present round. */
  roundMove = -1;
  roundValue = -Infinity;
  /** Allocations judged when everything is enumerated. */
  enumerated = 0;

  constructor(buffers: number) {
    this.sizes = new Int32Array(buffers);
    this.best = new Int32Array(buffers);
  }
}

/**
 * Division of buffer places over a line for most throughput. Few allocations are enumerated, which is exact for the throughput given; otherwise
 * places are moved from one buffer to another, the best move of each round taken, with halved steps, anew from random divisions when nothing
 * gains. One iteration is one allocation judged. The objective is minus the throughput; there is no bound.
 */
export class BufferSearch implements Search<Int32Array> {
  readonly lowerBound = -Infinity;
  readonly #problem: BufferProblem;
  readonly #memory: BufferMemory;
  readonly #words: WordStream;
  readonly #largest: readonly number[];
  readonly #enumeration: number;
  /** A cache only: what was judged before is not judged again. */
  readonly #known = new Map<string, number>();

  /** `enumerate`: allocations up to which all are looked at. */
  constructor(problem: BufferProblem, options: { readonly seed: number; readonly stream?: number; readonly enumerate?: number }) {
    this.#problem = problem;
    this.#largest = Array.from({ length: problem.buffers }, (_, i) => Math.min(problem.total, problem.largest?.[i] ?? problem.total));
    if (this.#largest.reduce((sum, size) => sum + size, 0) < problem.total) throw new RangeError("the places do not fit into the buffers");
    this.#words = new WordStream(options.seed, options.stream);
    this.#memory = new BufferMemory(problem.buffers);
    const count = combinations(problem.total + problem.buffers - 1, problem.buffers - 1);
    this.#enumeration = count <= (options.enumerate ?? 2_000) ? count : 0;
    if (this.#enumeration > 0) this.#memory.sizes[problem.buffers - 1] = problem.total;
    else this.#begin();
  }

  get iterations(): number {
    return this.#memory.iterations;
  }

  get objective(): number {
    return -this.#memory.bestValue;
  }

  get finished(): boolean {
    return this.#enumeration > 0 && this.#memory.enumerated >= this.#enumeration;
  }

  advance(iterations: number): void {
    const memory = this.#memory;
    for (let i = 0; i < iterations && !this.finished; i++) {
      memory.iterations++;
      if (this.#enumeration > 0) this.#nextOfAll();
      else this.#nextMove();
    }
  }

  solution(): Int32Array {
    return this.#memory.best.slice();
  }

  save(): Uint8Array<ArrayBuffer> {
    return packMemory([this.#memory, this.#words]);
  }

  restore(bytes: Uint8Array): void {
    unpackMemory(bytes, [this.#memory, this.#words]);
  }

  #nextOfAll(): void {
    const memory = this.#memory;
    const { sizes } = memory;
    if (sizes.every((size, i) => size <= this.#largest[i]!)) this.#judge(sizes);
    memory.enumerated++;
    // the next division in lexical order
    let last = sizes.length - 1;
    if (sizes[last]! > 0 && last > 0) {
      sizes[last - 1]!++;
      sizes[last]!--;
      return;
    }
    while (last > 0 && sizes[last] === 0) last--;
    if (last === 0) return;
    const rest = sizes[last]! - 1;
    sizes[last] = 0;
    sizes[last - 1]!++;
    sizes[sizes.length - 1] = rest;
  }

  #nextMove(): void {
    const memory = this.#memory;
    const { buffers, total } = this.#problem;
    if (memory.value === -Infinity) {
      memory.value = this.#judge(memory.sizes);
      memory.step = Math.max(1, Math.floor(total / (2 * buffers)));
      return;
    }
    while (memory.move < buffers * buffers) {
      const from = Math.floor(memory.move / buffers);
      const to = memory.move++ % buffers;
      if (from === to || memory.sizes[from]! < memory.step || memory.sizes[to]! + memory.step > this.#largest[to]!) continue;
      const value = this.#judge(this.#moved(from, to));
      if (value > memory.roundValue) {
        memory.roundValue = value;
        memory.roundMove = memory.move - 1;
      }
      return;
    }
    if (memory.roundValue > memory.value) {
      memory.sizes.set(this.#moved(Math.floor(memory.roundMove / buffers), memory.roundMove % buffers));
      memory.value = memory.roundValue;
    } else if (memory.step > 1) memory.step = Math.floor(memory.step / 2);
    else {
      this.#random();
      memory.value = -Infinity;
    }
    memory.move = 0;
    memory.roundValue = -Infinity;
  }

  #moved(from: number, to: number): Int32Array {
    const sizes = this.#memory.sizes.slice();
    sizes[from]! -= this.#memory.step;
    sizes[to]! += this.#memory.step;
    return sizes;
  }

  /** Mean throughput over the replications; the best so far is kept. */
  #judge(sizes: Int32Array): number {
    const memory = this.#memory;
    const key = sizes.join(" ");
    let value = this.#known.get(key);
    if (value === undefined) {
      value = 0;
      for (let replication = 0; replication < this.#problem.replications; replication++)
        value += this.#problem.throughput(sizes, replication);
      value /= this.#problem.replications;
      if (this.#known.size >= MAX_KEPT) this.#known.clear();
      this.#known.set(key, value);
    }
    if (value > memory.bestValue) {
      memory.bestValue = value;
      memory.best.set(sizes);
    }
    return value;
  }

  /** The sizes from which moving starts. */
  #begin(): void {
    const { sizes } = this.#memory;
    if (this.#problem.present) return sizes.set(this.#problem.present);
    for (let left = this.#problem.total, i = 0; left > 0; i = (i + 1) % sizes.length) {
      if (sizes[i]! >= this.#largest[i]!) continue;
      sizes[i]!++;
      left--;
    }
  }

  #random(): void {
    const { sizes } = this.#memory;
    sizes.fill(0);
    for (let left = this.#problem.total; left > 0;) {
      const i = this.#words.below(sizes.length);
      if (sizes[i]! >= this.#largest[i]!) continue;
      sizes[i]!++;
      left--;
    }
  }
}

/** n over k, as far as it matters here: Infinity beyond 10⁹. */
function combinations(n: number, k: number): number {
  let count = 1;
  for (let i = 1; i <= k; i++) {
    count = (count * (n - k + i)) / i;
    if (count > 1e9) return Infinity;
  }
  return Math.round(count);
}
