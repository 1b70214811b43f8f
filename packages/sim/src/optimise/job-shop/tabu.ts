import type { WordStream } from "../word-stream.ts";
import type { LocalSearch } from "../relinking.ts";
import { slotsOf, type JobShop } from "./job-shop.ts";
import { betweenOrders, randomOrder } from "./order.ts";

/** Makespans above are never reached (times add up to 10⁹ at most). */
const NONE = 0x7fffffff;

/** The state of a tabu search: one selection of machine orders, with heads and tails, and what is forbidden. */
class TabuMemory {
  /** Predecessor and successor on the machine; the number of operations stands for none. */
  before: Int32Array<ArrayBuffer>;
  after: Int32Array<ArrayBuffer>;
  /** Earliest completion, and longest way from the start of an operation to the end of all. */
  completion: Int32Array<ArrayBuffer>;
  tail: Int32Array<ArrayBuffer>;
  /** Operations in topological order, and where each stands in it. */
  order: Int32Array<ArrayBuffer>;
  index: Int32Array<ArrayBuffer>;
  bestSolution: Int32Array<ArrayBuffer>;
  /** Iteration until which operation x may not be put before the one of slot s on its machine, at x · slots + s. */
  tabuUntil: Int32Array<ArrayBuffer>;
  makespan = NONE;
  best = NONE;
  iteration = 0;
  improvedAt = 0;
  /** 1 when the present solution is optimal: its critical path lets nothing be moved. */
  stuck = 0;

  constructor(operations: number, slots: number) {
    this.before = new Int32Array(operations + 1);
    this.after = new Int32Array(operations + 1);
    this.completion = new Int32Array(operations + 1);
    this.tail = new Int32Array(operations + 1);
    this.order = new Int32Array(operations);
    this.index = new Int32Array(operations + 1);
    this.bestSolution = new Int32Array(operations);
    this.tabuUntil = new Int32Array(operations * slots);
  }
}

/**
 * Tabu search on the machine orders of a job shop: a random critical path, the N7 neighbourhood on its blocks (Zhang, Li, Guan,
 * Rao 2007: operations to the ends of their block, and the ends into the block), moves judged by the heads and tails of the moved stretch
 * (Balas and Vazacopoulos 1998), an order of two operations forbidden from coming back for a while.
 */
export class JobShopTabu implements LocalSearch {
  readonly memory: TabuMemory;
  readonly words: WordStream;
  readonly #problem: JobShop;
  readonly #jobBefore: Int32Array;
  readonly #jobAfter: Int32Array;
  readonly #duration: Int32Array;
  readonly #lastOfJob: Int32Array;
  readonly #slot: Int32Array;
  readonly #slots: number;
  readonly #tenure: number;
  readonly #tenureSpread: number;
  // scratch, written again in every iteration
  readonly #path: Int32Array;
  readonly #heads: Int32Array;
  readonly #moved: Int32Array;
  readonly #mark: Uint8Array;

  constructor(problem: JobShop, words: WordStream) {
    const operations = problem.machine.length;
    this.#problem = problem;
    this.words = words;
    const { slot, most } = slotsOf(problem);
    this.#slot = slot;
    this.#slots = most;
    this.memory = new TabuMemory(operations, most);
    this.#jobBefore = Int32Array.from({ length: operations + 1 }, (_, op) => op - 1);
    this.#jobAfter = Int32Array.from({ length: operations + 1 }, (_, op) => op + 1);
    const last: number[] = [];
    for (let job = 0; job < problem.jobs; job++) {
      if (problem.first[job] === problem.first[job + 1]) continue;
      this.#jobBefore[problem.first[job]!] = operations;
      this.#jobAfter[problem.first[job + 1]! - 1] = operations;
      last.push(problem.first[job + 1]! - 1);
    }
    this.#jobBefore[operations] = this.#jobAfter[operations] = operations;
    this.#duration = new Int32Array(operations + 1);
    this.#duration.set(problem.duration);
    this.#lastOfJob = Int32Array.from(last);
    this.#tenure = 10 + Math.floor(problem.jobs / problem.machines);
    this.#tenureSpread = Math.max(1, Math.ceil(this.#tenure * (problem.jobs <= 2 * problem.machines ? 0.4 : 0.5)));
    this.#path = new Int32Array(operations + 1);
    this.#heads = new Int32Array(operations + 1);
    this.#moved = new Int32Array(operations + 1);
    this.#mark = new Uint8Array(operations + 1);
  }

  /** Starts from the machine orders of `order`, in which every operation comes after its predecessor in the job. Nothing is forbidden any more. */
  start(order: ArrayLike<number>): void {
    const memory = this.memory;
    const { before, after, index } = memory;
    const none = this.#problem.machine.length;
    const last = new Int32Array(this.#problem.machines).fill(none);
    for (let i = 0; i < none; i++) {
      const op = order[i]!;
      const machine = this.#problem.machine[op]!;
      memory.order[i] = op;
      index[op] = i;
      before[op] = last[machine]!;
      after[op] = none;
      if (last[machine] !== none) after[last[machine]!] = op;
      last[machine] = op;
    }
    before[none] = after[none] = none;
    memory.tabuUntil.fill(0);
    memory.iteration = memory.improvedAt = memory.stuck = 0;
    this.#complete(0);
    this.#finish(none - 1);
    memory.best = memory.makespan;
    memory.bestSolution.set(memory.order);
  }

  run(moves: number, patience: number, goal: number): number {
    const memory = this.memory;
    for (let done = 0; done < moves; done++) {
      if (memory.best <= goal || memory.stuck === 1 || memory.iteration - memory.improvedAt >= patience) return done;
      this.#move();
    }
    return moves;
  }

  random(): Int32Array {
    return randomOrder(this.#problem.first, this.words);
  }

  between(one: Int32Array, other: Int32Array, weight: number): Int32Array {
    return betweenOrders(one, other, weight);
  }

  /** Whether two orders give every machine the same sequence. */
  same(one: Int32Array, other: Int32Array): boolean {
    const { machine, machines } = this.#problem;
    const place = new Int32Array(one.length);
    const count = new Int32Array(machines);
    for (const op of one) place[op] = count[machine[op]!]!++;
    count.fill(0);
    for (const op of other) if (place[op] !== count[machine[op]!]!++) return false;
    return true;
  }

  #move(): void {
    const memory = this.memory;
    const { before, after, completion, tail } = memory;
    const duration = this.#duration;
    const none = this.#problem.machine.length;
    memory.iteration++;
    const length = this.#criticalPath();
    const path = this.#path;
    const machine = this.#problem.machine;

    let bestValue = NONE;
    let bestOp = none;
    let bestTarget = none;
    let ties = 0;
    let anyOp = none;
    let anyTarget = none;
    let count = 0;
    let movable = false;
    // op > none stands for: backward (op − none − 1 goes right before target)
    const consider = (op: number, target: number, forward: boolean): void => {
      // a job that comes back to a machine at once keeps its order; other ways between the two are told by their length
      if ((forward ? this.#jobAfter[op] : this.#jobBefore[op]) === target) return;
      const value = forward ? this.#valueForward(op, target) : this.#valueBackward(op, target);
      const code = forward ? op : op + none + 1;
      count++;
      if (this.words.below(count) === 0) {
        anyOp = code;
        anyTarget = target;
      }
      if (value > bestValue) return;
      if (value >= memory.best && this.#isTabu(op, target, forward)) return;
      if (value < bestValue) {
        bestValue = value;
        ties = 1;
      } else if (this.words.below(++ties) !== 0) return;
      bestOp = code;
      bestTarget = target;
    };

    for (let from = 0; from < length;) {
      let to = from;
      while (to + 1 < length && machine[path[to + 1]!] === machine[path[from]!]) to++;
      if (to > from) {
        const head = path[from]!;
        const end = path[to]!;
        const isFirst = from === 0;
        const isLast = to === length - 1;
        movable ||= !(isFirst && isLast);
        if (!isLast) {
          for (let i = from; i < to; i++) {
            const op = path[i]!;
            if (tail[end]! > tail[this.#jobAfter[op]!]! - duration[this.#jobAfter[op]!]!) consider(op, end, true);
          }
          for (let i = from + 1; i < to; i++) {
            const target = path[i]!;
            if (completion[target]! > completion[this.#jobBefore[end]!]! - duration[this.#jobBefore[end]!]!) consider(end, target, false);
          }
        }
        if (!isFirst) {
          // the swap of a block of two, and of its last two, is the same in both directions
          for (let i = from + 1; i <= to; i++) {
            const op = path[i]!;
            if (!isLast && i === to && to === from + 1) continue;
            if (completion[head]! > completion[this.#jobBefore[op]!]! - duration[this.#jobBefore[op]!]!) consider(op, head, false);
          }
          for (let i = from + 1; i < to; i++) {
            const target = path[i]!;
            if (tail[target]! > tail[this.#jobAfter[head]!]! - duration[this.#jobAfter[head]!]!) consider(head, target, true);
          }
        }
      }
      from = to + 1;
    }
    if (count === 0) {
      // the path is one job, or all on one machine: nothing is shorter. Otherwise times of 0 hide its moves, and the search ends here
      memory.stuck = movable ? 0 : 1;
      memory.improvedAt = -NONE;
      return;
    }
    if (bestOp === none) {
      bestOp = anyOp;
      bestTarget = anyTarget;
    }
    const forward = bestOp < none;
    const op = forward ? bestOp : bestOp - none - 1;
    this.#forbid(op, bestTarget, forward);
    if (forward) this.#moveForward(op, bestTarget, before, after);
    else this.#moveBackward(op, bestTarget, before, after);
    if (memory.makespan < memory.best) {
      memory.best = memory.makespan;
      memory.bestSolution.set(memory.order);
      memory.improvedAt = memory.iteration;
    }
  }

  /** A random longest path into #path; returns its length. */
  #criticalPath(): number {
    const { after, completion, tail, makespan } = this.memory;
    const duration = this.#duration;
    const { first, jobs } = this.#problem;
    const none = this.#problem.machine.length;
    const path = this.#path;
    let op = none;
    let seen = 0;
    for (let job = 0; job < jobs; job++) {
      const candidate = first[job]!;
      if (candidate === first[job + 1]) continue;
      if (tail[candidate] === makespan && completion[candidate] === duration[candidate] && this.words.below(++seen) === 0) op = candidate;
    }
    let length = 0;
    while (op !== none) {
      path[length++] = op;
      const rest = tail[op]! - duration[op]!;
      const inJob = this.#jobAfter[op]!;
      const onMachine = after[op]!;
      const jobCritical = inJob !== none && tail[inJob] === rest;
      const machineCritical = onMachine !== none && tail[onMachine] === rest;
      if (jobCritical && machineCritical) op = (this.words.word() & 0x10000) === 0 ? inJob : onMachine;
      else if (jobCritical) op = inJob;
      else op = machineCritical ? onMachine : none;
    }
    return length;
  }

  /** Longest way through the operations op … target of a machine when op goes right after target (exact for those ways on old heads and tails). */
  #valueForward(op: number, target: number): number {
    const { before, after, completion, tail } = this.memory;
    const duration = this.#duration;
    const heads = this.#heads;
    let free = completion[before[op]!]!;
    let count = 0;
    for (let x = after[op]!; ; x = after[x]!) {
      const ready = completion[this.#jobBefore[x]!]!;
      const start = ready > free ? ready : free;
      heads[count++] = start;
      free = start + duration[x]!;
      if (x === target) break;
    }
    const ready = completion[this.#jobBefore[op]!]!;
    const start = ready > free ? ready : free;
    let onMachine = tail[after[target]!]!;
    let inJob = tail[this.#jobAfter[op]!]!;
    let rest = (inJob > onMachine ? inJob : onMachine) + duration[op]!;
    let value = start + rest;
    for (let x = target; x !== op; x = before[x]!) {
      inJob = tail[this.#jobAfter[x]!]!;
      onMachine = rest;
      rest = (inJob > onMachine ? inJob : onMachine) + duration[x]!;
      const length = heads[--count]! + rest;
      if (length > value) value = length;
    }
    return value;
  }

  /** The same when op goes right before target. */
  #valueBackward(op: number, target: number): number {
    const { before, after, completion, tail } = this.memory;
    const duration = this.#duration;
    const tails = this.#heads;
    let rest = tail[after[op]!]!;
    let count = 0;
    for (let x = before[op]!; ; x = before[x]!) {
      const inJob = tail[this.#jobAfter[x]!]!;
      rest = (inJob > rest ? inJob : rest) + duration[x]!;
      tails[count++] = rest;
      if (x === target) break;
    }
    const inJob = tail[this.#jobAfter[op]!]!;
    rest = (inJob > rest ? inJob : rest) + duration[op]!;
    let ready = completion[this.#jobBefore[op]!]!;
    let free = completion[before[target]!]!;
    let start = ready > free ? ready : free;
    let value = start + rest;
    free = start + duration[op]!;
    for (let x = target; x !== op; x = after[x]!) {
      ready = completion[this.#jobBefore[x]!]!;
      start = ready > free ? ready : free;
      free = start + duration[x]!;
      const length = start + tails[--count]!;
      if (length > value) value = length;
    }
    return value;
  }

  /** Whether a move would bring back an order of two operations that is still forbidden. */
  #isTabu(op: number, target: number, forward: boolean): boolean {
    const { before, after, tabuUntil, iteration } = this.memory;
    const slot = this.#slot;
    const slots = this.#slots;
    if (forward) {
      for (let x = after[op]!; ; x = after[x]!) {
        if (tabuUntil[x * slots + slot[op]!]! >= iteration) return true;
        if (x === target) return false;
      }
    }
    for (let x = before[op]!; ; x = before[x]!) {
      if (tabuUntil[op * slots + slot[x]!]! >= iteration) return true;
      if (x === target) return false;
    }
  }

  /** Forbids the orders of two operations that a move is about to change. */
  #forbid(op: number, target: number, forward: boolean): void {
    const { before, after, tabuUntil, iteration } = this.memory;
    const slot = this.#slot;
    const slots = this.#slots;
    const until = iteration + this.#tenure + this.words.below(this.#tenureSpread + 1);
    if (forward) {
      for (let x = after[op]!; ; x = after[x]!) {
        tabuUntil[op * slots + slot[x]!] = until;
        if (x === target) return;
      }
    }
    for (let x = before[op]!; ; x = before[x]!) {
      tabuUntil[x * slots + slot[op]!] = until;
      if (x === target) return;
    }
  }

  #moveForward(op: number, target: number, before: Int32Array, after: Int32Array): void {
    const { order, index } = this.memory;
    const none = this.#problem.machine.length;
    const left = before[op]!;
    const next = after[op]!;
    const right = after[target]!;
    if (left !== none) after[left] = next;
    before[next] = left;
    after[target] = op;
    before[op] = target;
    after[op] = right;
    if (right !== none) before[right] = op;
    // between the two, what follows from op goes behind it, in the old order
    const mark = this.#mark;
    const moved = this.#moved;
    const start = index[op]!;
    const end = index[target]!;
    let write = start;
    let kept = 0;
    mark[op] = 1;
    for (let i = start + 1; i <= end; i++) {
      const x = order[i]!;
      if ((mark[this.#jobBefore[x]!]! | mark[before[x]!]!) !== 0) {
        mark[x] = 1;
        moved[kept++] = x;
      } else {
        order[write] = x;
        index[x] = write++;
      }
    }
    mark[op] = 0;
    order[write] = op;
    index[op] = write++;
    for (let i = 0; i < kept; i++) {
      const x = moved[i]!;
      mark[x] = 0;
      order[write] = x;
      index[x] = write++;
    }
    this.#complete(start);
    this.#finish(end);
  }

  #moveBackward(op: number, target: number, before: Int32Array, after: Int32Array): void {
    const { order, index } = this.memory;
    const none = this.#problem.machine.length;
    const left = before[target]!;
    const previous = before[op]!;
    const right = after[op]!;
    if (right !== none) before[right] = previous;
    after[previous] = right;
    before[target] = op;
    after[op] = target;
    before[op] = left;
    if (left !== none) after[left] = op;
    const mark = this.#mark;
    const moved = this.#moved;
    const start = index[target]!;
    const end = index[op]!;
    let write = end;
    let kept = 0;
    mark[op] = 1;
    for (let i = end - 1; i >= start; i--) {
      const x = order[i]!;
      if ((mark[this.#jobAfter[x]!]! | mark[after[x]!]!) !== 0) {
        mark[x] = 1;
        moved[kept++] = x;
      } else {
        order[write] = x;
        index[x] = write--;
      }
    }
    mark[op] = 0;
    order[write] = op;
    index[op] = write--;
    for (let i = 0; i < kept; i++) {
      const x = moved[i]!;
      mark[x] = 0;
      order[write] = x;
      index[x] = write--;
    }
    this.#complete(start);
    this.#finish(end);
  }

  /** Completions from a place of the topological order on. */
  #complete(from: number): void {
    const { order, before, completion } = this.memory;
    const duration = this.#duration;
    const jobBefore = this.#jobBefore;
    for (let i = from; i < order.length; i++) {
      const op = order[i]!;
      const inJob = completion[jobBefore[op]!]!;
      const onMachine = completion[before[op]!]!;
      completion[op] = (inJob > onMachine ? inJob : onMachine) + duration[op]!;
    }
    let makespan = 0;
    const last = this.#lastOfJob;
    for (let job = 0; job < last.length; job++) {
      const end = completion[last[job]!]!;
      if (end > makespan) makespan = end;
    }
    this.memory.makespan = makespan;
  }

  /** Tails from a place of the topological order down. */
  #finish(from: number): void {
    const { order, after, tail } = this.memory;
    const duration = this.#duration;
    const jobAfter = this.#jobAfter;
    for (let i = from; i >= 0; i--) {
      const op = order[i]!;
      const inJob = tail[jobAfter[op]!]!;
      const onMachine = tail[after[op]!]!;
      tail[op] = (inJob > onMachine ? inJob : onMachine) + duration[op]!;
    }
  }
}
