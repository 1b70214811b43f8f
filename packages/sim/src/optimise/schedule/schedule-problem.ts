import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world/error";

/**
 * Orders to be done on machines, as plain data: the general form of job shop, flexible job shop and flow shop, with set-ups, calendars, release and due
 * times. Times are whole numbers of one unit (seconds on a twin, whatever the file means else) from the start of the plan.
 */
export interface ScheduleProblem {
  readonly format: "doppelwerk-schedule/1";
  readonly title: string;
  readonly unit: "s" | "1";
  readonly machines: readonly ScheduleMachine[];
  readonly jobs: readonly ScheduleJob[];
}

export interface ScheduleMachine {
  readonly id: string;
  readonly label: string;
  /** When it does not work, ascending, not overlapping: an operation that meets one is interrupted and goes on after it. */
  readonly closed?: readonly { readonly from: number; readonly to: number }[];
  /** Set-up from one family to the next; a pair that is not named takes none. What the machine is set up for at the start: `initial`. */
  readonly setUp?: { readonly initial?: string; readonly times: Readonly<Record<string, Readonly<Record<string, number>>>> };
}

export interface ScheduleJob {
  readonly id: string;
  readonly label: string;
  readonly release?: number;
  readonly due?: number;
  /** What set-ups compare. */
  readonly family?: string;
  readonly operations: readonly ScheduleOperation[];
}

export interface ScheduleOperation {
  /** Machines that can do it (index into `machines`), each with its time. */
  readonly choices: readonly { readonly machine: number; readonly time: number }[];
  /** The next operation may begin so long after this one began (a line passes on piece by piece); absent: when this one has ended. */
  readonly passOn?: number;
}

/** One operation as planned. `setUp` is the time right before `start` in which the machine is made ready. */
export interface PlannedOperation {
  readonly job: number;
  readonly operation: number;
  readonly machine: number;
  readonly start: number;
  readonly end: number;
  readonly setUp: number;
}

/**
 * What is decided: operations (numbers of the problem, those of a job one after another) in an order in which every machine takes its own, the choice of
 * each operation, and operations that must not start before a time because somebody has locked them there.
 */
export interface SchedulePlan {
  readonly order: readonly number[];
  readonly choice: readonly number[];
  readonly locked: Readonly<Record<number, number>>;
}

export interface ScheduleFigures {
  readonly makespan: number;
  /** Sum and largest of what jobs with a due time end late, and how many do. */
  readonly lateness: number;
  readonly lateMost: number;
  readonly late: number;
  /** Sum of all set-ups. */
  readonly setUp: number;
}

/** Number of the first operation of each job, and at the end the number of operations. */
export function firstOperations({ jobs }: Pick<ScheduleProblem, "jobs">): number[] {
  const first = [0];
  for (const { operations } of jobs) first.push(first.at(-1)! + operations.length);
  return first;
}

const OPERATIONS_MAX = 5_000;
const TIME_MAX = 1_000_000_000;

/** A problem of unknown origin; throws DW_INVALID that names what is wrong and where. */
export function checkScheduleProblem(problem: ScheduleProblem): ScheduleProblem {
  const refuse = (why: string) => new DoppelwerkError("DW_INVALID", message("sim.schedule", { why }));
  const time = (value: unknown, what: string): void => {
    if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > TIME_MAX)
      throw refuse(`${what} must be a whole number from 0 to ${TIME_MAX}, not ${String(value)}`);
  };
  if (problem.machines.length === 0 || problem.jobs.length === 0) throw refuse("there must be a machine and a job");
  for (const { id, closed = [], setUp } of problem.machines) {
    for (const [i, { from, to }] of closed.entries()) {
      time(from, `the closed time of ${id}`);
      time(to, `the closed time of ${id}`);
      if (to <= from || (i > 0 && from < closed[i - 1]!.to)) throw refuse(`the closed times of ${id} must follow one another`);
    }
    for (const row of Object.values(setUp?.times ?? {})) for (const value of Object.values(row)) time(value, `a set-up of ${id}`);
  }
  let count = 0;
  for (const { id, release, due, operations } of problem.jobs) {
    if (release !== undefined) time(release, `the release of ${id}`);
    if (due !== undefined) time(due, `the due time of ${id}`);
    if (operations.length === 0) throw refuse(`the job ${id} has no operation`);
    for (const [k, { choices, passOn }] of operations.entries()) {
      count++;
      const what = `operation ${k + 1} of ${id}`;
      if (passOn !== undefined) time(passOn, `the passing on of ${what}`);
      if (choices.length === 0) throw refuse(`no machine can do ${what}`);
      if (new Set(choices.map(({ machine }) => machine)).size < choices.length) throw refuse(`${what} names a machine twice`);
      for (const choice of choices) {
        if (!problem.machines[choice.machine]) throw refuse(`${what} names a machine that is not there: ${choice.machine}`);
        time(choice.time, `the time of ${what}`);
      }
    }
  }
  if (count > OPERATIONS_MAX) throw refuse(`${count} operations, at most ${OPERATIONS_MAX}`);
  return problem;
}
