import { useMemo, useState } from "react";
import {
  figuresOf,
  indexSchedule,
  lockOperation,
  moveOperation,
  shiftOperation,
  timePlan,
  type EditRefusal,
  type PlannedOperation,
  type ScheduleEdit,
  type ScheduleFigures,
  type ScheduleIndex,
  type SchedulePlan,
  type ScheduleProblem,
} from "@doppelwerk/sim/optimise";

export interface PlanState {
  readonly index: ScheduleIndex;
  readonly plan: SchedulePlan;
  readonly planned: readonly PlannedOperation[];
  readonly figures: ScheduleFigures;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** What a drag would make, without making it. */
  preview(op: number, to: { readonly machine: number; readonly time: number }): ScheduleEdit | EditRefusal;
  move(op: number, to: { readonly machine: number; readonly time: number }): ScheduleEdit | EditRefusal;
  shift(op: number, direction: -1 | 1): ScheduleEdit | EditRefusal;
  lock(op: number): void;
  /** Takes a plan of elsewhere, as one step that can be undone. */
  take(plan: SchedulePlan): void;
  undo(): void;
  redo(): void;
}

const STEPS_MAX = 200;

/** A plan under the hands of a person: every edit is timed and checked at once, and can be undone. */
export function usePlan(problem: ScheduleProblem, first: SchedulePlan): PlanState {
  const index = useMemo(() => indexSchedule(problem), [problem]);
  const [history, setHistory] = useState<{ readonly done: readonly SchedulePlan[]; readonly undone: readonly SchedulePlan[] }>({
    done: [first],
    undone: [],
  });
  const plan = history.done.at(-1)!;
  const planned = useMemo(() => timePlan(index, plan)!, [index, plan]);
  const figures = useMemo(() => figuresOf(index, planned), [index, planned]);
  const take = (next: SchedulePlan): void => setHistory({ done: [...history.done.slice(-STEPS_MAX), next], undone: [] });
  const made = (edit: ScheduleEdit | EditRefusal): ScheduleEdit | EditRefusal => {
    if (typeof edit !== "string") take(edit.plan);
    return edit;
  };
  return {
    index,
    plan,
    planned,
    figures,
    canUndo: history.done.length > 1,
    canRedo: history.undone.length > 0,
    preview: (op, to) => moveOperation(index, plan, planned, op, to),
    move: (op, to) => made(moveOperation(index, plan, planned, op, to)),
    shift: (op, direction) => made(shiftOperation(index, plan, planned, op, direction)),
    lock: (op) => take(lockOperation(index, plan, planned, op).plan),
    take,
    undo() {
      if (history.done.length > 1) setHistory({ done: history.done.slice(0, -1), undone: [plan, ...history.undone] });
    },
    redo() {
      const [next, ...rest] = history.undone;
      if (next !== undefined) setHistory({ done: [...history.done, next], undone: rest });
    },
  };
}
