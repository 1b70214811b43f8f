import type { SequenceCheck } from "@doppelwerk/client";
import type { ScheduleProblem, ScheduleTrial } from "@doppelwerk/sim/optimise";

/** What a trial says of an order; times from the start, none where it was never done. */
export interface TrialRow {
  readonly label: string;
  readonly median: number | null;
  /** What can be promised: 95 % of the executions were done by then. */
  readonly high: number | null;
  readonly onTime: number | undefined;
  /** Executions in which it was not done in time to be seen. */
  readonly unfinished: number;
}

/** The orders of a line as its simulator found them. */
export function rowsOfCheck({ jobs }: ScheduleProblem, { orders }: SequenceCheck): readonly TrialRow[] {
  return orders.map(({ id, median, high, onTime, unfinished }) => ({
    label: jobs.find((job) => job.id === id)?.label ?? id,
    median,
    high,
    onTime,
    unfinished,
  }));
}

/** The jobs of a shop as its plan was executed. */
export function rowsOfTrial(problem: ScheduleProblem, trial: ScheduleTrial): readonly TrialRow[] {
  return trial.jobs.map(({ median, high, onTime }, job) => ({
    label: problem.jobs[job]!.label,
    median,
    high,
    onTime,
    unfinished: 0,
  }));
}
