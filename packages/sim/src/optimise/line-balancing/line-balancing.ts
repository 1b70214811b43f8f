import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world/error";

/**
 * Simple assembly line balancing: tasks with whole times and precedences are divided over stations in a row. Type 1: fewest stations for a
 * cycle time; type 2: shortest cycle time for a number of stations.
 */
export interface LineBalance {
  readonly time: readonly number[];
  /** Pairs [before, after] of tasks, counted from 0. */
  readonly precedences: readonly (readonly [number, number])[];
  readonly goal: { readonly cycle: number } | { readonly stations: number };
  /** Of a number of stations, how many places of each work side by side: so many times the cycle is there for a part. 0: only tasks of time 0. Absent: one each. */
  readonly places?: readonly number[];
  /** Of a number of stations, the only one (from 0) where a task can be done; null: any. Absent: none is bound. */
  readonly bound?: readonly (number | null)[];
}

/** Station of each task, from 0. */
export type Balance = Int32Array;

/** The cycle that a balance needs: the longest time of a station, each by its places; whole. */
export function cycleOf({ time, places }: LineBalance, balance: ArrayLike<number>): number {
  const load = new Map<number, number>();
  for (const [task, own] of time.entries()) load.set(balance[task]!, (load.get(balance[task]!) ?? 0) + own);
  return [...load].reduce((most, [station, sum]) => (sum === 0 ? most : Math.max(most, Math.ceil(sum / (places?.[station] ?? 1)))), 0);
}

/** What is wrong with a balance; none = feasible. */
export function balanceFaults(problem: LineBalance, balance: ArrayLike<number>, stations: number, cycle: number): string[] {
  const faults: string[] = [];
  const load = new Map<number, number>();
  if (balance.length !== problem.time.length) faults.push("not every task has a station");
  for (const [task, station] of Array.from(balance).entries()) {
    if (!(station >= 0 && station < stations)) faults.push(`task ${task} is in station ${station} of ${stations}`);
    const only = problem.bound?.[task] ?? station;
    if (only !== station) faults.push(`task ${task} is in station ${station}, it can only be done in ${only}`);
    load.set(station, (load.get(station) ?? 0) + problem.time[task]!);
  }
  for (const [station, sum] of load)
    if (sum > 0 && !(sum <= cycle * (problem.places?.[station] ?? 1)))
      faults.push(`station ${station} takes ${sum}, the cycle is ${cycle}`);
  for (const [before, after] of problem.precedences)
    if (balance[before]! > balance[after]!) faults.push(`task ${after} comes before task ${before}`);
  return faults;
}

/** The tasks in an order that keeps the precedences, longer ones first. Throws DW_INVALID when they go round in a circle or the problem cannot be. */
export function taskOrder(problem: LineBalance): number[] {
  const { time, precedences, goal } = problem;
  if (time.some((value) => !Number.isInteger(value) || value < 0))
    throw new DoppelwerkError("DW_INVALID", message("sim.taskTimesMustWholeNumbers"));
  const longest = Math.max(0, ...time);
  if ("cycle" in goal && longest > goal.cycle)
    throw new DoppelwerkError("DW_INVALID", message("sim.taskTakes", { longest, cycle: goal.cycle }));
  if ("stations" in goal && !(Number.isInteger(goal.stations) && goal.stations > 0))
    throw new DoppelwerkError("DW_INVALID", message("sim.leastStationNeeded"));
  checkStations(problem);
  const waiting = new Int32Array(time.length);
  const followers = new Map<number, number[]>();
  for (const [before, after] of precedences) {
    if (time[before] === undefined || time[after] === undefined)
      throw new DoppelwerkError("DW_INVALID", message("sim.precedenceNamesTaskNot", { before, after }));
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
  if (order.length < time.length) throw new DoppelwerkError("DW_INVALID", message("sim.precedencesGoRoundCircle"));
  return order;
}

/** Places and bound tasks are those of stations that are there. */
function checkStations({ time, goal, places, bound }: LineBalance): void {
  if (places === undefined && bound === undefined) return;
  if (!("stations" in goal)) throw new DoppelwerkError("DW_INVALID", message("sim.placesBoundTasksNeedNumberStations"));
  if (places && (places.length !== goal.stations || places.some((count) => !(Number.isInteger(count) && count >= 0))))
    throw new DoppelwerkError("DW_INVALID", message("sim.everyStationNeedsWholeNumberPlaces"));
  if (
    bound &&
    (bound.length !== time.length ||
      bound.some((station) => station !== null && !(Number.isInteger(station) && station >= 0 && station < goal.stations)))
  )
    throw new DoppelwerkError("DW_INVALID", message("sim.taskBoundStationNot"));
}

/**
 * The first and the last station of each task, by what is bound before and after it. Tasks in the order of `order`, which keeps the precedences. Throws
 * DW_INVALID where nothing is left for a task.
 */
export function stationWindows(
  problem: LineBalance,
  order: readonly number[],
): { readonly earliest: Int32Array; readonly latest: Int32Array } {
  const { time, precedences, bound } = problem;
  const last = "stations" in problem.goal ? problem.goal.stations - 1 : time.length - 1;
  const earliest = Int32Array.from(time, (_, task) => bound?.[task] ?? 0);
  const latest = Int32Array.from(time, (_, task) => bound?.[task] ?? last);
  const position = new Map(order.map((task, at) => [task, at]));
  const rising = precedences.toSorted(([a], [b]) => position.get(a)! - position.get(b)!);
  for (const [before, after] of rising) earliest[after] = Math.max(earliest[after]!, earliest[before]!);
  for (const [before, after] of precedences.toSorted(([, a], [, b]) => position.get(b)! - position.get(a)!))
    latest[before] = Math.min(latest[before]!, latest[after]!);
  const stuck = order.find((task) => earliest[task]! > latest[task]!);
  if (stuck !== undefined)
    throw new DoppelwerkError("DW_INVALID", message("sim.taskNoStation", { stuck, stuck2: earliest[stuck]!, stuck3: latest[stuck]! }));
  const idle = order.find((task) => time[task]! > 0 && placesBetween(problem, earliest[task]!, latest[task]!) === 0);
  if (idle !== undefined) throw new DoppelwerkError("DW_INVALID", message("sim.taskCanGoStationsWithoutPlace", { idle }));
  return { earliest, latest };
}

function placesBetween({ places }: LineBalance, first: number, last: number): number {
  return places ? places.slice(first, last + 1).reduce((sum, count) => sum + count, 0) : last - first + 1;
}
