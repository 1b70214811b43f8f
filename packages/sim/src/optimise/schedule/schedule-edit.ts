import type { PlannedOperation, SchedulePlan } from "./schedule-problem.ts";
import { timePlan, type ScheduleIndex } from "./schedule-timing.ts";

export interface ScheduleEdit {
  readonly plan: SchedulePlan;
  readonly planned: readonly PlannedOperation[];
}

/** Why an edit was not made. `locked`: the operation is; `machine`: that machine cannot do it; `order`: it would wait for itself, round in a circle. */
export type EditRefusal = "locked" | "machine" | "order";

/**
 * Puts an operation onto a machine, before the first operation there that is in the middle of its work at `time` or later. Everything else keeps its order on
 * its machine and moves up or back as far as it must.
 */
export function moveOperation(
  index: ScheduleIndex,
  plan: SchedulePlan,
  planned: readonly PlannedOperation[],
  op: number,
  to: { readonly machine: number; readonly time: number },
): ScheduleEdit | EditRefusal {
  if (plan.locked[op] !== undefined) return "locked";
  const job = index.jobOf[op]!;
  const choice = index.problem.jobs[job]!.operations[op - index.first[job]!]!.choices.findIndex(({ machine }) => machine === to.machine);
  if (choice < 0) return "machine";
  const queues = machineQueues(index, planned);
  for (const queue of queues) {
    const at = queue.indexOf(op);
    if (at >= 0) queue.splice(at, 1);
  }
  const queue = queues[to.machine]!;
  const place = queue.findIndex((other) => (planned[other]!.start + planned[other]!.end) / 2 >= to.time);
  queue.splice(place < 0 ? queue.length : place, 0, op);
  const choices = plan.choice.slice();
  choices[op] = choice;
  return inOrder(index, queues, { ...plan, choice: choices });
}

/** Exchanges an operation with the one before or after it on its machine. */
export function shiftOperation(
  index: ScheduleIndex,
  plan: SchedulePlan,
  planned: readonly PlannedOperation[],
  op: number,
  direction: -1 | 1,
): ScheduleEdit | EditRefusal {
  if (plan.locked[op] !== undefined) return "locked";
  const queues = machineQueues(index, planned);
  const queue = queues[planned[op]!.machine]!;
  const at = queue.indexOf(op);
  const other = queue[at + direction];
  if (other === undefined) return "order";
  queue[at] = other;
  queue[at + direction] = op;
  return inOrder(index, queues, plan);
}

/** Locks an operation where it stands, or sets it free. */
export function lockOperation(index: ScheduleIndex, plan: SchedulePlan, planned: readonly PlannedOperation[], op: number): ScheduleEdit {
  const { [op]: held, ...rest } = plan.locked;
  const next = { ...plan, locked: held === undefined ? { ...plan.locked, [op]: planned[op]!.start } : rest };
  return { plan: next, planned: timePlan(index, next)! };
}

/** Operations of each machine as they follow one another. */
export function machineQueues({ problem }: ScheduleIndex, planned: readonly PlannedOperation[]): number[][] {
  const queues: number[][] = problem.machines.map(() => []);
  const order = planned
    .map((_, op) => op)
    .sort((x, y) => planned[x]!.start - planned[y]!.start || planned[x]!.end - planned[y]!.end || x - y);
  for (const op of order) queues[planned[op]!.machine]!.push(op);
  return queues;
}

/** A plan in which the machines take these queues, if one exists: an order of all operations that keeps the queues and the jobs (Kahn). */
function inOrder(index: ScheduleIndex, queues: readonly (readonly number[])[], plan: SchedulePlan): ScheduleEdit | EditRefusal {
  const { count, first, jobOf } = index;
  const waits = new Int32Array(count);
  const after: number[][] = Array.from({ length: count }, () => []);
  for (let op = 0; op < count; op++) {
    if (op === first[jobOf[op]!]) continue;
    waits[op]!++;
    after[op - 1]!.push(op);
  }
  for (const queue of queues) {
    for (let i = 1; i < queue.length; i++) {
      waits[queue[i]!]!++;
      after[queue[i - 1]!]!.push(queue[i]!);
    }
  }
  const order: number[] = [];
  const ready = Array.from({ length: count }, (_, op) => op).filter((op) => waits[op] === 0);
  for (let at = 0; at < ready.length; at++) {
    const op = ready[at]!;
    order.push(op);
    for (const next of after[op]!) if (--waits[next]! === 0) ready.push(next);
  }
  if (order.length < count) return "order";
  const made = { ...plan, order };
  return { plan: made, planned: timePlan(index, made)! };
}
