import { machineQueues, type PlannedOperation, type ScheduleIndex, type ScheduleProblem } from "@doppelwerk/sim/optimise";
import type { GanttLayout } from "./gantt-layout.ts";

/** The operation before (−1) or after (1) one in its row, if there is one. */
export function besideOperation(
  index: ScheduleIndex,
  planned: readonly PlannedOperation[],
  by: GanttLayout["by"],
  operation: number,
  direction: -1 | 1,
): number | undefined {
  if (by === "job") {
    const next = operation + direction;
    return index.jobOf[next] === index.jobOf[operation] ? next : undefined;
  }
  const queue = machineQueues(index, planned)[planned[operation]!.machine]!;
  return queue[queue.indexOf(operation) + direction];
}

/** The operation that begins nearest to one in the next row above (−1) or below (1) that has any. */
export function acrossOperation(
  planned: readonly PlannedOperation[],
  { rows, rowOf }: Pick<GanttLayout, "rows" | "rowOf">,
  operation: number,
  direction: -1 | 1,
): number | undefined {
  const own = planned[operation]!;
  const distance = (other: number): number => Math.abs(planned[other]!.start - own.start);
  for (let row = rowOf(own) + direction; row >= 0 && row < rows.length; row += direction) {
    let nearest: number | undefined;
    for (const [other, one] of planned.entries())
      if (rowOf(one) === row && (nearest === undefined || distance(other) < distance(nearest))) nearest = other;
    if (nearest !== undefined) return nearest;
  }
  return undefined;
}

/** The machine above (−1) or below (1) among those that can do an operation, if there is one. */
export function otherMachine(problem: ScheduleProblem, own: PlannedOperation, direction: -1 | 1): number | undefined {
  const { choices } = problem.jobs[own.job]!.operations[own.operation]!;
  const machines = choices.map(({ machine }) => machine).sort((a, b) => a - b);
  return machines[machines.indexOf(own.machine) + direction];
}
