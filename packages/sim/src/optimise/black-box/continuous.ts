import { exp, log } from "../../random/portable-math.ts";
import { packMemory, unpackMemory } from "../../kernel/memory.ts";
import { normalQuantile } from "../../random/special-function.ts";
import type { Search } from "../search.ts";
import { WordStream } from "../word-stream.ts";

/** Real variables between bounds, and a value to be minimised of which nothing else is known. Bad points may be worth Infinity, never NaN. */
export interface ContinuousProblem {
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly value: (point: Float64Array) => number;
}

export interface BlackBoxOptions {
  readonly seed: number;
  readonly stream?: number;
  /** Points of a generation; a usual number for the dimensions when not given. */
  readonly population?: number;
}

/** What all black-box searches keep: points of the present generation, their values, and the best. */
export class GenerationMemory {
  points: Float64Array<ArrayBuffer>;
  values: Float64Array<ArrayBuffer>;
  best: Float64Array<ArrayBuffer>;
  bestValue = Infinity;
  iterations = 0;
  /** Points of the generation judged so far. */
  judged = 0;
  generation = 0;

  constructor(dimensions: number, population: number) {
    this.points = new Float64Array(dimensions * population);
    this.values = new Float64Array(population).fill(Infinity);
    this.best = new Float64Array(dimensions);
  }
}

/**
 * A search by generations: points are asked for, judged one an iteration, and the next generation made when all are judged. With `ask` and
 * `tell` the judging can happen elsewhere (simulations in workers); `advance` does it here. There is no bound.
 */
export abstract class GenerationSearch implements Search<Float64Array> {
  readonly lowerBound = -Infinity;
  readonly finished = false;
  protected readonly problem: ContinuousProblem;
  protected readonly dimensions: number;
  protected readonly population: number;
  protected readonly memory: GenerationMemory;
  protected readonly words: WordStream;

  constructor(problem: ContinuousProblem, options: BlackBoxOptions, population: number) {
    if (problem.lower.length !== problem.upper.length || problem.lower.some((low, i) => !(low <= problem.upper[i]!)))
      throw new RangeError("every variable needs a lower bound not above its upper bound");
    this.problem = problem;
    this.dimensions = problem.lower.length;
    this.population = options.population ?? population;
    this.words = new WordStream(options.seed, options.stream);
    this.memory = new GenerationMemory(this.dimensions, this.population);
  }

  get iterations(): number {
    return this.memory.iterations;
  }

  get objective(): number {
    return this.memory.bestValue;
  }

  advance(iterations: number): void {
    for (let i = 0; i < iterations; i++) this.tell(this.problem.value(this.ask()));
  }

  /** The next point to be judged. */
  ask(): Float64Array {
    return this.inside(this.row(this.memory.points, this.memory.judged));
  }

  /** The value of the point last asked for. */
  tell(value: number): void {
    const memory = this.memory;
    if (value < memory.bestValue) {
      memory.best.set(this.ask());
      memory.bestValue = value;
    }
    memory.values[memory.judged++] = Number.isNaN(value) ? Infinity : value;
    memory.iterations++;
    if (memory.judged < this.population) return;
    this.nextGeneration();
    memory.judged = 0;
    memory.generation++;
  }

  solution(): Float64Array {
    return this.memory.best.slice();
  }

  save(): Uint8Array<ArrayBuffer> {
    return packMemory([this.memory, this.words, ...this.moreMemory()]);
  }

  restore(bytes: Uint8Array): void {
    unpackMemory(bytes, [this.memory, this.words, ...this.moreMemory()]);
  }

  protected abstract nextGeneration(): void;
  protected abstract moreMemory(): readonly object[];

  protected row(matrix: Float64Array, index: number): Float64Array {
    return matrix.subarray(index * this.dimensions, (index + 1) * this.dimensions);
  }

  /** A point mirrored into the bounds. */
  protected inside(point: Float64Array): Float64Array {
    return point.map((x, i) => mirrored(x, this.problem.lower[i]!, this.problem.upper[i]!));
  }

  protected uniformPoint(target: Float64Array): void {
    const { lower, upper } = this.problem;
    for (let i = 0; i < target.length; i++) target[i] = lower[i]! + this.words.uniform() * (upper[i]! - lower[i]!);
  }

  protected normal(): number {
    return normalQuantile(this.words.uniform());
  }
}

function mirrored(x: number, low: number, high: number): number {
  if (x >= low && x <= high) return x;
  const width = high - low;
  if (width === 0) return low;
  const folded = (((x - low) % (2 * width)) + 2 * width) % (2 * width);
  return low + (folded <= width ? folded : 2 * width - folded);
}

class CovarianceMemory {
  mean: Float64Array<ArrayBuffer>;
  step = 0.3;
  covariance: Float64Array<ArrayBuffer>;
  /** Columns are the axes of the distribution, with their lengths. */
  axes: Float64Array<ArrayBuffer>;
  lengths: Float64Array<ArrayBuffer>;
  path: Float64Array<ArrayBuffer>;
  stepPath: Float64Array<ArrayBuffer>;
  decomposedAt = 0;
  generations = 0;

  constructor(dimensions: number) {
    this.mean = new Float64Array(dimensions);
    this.covariance = identity(dimensions);
    this.axes = identity(dimensions);
    this.lengths = new Float64Array(dimensions).fill(1);
    this.path = new Float64Array(dimensions);
    this.stepPath = new Float64Array(dimensions);
  }
}

/**
 * CMA-ES (Hansen 2016, "The CMA evolution strategy: a tutorial"): points from a normal distribution whose mean, step and covariance follow the better
 * half. Variables are scaled to their bounds. Starts in the middle, and again at random when the steps have become nothing.
 */
export class CovarianceSearch extends GenerationSearch {
  readonly #cma: CovarianceMemory;
  readonly #weights: Float64Array;
  readonly #mass: number;

  constructor(problem: ContinuousProblem, options: BlackBoxOptions) {
    super(problem, options, 4 + Math.floor(3 * log(Math.max(1, problem.lower.length))));
    const half = Math.floor(this.population / 2);
    const raw = Float64Array.from({ length: half }, (_, i) => log((this.population + 1) / 2) - log(i + 1));
    const sum = raw.reduce((total, weight) => total + weight, 0);
    this.#weights = raw.map((weight) => weight / sum);
    this.#mass = 1 / this.#weights.reduce((total, weight) => total + weight * weight, 0);
    this.#cma = new CovarianceMemory(this.dimensions);
    this.#cma.mean.fill(0.5);
    this.#draw();
  }

  protected moreMemory(): readonly object[] {
    return [this.#cma];
  }

  protected nextGeneration(): void {
    const n = this.dimensions;
    const cma = this.#cma;
    const { values, points } = this.memory;
    const mass = this.#mass;
    const order = Array.from(values.keys()).sort((x, y) => values[x]! - values[y]! || x - y);
    cma.generations++;

    const cc = (4 + mass / n) / (n + 4 + (2 * mass) / n);
    const cs = (mass + 2) / (n + mass + 5);
    const c1 = 2 / ((n + 1.3) * (n + 1.3) + mass);
    const cmu = Math.min(1 - c1, (2 * (mass - 2 + 1 / mass)) / ((n + 2) * (n + 2) + mass));
    const damping = 1 + 2 * Math.max(0, Math.sqrt((mass - 1) / (n + 1)) - 1) + cs;
    const expected = Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));

    // steps of the better half, in units of the step length
    const steps = order.slice(0, this.#weights.length).map((index) => {
      const point = this.row(points, index);
      return Float64Array.from({ length: n }, (_, i) => (this.#scaled(point[i]!, i) - cma.mean[i]!) / cma.step);
    });
    const shift = new Float64Array(n);
    for (const [rank, step] of steps.entries()) for (let i = 0; i < n; i++) shift[i]! += this.#weights[rank]! * step[i]!;
    for (let i = 0; i < n; i++) cma.mean[i]! += cma.step * shift[i]!;

    const whitened = this.#whiten(shift);
    let length = 0;
    for (let i = 0; i < n; i++) {
      cma.stepPath[i] = (1 - cs) * cma.stepPath[i]! + Math.sqrt(cs * (2 - cs) * mass) * whitened[i]!;
      length += cma.stepPath[i]! * cma.stepPath[i]!;
    }
    length = Math.sqrt(length);
    let decay = 1;
    for (let i = 0; i < 2 * cma.generations && decay > 1e-12; i++) decay *= 1 - cs;
    const moving = length / Math.sqrt(1 - decay) < (1.4 + 2 / (n + 1)) * expected ? 1 : 0;
    for (let i = 0; i < n; i++) cma.path[i] = (1 - cc) * cma.path[i]! + moving * Math.sqrt(cc * (2 - cc) * mass) * shift[i]!;
    const keep = 1 - c1 - cmu + (1 - moving) * c1 * cc * (2 - cc);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = keep * cma.covariance[i * n + j]! + c1 * cma.path[i]! * cma.path[j]!;
        for (const [rank, step] of steps.entries()) sum += cmu * this.#weights[rank]! * step[i]! * step[j]!;
        cma.covariance[i * n + j] = cma.covariance[j * n + i] = sum;
      }
    }
    // bounded as implementations do: the step may not grow more than e-fold
    cma.step *= exp(Math.min(1, (cs / damping) * (length / expected - 1)));
    const due = 1 / (10 * n * (c1 + cmu));
    if (cma.generations - cma.decomposedAt >= due) {
      cma.decomposedAt = cma.generations;
      eigen(cma.covariance, n, cma.axes, cma.lengths);
      for (let i = 0; i < n; i++) cma.lengths[i] = Math.sqrt(Math.max(1e-30, cma.lengths[i]!));
    }
    const longest = cma.lengths.reduce((most, value) => Math.max(most, value), 0);
    const shortest = cma.lengths.reduce((least, value) => Math.min(least, value), Infinity);
    if (!(cma.step * longest > 1e-13) || longest > 1e8 * shortest || !Number.isFinite(cma.step)) this.#restart();
    this.#draw();
  }

  #restart(): void {
    Object.assign(this.#cma, new CovarianceMemory(this.dimensions));
    for (let i = 0; i < this.dimensions; i++) this.#cma.mean[i] = this.words.uniform();
  }

  #draw(): void {
    const n = this.dimensions;
    const { mean, step, axes, lengths } = this.#cma;
    const { lower, upper } = this.problem;
    const z = new Float64Array(n);
    for (let index = 0; index < this.population; index++) {
      const point = this.row(this.memory.points, index);
      for (let j = 0; j < n; j++) z[j] = lengths[j]! * this.normal();
      for (let i = 0; i < n; i++) {
        let sum = 0;
        for (let j = 0; j < n; j++) sum += axes[i * n + j]! * z[j]!;
        point[i] = lower[i]! + (mean[i]! + step * sum) * (upper[i]! - lower[i]!);
      }
    }
  }

  #scaled(x: number, i: number): number {
    const width = this.problem.upper[i]! - this.problem.lower[i]!;
    return width === 0 ? 0.5 : (x - this.problem.lower[i]!) / width;
  }

  /** C^(−1/2) · v. */
  #whiten(v: Float64Array): Float64Array {
    const n = this.dimensions;
    const { axes, lengths } = this.#cma;
    const inner = new Float64Array(n);
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += axes[i * n + j]! * v[i]!;
      inner[j] = sum / lengths[j]!;
    }
    return Float64Array.from({ length: n }, (_, i) => {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += axes[i * n + j]! * inner[j]!;
      return sum;
    });
  }
}

/** Differential evolution (Storn and Price 1997), current-to-best/1/bin: differences of members as steps, a better trial replaces its parent. */
export class DifferentialSearch extends GenerationSearch {
  readonly #parents: GenerationMemory;

  constructor(problem: ContinuousProblem, options: BlackBoxOptions) {
    super(problem, options, Math.max(12, 8 * problem.lower.length));
    if (this.population < 4) throw new RangeError("differential evolution needs at least four points");
    this.#parents = new GenerationMemory(this.dimensions, this.population);
    for (let i = 0; i < this.population; i++) this.uniformPoint(this.row(this.memory.points, i));
  }

  protected moreMemory(): readonly object[] {
    return [this.#parents];
  }

  protected nextGeneration(): void {
    const parents = this.#parents;
    const { values, points } = this.memory;
    for (let i = 0; i < this.population; i++) {
      if (values[i]! > parents.values[i]!) continue;
      parents.values[i] = values[i]!;
      this.row(parents.points, i).set(this.inside(this.row(points, i)));
    }
    let best = 0;
    for (let i = 1; i < this.population; i++) if (parents.values[i]! < parents.values[best]!) best = i;
    for (let i = 0; i < this.population; i++) {
      const [a, b, c] = this.#three(i);
      // half of the trials lean to the best, so that valleys are followed and the spread still lasts
      const greedy = this.words.uniform() < 0.5;
      const factor = 0.4 + 0.5 * this.words.uniform();
      const kept = this.words.below(this.dimensions);
      const parent = this.row(parents.points, i);
      const trial = this.row(points, i);
      for (let d = 0; d < this.dimensions; d++) {
        const difference = factor * (this.row(parents.points, b)[d]! - this.row(parents.points, c)[d]!);
        const base = greedy ? parent[d]! + factor * (this.row(parents.points, best)[d]! - parent[d]!) : this.row(parents.points, a)[d]!;
        trial[d] = d === kept || this.words.uniform() < 0.9 ? base + difference : parent[d]!;
      }
    }
  }

  #three(other: number): [number, number, number] {
    const chosen: number[] = [];
    while (chosen.length < 3) {
      const index = this.words.below(this.population);
      if (index !== other && !chosen.includes(index)) chosen.push(index);
    }
    return [chosen[0]!, chosen[1]!, chosen[2]!];
  }
}

class SwarmMemory {
  velocity: Float64Array<ArrayBuffer>;
  own: Float64Array<ArrayBuffer>;
  ownValues: Float64Array<ArrayBuffer>;

  constructor(dimensions: number, population: number) {
    this.velocity = new Float64Array(dimensions * population);
    this.own = new Float64Array(dimensions * population);
    this.ownValues = new Float64Array(population).fill(Infinity);
  }
}

/** Particle swarm (Kennedy and Eberhart 1995; constants of Clerc and Kennedy 2002), each drawn to its own best and to the best of its two neighbours in a ring. */
export class SwarmSearch extends GenerationSearch {
  readonly #swarm: SwarmMemory;

  constructor(problem: ContinuousProblem, options: BlackBoxOptions) {
    super(problem, options, 24 + 2 * problem.lower.length);
    this.#swarm = new SwarmMemory(this.dimensions, this.population);
    for (let i = 0; i < this.population; i++) {
      this.uniformPoint(this.row(this.memory.points, i));
      this.uniformPoint(this.row(this.#swarm.velocity, i));
      for (let d = 0; d < this.dimensions; d++) {
        const velocity = this.row(this.#swarm.velocity, i);
        velocity[d] = (velocity[d]! - this.row(this.memory.points, i)[d]!) / 2;
      }
    }
  }

  protected moreMemory(): readonly object[] {
    return [this.#swarm];
  }

  protected nextGeneration(): void {
    const { values, points } = this.memory;
    const { velocity, own, ownValues } = this.#swarm;
    for (let i = 0; i < this.population; i++) {
      this.row(points, i).set(this.inside(this.row(points, i)));
      if (values[i]! >= ownValues[i]!) continue;
      ownValues[i] = values[i]!;
      this.row(own, i).set(this.row(points, i));
    }
    for (let i = 0; i < this.population; i++) {
      let leader = i;
      for (const near of [(i + 1) % this.population, (i + this.population - 1) % this.population])
        if (ownValues[near]! < ownValues[leader]!) leader = near;
      const point = this.row(points, i);
      const speed = this.row(velocity, i);
      for (let d = 0; d < this.dimensions; d++) {
        const pull =
          this.words.uniform() * (this.row(own, i)[d]! - point[d]!) + this.words.uniform() * (this.row(own, leader)[d]! - point[d]!);
        speed[d] = 0.7298 * speed[d]! + 1.49618 * pull;
        point[d]! += speed[d]!;
      }
    }
  }
}

function identity(n: number): Float64Array<ArrayBuffer> {
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) matrix[i * n + i] = 1;
  return matrix;
}

/** Axes (columns) and values of a symmetric matrix by Jacobi's rotations. */
function eigen(matrix: Float64Array, n: number, axes: Float64Array, values: Float64Array): void {
  const a = matrix.slice();
  axes.set(identity(n));
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    let on = 0;
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        if (i === j) on += a[i * n + i]! * a[i * n + i]!;
        else off += a[i * n + j]! * a[i * n + j]!;
      }
    if (off <= 1e-28 * on) break;
    for (let p = 0; p < n - 1; p++) {
      for (let q = p + 1; q < n; q++) {
        const apq = a[p * n + q]!;
        if (apq === 0) continue;
        const theta = (a[q * n + q]! - a[p * n + p]!) / (2 * apq);
        const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        const s = t * c;
        for (let k = 0; k < n; k++) {
          const akp = a[k * n + p]!;
          const akq = a[k * n + q]!;
          a[k * n + p] = c * akp - s * akq;
          a[k * n + q] = s * akp + c * akq;
        }
        for (let k = 0; k < n; k++) {
          const apk = a[p * n + k]!;
          const aqk = a[q * n + k]!;
          a[p * n + k] = c * apk - s * aqk;
          a[q * n + k] = s * apk + c * aqk;
          const vkp = axes[k * n + p]!;
          const vkq = axes[k * n + q]!;
          axes[k * n + p] = c * vkp - s * vkq;
          axes[k * n + q] = s * vkp + c * vkq;
        }
      }
    }
  }
  for (let i = 0; i < n; i++) values[i] = a[i * n + i]!;
}
