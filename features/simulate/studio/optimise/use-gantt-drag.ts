import { useState } from "react";
import type { PointerEvent, RefObject } from "react";
import type { EditRefusal, ScheduleEdit } from "@doppelwerk/sim/optimise";
import type { GanttLayout } from "./gantt-layout.ts";
import type { PlanState } from "./use-plan.ts";

/** Pixels that a pointer may move before it is a drag. */
const SLACK = 4;

interface Place {
  readonly x: number;
  readonly y: number;
}

export interface GanttDrag extends Place {
  readonly op: number;
  readonly pointer: number;
  /** From the operation's start to the pointer, as time: the scale may change meanwhile. */
  readonly grabbed: number;
  readonly made: ScheduleEdit | EditRefusal | undefined;
  readonly moved: boolean;
}

export interface GanttDragging {
  readonly drag: GanttDrag | undefined;
  readonly begin: (event: PointerEvent, op: number) => void;
  readonly go: (event: PointerEvent) => void;
  /** Without `keep` the operation stays where it was. */
  readonly end: (event: PointerEvent, keep: boolean) => void;
  readonly cancel: () => void;
}

interface GanttDragOptions {
  readonly svg: RefObject<SVGSVGElement | null>;
  readonly state: PlanState;
  readonly layout: GanttLayout;
  readonly onSelect: (op: number) => void;
  readonly onPreview: (made: ScheduleEdit | EditRefusal | undefined) => void;
  readonly onRefused: (why: EditRefusal) => void;
}

/** Moves an operation with the pointer: everything is retimed as it goes, and kept when it is let go. */
export function useGanttDrag({ svg, state, layout, onSelect, onPreview, onRefused }: GanttDragOptions): GanttDragging {
  const [drag, setDrag] = useState<GanttDrag | undefined>(undefined);
  const place = (event: PointerEvent): Place => {
    const box = svg.current!.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const target = (held: GanttDrag, { x, y }: Place): { readonly machine: number; readonly time: number } => ({
    machine: layout.by === "machine" ? layout.rowAt(y) : state.planned[held.op]!.machine,
    time: Math.max(0, layout.timeAt(x) - held.grabbed),
  });
  const cancel = (): void => {
    setDrag(undefined);
    onPreview(undefined);
  };
  return {
    drag,
    begin(event, op) {
      if (event.button !== 0) return;
      const at = place(event);
      onSelect(op);
      svg.current!.setPointerCapture(event.pointerId);
      const grabbed = layout.timeAt(at.x) - state.planned[op]!.start;
      setDrag({ op, pointer: event.pointerId, grabbed, ...at, made: undefined, moved: false });
    },
    go(event) {
      if (drag === undefined || event.pointerId !== drag.pointer) return;
      const at = place(event);
      if (!drag.moved && Math.hypot(at.x - drag.x, at.y - drag.y) < SLACK) return;
      const made = state.preview(drag.op, target(drag, at));
      setDrag({ ...drag, ...at, made, moved: true });
      onPreview(made);
    },
    end(event, keep) {
      if (drag === undefined || event.pointerId !== drag.pointer) return;
      cancel();
      if (!drag.moved || !keep) return;
      const made = state.move(drag.op, target(drag, place(event)));
      if (typeof made === "string") onRefused(made);
    },
    cancel,
  };
}
