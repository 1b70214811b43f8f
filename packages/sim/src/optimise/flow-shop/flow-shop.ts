import { packMemory, unpackMemory } from "../../kernel/memory.ts";
import { exp } from "../../random/portable-math.ts";
import type { Search } from "../search.ts";
import { WordStream } from "../word-stream.ts";

/**
 * Permutation flow shop: all jobs pass all machines in the same order, and keep it; the makespan is minimised. With set-ups, machine k is made
 * ready for job b after job a before b arrives (`setUp[(k · (jobs + 1) + a) · jobs + b]`; a = jobs stands for the fresh machine).
 * One machine with set-ups is the sequencing of products by change-over.
 */
export interface FlowShop {
  readonly jobs: number;
  readonly machines: number;
  /** At job · machines + machine. */
  readonly time: Float64Array;
  readonly setUp?: Float64Array;
}

/** When the last job leaves the last machine, for jobs in this order. */
export function flowShopMakespan(problem: FlowShop, sequence: ArrayLike<number>): number {
  const { jobs, machines, time } = problem;
  const free = new Float64Array(machines);
  let previous = jobs;
  for (let i = 0; i < sequence.length; i++) {
    const job = sequence[i]!;
    let ready = 0;
    for (let k = 0; k < machines; k++) {
      ready = Math.max(ready, free[k]! + setUpOf(problem, k, previous, job)) + time[job * machines + k]!;
      free[k] = ready;
    }
    previous = job;
  }
  return machines === 0 ? 0 : free[machines - 1]!;
}

/** No makespan is below: for each machine its work, its least set-ups, and the least that comes before its first and after its last job. */
export function flowShopBound(problem: FlowShop): number {
  const { jobs, machines, time } = problem;
  const head = new Float64Array(jobs);
  const tail = Float64Array.from({ length: jobs }, (_, job) => workOf(problem, job));
  let bound = 0;
  for (let k = 0; k < machines; k++) {
    let work = 0;
    let before = Infinity;
    let after = Infinity;
    for (let job = 0; job < jobs; job++) {
      const own = time[job * machines + k]!;
      tail[job]! -= own;
      before = Math.min(before, head[job]!);
      after = Math.min(after, tail[job]!);
      head[job]! += own;
      work += own + leastSetUp(problem, k, job);
    }
    // a set-up of the first job can pass while its head does, so both are counted only where there is no head
    const firstSetUps = k === 0 || problem.setUp === undefined ? 0 : leastFirst(problem, k);
    bound = Math.max(bound, work - firstSetUps + before + after);
  }
  return jobs === 0 ? 0 : bound;
}

/** The largest of the least set-ups: what the bound must leave out because the first set-up of a machine may hide behind the head. */
function leastFirst(problem: FlowShop, machine: number): number {
  let largest = 0;
  for (let job = 0; job < problem.jobs; job++) largest = Math.max(largest, leastSetUp(problem, machine, job));
  return largest;
}

function leastSetUp(problem: FlowShop, machine: number, job: number): number {
  if (problem.setUp === undefined) return 0;
  let least = Infinity;
  for (let from = 0; from <= problem.jobs; from++) if (from !== job) least = Math.min(least, setUpOf(problem, machine, from, job));
  return least;
}

function workOf({ machines, time }: FlowShop, job: number): number {
  let sum = 0;
  for (let k = 0; k < machines; k++) sum += time[job * machines + k]!;
  return sum;
}

function setUpOf(problem: FlowShop, machine: number, from: number, to: number): number {
  return problem.setUp?.[(machine * (problem.jobs + 1) + from) * problem.jobs + to] ?? 0;
}

class FlowShopMemory {
  sequence: Int32Array<ArrayBuffer>;
  best: Int32Array<ArrayBuffer>;
  makespan = 0;
  bestMakespan = Infinity;
  iterations = 0;

  constructor(jobs: number) {
    this.sequence = new Int32Array(jobs);
    this.best = new Int32Array(jobs);
  }
}

const REMOVED = 4;
const TEMPERATURE = 0.4;
/** Steps of a round (jobs moved × jobs × machines), and of the first sequence: beyond, fewer jobs are moved, so that a round stays short however many there are. */
const MAX_WORK = 10_000_000;
const MAX_FIRST = 100_000_000;

/**
 * Iterated greedy (Ruiz and Stützle 2007, 2008 with set-ups) from the sequence of Nawaz, Enscore and Ham: a few jobs are taken out at random and
 * put back at their best places, all others then moved to theirs; worse sequences are kept with a small probability. All places of a
 * job are judged in one pass over heads and tails (Taillard 1990). One iteration is one round of this.
 */
export class FlowShopSearch implements Search<Int32Array> {
  readonly lowerBound: number;
  readonly #problem: FlowShop;
  readonly #memory: FlowShopMemory;
  readonly #words: WordStream;
  readonly #temperature: number;
  readonly #head: Float64Array;
  readonly #tail: Float64Array;

  constructor(problem: FlowShop, options: { readonly seed: number; readonly stream?: number }) {
    const { jobs, machines, time } = problem;
    this.#problem = problem;
    this.#words = new WordStream(options.seed, options.stream);
    this.#memory = new FlowShopMemory(jobs);
    this.lowerBound = flowShopBound(problem);
    this.#head = new Float64Array((jobs + 1) * machines);
    this.#tail = new Float64Array((jobs + 1) * machines);
    const total = time.reduce((sum, value) => sum + value, 0);
    this.#temperature = jobs === 0 ? 1 : (TEMPERATURE * total) / (jobs * machines * 10);
    this.#greedy();
  }

  get iterations(): number {
    return this.#memory.iterations;
  }

  get objective(): number {
    return this.#memory.bestMakespan;
  }

  get finished(): boolean {
    return this.#memory.bestMakespan <= this.lowerBound || this.#problem.jobs < 2;
  }

  advance(iterations: number): void {
    const memory = this.#memory;
    for (let i = 0; i < iterations && !this.finished; i++) {
      memory.iterations++;
      this.#round();
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

  /** Jobs of most work first, each at its best place; where that would take too long, those whose times rise along the machines first (Palmer 1965). */
  #greedy(): void {
    const problem = this.#problem;
    const { jobs, machines, time } = problem;
    if (jobs * jobs * machines > MAX_FIRST) {
      const slope = Float64Array.from({ length: jobs }, (_, job) => {
        let sum = 0;
        for (let k = 0; k < machines; k++) sum += (2 * k + 1 - machines) * time[job * machines + k]!;
        return sum;
      });
      return this.#keep(Array.from(slope.keys()).sort((x, y) => slope[y]! - slope[x]! || x - y));
    }
    const work = Float64Array.from({ length: jobs }, (_, job) => workOf(problem, job));
    const sequence: number[] = [];
    for (const job of Array.from(work.keys()).sort((x, y) => work[y]! - work[x]! || x - y)) this.#insertBest(sequence, job);
    this.#keep(sequence);
  }

  #round(): void {
    const memory = this.#memory;
    const sequence = Array.from(memory.sequence);
    const removed: number[] = [];
    for (let i = Math.min(REMOVED, sequence.length - 1); i > 0; i--)
      removed.push(...sequence.splice(this.#words.below(sequence.length), 1));
    for (const job of removed) this.#insertBest(sequence, job);
    this.#settle(sequence);
    const makespan = flowShopMakespan(this.#problem, sequence);
    if (makespan <= memory.makespan || this.#words.uniform() < exp((memory.makespan - makespan) / this.#temperature)) this.#keep(sequence);
  }

  /** Moves every job to its best place, in random order, until none gains or the round has worked enough. */
  #settle(sequence: number[]): void {
    const { jobs: all, machines } = this.#problem;
    let left = Math.max(10, Math.floor(MAX_WORK / Math.max(1, all * machines)));
    let makespan = flowShopMakespan(this.#problem, sequence);
    for (let improved = true; improved;) {
      improved = false;
      const jobs = Int32Array.from(sequence);
      this.#words.shuffle(jobs);
      for (const job of jobs) {
        if (left-- === 0) return;
        const at = sequence.indexOf(job);
        sequence.splice(at, 1);
        const { place, value } = this.#bestPlace(sequence, job);
        if (value < makespan) {
          sequence.splice(place, 0, job);
          makespan = value;
          improved = true;
        } else sequence.splice(at, 0, job);
      }
    }
  }

  #insertBest(sequence: number[], job: number): void {
    sequence.splice(this.#bestPlace(sequence, job).place, 0, job);
  }

  /** Where a job fits best, and the makespan then; ties at random. */
  #bestPlace(sequence: readonly number[], job: number): { readonly place: number; readonly value: number } {
    const problem = this.#problem;
    const { jobs, machines, time } = problem;
    const head = this.#head;
    const tail = this.#tail;
    const length = sequence.length;
    // set-ups of a pair of jobs, machine by machine; nothing where there are none
    const setUp = problem.setUp;
    const stride = (jobs + 1) * jobs;
    // head: completions after i jobs, from row 1; tail: from the start of the i-th job to the end, row `length` is 0
    head.fill(0, 0, machines);
    for (let i = 0; i < length; i++) {
      const current = sequence[i]!;
      const change = (i === 0 ? jobs : sequence[i - 1]!) * jobs + current;
      let ready = 0;
      for (let k = 0; k < machines; k++) {
        const free = head[i * machines + k]! + (setUp === undefined ? 0 : setUp[k * stride + change]!);
        ready = (ready > free ? ready : free) + time[current * machines + k]!;
        head[(i + 1) * machines + k] = ready;
      }
    }
    for (let i = length - 1; i >= 0; i--) {
      const current = sequence[i]!;
      const isLast = i === length - 1;
      const change = isLast ? 0 : current * jobs + sequence[i + 1]!;
      let rest = 0;
      for (let k = machines - 1; k >= 0; k--) {
        const after = isLast ? 0 : (setUp === undefined ? 0 : setUp[k * stride + change]!) + tail[(i + 1) * machines + k]!;
        rest = (rest > after ? rest : after) + time[current * machines + k]!;
        tail[i * machines + k] = rest;
      }
    }
    let place = 0;
    let value = Infinity;
    let ties = 0;
    for (let i = 0; i <= length; i++) {
      const isLast = i === length;
      const before = (i === 0 ? jobs : sequence[i - 1]!) * jobs + job;
      const after = isLast ? 0 : job * jobs + sequence[i]!;
      let ready = 0;
      let makespan = 0;
      for (let k = 0; k < machines; k++) {
        const free = head[i * machines + k]! + (setUp === undefined ? 0 : setUp[k * stride + before]!);
        ready = (ready > free ? ready : free) + time[job * machines + k]!;
        const rest = isLast ? 0 : (setUp === undefined ? 0 : setUp[k * stride + after]!) + tail[i * machines + k]!;
        if (ready + rest > makespan) makespan = ready + rest;
      }
      if (makespan > value) continue;
      ties = makespan < value ? 1 : ties + 1;
      if (ties === 1 || this.#words.below(ties) === 0) place = i;
      value = makespan;
    }
    return { place, value };
  }

  #keep(sequence: readonly number[]): void {
    const memory = this.#memory;
    memory.sequence.set(sequence);
    memory.makespan = flowShopMakespan(this.#problem, sequence);
    if (memory.makespan >= memory.bestMakespan) return;
    memory.bestMakespan = memory.makespan;
    memory.best.set(sequence);
  }
}
