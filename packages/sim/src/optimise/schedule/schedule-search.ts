import { packMemory, SnapshotError, unpackMemory } from "../../kernel/memory.ts";
import { exp } from "../../random/portable-math.ts";
import { flexibleBound } from "../flexible-job-shop/flexible-bound.ts";
import type { FlexibleJobShop } from "../flexible-job-shop/flexible-job-shop.ts";
import { createFlexibleSearch } from "../flexible-job-shop/flexible-search.ts";
import { createJobShopSearch } from "../job-shop/job-shop-search.ts";
import type { ScheduledOperation } from "../job-shop/job-shop.ts";
import type { Search } from "../search.ts";
import { WordStream } from "../word-stream.ts";
import type { ScheduleMachine, SchedulePlan, ScheduleProblem } from "./schedule-problem.ts";
import { figuresOf, indexSchedule, setUpOf, throughCalendar, timePlan, type ScheduleIndex } from "./schedule-timing.ts";

export type ScheduleGoal = "makespan" | "lateness";

export interface ScheduleSearchOptions {
  readonly seed: number;
  readonly stream?: number;
  readonly goal: ScheduleGoal;
  /** Locked operations stay on their machine and begin no earlier; where the search begins. */
  readonly from?: SchedulePlan;
}

/** The best search for a problem: tabu search where it is a plain job shop, else annealing that knows set-ups, calendars, due times and locks. */
export function createScheduleSearch(problem: ScheduleProblem, options: ScheduleSearchOptions): Search<SchedulePlan> {
  const isPlain =
    options.goal === "makespan" &&
    problem.machines.every(({ closed, setUp }) => (closed ?? []).length === 0 && setUp === undefined) &&
    problem.jobs.every(({ release, operations }) => (release ?? 0) === 0 && operations.every(({ passOn }) => passOn === undefined)) &&
    Object.keys(options.from?.locked ?? {}).length === 0;
  return isPlain ? plainSearch(problem, options) : new AnnealedSchedule(problem, options);
}

/** No makespan (or sum of lateness) is below: every job alone through the closed times of its machines, every machine with its own work, and machines that share work. */
export function scheduleBound(problem: ScheduleProblem, goal: ScheduleGoal): number {
  let [longest, late] = [0, 0];
  const own = problem.machines.map(() => ({ work: 0, head: Infinity, tail: Infinity, families: new Set<string>() }));
  for (const { release = 0, due, family, operations } of problem.jobs) {
    let [start, end] = [release, release];
    let ready = release;
    const tails = tailsOf(operations);
    for (const [k, { choices, passOn }] of operations.entries()) {
      const before = { start, end };
      const through = choices.map(({ machine, time }) => throughCalendar(problem.machines[machine]!, ready, time));
      start = Math.min(...through.map((one) => one.start));
      const overlap = k === 0 ? undefined : operations[k - 1]!.passOn;
      const least = overlap === undefined ? 0 : before.end + Math.min(overlap, ...choices.map(({ time }) => time));
      end = Math.max(least, Math.min(...through.map((one) => one.end)));
      ready = passOn === undefined ? end : start + passOn;
      if (choices.length > 1) continue;
      const machine = own[choices[0]!.machine]!;
      machine.work += choices[0]!.time;
      machine.head = Math.min(machine.head, start);
      machine.tail = Math.min(machine.tail, tails[k]!);
      if (family !== undefined) machine.families.add(family);
    }
    longest = Math.max(longest, end);
    if (due !== undefined) late += Math.max(0, end - due);
  }
  if (goal === "lateness") return late;
  const all = new Set(problem.jobs.flatMap(({ family }) => (family === undefined ? [] : [family])));
  for (const [m, { work, head, tail, families }] of own.entries()) {
    const machine = problem.machines[m]!;
    if (work > 0) longest = Math.max(longest, throughCalendar(machine, head, work + leastSetUps(machine, families, all)).end + tail);
  }
  const overlaps = problem.jobs.some(({ operations }) => operations.some(({ passOn }) => passOn !== undefined));
  return Math.max(longest, overlaps ? 0 : flexibleBound(flexibleOf(problem)));
}

/** What must at least pass between the end of each operation of a job and the end of the job. */
function tailsOf(operations: ScheduleProblem["jobs"][number]["operations"]): number[] {
  const tails = operations.map(() => 0);
  for (let k = operations.length - 2; k >= 0; k--) {
    const next = Math.min(...operations[k + 1]!.choices.map(({ time }) => time));
    const { passOn } = operations[k]!;
    tails[k] = tails[k + 1]! + (passOn === undefined ? next : Math.min(passOn, next));
  }
  return tails;
}

/** Every family but the first one must be set up from another at least once. Nothing where a machine is closed at times: set-ups may fall into those. */
function leastSetUps(machine: ScheduleMachine, families: ReadonlySet<string>, all: ReadonlySet<string>): number {
  if ((machine.closed ?? []).length > 0 || machine.setUp === undefined) return 0;
  const before = [...all, ...(machine.setUp.initial === undefined ? [] : [machine.setUp.initial])];
  const least = [...families].map((to) => Math.min(...before.filter((from) => from !== to).map((from) => setUpOf(machine, from, to))));
  const known = least.filter(Number.isFinite);
  return known.reduce((sum, value) => sum + value, 0) - Math.max(0, ...known);
}

function flexibleOf({ machines, jobs }: ScheduleProblem): FlexibleJobShop {
  const first = [0];
  const firstChoice = [0];
  const machine: number[] = [];
  const time: number[] = [];
  for (const { operations } of jobs) {
    for (const { choices } of operations) {
      for (const choice of choices) {
        machine.push(choice.machine);
        time.push(choice.time);
      }
      firstChoice.push(machine.length);
    }
    first.push(firstChoice.length - 1);
  }
  return {
    jobs: jobs.length,
    machines: machines.length,
    first: Int32Array.from(first),
    firstChoice: Int32Array.from(firstChoice),
    machine: Int32Array.from(machine),
    time: Int32Array.from(time),
    firstMachine: 0,
  };
}

function plainSearch(problem: ScheduleProblem, { seed, stream = 0 }: ScheduleSearchOptions): Search<SchedulePlan> {
  const flexible = flexibleOf(problem);
  const single = flexible.machine.length === flexible.firstChoice.length - 1;
  const search: Search<ScheduledOperation[]> = single
    ? createJobShopSearch(
        {
          jobs: flexible.jobs,
          machines: flexible.machines,
          first: flexible.first,
          machine: flexible.machine,
          duration: flexible.time,
          firstMachine: 0,
        },
        { seed, stream, prove: true },
      )
    : createFlexibleSearch(flexible, { seed, stream });
  const solution = search.solution.bind(search);
  return Object.assign(search, { solution: () => planOf(problem, solution()) }) as unknown as Search<SchedulePlan>;
}

/** The plan of a schedule: operations in the order of their starts. */
export function planOf(problem: ScheduleProblem, schedule: readonly ScheduledOperation[]): SchedulePlan {
  const { first } = indexSchedule(problem);
  const number = ({ job, operation }: ScheduledOperation): number => first[job]! + operation;
  const choice: number[] = [];
  for (const one of schedule)
    choice[number(one)] = problem.jobs[one.job]!.operations[one.operation]!.choices.findIndex(({ machine }) => machine === one.machine);
  const order = schedule.toSorted((x, y) => x.start - y.start || x.end - y.end || number(x) - number(y)).map(number);
  return { order, choice, locked: {} };
}

class AnnealMemory {
  order: Int32Array<ArrayBuffer>;
  choice: Int32Array<ArrayBuffer>;
  best: Int32Array<ArrayBuffer>;
  bestChoice: Int32Array<ArrayBuffer>;
  cost = Infinity;
  bestCost = Infinity;
  temperature = 0;
  iterations = 0;

  constructor(count: number) {
    this.order = new Int32Array(count);
    this.choice = new Int32Array(count);
    this.best = new Int32Array(count);
    this.bestChoice = new Int32Array(count);
  }
}

const REHEAT_EVERY = 20_000;
/** Of the makespan: lateness comes first, and of equally late plans the shorter is better. */
const SHARE = 1e-4;

/**
 * Simulated annealing over the order of operations, from the better of three dispatch rules (earliest due date, shortest work, most work first), cooled and heated
 * again every 20,000 moves. A move takes an operation of the critical chain before the one that its machine made it wait for, moves any operation
 * elsewhere, or gives it another machine. One iteration is one plan timed in full.
 */
class AnnealedSchedule implements Search<SchedulePlan> {
  readonly lowerBound: number;
  readonly #index: ScheduleIndex;
  readonly #options: ScheduleSearchOptions;
  readonly #memory: AnnealMemory;
  readonly #words: WordStream;
  readonly #locked: SchedulePlan["locked"];
  #start = 3;

  constructor(problem: ScheduleProblem, options: ScheduleSearchOptions) {
    this.#index = indexSchedule(problem);
    this.#options = options;
    this.#locked = options.from?.locked ?? {};
    this.#words = new WordStream(options.seed, options.stream);
    this.#memory = new AnnealMemory(this.#index.count);
    this.lowerBound = scheduleBound(problem, options.goal);
    const plans = [
      ...(options.from ? [options.from] : []),
      ...(Object.keys(this.#locked).length > 0 ? [] : [bestDispatch(problem, options.goal)]),
    ];
    for (const plan of plans) this.#take(plan);
    this.#start = Math.max(3, 0.03 * (options.goal === "makespan" ? this.#memory.bestCost : this.#makespan()));
    this.#memory.temperature = this.#start;
  }

  get iterations(): number {
    return this.#memory.iterations;
  }

  get objective(): number {
    const { bestCost } = this.#memory;
    return this.#options.goal === "makespan" ? bestCost : Math.floor(bestCost + 1e-9);
  }

  get finished(): boolean {
    return this.#options.goal === "makespan" && this.#memory.bestCost <= this.lowerBound;
  }

  advance(iterations: number): void {
    for (let i = 0; i < iterations && !this.finished; i++) this.#step();
  }

  solution(): SchedulePlan {
    const { best, bestChoice } = this.#memory;
    return { order: Array.from(best), choice: Array.from(bestChoice), locked: this.#locked };
  }

  save(): Uint8Array<ArrayBuffer> {
    return packMemory([this.#memory, this.#words]);
  }

  restore(bytes: Uint8Array): void {
    unpackMemory(bytes, [this.#memory, this.#words]);
    if (this.#memory.order.length !== this.#index.count) throw new SnapshotError();
  }

  #step(): void {
    const memory = this.#memory;
    memory.iterations++;
    if (memory.iterations % REHEAT_EVERY === 0) {
      memory.order.set(memory.best);
      memory.choice.set(memory.bestChoice);
      memory.cost = memory.bestCost;
      memory.temperature = this.#start / 2;
    }
    memory.temperature *= 0.9996;
    const order = memory.order.slice();
    const choice = memory.choice.slice();
    const dice = this.#words.uniform();
    if (dice < 0.15 && this.#reassign(choice)) {
      // another machine, the same order
    } else if (dice < 0.7) this.#hurry(order, choice);
    else this.#reinsert(order);
    const cost = this.#cost(order, choice);
    if (cost <= memory.cost || this.#words.uniform() < exp((memory.cost - cost) / memory.temperature)) this.#keep(order, choice, cost);
  }

  #keep(order: Int32Array<ArrayBuffer>, choice: Int32Array<ArrayBuffer>, cost: number): void {
    const memory = this.#memory;
    memory.order = order;
    memory.choice = choice;
    memory.cost = cost;
    if (cost >= memory.bestCost) return;
    memory.bestCost = cost;
    memory.best.set(order);
    memory.bestChoice.set(choice);
  }

  #take(plan: SchedulePlan): void {
    const order = Int32Array.from(plan.order);
    const choice = Int32Array.from(plan.choice);
    const cost = this.#cost(order, choice);
    if (cost < this.#memory.bestCost || this.#memory.cost === Infinity) this.#keep(order, choice, cost);
  }

  #cost(order: Int32Array, choice: Int32Array): number {
    const planned = timePlan(this.#index, {
      order: order as unknown as number[],
      choice: choice as unknown as number[],
      locked: this.#locked,
    })!;
    const { makespan, lateness } = figuresOf(this.#index, planned);
    let moved = 0;
    for (const [op, lock] of Object.entries(this.#locked)) moved += Math.max(0, planned[Number(op)]!.start - lock);
    // a lock that is not kept is worse than anything else
    return (this.#options.goal === "makespan" ? makespan : lateness + SHARE * makespan) + 1_000 * moved;
  }

  #makespan(): number {
    const { order, choice } = this.solution();
    return figuresOf(this.#index, timePlan(this.#index, { order, choice, locked: this.#locked })!).makespan;
  }

  #reassign(choice: Int32Array): boolean {
    const op = this.#words.below(this.#index.count);
    const job = this.#index.jobOf[op]!;
    const count = this.#index.problem.jobs[job]!.operations[op - this.#index.first[job]!]!.choices.length;
    if (count < 2 || this.#locked[op] !== undefined) return false;
    choice[op] = (choice[op]! + 1 + this.#words.below(count - 1)) % count;
    return true;
  }

  /** An operation that waits for its machine, of the chain that ends last (or of a late job), goes before the one it waits for. */
  #hurry(order: Int32Array, choice: Int32Array): void {
    const { problem, first, jobOf, count } = this.#index;
    const planned = timePlan(this.#index, {
      order: order as unknown as number[],
      choice: choice as unknown as number[],
      locked: this.#locked,
    })!;
    const at = new Int32Array(count);
    for (let i = 0; i < count; i++) at[order[i]!] = i;
    const beforeOn = new Int32Array(count).fill(-1);
    const last = new Int32Array(problem.machines.length).fill(-1);
    for (const op of order) {
      const { machine } = planned[op]!;
      beforeOn[op] = last[machine]!;
      last[machine] = op;
    }
    let op = this.#chainEnd(planned);
    const waiting: number[] = [];
    for (let guard = 0; guard < count && op >= 0; guard++) {
      const own = planned[op]!;
      const before = beforeOn[op]!;
      const job = jobOf[op]!;
      const hasPrevious = op > first[job]!;
      const family = problem.jobs[job]!.family;
      const isTight =
        before >= 0 &&
        planned[before]!.end + setUpOf(problem.machines[own.machine]!, problem.jobs[jobOf[before]!]!.family, family) >= own.start;
      if (isTight && jobOf[before] !== job) waiting.push(op);
      op = isTight ? before : hasPrevious ? op - 1 : -1;
    }
    if (waiting.length === 0) return this.#reinsert(order);
    const chosen = waiting[this.#words.below(waiting.length)]!;
    this.#shift(order, at[chosen]!, at[beforeOn[chosen]!]!);
  }

  #chainEnd(planned: ReturnType<typeof timePlan> & object): number {
    const { problem } = this.#index;
    if (this.#options.goal === "lateness") {
      const late = planned.flatMap(({ job, operation, end }, op) =>
        operation === problem.jobs[job]!.operations.length - 1 && end > (problem.jobs[job]!.due ?? Infinity) ? [op] : [],
      );
      if (late.length > 0) return late[this.#words.below(late.length)]!;
    }
    let op = 0;
    for (let i = 1; i < planned.length; i++) if (planned[i]!.end > planned[op]!.end) op = i;
    return op;
  }

  #reinsert(order: Int32Array): void {
    if (order.length < 2) return;
    this.#shift(order, this.#words.below(order.length), this.#words.below(order.length));
  }

  /** Moves a place of the order; operations of a job keep their places among themselves, whichever place was meant. */
  #shift(order: Int32Array, from: number, to: number): void {
    const { first, jobOf } = this.#index;
    const jobs = Array.from(order, (op) => jobOf[op]!);
    const [job] = jobs.splice(from, 1);
    jobs.splice(to, 0, job!);
    const next = first.slice();
    for (let i = 0; i < jobs.length; i++) order[i] = next[jobs[i]!]!++;
  }
}

/** What comes first where several operations could begin at the same time. */
export type DispatchRule = "earliestDue" | "shortestTime" | "mostWork";
const DISPATCH_RULES: readonly DispatchRule[] = ["earliestDue", "shortestTime", "mostWork"];

/**
 * A plan without any search, as a planner makes it by hand: of all operations whose turn it is the one that can begin first, on the machine where it ends first;
 * of equals by the rule.
 */
export function dispatchedPlan(problem: ScheduleProblem, rule: DispatchRule): SchedulePlan {
  const { first, count } = indexSchedule(problem);
  const { jobs, machines } = problem;
  const work = jobs.map(({ operations }) => operations.reduce((sum, { choices }) => sum + Math.min(...choices.map(({ time }) => time)), 0));
  const done = jobs.map(() => 0);
  const before = jobs.map(({ release = 0 }) => ({ start: release, end: release }));
  const free = machines.map(() => 0);
  const families: (string | undefined)[] = machines.map(() => undefined);
  const order: number[] = [];
  const choice: number[] = [];
  while (order.length < count) {
    let best: { job: number; at: number; start: number; end: number; rank: number } | undefined;
    for (const [job, { family, due, release = 0, operations }] of jobs.entries()) {
      const operation = operations[done[job]!];
      if (!operation) continue;
      const passOn = done[job] === 0 ? undefined : operations[done[job]! - 1]!.passOn;
      const ready = done[job] === 0 ? release : passOn === undefined ? before[job]!.end : before[job]!.start + passOn;
      for (const [at, { machine, time }] of operation.choices.entries()) {
        const from = Math.max(ready, free[machine]! + setUpOf(machines[machine]!, families[machine], family));
        const { start, end } = throughCalendar(machines[machine]!, from, time);
        const rank = rule === "earliestDue" ? (due ?? Infinity) : rule === "shortestTime" ? time : -work[job]!;
        if (!best || start < best.start || (start === best.start && (rank < best.rank || (rank === best.rank && end < best.end))))
          best = { job, at, start, end, rank };
      }
    }
    const { job, at, start, end } = best!;
    const { choices } = jobs[job]!.operations[done[job]!]!;
    const { machine, time } = choices[at]!;
    work[job]! -= Math.min(...choices.map((one) => one.time));
    order.push(first[job]! + done[job]!);
    choice[first[job]! + done[job]!] = at;
    before[job] = {
      start,
      end: Math.max(end, done[job] === 0 ? 0 : before[job]!.end + Math.min(time, jobs[job]!.operations[done[job]! - 1]!.passOn ?? 0)),
    };
    free[machine] = before[job]!.end;
    families[machine] = jobs[job]!.family ?? families[machine];
    done[job]!++;
  }
  return { order, choice, locked: {} };
}

/** The best of the dispatch rules: where a search begins, and what it has to beat. */
export function bestDispatch(problem: ScheduleProblem, goal: ScheduleGoal): SchedulePlan {
  const index = indexSchedule(problem);
  const cost = (plan: SchedulePlan): number => {
    const { makespan, lateness } = figuresOf(index, timePlan(index, plan)!);
    return goal === "makespan" ? makespan : lateness + SHARE * makespan;
  };
  return DISPATCH_RULES.map((rule) => dispatchedPlan(problem, rule)).reduce((best, plan) => (cost(plan) < cost(best) ? plan : best));
}
