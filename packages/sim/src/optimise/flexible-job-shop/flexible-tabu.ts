import { betweenOrders, randomOrder } from "../job-shop/order.ts";
import type { LocalSearch } from "../relinking.ts";
import type { WordStream } from "../word-stream.ts";
import type { FlexibleJobShop } from "./flexible-job-shop.ts";

const NONE = 0x7fffffff;
/** Time added to a machine counts more than any way. */
const WORK_WEIGHT = 1_000;

class FlexibleMemory {
  /** The choice of each operation. */
  choice: Int32Array<ArrayBuffer>;
  duration: Int32Array<ArrayBuffer>;
  before: Int32Array<ArrayBuffer>;
  after: Int32Array<ArrayBuffer>;
  /** First operation of each machine; the number of operations stands for none. */
  head: Int32Array<ArrayBuffer>;
  completion: Int32Array<ArrayBuffer>;
  tail: Int32Array<ArrayBuffer>;
  order: Int32Array<ArrayBuffer>;
  index: Int32Array<ArrayBuffer>;
  bestSolution: Int32Array<ArrayBuffer>;
  /** Iteration until which an operation may not take a choice. */
  tabuUntil: Int32Array<ArrayBuffer>;
  makespan = NONE;
  best = NONE;
  iteration = 0;
  improvedAt = 0;
  stuck = 0;

  constructor(operations: number, choices: number, machines: number) {
    this.choice = new Int32Array(operations);
    this.duration = new Int32Array(operations + 1);
    this.before = new Int32Array(operations + 1);
    this.after = new Int32Array(operations + 1);
    this.head = new Int32Array(machines);
    this.completion = new Int32Array(operations + 1);
    this.tail = new Int32Array(operations + 1);
    this.order = new Int32Array(operations);
    this.index = new Int32Array(operations + 1);
    this.bestSolution = new Int32Array(2 * operations);
    this.tabuUntil = new Int32Array(choices);
  }
}

/**
 * Tabu search on assignment and sequence together (Mastrolilli and Gambardella 2000): an operation of a random critical path is taken
 * out and put back on any of its machines, at the places that keep the schedule free of cycles and contain an optimal insertion. The longest
 * way through the operation put back is known exactly from the heads and tails without it. It may not return to the choice it left for a while.
 */
export class FlexibleTabu implements LocalSearch {
  readonly memory: FlexibleMemory;
  readonly words: WordStream;
  readonly #problem: FlexibleJobShop;
  readonly #jobBefore: Int32Array;
  readonly #jobAfter: Int32Array;
  readonly #lastOfJob: Int32Array;
  readonly #path: Int32Array;
  readonly #completionWithout: Int32Array;
  readonly #tailWithout: Int32Array;
  readonly #moved: Int32Array;
  readonly #mark: Uint8Array;

  /** Every time must be above 0, or places between operations could not be distinguished. */
  constructor(problem: FlexibleJobShop, words: WordStream) {
    const operations = problem.firstChoice.length - 1;
    this.#problem = problem;
    this.words = words;
    this.memory = new FlexibleMemory(operations, problem.machine.length, problem.machines);
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
    this.#lastOfJob = Int32Array.from(last);
    this.#path = new Int32Array(operations + 1);
    this.#completionWithout = new Int32Array(operations + 1);
    this.#tailWithout = new Int32Array(operations + 1);
    this.#moved = new Int32Array(operations + 1);
    this.#mark = new Uint8Array(operations + 1);
  }

  start(solution: Int32Array): void {
    const memory = this.memory;
    const { before, after, head, index, order, choice, duration } = memory;
    const none = order.length;
    const last = new Int32Array(head.length).fill(none);
    head.fill(none);
    for (let i = 0; i < none; i++) {
      const op = solution[i]!;
      const taken = solution[none + op]!;
      const machine = this.#problem.machine[taken]!;
      order[i] = op;
      index[op] = i;
      choice[op] = taken;
      duration[op] = this.#problem.time[taken]!;
      before[op] = last[machine]!;
      after[op] = none;
      if (last[machine] === none) head[machine] = op;
      else after[last[machine]!] = op;
      last[machine] = op;
    }
    before[none] = after[none] = none;
    memory.tabuUntil.fill(0);
    memory.iteration = memory.improvedAt = memory.stuck = 0;
    this.#evaluate();
    memory.best = NONE;
    this.#keepBest();
  }

  run(moves: number, patience: number, goal: number): number {
    const memory = this.memory;
    for (let done = 0; done < moves; done++) {
      if (memory.best <= goal || memory.stuck === 1 || memory.iteration - memory.improvedAt >= patience) return done;
      this.#move();
    }
    return moves;
  }

  /** Operations in random order, each on the machine that ends it first. */
  random(): Int32Array {
    const { first, firstChoice, machine, time, machines } = this.#problem;
    const order = randomOrder(first, this.words);
    const solution = new Int32Array(2 * order.length);
    solution.set(order);
    const free = new Float64Array(machines);
    const ended = new Float64Array(order.length + 1);
    for (const op of order) {
      let best = firstChoice[op]!;
      let bestEnd = Infinity;
      let ties = 0;
      for (let choice = firstChoice[op]!; choice < firstChoice[op + 1]!; choice++) {
        const end = Math.max(free[machine[choice]!]!, ended[this.#jobBefore[op]!]!) + time[choice]!;
        if (end > bestEnd) continue;
        ties = end < bestEnd ? 1 : ties + 1;
        if (ties === 1 || this.words.below(ties) === 0) best = choice;
        bestEnd = end;
      }
      solution[order.length + op] = best;
      free[machine[best]!] = ended[op] = bestEnd;
    }
    return solution;
  }

  between(one: Int32Array, other: Int32Array, weight: number): Int32Array {
    const count = one.length / 2;
    const solution = new Int32Array(one.length);
    solution.set(betweenOrders(one.subarray(0, count), other.subarray(0, count), weight));
    for (let op = 0; op < count; op++) solution[count + op] = (this.words.uniform() < weight ? other : one)[count + op]!;
    return solution;
  }

  /** Whether two solutions give every machine the same sequence. */
  same(one: Int32Array, other: Int32Array): boolean {
    const count = one.length / 2;
    for (let op = 0; op < count; op++) if (one[count + op] !== other[count + op]) return false;
    const place = new Int32Array(count);
    const taken = new Int32Array(this.#problem.machines);
    for (let i = 0; i < count; i++) place[one[i]!] = taken[this.#problem.machine[one[count + one[i]!]!]!]!++;
    taken.fill(0);
    for (let i = 0; i < count; i++) if (place[other[i]!] !== taken[this.#problem.machine[one[count + other[i]!]!]!]!++) return false;
    return true;
  }

  #move(): void {
    const memory = this.memory;
    const { before, after, head, completion, tail, order, choice, duration, tabuUntil } = memory;
    const { firstChoice, machine, time } = this.#problem;
    const none = order.length;
    const without = this.#completionWithout;
    const tailWithout = this.#tailWithout;
    memory.iteration++;
    const length = this.#criticalPath();

    let bestValue = NONE;
    let bestRank = Infinity;
    let bestOp = none;
    let bestChoice = 0;
    let bestAfter = none;
    let ties = 0;
    let count = 0;
    let anyOp = none;
    let anyChoice = 0;
    let anyAfter = none;
    for (let p = 0; p < length; p++) {
      const op = this.#path[p]!;
      const makespanWithout = this.#takeOut(op);
      const ready = completion[this.#jobBefore[op]!]!;
      const rest = tail[this.#jobAfter[op]!]!;
      const leftOf = before[op]!;
      for (let c = firstChoice[op]!; c < firstChoice[op + 1]!; c++) {
        const own = c === choice[op];
        const tabu = tabuUntil[c]! >= memory.iteration;
        // the operations of the machine: a prefix has longer tails than op, a suffix later completions
        let previous = none;
        let next = head[machine[c]!]!;
        if (next === op) next = after[op]!;
        let previousTailLonger = true;
        for (;;) {
          const nextTailLonger = next !== none && tailWithout[next]! > rest;
          const previousLater = previous !== none && without[previous]! > ready;
          const nextLater = next === none || without[next]! > ready;
          // a place is allowed when everything before it has a longer tail or is unrelated, and everything after it completes later or is unrelated
          const allowed = nextTailLonger ? nextLater : previousTailLonger ? nextLater || !previousLater : !previousLater;
          if (allowed && !(own && previous === leftOf)) {
            const start = previousLater ? without[previous]! : ready;
            const end = nextTailLonger ? tailWithout[next]! : rest;
            const through = start + time[c]! + end;
            // of equal makespans the one that adds least work, then the one whose own way is shortest: other ways are as long, and will be shortened in turn
            const value = through < makespanWithout ? makespanWithout : through;
            const rank = through < makespanWithout ? (time[c]! - duration[op]!) * WORK_WEIGHT + through : through;
            count++;
            if (this.words.below(count) === 0) {
              anyOp = op;
              anyChoice = c;
              anyAfter = previous;
            }
            if ((value < bestValue || (value === bestValue && rank <= bestRank)) && (!tabu || value < memory.best)) {
              if (value < bestValue || rank < bestRank) ties = 0;
              if (this.words.below(++ties) === 0) {
                bestOp = op;
                bestChoice = c;
                bestAfter = previous;
              }
              bestValue = value;
              bestRank = rank;
            }
          }
          if (next === none) break;
          // beyond the first operation that completes later and has no longer tail, nothing is allowed any more
          if (!nextTailLonger && without[next]! > ready) break;
          previousTailLonger = nextTailLonger;
          previous = next;
          next = after[next]!;
          if (next === op) next = after[op]!;
        }
      }
    }
    if (count === 0) {
      // one operation after another of a job, none with a choice of time: nothing is shorter than this path
      memory.stuck = this.#isChain(length) ? 1 : 0;
      memory.improvedAt = -NONE;
      return;
    }
    if (bestOp === none) {
      bestOp = anyOp;
      bestChoice = anyChoice;
      bestAfter = anyAfter;
    }
    tabuUntil[choice[bestOp]!] = memory.iteration + length + firstChoice[bestOp + 1]! - firstChoice[bestOp]! + this.words.below(5);
    this.#insert(bestOp, bestChoice, bestAfter);
    this.#evaluate();
    this.#keepBest();
  }

  #keepBest(): void {
    const memory = this.memory;
    if (memory.makespan >= memory.best) return;
    memory.best = memory.makespan;
    memory.bestSolution.set(memory.order);
    memory.bestSolution.set(memory.choice, memory.order.length);
    memory.improvedAt = memory.iteration;
  }

  /** A critical path of one job, each operation on its fastest machine. */
  #isChain(length: number): boolean {
    const { firstChoice, time } = this.#problem;
    for (let i = 0; i < length; i++) {
      const op = this.#path[i]!;
      if (i > 0 && this.#jobBefore[op] !== this.#path[i - 1]) return false;
      for (let c = firstChoice[op]!; c < firstChoice[op + 1]!; c++) if (time[c]! < this.memory.duration[op]!) return false;
    }
    return true;
  }

  /** Completions and tails without an operation on its machine, its job's chain kept through it in no time. Returns the makespan. */
  #takeOut(op: number): number {
    const { order, index, before, after, completion, tail, duration } = this.memory;
    const without = this.#completionWithout;
    const tailWithout = this.#tailWithout;
    const jobBefore = this.#jobBefore;
    const jobAfter = this.#jobAfter;
    const at = index[op]!;
    const left = before[op]!;
    const right = after[op]!;
    without.set(completion);
    tailWithout.set(tail);
    without[op] = completion[jobBefore[op]!]!;
    for (let i = at + 1; i < order.length; i++) {
      const x = order[i]!;
      const inJob = without[jobBefore[x]!]!;
      const onMachine = without[x === right ? left : before[x]!]!;
      without[x] = (inJob > onMachine ? inJob : onMachine) + duration[x]!;
    }
    tailWithout[op] = tail[jobAfter[op]!]!;
    for (let i = at - 1; i >= 0; i--) {
      const x = order[i]!;
      const inJob = tailWithout[jobAfter[x]!]!;
      const onMachine = tailWithout[x === left ? right : after[x]!]!;
      tailWithout[x] = (inJob > onMachine ? inJob : onMachine) + duration[x]!;
    }
    let makespan = 0;
    const last = this.#lastOfJob;
    for (let job = 0; job < last.length; job++) if (without[last[job]!]! > makespan) makespan = without[last[job]!]!;
    return makespan;
  }

  #insert(op: number, taken: number, previous: number): void {
    const { order, index, before, after, head, choice, duration } = this.memory;
    const { machine, time } = this.#problem;
    const none = order.length;
    const left = before[op]!;
    const right = after[op]!;
    if (left === none) head[machine[choice[op]!]!] = right;
    else after[left] = right;
    if (right !== none) before[right] = left;
    const target = machine[taken]!;
    const next = previous === none ? head[target]! : after[previous]!;
    before[op] = after[op] = none;
    // the topological order without op's machine arcs still holds; op has to come between previous and next
    if (previous !== none && index[previous]! > index[op]!) this.#shiftForward(op, index[previous]!);
    else if (next !== none && index[next]! < index[op]!) this.#shiftBackward(op, index[next]!);
    choice[op] = taken;
    duration[op] = time[taken]!;
    before[op] = previous;
    after[op] = next;
    if (previous === none) head[target] = op;
    else after[previous] = op;
    if (next !== none) before[next] = op;
  }

  /** Puts op, and what follows from it, behind the place `to` of the topological order. */
  #shiftForward(op: number, to: number): void {
    const { order, index, before } = this.memory;
    const mark = this.#mark;
    const moved = this.#moved;
    let write = index[op]!;
    let kept = 0;
    mark[op] = 1;
    for (let i = write + 1; i <= to; i++) {
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
  }

  #shiftBackward(op: number, to: number): void {
    const { order, index, after } = this.memory;
    const mark = this.#mark;
    const moved = this.#moved;
    let write = index[op]!;
    let kept = 0;
    mark[op] = 1;
    for (let i = write - 1; i >= to; i--) {
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
  }

  #criticalPath(): number {
    const { after, completion, tail, makespan, duration, order } = this.memory;
    const none = order.length;
    const path = this.#path;
    let op = none;
    let seen = 0;
    for (let i = 0; i < none; i++) {
      const candidate = order[i]!;
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

  #evaluate(): void {
    const { order, before, after, completion, tail, duration } = this.memory;
    const jobBefore = this.#jobBefore;
    const jobAfter = this.#jobAfter;
    let makespan = 0;
    for (let i = 0; i < order.length; i++) {
      const op = order[i]!;
      const inJob = completion[jobBefore[op]!]!;
      const onMachine = completion[before[op]!]!;
      const end = (inJob > onMachine ? inJob : onMachine) + duration[op]!;
      completion[op] = end;
      if (end > makespan) makespan = end;
    }
    for (let i = order.length - 1; i >= 0; i--) {
      const op = order[i]!;
      const inJob = tail[jobAfter[op]!]!;
      const onMachine = tail[after[op]!]!;
      tail[op] = (inJob > onMachine ? inJob : onMachine) + duration[op]!;
    }
    this.memory.makespan = makespan;
  }
}
