import { slotsOf, type JobShop } from "./job-shop.ts";
import { headsAndTails } from "./one-machine.ts";

export const OPEN = 0;
export const INFEASIBLE = 1;
export const FEASIBLE = 2;

class ProofMemory {
  /** The makespan asked for. */
  limit = 0;
  status = OPEN;
  depth = 0;
  nodes = 0;
  /** While operations are probed: the one that is next, and the one at which a whole round without change will be over. */
  probing = 0;
  probeNext = 0;
  probeLast = 0;
  /** Earliest start and latest end of every operation, and its rank on its machine (from the front 1, 2, …, from the back −1, −2, …, 0 none), row by row for every depth. */
  start: Int32Array<ArrayBuffer>;
  end: Int32Array<ArrayBuffer>;
  rank: Int32Array<ArrayBuffer>;
  /** What is branched on at each depth: machine, direction, and the operations tried next (in place, most promising first). */
  machine: Int32Array<ArrayBuffer>;
  forward: Int32Array<ArrayBuffer>;
  candidates: Int32Array<ArrayBuffer>;
  candidateCount: Int32Array<ArrayBuffer>;
  next: Int32Array<ArrayBuffer>;
  /** How often propagation failed on each machine. */
  failures: Float64Array<ArrayBuffer>;

  constructor(operations: number, machines: number, slots: number) {
    const rows = operations + 2;
    this.start = new Int32Array(operations * rows);
    this.end = new Int32Array(operations * rows);
    this.rank = new Int32Array(operations * rows);
    this.machine = new Int32Array(rows);
    this.forward = new Int32Array(rows);
    this.candidates = new Int32Array(rows * slots);
    this.candidateCount = new Int32Array(rows);
    this.next = new Int32Array(rows);
    this.failures = new Float64Array(machines).fill(1);
  }
}

/**
 * Whether a job shop has a schedule no longer than a limit: exhaustive search with the time windows of the operations narrowed by precedence, pairs, and edge
 * finding (Carlier and Pinson 1989; in the O(n²) form of Baptiste, Le Pape and Nuijten 2001), branching on which operation is first or last of those left on a
 * machine. A limit found infeasible makes limit + 1 a bound.
 */
export class JobShopProof {
  readonly memory: ProofMemory;
  readonly #problem: JobShop;
  /** Operations on one machine, at most. */
  readonly #slots: number;
  readonly #ops: readonly Int32Array[];
  readonly #head: Int32Array;
  readonly #tail: Int32Array;
  readonly #jobBefore: Int32Array;
  readonly #jobAfter: Int32Array;
  // scratch
  readonly #dirty: Uint8Array;
  readonly #sorted: Int32Array;
  readonly #released: Int32Array;
  readonly #due: Int32Array;
  readonly #time: Int32Array;
  readonly #reach: Int32Array;
  readonly #fresh: Int32Array;
  #start: Int32Array;
  #end: Int32Array;
  #rank: Int32Array;

  constructor(problem: JobShop) {
    const operations = problem.machine.length;
    this.#problem = problem;
    const slots = slotsOf(problem).most;
    this.#slots = slots;
    this.memory = new ProofMemory(operations, problem.machines, slots);
    this.#ops = Array.from({ length: problem.machines }, (_, machine) =>
      Int32Array.from(problem.machine.keys()).filter((op) => problem.machine[op] === machine),
    );
    const { head, tail } = headsAndTails(problem);
    this.#head = head;
    this.#tail = tail;
    this.#jobBefore = Int32Array.from(problem.machine.keys(), (op) => (op === 0 || problem.first.includes(op) ? -1 : op - 1));
    this.#jobAfter = Int32Array.from(problem.machine.keys(), (op) => (problem.first.includes(op + 1) ? -1 : op + 1));
    this.#dirty = new Uint8Array(problem.machines);
    this.#sorted = new Int32Array(slots);
    this.#released = new Int32Array(slots);
    this.#due = new Int32Array(slots);
    this.#time = new Int32Array(slots);
    this.#reach = new Int32Array(slots);
    this.#fresh = new Int32Array(slots);
    this.#start = this.#end = this.#rank = new Int32Array();
  }

  /**
   * Asks for a schedule of at most `limit`; the answer comes by `run`, or at once where windows alone tell. With `probe` every operation is first
   * tried at both ends of its window (Martin and Shmoys 1996), which narrows much: each costs a node.
   */
  ask(limit: number, probe: boolean): void {
    const { memory } = this;
    memory.limit = limit;
    memory.status = OPEN;
    memory.depth = 0;
    memory.nodes = 0;
    memory.probing = probe ? 1 : 0;
    memory.probeNext = 0;
    memory.probeLast = this.#head.length - 1;
    this.#select(0);
    for (let op = 0; op < this.#head.length; op++) {
      this.#start[op] = this.#head[op]!;
      this.#end[op] = limit - this.#tail[op]!;
      this.#rank[op] = 0;
      if (this.#start[op]! + this.#problem.duration[op]! > this.#end[op]!) memory.status = INFEASIBLE;
    }
    this.#dirty.fill(1);
    if (memory.status === OPEN && !this.#propagate()) memory.status = INFEASIBLE;
    if (memory.status === OPEN && !probe) this.#branch();
  }

  /** Looks at up to so many nodes. */
  run(nodes: number): void {
    const { memory } = this;
    for (let i = 0; i < nodes && memory.status === OPEN; i++) {
      memory.nodes++;
      if (memory.probing === 0) this.#node();
      else this.#probe();
    }
  }

  /** The operations in the order of the schedule found. */
  order(): Int32Array {
    this.#select(this.memory.depth);
    const start = this.#start;
    // of equal starts the one that takes no time goes first, and of one job the earlier
    return Int32Array.from(start.keys()).sort((x, y) => start[x]! - start[y]! || this.#end[x]! - this.#end[y]! || x - y);
  }

  #select(depth: number): void {
    const operations = this.#head.length;
    const { start, end, rank } = this.memory;
    this.#start = start.subarray(depth * operations, (depth + 1) * operations);
    this.#end = end.subarray(depth * operations, (depth + 1) * operations);
    this.#rank = rank.subarray(depth * operations, (depth + 1) * operations);
  }

  #node(): void {
    const { memory } = this;
    const { depth } = memory;
    if (memory.next[depth]! >= memory.candidateCount[depth]!) {
      if (depth === 0) memory.status = INFEASIBLE;
      else memory.depth--;
      return;
    }
    const op = memory.candidates[depth * this.#slots + memory.next[depth]!++]!;
    const operations = this.#head.length;
    for (const rows of [memory.start, memory.end, memory.rank])
      rows.copyWithin((depth + 1) * operations, depth * operations, (depth + 1) * operations);
    this.#select(depth + 1);
    const machine = memory.machine[depth]!;
    let ranked = 0;
    const sign = memory.forward[depth]!;
    for (const other of this.#ops[machine]!) if (this.#rank[other]! * sign > ranked) ranked = this.#rank[other]! * sign;
    this.#rank[op] = sign * (ranked + 1);
    this.#dirty.fill(0);
    this.#dirty[machine] = 1;
    if (!this.#propagate()) return;
    memory.depth++;
    this.#branch();
  }

  /** Chooses what to branch on at the present depth; a schedule is found when nothing is left. */
  #branch(): void {
    const { memory } = this;
    const { duration, machines } = this.#problem;
    const start = this.#start;
    const end = this.#end;
    let bestMachine = -1;
    let bestScore = Infinity;
    let bestForward = 1;
    for (let machine = 0; machine < machines; machine++) {
      let left = 0;
      let work = 0;
      let earliest = Infinity;
      let latest = -Infinity;
      for (const op of this.#ops[machine]!) {
        if (this.#rank[op] !== 0) continue;
        left++;
        work += duration[op]!;
        earliest = Math.min(earliest, start[op]!);
        latest = Math.max(latest, end[op]!);
      }
      if (left < 2) continue;
      for (const forward of [1, -1]) {
        let count = 0;
        for (const op of this.#ops[machine]!)
          if (this.#rank[op] === 0 && this.#canBe(op, machine, forward, work, forward === 1 ? latest : earliest)) count++;
        const slack = latest - earliest - work;
        const score = (count <= 1 ? 0 : count * (slack + 4)) / memory.failures[machine]!;
        if (score < bestScore) {
          bestScore = score;
          bestMachine = machine;
          bestForward = forward;
        }
      }
    }
    const { depth } = memory;
    if (bestMachine < 0) {
      memory.status = FEASIBLE;
      return;
    }
    let work = 0;
    let earliest = Infinity;
    let latest = -Infinity;
    for (const op of this.#ops[bestMachine]!) {
      if (this.#rank[op] !== 0) continue;
      work += duration[op]!;
      earliest = Math.min(earliest, start[op]!);
      latest = Math.max(latest, end[op]!);
    }
    const chosen: number[] = [];
    for (const op of this.#ops[bestMachine]!)
      if (this.#rank[op] === 0 && this.#canBe(op, bestMachine, bestForward, work, bestForward === 1 ? latest : earliest)) chosen.push(op);
    chosen.sort((x, y) =>
      bestForward === 1 ? start[x]! - start[y]! || end[x]! - end[y]! || x - y : end[y]! - end[x]! || start[y]! - start[x]! || x - y,
    );
    memory.machine[depth] = bestMachine;
    memory.forward[depth] = bestForward;
    memory.candidateCount[depth] = chosen.length;
    memory.next[depth] = 0;
    memory.candidates.set(chosen, depth * this.#slots);
  }

  /** Whether an operation can be the first (last) of those left on its machine, as far as windows tell. */
  #canBe(op: number, machine: number, forward: number, work: number, bound: number): boolean {
    const { duration } = this.#problem;
    const start = this.#start;
    const end = this.#end;
    if (forward === 1 ? start[op]! + work > bound : end[op]! - work < bound) return false;
    for (const other of this.#ops[machine]!) {
      if (other === op || this.#rank[other] !== 0) continue;
      const before = forward === 1 ? op : other;
      const after = forward === 1 ? other : op;
      if (start[before]! + duration[before]! + duration[after]! > end[after]!) return false;
    }
    return true;
  }

  /** Tries the next operation at the ends of its window; what fails narrows it. Goes on to branching when a whole round has changed nothing. */
  #probe(): void {
    const { memory } = this;
    const op = memory.probeNext;
    const count = this.#head.length;
    const narrowed = this.#probeSide(op, true) + this.#probeSide(op, false);
    if (memory.status !== OPEN) return;
    if (narrowed > 0) memory.probeLast = (op + count - 1) % count;
    this.#select(0);
    if (narrowed === 0 && op === memory.probeLast) {
      memory.probing = 0;
      this.#branch();
    } else memory.probeNext = (op + 1) % count;
  }

  /** Narrows the window of one operation from one side, by halves of it that turn out impossible. Returns how often it did. */
  #probeSide(op: number, early: boolean): number {
    const { memory } = this;
    const { start, end } = memory;
    const count = this.#head.length;
    const time = this.#problem.duration[op]!;
    let narrowed = 0;
    for (let width = (end[op]! - start[op]! - time + 1) >> 1; width >= 1;) {
      // assume, in a copy, that it starts within the first (or last) `width` moments of its window
      start.copyWithin(count, 0, count);
      end.copyWithin(count, 0, count);
      this.#select(1);
      this.#rank.fill(0);
      this.#dirty.fill(0);
      if ((early ? this.#lower(op, start[op]! + width - 1 + time) : this.#raise(op, end[op]! - time - width + 1)) && this.#propagate()) {
        width >>= 1;
        continue;
      }
      this.#select(0);
      this.#dirty.fill(0);
      if (!(early ? this.#raise(op, start[op]! + width) : this.#lower(op, end[op]! - width)) || !this.#propagate()) {
        memory.status = INFEASIBLE;
        return narrowed;
      }
      narrowed++;
      width = Math.min(width, (end[op]! - start[op]! - time + 1) >> 1);
    }
    return narrowed;
  }

  /** Narrows all windows as far as they go; false when one becomes too small. */
  #propagate(): boolean {
    const { machines } = this.#problem;
    const dirty = this.#dirty;
    for (let found = true; found;) {
      found = false;
      for (let machine = 0; machine < machines; machine++) {
        if (dirty[machine] === 0) continue;
        found = true;
        dirty[machine] = 0;
        if (this.#narrow(machine)) continue;
        this.memory.failures[machine]!++;
        return false;
      }
    }
    return true;
  }

  /** An operation starts no earlier than this; its job follows. */
  #raise(op: number, start: number): boolean {
    const { machine, duration } = this.#problem;
    let at = start;
    for (let x = op; x >= 0; x = this.#jobAfter[x]!) {
      if (this.#start[x]! >= at) return true;
      if (at + duration[x]! > this.#end[x]!) return false;
      this.#start[x] = at;
      this.#dirty[machine[x]!] = 1;
      at += duration[x]!;
    }
    return true;
  }

  /** An operation ends no later than this; its job follows. */
  #lower(op: number, end: number): boolean {
    const { machine, duration } = this.#problem;
    let at = end;
    for (let x = op; x >= 0; x = this.#jobBefore[x]!) {
      if (this.#end[x]! <= at) return true;
      if (this.#start[x]! + duration[x]! > at) return false;
      this.#end[x] = at;
      this.#dirty[machine[x]!] = 1;
      at -= duration[x]!;
    }
    return true;
  }

  #narrow(machine: number): boolean {
    return this.#narrowRanks(machine) && this.#narrowPairs(machine) && this.#findEdges(machine, 1) && this.#findEdges(machine, -1);
  }

  /** Operations ranked from the front come in their order before all others, those from the back after all others. */
  #narrowRanks(machine: number): boolean {
    const ops = this.#ops[machine]!;
    const { duration } = this.#problem;
    for (const before of ops) {
      for (const after of ops) {
        if (before === after || !isBefore(this.#rank[before]!, this.#rank[after]!)) continue;
        if (!this.#raise(after, this.#start[before]! + duration[before]!)) return false;
        if (!this.#lower(before, this.#end[after]! - duration[after]!)) return false;
      }
    }
    return true;
  }

  /** Of two operations one must come first where the other order does not fit. */
  #narrowPairs(machine: number): boolean {
    const ops = this.#ops[machine]!;
    const { duration } = this.#problem;
    const start = this.#start;
    const end = this.#end;
    for (let i = 0; i < ops.length; i++) {
      for (let j = 0; j < ops.length; j++) {
        if (i === j) continue;
        const x = ops[i]!;
        const y = ops[j]!;
        if (start[x]! + duration[x]! + duration[y]! <= end[y]!) continue;
        if (!this.#raise(x, start[y]! + duration[y]!)) return false;
        if (!this.#lower(y, end[x]! - duration[x]!)) return false;
      }
    }
    return true;
  }

  /** Edge finding: operations that must come after a set of others start after its earliest completion. Direction −1 is the same in mirrored time. */
  #findEdges(machine: number, direction: 1 | -1): boolean {
    const ops = this.#ops[machine]!;
    const { duration } = this.#problem;
    const n = ops.length;
    const released = this.#released;
    const due = this.#due;
    const time = this.#time;
    const reach = this.#reach;
    const fresh = this.#fresh;
    const sorted = this.#sorted;
    for (let i = 0; i < n; i++) {
      const op = ops[i]!;
      const key = direction === 1 ? this.#start[op]! : -this.#end[op]!;
      let at = i;
      for (; at > 0 && released[at - 1]! > key; at--) {
        released[at] = released[at - 1]!;
        sorted[at] = sorted[at - 1]!;
      }
      released[at] = key;
      sorted[at] = op;
    }
    for (let i = 0; i < n; i++) {
      const op = sorted[i]!;
      due[i] = direction === 1 ? this.#end[op]! : -this.#start[op]!;
      time[i] = duration[op]!;
      fresh[i] = released[i]!;
    }
    for (let k = 0; k < n; k++) {
      const limit = due[k]!;
      let work = 0;
      let completion = -0x40000000;
      for (let i = n - 1; i >= 0; i--) {
        if (due[i]! <= limit) {
          work += time[i]!;
          if (released[i]! + work > completion) completion = released[i]! + work;
          if (completion > limit) return false;
        }
        reach[i] = completion;
      }
      let earlier = -0x40000000;
      for (let i = 0; i < n; i++) {
        if (due[i]! <= limit) {
          if (released[i]! + work > earlier) earlier = released[i]! + work;
          work -= time[i]!;
        } else {
          if (work > 0 && released[i]! + work + time[i]! > limit && reach[i]! > fresh[i]!) fresh[i] = reach[i]!;
          if (earlier + time[i]! > limit && completion > fresh[i]!) fresh[i] = completion;
        }
      }
    }
    for (let i = 0; i < n; i++) {
      if (fresh[i]! <= released[i]!) continue;
      if (!(direction === 1 ? this.#raise(sorted[i]!, fresh[i]!) : this.#lower(sorted[i]!, -fresh[i]!))) return false;
    }
    return true;
  }
}

/** Front ranks rise from 1, back ranks fall towards −1 at the very end; 0 lies between. */
function isBefore(before: number, after: number): boolean {
  if (before > 0) return after <= 0 || after > before;
  if (before === 0) return after < 0;
  return after < 0 && after > before;
}
