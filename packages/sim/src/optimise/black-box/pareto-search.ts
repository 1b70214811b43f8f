import { packMemory, unpackMemory } from "../../kernel/memory.ts";
import { pow } from "../../random/portable-math.ts";
import { WordStream } from "../word-stream.ts";
import { dominates, rankFronts } from "./fronts.ts";

/** Several values of one point, all to be minimised. */
export interface ParetoProblem {
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly objectives: number;
  readonly values: (point: Float64Array) => ArrayLike<number>;
}

export interface ParetoPoint {
  readonly point: Float64Array;
  readonly values: Float64Array;
}

class ParetoMemory {
  /** Parents first, then children. */
  points: Float64Array<ArrayBuffer>;
  values: Float64Array<ArrayBuffer>;
  rank: Int32Array<ArrayBuffer>;
  crowding: Float64Array<ArrayBuffer>;
  judged = 0;
  started = 0;
  iterations = 0;

  constructor(dimensions: number, objectives: number, population: number) {
    this.points = new Float64Array(2 * population * dimensions);
    this.values = new Float64Array(2 * population * objectives);
    this.rank = new Int32Array(2 * population);
    this.crowding = new Float64Array(2 * population);
  }
}

/**
 * NSGA-II (Deb, Pratap, Agarwal, Meyarivan 2002): the points that nothing beats in every value come first, among equals those in less crowded places;
 * children by simulated binary crossover and polynomial mutation. One iteration is one point judged. Its answer is a front, not a point.
 */
export class ParetoSearch {
  readonly #problem: ParetoProblem;
  readonly #memory: ParetoMemory;
  readonly #words: WordStream;
  readonly #population: number;

  constructor(problem: ParetoProblem, options: { readonly seed: number; readonly stream?: number; readonly population?: number }) {
    this.#problem = problem;
    this.#population = 2 * Math.ceil((options.population ?? 60) / 2);
    this.#words = new WordStream(options.seed, options.stream);
    this.#memory = new ParetoMemory(problem.lower.length, problem.objectives, this.#population);
    for (let i = 0; i < this.#population; i++) {
      const point = this.#point(i);
      for (let d = 0; d < point.length; d++) point[d] = problem.lower[d]! + this.#words.uniform() * (problem.upper[d]! - problem.lower[d]!);
    }
  }

  get iterations(): number {
    return this.#memory.iterations;
  }

  advance(iterations: number): void {
    for (let i = 0; i < iterations; i++) this.tell(this.#problem.values(this.ask()));
  }

  /** The next point to be judged. */
  ask(): Float64Array {
    return this.#point(this.#memory.started === 0 ? this.#memory.judged : this.#population + this.#memory.judged).slice();
  }

  tell(values: ArrayLike<number>): void {
    const memory = this.#memory;
    const { objectives } = this.#problem;
    const at = (memory.started === 0 ? memory.judged : this.#population + memory.judged) * objectives;
    for (let o = 0; o < objectives; o++) memory.values[at + o] = Number.isNaN(values[o]!) ? Infinity : values[o]!;
    memory.iterations++;
    if (++memory.judged < this.#population) return;
    memory.judged = 0;
    this.#select(memory.started === 0 ? this.#population : 2 * this.#population);
    memory.started = 1;
    this.#breed();
  }

  /** Points that no other found point beats in every value, in order of the first. */
  front(): ParetoPoint[] {
    const { values } = this.#memory;
    const { objectives } = this.#problem;
    const count = this.#memory.started === 0 ? this.#memory.judged : this.#population;
    const all = Array.from({ length: count }, (_, i) => i);
    const row = (i: number): Float64Array => values.subarray(i * objectives, (i + 1) * objectives);
    return all
      .filter((i) => !all.some((j) => dominates(row(j), row(i))))
      .map((i) => ({ point: this.#point(i).slice(), values: row(i).slice() }))
      .sort((x, y) => x.values[0]! - y.values[0]!);
  }

  save(): Uint8Array<ArrayBuffer> {
    return packMemory([this.#memory, this.#words]);
  }

  restore(bytes: Uint8Array): void {
    unpackMemory(bytes, [this.#memory, this.#words]);
  }

  #point(index: number): Float64Array {
    const n = this.#problem.lower.length;
    return this.#memory.points.subarray(index * n, (index + 1) * n);
  }

  /** Ranks `count` points, and puts the better half first. */
  #select(count: number): void {
    const { values, rank, crowding, points } = this.#memory;
    const { objectives } = this.#problem;
    const n = this.#problem.lower.length;
    const row = (i: number): Float64Array => values.subarray(i * objectives, (i + 1) * objectives);
    const ranked = rankFronts(Array.from({ length: count }, (_, i) => row(i)));
    rank.set(ranked.rank);
    crowding.set(ranked.crowding);
    const order = Array.from({ length: count }, (_, i) => i).sort((x, y) => rank[x]! - rank[y]! || crowding[y]! - crowding[x]! || x - y);
    const kept = order.slice(0, this.#population);
    const keptPoints = kept.map((i) => this.#point(i).slice());
    const keptValues = kept.map((i) => row(i).slice());
    const keptRank = kept.map((i) => rank[i]!);
    const keptCrowding = kept.map((i) => crowding[i]!);
    for (const [i] of kept.entries()) {
      points.set(keptPoints[i]!, i * n);
      values.set(keptValues[i]!, i * objectives);
      rank[i] = keptRank[i]!;
      crowding[i] = keptCrowding[i]!;
    }
  }

  #breed(): void {
    for (let i = 0; i < this.#population; i += 2) {
      const one = this.#point(this.#population + i);
      const other = this.#point(this.#population + i + 1);
      one.set(this.#point(this.#tournament()));
      other.set(this.#point(this.#tournament()));
      this.#cross(one, other);
      this.#mutate(one);
      this.#mutate(other);
    }
  }

  #tournament(): number {
    const { rank, crowding } = this.#memory;
    const a = this.#words.below(this.#population);
    const b = this.#words.below(this.#population);
    return rank[a]! < rank[b]! || (rank[a] === rank[b] && crowding[a]! > crowding[b]!) ? a : b;
  }

  #cross(one: Float64Array, other: Float64Array): void {
    if (this.#words.uniform() > 0.9) return;
    for (let d = 0; d < one.length; d++) {
      if (this.#words.uniform() > 0.5) continue;
      const u = this.#words.uniform();
      const spread = u <= 0.5 ? pow(2 * u, 1 / 16) : pow(1 / (2 * (1 - u)), 1 / 16);
      const x = one[d]!;
      const y = other[d]!;
      one[d] = this.#bounded(0.5 * ((1 + spread) * x + (1 - spread) * y), d);
      other[d] = this.#bounded(0.5 * ((1 - spread) * x + (1 + spread) * y), d);
    }
  }

  #mutate(point: Float64Array): void {
    const { lower, upper } = this.#problem;
    for (let d = 0; d < point.length; d++) {
      if (this.#words.uniform() * point.length > 1) continue;
      const u = this.#words.uniform();
      const delta = u < 0.5 ? pow(2 * u, 1 / 21) - 1 : 1 - pow(2 * (1 - u), 1 / 21);
      point[d] = this.#bounded(point[d]! + delta * (upper[d]! - lower[d]!), d);
    }
  }

  #bounded(x: number, d: number): number {
    return Math.min(this.#problem.upper[d]!, Math.max(this.#problem.lower[d]!, x));
  }
}
