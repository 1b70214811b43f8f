import type { KeyboardEvent } from "react";
import type { EditRefusal, ScheduleEdit } from "@doppelwerk/sim/optimise";
import type { GanttLayout } from "./gantt-layout.ts";
import { acrossOperation, besideOperation, otherMachine } from "./gantt-steps.ts";
import type { PlanState } from "./use-plan.ts";

interface GanttKeys {
  readonly state: PlanState;
  readonly layout: GanttLayout;
  readonly onSelect: (operation: number) => void;
  readonly onRefused: (why: EditRefusal) => void;
}

/** What a key does on an operation: arrows select another one, with Shift they move this one, L locks it. */
export function pressGanttKey({ state, layout, onSelect, onRefused }: GanttKeys, event: KeyboardEvent, operation: number): void {
  if (event.key === "l" || event.key === "L") {
    state.lock(operation);
    event.preventDefault();
    return;
  }
  const sideways = stepOf(event.key, "ArrowLeft", "ArrowRight");
  const upright = stepOf(event.key, "ArrowUp", "ArrowDown");
  if (sideways === undefined && upright === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  if (event.shiftKey) {
    const made = sideways !== undefined ? state.shift(operation, sideways) : moveAcross(state, operation, upright!);
    if (typeof made === "string") onRefused(made);
    return;
  }
  const next =
    sideways !== undefined
      ? besideOperation(state.index, state.planned, layout.by, operation, sideways)
      : acrossOperation(state.planned, layout, operation, upright!);
  if (next !== undefined) onSelect(next);
}

function stepOf(key: string, back: string, forth: string): -1 | 1 | undefined {
  return key === back ? -1 : key === forth ? 1 : undefined;
}

function moveAcross(state: PlanState, operation: number, direction: -1 | 1): ScheduleEdit | EditRefusal {
  const own = state.planned[operation]!;
  const machine = otherMachine(state.index.problem, own, direction);
  return machine === undefined ? "machine" : state.move(operation, { machine, time: own.start });
}
