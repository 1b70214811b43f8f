import { jobOfOperations, scheduleFaults, type ScheduledOperation } from "../job-shop/job-shop.ts";

/**
 * The flexible job shop: a job shop whose operations may each be done on one of several machines, in a time that depends on it.
 * Operation k of job j is number `first[j] + k`; its choices are numbers `firstChoice[op]` … `firstChoice[op + 1] − 1`.
 */
export interface FlexibleJobShop {
  readonly jobs: number;
  readonly machines: number;
  readonly first: Int32Array;
  readonly firstChoice: Int32Array;
  /** Machine of each choice, from 0. */
  readonly machine: Int32Array;
  readonly time: Int32Array;
  /** What the file calls machine 0: 0 or 1. */
  readonly firstMachine: 0 | 1;
}

/** A solution: all operations in an order that keeps the jobs, then the choice of each operation (as a number of the problem). */
export type FlexibleSolution = Int32Array;

/** The earliest schedule of a solution. */
export function scheduleOfFlexible(problem: FlexibleJobShop, solution: FlexibleSolution): ScheduledOperation[] {
  const { jobs, machines, first, machine, time, firstMachine } = problem;
  const count = first[jobs]!;
  const jobOf = jobOfOperations(first);
  const jobFree = new Float64Array(jobs);
  const machineFree = new Float64Array(machines);
  const schedule: ScheduledOperation[] = [];
  for (let i = 0; i < count; i++) {
    const op = solution[i]!;
    const choice = solution[count + op]!;
    const job = jobOf[op]!;
    const start = Math.max(jobFree[job]!, machineFree[machine[choice]!]!);
    const end = start + time[choice]!;
    jobFree[job] = machineFree[machine[choice]!] = end;
    schedule.push({ job, operation: op - first[job]!, machine: machine[choice]! + firstMachine, start, end });
  }
  return schedule.sort((x, y) => x.job - y.job || x.operation - y.operation);
}

/** What is wrong with a schedule; none = feasible. */
export function flexibleFaults(problem: FlexibleJobShop, schedule: readonly ScheduledOperation[], objective: number): string[] {
  const { first, firstChoice, machine, time, firstMachine } = problem;
  const expected = Array.from(jobOfOperations(first), (job, op) => ({
    job,
    operation: op - first[job]!,
    times: new Map(
      Array.from({ length: firstChoice[op + 1]! - firstChoice[op]! }, (_, i) => {
        const choice = firstChoice[op]! + i;
        return [machine[choice]! + firstMachine, time[choice]!] as const;
      }),
    ),
  }));
  return scheduleFaults(expected, schedule, objective);
}
