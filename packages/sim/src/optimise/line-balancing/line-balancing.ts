import { DoppelwerkError, said } from "@doppelwerk/world";

/**
 * Simple assembly line balancing: tasks with whole times and precedences are divided over stations in a row. Type 1: fewest stations for a
 * cycle time; type 2: shortest cycle time for a number of stations.
 */
export interface LineBalance {
  readonly time: readonly number[];
  /** Pairs [before, after] of tasks, counted from 0. */
  readonly precedences: readonly (readonly [number, number])[];
  readonly goal: { readonly cycle: number } | { readonly stations: number };
}

/** Station of each task, from 0. */
export type Balance = Int32Array;

/** What is wrong with a balance; none = feasible. */
export function balanceFaults(problem: LineBalance, balance: Balance, stations: number, cycle: number): string[] {
  const faults: string[] = [];
  const load = new Map<number, number>();
  if (balance.length !== problem.time.length) faults.push("not every task has a station");
  for (const [task, station] of balance.entries()) {
    if (station < 0 || station >= stations) faults.push(`task ${task} is in station ${station} of ${stations}`);
    load.set(station, (load.get(station) ?? 0) + problem.time[task]!);
  }
  for (const [station, sum] of load) if (sum > cycle) faults.push(`station ${station} takes ${sum}, the cycle is ${cycle}`);
  for (const [before, after] of problem.precedences)
    if (balance[before]! > balance[after]!) faults.push(`task ${after} comes before task ${before}`);
  return faults;
}

/** The tasks in an order that keeps the precedences, longer ones first. Throws DW_INVALID when they go round in a circle or the problem cannot be. */
export function taskOrder(problem: LineBalance): number[] {
  const { time, precedences, goal } = problem;
  if (time.some((value) => !Number.isInteger(value) || value < 0))
    throw new DoppelwerkError("DW_INVALID", said`task times must be whole numbers, not negative`);
  const longest = Math.max(0, ...time);
  if ("cycle" in goal && longest > goal.cycle)
    throw new DoppelwerkError("DW_INVALID", said`a task takes ${longest}, longer than the cycle ${goal.cycle}`);
  if ("stations" in goal && !(Number.isInteger(goal.stations) && goal.stations > 0))
    throw new DoppelwerkError("DW_INVALID", said`at least one station is needed`);
  const waiting = new Int32Array(time.length);
  const followers = new Map<number, number[]>();
  for (const [before, after] of precedences) {
    if (time[before] === undefined || time[after] === undefined)
      throw new DoppelwerkError("DW_INVALID", said`a precedence names a task that is not there: ${before} → ${after}`);
    waiting[after]!++;
    followers.set(before, [...(followers.get(before) ?? []), after]);
  }
  const open = [...time.keys()].filter((task) => waiting[task] === 0);
  const order: number[] = [];
  while (open.length > 0) {
    open.sort((x, y) => time[y]! - time[x]! || x - y);
    const task = open.shift()!;
    order.push(task);
    for (const after of followers.get(task) ?? []) if (--waiting[after]! === 0) open.push(after);
  }
  if (order.length < time.length) throw new DoppelwerkError("DW_INVALID", said`the precedences go round in a circle`);
  return order;
}
