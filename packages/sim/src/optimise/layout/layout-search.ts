import { packMemory, SnapshotError, unpackMemory } from "../../kernel/memory.ts";
import { exp } from "../../random/portable-math.ts";
import type { Search } from "../search.ts";
import { WordStream } from "../word-stream.ts";
import { layoutBound, outside, overlap, rectangleAt, type LayoutPlace, type LayoutProblem } from "./layout-problem.ts";

class LayoutMemory {
  x: Float64Array<ArrayBuffer>;
  y: Float64Array<ArrayBuffer>;
  turned: Uint8Array<ArrayBuffer>;
  bestX: Float64Array<ArrayBuffer>;
  bestY: Float64Array<ArrayBuffer>;
  bestTurned: Uint8Array<ArrayBuffer>;
  cost = 0;
  faults = 0;
  bestCost = Infinity;
  bestFaults = Infinity;
  temperature = 0;
  weight = 0;
  iterations = 0;

  constructor(count: number) {
    this.x = new Float64Array(count);
    this.y = new Float64Array(count);
    this.turned = new Uint8Array(count);
    this.bestX = new Float64Array(count);
    this.bestY = new Float64Array(count);
    this.bestTurned = new Uint8Array(count);
  }
}

const GRID = 0.1;
const REHEAT_EVERY = 30_000;
const SAME = 1e-9;

/**
 * Simulated annealing from the present layout: a machine goes some way, to where its flows pull it, turns by a quarter, changes places with another, or goes
 * home. Too little room is paid for while searching, ever dearer; the best is the cheapest of the layouts that break no more rules than any other seen, so a
 * hall that is too tight today never gets tighter. One iteration is one move. No layout that was proposed is worse than the present one.
 */
export class LayoutSearch implements Search<LayoutPlace[]> {
  readonly lowerBound: number;
  readonly #problem: LayoutProblem;
  readonly #memory: LayoutMemory;
  readonly #words: WordStream;
  readonly #free: readonly number[];
  readonly #flowsOf: readonly (readonly { readonly other: number; readonly amount: number }[])[];
  readonly #scale: number;

  constructor(problem: LayoutProblem, options: { readonly seed: number; readonly stream?: number }) {
    const { machines } = problem;
    this.#problem = problem;
    this.#words = new WordStream(options.seed, options.stream);
    this.#memory = new LayoutMemory(machines.length);
    this.lowerBound = layoutBound(problem);
    this.#free = machines.flatMap(({ fixed }, i) => (fixed ? [] : [i]));
    this.#flowsOf = machines.map((_, i) =>
      problem.flows.flatMap(({ from, to, amount }) =>
        from === to || amount === 0 ? [] : from === i ? [{ other: to, amount }] : to === i ? [{ other: from, amount }] : [],
      ),
    );
    const memory = this.#memory;
    for (const [i, { x, y }] of machines.entries()) {
      memory.x[i] = x;
      memory.y[i] = y;
    }
    memory.cost = this.#costOfAll();
    memory.faults = this.#faultsOfAll();
    this.#scale = Math.max(1, memory.cost / Math.max(1, machines.length));
    memory.temperature = this.#scale / 4;
    memory.weight = this.#scale;
    this.#keepBest();
  }

  get iterations(): number {
    return this.#memory.iterations;
  }

  get objective(): number {
    return this.#memory.bestCost;
  }

  get finished(): boolean {
    return this.#free.length === 0 || (this.#memory.bestFaults <= SAME && this.#memory.bestCost <= this.lowerBound + SAME);
  }

  advance(iterations: number): void {
    for (let i = 0; i < iterations && !this.finished; i++) this.#step();
  }

  solution(): LayoutPlace[] {
    const { bestX, bestY, bestTurned } = this.#memory;
    return this.#problem.machines.map((_, i) => ({ x: bestX[i]!, y: bestY[i]!, turned: bestTurned[i] === 1 }));
  }

  save(): Uint8Array<ArrayBuffer> {
    return packMemory([this.#memory, this.#words]);
  }

  restore(bytes: Uint8Array): void {
    unpackMemory(bytes, [this.#memory, this.#words]);
    if (this.#memory.x.length !== this.#problem.machines.length) throw new SnapshotError();
  }

  #step(): void {
    const memory = this.#memory;
    if (++memory.iterations % REHEAT_EVERY === 0) {
      memory.x.set(memory.bestX);
      memory.y.set(memory.bestY);
      memory.turned.set(memory.bestTurned);
      memory.cost = this.#costOfAll();
      memory.faults = this.#faultsOfAll();
      memory.temperature = this.#scale / 8;
    }
    memory.temperature *= 0.9997;
    const one = this.#free[this.#words.below(this.#free.length)]!;
    const dice = this.#words.uniform();
    const other = dice < 0.25 && this.#free.length > 1 ? this.#free[this.#words.below(this.#free.length)]! : one;
    const kept = [one, other].map((i) => [memory.x[i]!, memory.y[i]!, memory.turned[i]!] as const);
    const before = this.#costOf(one, other);
    const faultsBefore = this.#faultsOf(one, other);
    if (other !== one) this.#exchange(one, other);
    else this.#move(one, dice);
    const cost = memory.cost + this.#costOf(one, other) - before;
    const faults = Math.max(0, memory.faults + this.#faultsOf(one, other) - faultsBefore);
    const change = cost - memory.cost + memory.weight * (faults - memory.faults);
    if (change <= 0 || this.#words.uniform() < exp(-change / memory.temperature)) {
      memory.cost = cost;
      memory.faults = faults;
      if (faults < memory.bestFaults - SAME || (faults <= memory.bestFaults + SAME && cost < memory.bestCost - SAME)) {
        // sums drift: what is kept is counted again
        memory.cost = this.#costOfAll();
        memory.faults = this.#faultsOfAll();
        if (memory.faults < memory.bestFaults - SAME || (memory.faults <= memory.bestFaults + SAME && memory.cost < memory.bestCost - SAME))
          this.#keepBest();
      }
      return;
    }
    for (const [at, i] of [one, other].entries())
      [memory.x[i], memory.y[i], memory.turned[i]] = kept[at] as unknown as [number, number, number];
  }

  #keepBest(): void {
    const memory = this.#memory;
    memory.bestX.set(memory.x);
    memory.bestY.set(memory.y);
    memory.bestTurned.set(memory.turned);
    memory.bestCost = memory.cost;
    memory.bestFaults = memory.faults;
  }

  #move(i: number, dice: number): void {
    const memory = this.#memory;
    const { floor, machines } = this.#problem;
    if (dice < 0.32) memory.turned[i]! ^= 1;
    else if (dice < 0.42) {
      memory.x[i] = machines[i]!.x;
      memory.y[i] = machines[i]!.y;
      memory.turned[i] = 0;
    } else if (dice < 0.6) {
      const [x, y] = this.#pull(i);
      const share = 0.2 + 0.8 * this.#words.uniform();
      this.#put(i, memory.x[i]! + share * (x - memory.x[i]!), memory.y[i]! + share * (y - memory.y[i]!));
    } else if (dice < 0.95) {
      const reach = dice < 0.8 ? 1 : 6;
      const along = this.#words.below(2) === 0;
      const way = (this.#words.uniform() - 0.5) * 2 * reach;
      this.#put(i, memory.x[i]! + (along ? way : 0), memory.y[i]! + (along ? 0 : way));
    } else this.#put(i, floor.x + (this.#words.uniform() - 0.5) * floor.width, floor.y + (this.#words.uniform() - 0.5) * floor.depth);
  }

  #put(i: number, x: number, y: number): void {
    this.#memory.x[i] = Math.round(x / GRID) * GRID;
    this.#memory.y[i] = Math.round(y / GRID) * GRID;
  }

  #exchange(one: number, other: number): void {
    const { x, y } = this.#memory;
    [x[one], x[other]] = [x[other]!, x[one]!];
    [y[one], y[other]] = [y[other]!, y[one]!];
  }

  /** Where its flows would have it, weighed by their amounts. */
  #pull(i: number): readonly [number, number] {
    const { x, y } = this.#memory;
    let [sumX, sumY, sum] = [0, 0, 0];
    for (const { other, amount } of this.#flowsOf[i]!) {
      sumX += amount * x[other]!;
      sumY += amount * y[other]!;
      sum += amount;
    }
    return sum === 0 ? [x[i]!, y[i]!] : [sumX / sum, sumY / sum];
  }

  #costOf(one: number, other: number): number {
    let sum = this.#moveCost(one);
    for (const flow of this.#flowsOf[one]!) sum += flow.amount * this.#way(one, flow.other);
    if (other === one) return sum;
    sum += this.#moveCost(other);
    for (const flow of this.#flowsOf[other]!) if (flow.other !== one) sum += flow.amount * this.#way(other, flow.other);
    return sum;
  }

  #faultsOf(one: number, other: number): number {
    let sum = this.#ownFaults(one);
    if (other !== one) sum += this.#ownFaults(other) + this.#between(one, other);
    for (let i = 0; i < this.#problem.machines.length; i++) {
      if (i === one || i === other) continue;
      sum += this.#between(one, i);
      if (other !== one) sum += this.#between(other, i);
    }
    return sum;
  }

  #costOfAll(): number {
    let sum = 0;
    for (const { from, to, amount } of this.#problem.flows) sum += amount * this.#way(from, to);
    for (let i = 0; i < this.#problem.machines.length; i++) sum += this.#moveCost(i);
    return sum;
  }

  #faultsOfAll(): number {
    const { machines } = this.#problem;
    let sum = 0;
    for (let i = 0; i < machines.length; i++) {
      if (!machines[i]!.fixed) sum += this.#ownFaults(i);
      for (let j = i + 1; j < machines.length; j++) if (!(machines[i]!.fixed && machines[j]!.fixed)) sum += this.#between(i, j);
    }
    return sum;
  }

  #way(one: number, other: number): number {
    const { x, y } = this.#memory;
    return Math.abs(x[one]! - x[other]!) + Math.abs(y[one]! - y[other]!);
  }

  #moveCost(i: number): number {
    const { x, y } = this.#problem.machines[i]!;
    const memory = this.#memory;
    return memory.x[i] === x && memory.y[i] === y && memory.turned[i] === 0 ? 0 : this.#problem.moveCost;
  }

  #ownFaults(i: number): number {
    const rectangle = this.#rectangle(i);
    return this.#problem.aisles.reduce(
      (sum, aisle) => sum + faultOf(overlap(rectangle, aisle, 0)),
      faultOf(outside(rectangle, this.#problem.floor)),
    );
  }

  #between(one: number, other: number): number {
    return faultOf(overlap(this.#rectangle(one), this.#rectangle(other), this.#problem.clearance));
  }

  #rectangle(i: number) {
    const { x, y, turned } = this.#memory;
    return rectangleAt(this.#problem.machines[i]!, { x: x[i]!, y: y[i]!, turned: turned[i] === 1 });
  }
}

/** One deep fault is worse than two shallow ones of the same sum: room is not taken from one pair to give it to another. */
function faultOf(depth: number): number {
  return depth + 10 * depth * depth;
}
