import type { PlannedOperation, ScheduleFigures, ScheduleMachine, SchedulePlan, ScheduleProblem } from "./schedule-problem.ts";
import { firstOperations } from "./schedule-problem.ts";

/** Everything of a problem that timing looks up, once a problem. */
export interface ScheduleIndex {
  readonly problem: ScheduleProblem;
  readonly first: readonly number[];
  readonly jobOf: Int32Array;
  readonly count: number;
}

export function indexSchedule(problem: ScheduleProblem): ScheduleIndex {
  const first = firstOperations(problem);
  const count = first.at(-1)!;
  const jobOf = new Int32Array(count);
  for (let job = 0; job + 1 < first.length; job++) jobOf.fill(job, first[job]!, first[job + 1]!);
  return { problem, first, jobOf, count };
}

/** When work of `time` that begins at `start` or after is done, interrupted by what is closed; and when it really begins. */
export function throughCalendar(
  { closed }: ScheduleMachine,
  start: number,
  time: number,
): { readonly start: number; readonly end: number } {
  if (!closed || closed.length === 0) return { start, end: start + time };
  let begin = start;
  let at = start;
  let left = time;
  let begun = false;
  for (const { from, to } of closed) {
    if (to <= at) continue;
    if (from > at) {
      if (!begun) {
        begin = at;
        begun = true;
      }
      if (at + left <= from) return { start: begin, end: at + left };
      left -= from - at;
    }
    at = to;
  }
  return { start: begun ? begin : at, end: at + left };
}

export function setUpOf(machine: ScheduleMachine, from: string | undefined, to: string | undefined): number {
  const before = from ?? machine.setUp?.initial;
  return before === undefined || to === undefined || before === to ? 0 : (machine.setUp?.times[before]?.[to] ?? 0);
}

/**
 * The earliest times of a plan: each operation as soon as its job, its machine and its lock allow, in the order of the plan. An order in which an operation
 * stands before its predecessor in the job is undefined. Result by number of operation.
 */
export function timePlan(index: ScheduleIndex, plan: SchedulePlan): PlannedOperation[] | undefined {
  const { problem, first, jobOf, count } = index;
  const { machines, jobs } = problem;
  const machineFree = new Float64Array(machines.length);
  const families: (string | undefined)[] = machines.map(() => undefined);
  const done = new Int32Array(jobs.length);
  const planned: PlannedOperation[] = Array.from({ length: count });
  for (const op of plan.order) {
    const job = jobOf[op]!;
    const operation = op - first[job]!;
    if (done[job] !== operation) return undefined;
    done[job]!++;
    const { choices } = jobs[job]!.operations[operation]!;
    const { machine: m, time } = choices[plan.choice[op]!]!;
    const machine = machines[m]!;
    const { family, release = 0 } = jobs[job]!;
    const before = operation === 0 ? undefined : planned[op - 1]!;
    const passOn = operation === 0 ? undefined : jobs[job]!.operations[operation - 1]!.passOn;
    const ready = before === undefined ? release : passOn === undefined ? before.end : before.start + passOn;
    const setUp = setUpOf(machine, families[m], family);
    const from = Math.max(ready, machineFree[m]! + setUp, plan.locked[op] ?? 0);
    const through = throughCalendar(machine, from, time);
    // what is passed on piece by piece cannot end before its last piece has come
    const end = passOn === undefined ? through.end : Math.max(through.end, before!.end + Math.min(passOn, time));
    planned[op] = { job, operation, machine: m, start: through.start, end, setUp };
    machineFree[m] = end;
    if (family !== undefined) families[m] = family;
  }
  return plan.order.length === count ? planned : undefined;
}

export function figuresOf({ problem }: ScheduleIndex, planned: readonly PlannedOperation[]): ScheduleFigures {
  let [makespan, lateness, lateMost, late, setUp] = [0, 0, 0, 0, 0];
  for (const { job, operation, end, setUp: own } of planned) {
    makespan = Math.max(makespan, end);
    setUp += own;
    const { due, operations } = problem.jobs[job]!;
    if (due === undefined || operation < operations.length - 1 || end <= due) continue;
    lateness += end - due;
    lateMost = Math.max(lateMost, end - due);
    late++;
  }
  return { makespan, lateness, lateMost, late, setUp };
}

/**
 * What is wrong with planned operations, whoever planned them: precedence, one thing at a time on a machine, set-ups, release, calendars, and a lock that could
 * not be kept. Independent of `timePlan`.
 */
export function scheduleFindings(
  problem: ScheduleProblem,
  planned: readonly PlannedOperation[],
  locked: SchedulePlan["locked"] = {},
): string[] {
  const first = firstOperations(problem);
  const findings: string[] = [];
  const name = ({ job, operation }: PlannedOperation): string => `${problem.jobs[job]!.label} operation ${operation + 1}`;
  for (const one of planned) {
    const { operations, release = 0 } = problem.jobs[one.job]!;
    const choice = operations[one.operation]!.choices.find(({ machine }) => machine === one.machine);
    if (!choice) {
      findings.push(`${name(one)} cannot be done on ${problem.machines[one.machine]!.label}`);
      continue;
    }
    if (one.start < release) findings.push(`${name(one)} starts before its release`);
    if (throughCalendar(problem.machines[one.machine]!, one.start, choice.time).end > one.end)
      findings.push(`${name(one)} has too little time`);
    if (throughCalendar(problem.machines[one.machine]!, one.start, choice.time).start !== one.start && choice.time > 0)
      findings.push(`${name(one)} starts while ${problem.machines[one.machine]!.label} is closed`);
    const lock = locked[first[one.job]! + one.operation];
    if (lock !== undefined && one.start > lock) findings.push(`${name(one)} cannot start where it is locked`);
    const before = planned.find(({ job, operation }) => job === one.job && operation === one.operation - 1);
    if (!before) continue;
    const { passOn } = operations[before.operation]!;
    if (one.start < (passOn === undefined ? before.end : before.start + passOn))
      findings.push(`${name(one)} starts before its predecessor allows`);
  }
  for (const [m, machine] of problem.machines.entries()) {
    const own = planned.filter((one) => one.machine === m).sort((x, y) => x.start - y.start || x.end - y.end);
    let family: string | undefined;
    for (const [i, one] of own.entries()) {
      const free = i === 0 ? 0 : own[i - 1]!.end;
      if (one.start < free + setUpOf(machine, family, problem.jobs[one.job]!.family))
        findings.push(`${name(one)} starts before ${machine.label} is free and set up`);
      family = problem.jobs[one.job]!.family ?? family;
    }
  }
  return findings;
}
