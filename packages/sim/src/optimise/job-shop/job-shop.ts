/**
 * The job shop: every job is a chain of operations, each on one machine for a time, a machine does one operation at a time,
 * the makespan is minimised. Jobs may leave machines out, or come back to one. Operation k of job j is number `first[j] + k`; times are whole numbers of any unit.
 */
export interface JobShop {
  readonly jobs: number;
  readonly machines: number;
  /** Number of the first operation of each job, and at the end the number of operations. */
  readonly first: Int32Array;
  /** Machine of each operation, from 0. */
  readonly machine: Int32Array;
  readonly duration: Int32Array;
  /** What the file calls machine 0: 0 or 1. */
  readonly firstMachine: 0 | 1;
}

/** One operation of a schedule. Jobs and operations are counted from 0, machines as the problem's file counts them. */
export interface ScheduledOperation {
  readonly job: number;
  readonly operation: number;
  readonly machine: number;
  readonly start: number;
  readonly end: number;
}

/** The earliest schedule in which every machine takes its operations in the given order (of all operations, each after its predecessor in the job). */
export function scheduleOfOrder(problem: JobShop, order: ArrayLike<number>): ScheduledOperation[] {
  const { jobs, machines, first, machine, duration, firstMachine } = problem;
  const jobFree = new Float64Array(jobs);
  const machineFree = new Float64Array(machines);
  const jobOf = jobOfOperations(first);
  const schedule: ScheduledOperation[] = [];
  for (let i = 0; i < order.length; i++) {
    const op = order[i]!;
    const job = jobOf[op]!;
    const start = Math.max(jobFree[job]!, machineFree[machine[op]!]!);
    const end = start + duration[op]!;
    jobFree[job] = machineFree[machine[op]!] = end;
    schedule.push({ job, operation: op - first[job]!, machine: machine[op]! + firstMachine, start, end });
  }
  return schedule.sort((x, y) => x.job - y.job || x.operation - y.operation);
}

/** The job of each operation. */
export function jobOfOperations(first: Int32Array): Int32Array {
  const jobOf = new Int32Array(first.at(-1)!);
  for (let job = 0; job + 1 < first.length; job++) jobOf.fill(job, first[job]!, first[job + 1]!);
  return jobOf;
}

/** Every operation's number among those on its machine, and how many a machine has at most: at most one a job where no job comes back to a machine. */
export function slotsOf({ machine, machines }: JobShop): { readonly slot: Int32Array; readonly most: number } {
  const count = new Int32Array(machines);
  const slot = machine.map((k) => count[k]!++);
  return { slot, most: count.reduce((most, value) => Math.max(most, value), 1) };
}

/** What is wrong with a schedule, independently of who made it; none = feasible, with the makespan it claims. */
export function scheduleFaults(
  expected: readonly { readonly job: number; readonly operation: number; readonly times: ReadonlyMap<number, number> }[],
  schedule: readonly ScheduledOperation[],
  objective: number,
): string[] {
  const faults: string[] = [];
  const done = new Map(schedule.map((entry) => [`${entry.job}/${entry.operation}`, entry]));
  if (done.size !== schedule.length) faults.push("an operation is scheduled twice");
  if (schedule.length !== expected.length) faults.push(`${schedule.length} operations scheduled, ${expected.length} expected`);
  for (const { job, operation, times } of expected) {
    const entry = done.get(`${job}/${operation}`);
    if (!entry) {
      faults.push(`job ${job} operation ${operation} is missing`);
      continue;
    }
    const time = times.get(entry.machine);
    if (time === undefined) faults.push(`job ${job} operation ${operation} cannot be done on machine ${entry.machine}`);
    else if (entry.end - entry.start !== time)
      faults.push(`job ${job} operation ${operation} takes ${entry.end - entry.start}, not ${time}`);
    if (!(entry.start >= 0)) faults.push(`job ${job} operation ${operation} starts before 0`);
    const before = done.get(`${job}/${operation - 1}`);
    if (operation > 0 && before && before.end > entry.start)
      faults.push(`job ${job} operation ${operation} starts before its predecessor has ended`);
  }
  for (const machine of new Set(schedule.map((entry) => entry.machine))) {
    const sorted = schedule.filter((entry) => entry.machine === machine && entry.end > entry.start).sort((x, y) => x.start - y.start);
    for (const [index, entry] of sorted.entries())
      if (index > 0 && sorted[index - 1]!.end > entry.start) faults.push(`machine ${machine} does two operations at ${entry.start}`);
  }
  const makespan = Math.max(0, ...schedule.map(({ end }) => end));
  if (makespan !== objective) faults.push(`the schedule ends at ${makespan}, not ${objective}`);
  return faults;
}

/** What is wrong with a schedule of a job shop; none = feasible. */
export function jobShopFaults(problem: JobShop, schedule: readonly ScheduledOperation[], objective: number): string[] {
  const jobOf = jobOfOperations(problem.first);
  const expected = Array.from(problem.machine, (machine, op) => ({
    job: jobOf[op]!,
    operation: op - problem.first[jobOf[op]!]!,
    times: new Map([[machine + problem.firstMachine, problem.duration[op]!]]),
  }));
  return scheduleFaults(expected, schedule, objective);
}
