import { packMemory, unpackMemory } from "../../kernel/memory.ts";
import type { Search } from "../search.ts";
import { WordStream } from "../word-stream.ts";
import { balanceFaults, cycleOf, stationWindows, taskOrder, type Balance, type LineBalance } from "./line-balancing.ts";

const TABLE = 1 << 15;
const NODES = 500;

const OPEN = 0;
const FEASIBLE = 1;
const INFEASIBLE = 2;

/** Depth-first search for a balance of so many stations and such a cycle; a stack in arrays, so that it can stop anywhere. */
class BalanceMemory {
  stations = 0;
  cycle = 0;
  status = OPEN;
  /** Tasks put so far, in the order put; the station of the present load, what is left of its cycle, and the position tried next. */
  depth = 0;
  station = 0;
  left = 0;
  next = 0;
  unassigned = 0;
  put: Int32Array<ArrayBuffer>;
  stationOf: Int32Array<ArrayBuffer>;
  waiting: Int32Array<ArrayBuffer>;
  /** Sets of assigned tasks found hopeless from a station on. */
  table: Int32Array<ArrayBuffer>;
  tableStation: Int32Array<ArrayBuffer>;
  best: Int32Array<ArrayBuffer>;
  objective = Infinity;
  lowerBound = 0;
  iterations = 0;

  constructor(tasks: number, words: number) {
    this.put = new Int32Array(tasks);
    this.stationOf = new Int32Array(tasks);
    this.waiting = new Int32Array(tasks);
    this.table = new Int32Array(TABLE * words);
    this.tableStation = new Int32Array(TABLE);
    this.best = new Int32Array(tasks);
  }
}

/**
 * Line balancing by branch and bound: station after station, only loads to which no task can be added, sets of tasks that were hopeless before are
 * not looked at again (after Scholl and Klein 1997). Type 1 proves one number of stations after another impossible; type 2 halves the
 * interval of cycle times. Beside it, balances by random priorities give an answer from the first iteration on. Ends proven optimal;
 * large problems may not end in any time, the bound then tells the gap. The objective is the number of stations, or the cycle time.
 * Loads stay maximal where places differ and tasks are bound: whatever may be done earlier frees what comes later.
 */
export class BalanceSearch implements Search<Balance> {
  readonly #problem: LineBalance;
  readonly #memory: BalanceMemory;
  readonly #words: WordStream;
  /** Tasks renumbered along a topological order: times, followers, and the original numbers. */
  readonly #order: readonly number[];
  readonly #time: Int32Array;
  /** First and last station of each, and places at the station (all one where stations are counted). */
  readonly #earliest: Int32Array;
  readonly #latest: Int32Array;
  readonly #places: Int32Array | undefined;
  /** Places of all stations behind the one. */
  readonly #placesAfter: Int32Array | undefined;
  readonly #followers: readonly Int32Array[];
  readonly #predecessors: Int32Array;
  readonly #allFollowersTime: Float64Array;
  readonly #setWords: number;
  readonly #total: number;

  /** `from`: a balance to begin with, where it is one. */
  constructor(problem: LineBalance, options: { readonly seed: number; readonly stream?: number; readonly from?: ArrayLike<number> }) {
    this.#problem = problem;
    this.#words = new WordStream(options.seed, options.stream);
    this.#order = taskOrder(problem);
    const position = new Map(this.#order.map((task, index) => [task, index]));
    const tasks = this.#order.length;
    this.#time = Int32Array.from(this.#order, (task) => problem.time[task]!);
    const { earliest, latest } = stationWindows(problem, this.#order);
    this.#earliest = Int32Array.from(this.#order, (task) => earliest[task]!);
    this.#latest = Int32Array.from(this.#order, (task) => latest[task]!);
    if ("stations" in problem.goal) {
      this.#places = Int32Array.from({ length: problem.goal.stations }, (_, station) => problem.places?.[station] ?? 1);
      this.#placesAfter = this.#places.slice();
      for (let station = problem.goal.stations - 1, after = 0; station >= 0; after += this.#places[station--]!)
        this.#placesAfter[station] = after;
    }
    const pairs = [...new Set(problem.precedences.map(([before, after]) => position.get(before)! * tasks + position.get(after)!))];
    const followers: number[][] = Array.from({ length: tasks }, () => []);
    for (const pair of pairs) followers[Math.floor(pair / tasks)]!.push(pair % tasks);
    this.#followers = followers.map((list) => Int32Array.from(list));
    this.#predecessors = new Int32Array(tasks);
    for (const pair of pairs) this.#predecessors[pair % tasks]!++;
    this.#allFollowersTime = positionalWeights(this.#time, this.#followers);
    this.#setWords = Math.max(1, Math.ceil(tasks / 32));
    this.#total = this.#time.reduce((sum, time) => sum + time, 0);
    this.#memory = new BalanceMemory(tasks, this.#setWords);
    this.#memory.lowerBound = this.#firstBound();
    this.#construct(false);
    const { from } = options;
    if (from && "stations" in problem.goal && balanceFaults(problem, from, problem.goal.stations, Infinity).length === 0)
      this.#keep(Int32Array.from(this.#order, (task) => from[task]!));
    this.#nextQuestion();
  }

  get iterations(): number {
    return this.#memory.iterations;
  }

  get objective(): number {
    return this.#memory.objective;
  }

  get lowerBound(): number {
    return this.#memory.lowerBound;
  }

  get finished(): boolean {
    return this.#memory.objective <= this.#memory.lowerBound;
  }

  advance(iterations: number): void {
    const memory = this.#memory;
    for (let i = 0; i < iterations && !this.finished; i++) {
      memory.iterations++;
      this.#construct(true);
      if (this.#asked() >= memory.objective) this.#nextQuestion();
      for (let node = 0; node < NODES && memory.status === OPEN; node++) this.#step();
      if (memory.status === FEASIBLE) this.#keep(memory.stationOf);
      else if (memory.status === INFEASIBLE) memory.lowerBound = this.#asked() + 1;
      if (memory.status !== OPEN && !this.finished) this.#nextQuestion();
    }
  }

  solution(): Balance {
    return this.#memory.best.slice();
  }

  save(): Uint8Array<ArrayBuffer> {
    return packMemory([this.#memory, this.#words]);
  }

  restore(bytes: Uint8Array): void {
    unpackMemory(bytes, [this.#memory, this.#words]);
  }

  #asked(): number {
    return "cycle" in this.#problem.goal ? this.#memory.stations : this.#memory.cycle;
  }

  /** Type 1 asks for the least number of stations not excluded, type 2 for the middle of the cycle times left. */
  #nextQuestion(): void {
    const memory = this.#memory;
    const { goal } = this.#problem;
    memory.stations = "cycle" in goal ? memory.lowerBound : goal.stations;
    memory.cycle = "cycle" in goal ? goal.cycle : Math.floor((memory.lowerBound + memory.objective - 1) / 2);
    memory.status = this.#time.length === 0 ? FEASIBLE : OPEN;
    memory.depth = memory.station = memory.next = 0;
    memory.left = this.#capacity(0);
    memory.unassigned = this.#total;
    memory.waiting.set(this.#predecessors);
    memory.stationOf.fill(-1);
    memory.tableStation.fill(0);
  }

  #firstBound(): number {
    const { goal } = this.#problem;
    if ("stations" in goal) return this.#boundOfStations(goal.stations);
    // tasks above half of a cycle need a station each, those of exactly half share one (Johnson 1988)
    let halves = 0;
    let above = 0;
    for (const time of this.#time) {
      if (2 * time > goal.cycle) above++;
      else if (2 * time === goal.cycle) halves++;
    }
    return Math.max(
      this.#total > 0 || this.#time.length > 0 ? 1 : 0,
      Math.ceil(this.#total / Math.max(1, goal.cycle)),
      above + Math.ceil(halves / 2),
    );
  }

  /** No cycle is shorter than a task at the station with most places that it may go to, nor than what must fit between two stations. */
  #boundOfStations(stations: number): number {
    const places = this.#places!;
    const isBound = this.#problem.bound?.some((station) => station !== null) ?? false;
    let bound = 0;
    for (const [task, time] of this.#time.entries()) {
      const most = places.subarray(this.#earliest[task]!, this.#latest[task]! + 1).reduce((high, count) => Math.max(high, count), 1);
      bound = Math.max(bound, Math.ceil(time / most));
    }
    for (let first = 0; first < (isBound ? stations : 1); first++) {
      for (let last = isBound ? first : stations - 1; last < stations; last++) {
        let sum = 0;
        for (const [task, time] of this.#time.entries()) if (this.#earliest[task]! >= first && this.#latest[task]! <= last) sum += time;
        const side = places.subarray(first, last + 1).reduce((all, count) => all + count, 0);
        if (sum > 0) bound = Math.max(bound, Math.ceil(sum / side));
      }
    }
    return bound;
  }

  /** Time of a station for a part at the cycle that is asked for. */
  #capacity(station: number): number {
    return this.#memory.cycle * (this.#places?.[station] ?? 1);
  }

  #mayPut(task: number): boolean {
    const { stationOf, waiting, left, station } = this.#memory;
    return stationOf[task] === -1 && waiting[task] === 0 && this.#time[task]! <= left && this.#earliest[task]! <= station;
  }

  /** Puts the next task that fits, else closes the station, else goes back. */
  #step(): void {
    const memory = this.#memory;
    const tasks = this.#time.length;
    let task = memory.next;
    while (task < tasks && !this.#mayPut(task)) task++;
    if (task < tasks) {
      this.#putTask(task);
      if (memory.depth === tasks) memory.status = FEASIBLE;
      return;
    }
    // nothing later fits; the load is maximal when nothing earlier does either, and whole when nothing was due here
    let stays = false;
    for (let i = 0; i < tasks && !stays; i++) stays = this.#mayPut(i) || (memory.stationOf[i] === -1 && this.#latest[i]! <= memory.station);
    const placesLeft = this.#placesAfter?.[memory.station] ?? memory.stations - memory.station - 1;
    if (!stays && memory.unassigned <= placesLeft * memory.cycle && !this.#hopeless()) {
      memory.station++;
      memory.left = this.#capacity(memory.station);
      memory.next = 0;
      return;
    }
    this.#back();
  }

  #putTask(task: number): void {
    const memory = this.#memory;
    memory.put[memory.depth++] = task;
    memory.stationOf[task] = memory.station;
    memory.left -= this.#time[task]!;
    memory.unassigned -= this.#time[task]!;
    for (const follower of this.#followers[task]!) memory.waiting[follower]!--;
    memory.next = task + 1;
  }

  /** Takes the last task out and goes on behind it; a station opened in vain is remembered as hopeless. */
  #back(): void {
    const memory = this.#memory;
    if (memory.depth === 0) {
      memory.status = INFEASIBLE;
      return;
    }
    const task = memory.put[memory.depth - 1]!;
    if (memory.stationOf[task]! < memory.station) {
      // the present station is empty: everything behind the closed one has failed
      memory.station = memory.stationOf[task]!;
      this.#remember();
      memory.left = this.#capacity(memory.station);
      for (let i = memory.depth - 1; i >= 0 && memory.stationOf[memory.put[i]!] === memory.station; i--)
        memory.left -= this.#time[memory.put[i]!]!;
    }
    memory.depth--;
    memory.stationOf[task] = -1;
    memory.left += this.#time[task]!;
    memory.unassigned += this.#time[task]!;
    for (const follower of this.#followers[task]!) memory.waiting[follower]!++;
    memory.next = task + 1;
  }

  /** The assigned tasks as bits, in the scratch row of the table's size; returns its slot. */
  #slot(set: Int32Array): number {
    let hash = 0x811c9dc5 | 0;
    set.fill(0);
    const { put, depth } = this.#memory;
    for (let i = 0; i < depth; i++) set[put[i]! >> 5]! |= 1 << (put[i]! & 31);
    for (const word of set) {
      hash = Math.imul(hash ^ word, 0x01000193);
      hash ^= hash >>> 15;
    }
    return (hash >>> 3) & (TABLE - 1);
  }

  /** Whether these tasks, done by the end of this station or an earlier one, have been found hopeless. */
  #hopeless(): boolean {
    const { table, tableStation, station } = this.#memory;
    const set = new Int32Array(this.#setWords);
    const slot = this.#slot(set);
    if (tableStation[slot] === 0 || tableStation[slot]! - 1 > station) return false;
    return set.every((word, i) => table[slot * this.#setWords + i] === word);
  }

  #remember(): void {
    const { table, tableStation, station } = this.#memory;
    const set = new Int32Array(this.#setWords);
    const slot = this.#slot(set);
    table.set(set, slot * this.#setWords);
    tableStation[slot] = station + 1;
  }

  /** A balance by priorities: the weight of all that follows, or that weight at random. For type 2 the shortest cycle that this priority reaches. */
  #construct(random: boolean): void {
    const { goal } = this.#problem;
    const priority = this.#allFollowersTime.map((weight) => (random ? weight * (0.5 + this.#words.uniform()) : weight));
    if ("cycle" in goal) {
      this.#keep(this.#fill(priority, goal.cycle, Infinity)!);
      return;
    }
    let low = this.#memory.lowerBound;
    let high = Math.min(this.#memory.objective - 1, this.#total);
    while (low <= high) {
      const middle = Math.floor((low + high) / 2);
      const balance = this.#fill(priority, middle, goal.stations);
      if (balance) {
        this.#keep(balance);
        high = Math.min(middle, this.#memory.objective) - 1;
      } else low = middle + 1;
    }
  }

  #fill(priority: Float64Array, cycle: number, stations: number): Int32Array | undefined {
    const time = this.#time;
    const waiting = this.#predecessors.slice();
    const balance = new Int32Array(time.length);
    // what waits for nothing, in any order: of equal priority the first task is taken
    const open = [...waiting.keys()].filter((task) => waiting[task] === 0);
    let station = 0;
    let left = cycle * (this.#places?.[0] ?? 1);
    while (open.length > 0) {
      let best = -1;
      let isBestDue = false;
      for (let i = 0; i < open.length; i++) {
        const task = open[i]!;
        if (time[task]! > left || this.#earliest[task]! > station) continue;
        const isDue = this.#latest[task]! <= station;
        const ahead = best < 0 ? 1 : Number(isDue) - Number(isBestDue) || priority[task]! - priority[open[best]!]!;
        if (ahead > 0 || (ahead === 0 && task < open[best]!)) {
          best = i;
          isBestDue = isDue;
        }
      }
      if (best < 0) {
        if (++station >= stations || open.some((task) => this.#latest[task]! < station)) return undefined;
        left = cycle * (this.#places?.[station] ?? 1);
        continue;
      }
      const task = open[best]!;
      open[best] = open.at(-1)!;
      open.pop();
      balance[task] = station;
      left -= time[task]!;
      for (const follower of this.#followers[task]!) if (--waiting[follower]! === 0) open.push(follower);
    }
    return balance;
  }

  #keep(balance: Int32Array): void {
    const memory = this.#memory;
    const inOrder = new Int32Array(balance.length);
    for (const [task, station] of balance.entries()) inOrder[this.#order[task]!] = station;
    const objective = "cycle" in this.#problem.goal ? new Set(balance).size : cycleOf(this.#problem, inOrder);
    if (objective >= memory.objective) return;
    memory.objective = objective;
    memory.best.set(inOrder);
  }
}

/** Time of each task with all that follows it (Helgeson and Birnie 1961). */
function positionalWeights(time: Int32Array, followers: readonly Int32Array[]): Float64Array {
  const words = Math.ceil(time.length / 32);
  // a row of bits a task: all that come after it
  const after = new Int32Array(time.length * words);
  const weight = Float64Array.from(time);
  for (let task = time.length - 1; task >= 0; task--) {
    const row = after.subarray(task * words, (task + 1) * words);
    for (const follower of followers[task]!) {
      row[follower >> 5]! |= 1 << (follower & 31);
      for (let word = follower >> 5; word < words; word++) row[word]! |= after[follower * words + word]!;
    }
    for (let later = task + 1; later < time.length; later++) if ((row[later >> 5]! >> (later & 31)) & 1) weight[task]! += time[later]!;
  }
  return weight;
}
