import { packMemory, unpackMemory } from "../kernel/memory.ts";
import type { Search } from "./search.ts";
import type { WordStream } from "./word-stream.ts";

/** What a local search must offer to be the engine of path relinking. Solutions are whole numbers, as many for every solution of a problem. */
export interface LocalSearch {
  readonly memory: {
    /** Best objective since `start`, and its solution. */
    readonly best: number;
    readonly bestSolution: Int32Array;
    readonly iteration: number;
    /** 1 when the present solution is proven optimal; its objective is `best`. */
    readonly stuck: number;
  };
  readonly words: WordStream;
  start(solution: Int32Array): void;
  /** At most so many moves, or until none has improved for `patience`, or the best is at `goal`; returns the moves done. */
  run(moves: number, patience: number, goal: number): number;
  random(): Int32Array;
  /** A solution on the path between two: weight 0 is the first, 1 the second. */
  between(one: Int32Array, other: Int32Array, weight: number): Int32Array;
  same(one: Int32Array, other: Int32Array): boolean;
}

export interface RelinkingOptions {
  /** Solutions kept to begin with, and at most: a few give good answers soon, more are taken in when those bring nothing new any more. */
  readonly founders: number;
  readonly population: number;
  /** Moves without improvement after which a local search ends. */
  readonly patience: number;
  /** Moves spent on each candidate on a path. */
  readonly quickMoves: number;
  readonly candidates: number;
}

const NONE = 0x7fffffff;
const FILL = 0;
const PROBE = 1;
const REFINE = 2;
/** Fresh solutions taken in at a time. */
const GROWTH = 3;

class RelinkingMemory {
  phase = FILL;
  members = 0;
  /** Members wanted at present. */
  wanted = 0;
  /** Solutions of the members one after another, and their objectives. */
  solutions: Int32Array<ArrayBuffer>;
  objectives: Int32Array<ArrayBuffer>;
  best = NONE;
  bestSolution: Int32Array<ArrayBuffer>;
  lowerBound = 0;
  iterations = 0;
  /** The pair being relinked, and the best of its candidates. */
  from = 0;
  to = 0;
  candidate = 0;
  candidateObjective = 0;
  candidateSolution: Int32Array<ArrayBuffer>;
  /** Offspring one after another that brought nothing new. */
  failures = 0;
  running = 0;

  constructor(size: number, population: number) {
    this.solutions = new Int32Array(size * population);
    this.objectives = new Int32Array(population);
    this.bestSolution = new Int32Array(size);
    this.candidateSolution = new Int32Array(size);
  }
}

/**
 * Path relinking over a local search (after Peng, Lü and Cheng 2015). A population of locally optimised solutions; two are joined by a path,
 * solutions in its middle are probed, the best is refined and replaces the worst. When nothing new comes any more, the population takes fresh solutions
 * in, and once it is full it is filled again around the best. One iteration is one move of the local search.
 */
export class RelinkingSearch<Solution> implements Search<Solution> {
  readonly #local: LocalSearch;
  readonly #memory: RelinkingMemory;
  readonly #options: RelinkingOptions;
  readonly #decode: (solution: Int32Array) => Solution;

  constructor(local: LocalSearch, lowerBound: number, options: RelinkingOptions, decode: (solution: Int32Array) => Solution) {
    this.#local = local;
    this.#options = options;
    this.#decode = decode;
    this.#memory = new RelinkingMemory(local.memory.bestSolution.length, options.population);
    this.#memory.lowerBound = lowerBound;
    this.#memory.wanted = options.founders;
  }

  get iterations(): number {
    return this.#memory.iterations;
  }

  get objective(): number {
    return this.#memory.best === NONE ? Infinity : this.#memory.best;
  }

  get lowerBound(): number {
    return this.#memory.lowerBound;
  }

  get finished(): boolean {
    return this.#memory.best <= this.#memory.lowerBound;
  }

  /** Takes over a bound that somebody else has proven. */
  raiseLowerBound(bound: number): void {
    this.#memory.lowerBound = Math.max(this.#memory.lowerBound, bound);
  }

  /** Takes over a solution that somebody else has found, if it is better. */
  accept(solution: Int32Array, objective: number): void {
    if (objective >= this.#memory.best) return;
    this.#memory.best = objective;
    this.#memory.bestSolution.set(solution);
  }

  advance(iterations: number): void {
    const memory = this.#memory;
    const local = this.#local;
    const { patience, quickMoves } = this.#options;
    const last = memory.iterations + iterations;
    while (memory.iterations < last && !this.finished) {
      if (memory.running === 0) this.#begin();
      const quick = memory.phase === PROBE;
      const moves = Math.min(last - memory.iterations, quick ? quickMoves - local.memory.iteration : Infinity);
      const done = local.run(moves, patience, memory.lowerBound);
      memory.iterations += done;
      if (local.memory.best < memory.best) {
        memory.best = local.memory.best;
        memory.bestSolution.set(local.memory.bestSolution);
      }
      if (local.memory.stuck === 1) memory.lowerBound = Math.max(memory.lowerBound, local.memory.best);
      // what follows an ended search begins with the next iteration, so that the state at an iteration does not depend on how it was reached
      if (!this.finished && memory.iterations < last && (done < moves || (quick && local.memory.iteration >= quickMoves))) this.#end();
    }
  }

  solution(): Solution {
    return this.#decode(this.#memory.bestSolution);
  }

  save(): Uint8Array<ArrayBuffer> {
    return packMemory(this.memories());
  }

  restore(bytes: Uint8Array): void {
    unpackMemory(bytes, this.memories());
  }

  /** Everything that is its state (see kernel/memory.ts). */
  memories(): readonly object[] {
    return [this.#memory, this.#local.memory, this.#local.words];
  }

  #begin(): void {
    const memory = this.#memory;
    memory.running = 1;
    if (memory.phase === FILL) this.#local.start(this.#local.random());
    else if (memory.phase === REFINE) this.#local.start(memory.candidateSolution);
    else {
      const weight = 0.3 + (0.4 * (memory.candidate + this.#local.words.uniform())) / this.#options.candidates;
      this.#local.start(this.#local.between(this.#member(memory.from), this.#member(memory.to), weight));
    }
  }

  /** A local search has ended: what follows. */
  #end(): void {
    const memory = this.#memory;
    const { best, bestSolution } = this.#local.memory;
    const { founders, population, candidates } = this.#options;
    memory.running = 0;
    if (memory.phase === FILL) {
      this.#member(memory.members).set(bestSolution);
      memory.objectives[memory.members++] = best;
      if (memory.members >= memory.wanted) this.#choosePair();
    } else if (memory.phase === PROBE) {
      if (memory.candidate === 0 || best < memory.candidateObjective) {
        memory.candidateObjective = best;
        memory.candidateSolution.set(bestSolution);
      }
      if (++memory.candidate === candidates) memory.phase = REFINE;
    } else {
      this.#admit(best, bestSolution);
      if (memory.failures <= 2 * memory.members) return this.#choosePair();
      memory.failures = 0;
      memory.phase = FILL;
      if (memory.members < population) memory.wanted = Math.min(population, memory.members + GROWTH);
      else {
        this.#member(0).set(memory.bestSolution);
        memory.objectives[0] = memory.best;
        memory.members = 1;
        memory.wanted = founders;
      }
    }
  }

  #choosePair(): void {
    const memory = this.#memory;
    const { members } = memory;
    memory.phase = PROBE;
    memory.candidate = 0;
    memory.from = this.#local.words.below(members);
    memory.to = (memory.from + 1 + this.#local.words.below(members - 1)) % members;
  }

  /** Takes a new solution in instead of the worst, unless it is worse than all or one of them already. */
  #admit(objective: number, solution: Int32Array): void {
    const memory = this.#memory;
    const { objectives, members } = memory;
    let worst = 0;
    for (let i = 1; i < members; i++) if (objectives[i]! >= objectives[worst]!) worst = i;
    memory.failures++;
    if (objective > objectives[worst]!) return;
    for (let i = 0; i < members; i++) if (objectives[i] === objective && this.#local.same(this.#member(i), solution)) return;
    this.#member(worst).set(solution);
    objectives[worst] = objective;
    memory.failures = 0;
  }

  #member(index: number): Int32Array {
    const size = this.#memory.bestSolution.length;
    return this.#memory.solutions.subarray(index * size, (index + 1) * size);
  }
}
