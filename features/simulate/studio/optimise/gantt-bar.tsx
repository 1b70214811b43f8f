import type { KeyboardEvent, PointerEvent, ReactNode } from "react";
import type { PlannedOperation, ScheduleProblem } from "@doppelwerk/sim/optimise";
import { useWords } from "@doppelwerk/kit/studio";
import { BAR_HEIGHT, ROW_HEIGHT, type GanttLayout } from "./gantt-layout.ts";
import { spanText } from "./gantt-scale.ts";
import { pieceHue } from "./piece-hue.ts";

/** Pixels of a letter of a bar's name, and what the name needs beside its letters. */
const [LETTER, NAME_ROOM] = [6.6, 12];

interface GanttBarProps {
  readonly op: number;
  readonly planned: PlannedOperation;
  readonly problem: ScheduleProblem;
  readonly layout: GanttLayout;
  readonly timeText: (at: number) => string;
  readonly isSelected: boolean;
  readonly isLocked: boolean;
  /** Being dragged. */
  readonly isHeld: boolean;
  /** The one bar that Tab reaches; arrows go on from it. */
  readonly isFocusable: boolean;
  readonly onPointerDown: (event: PointerEvent) => void;
  readonly onFocus: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** One operation with its set-up, its name where that fits, and a lock. */
export function GanttBar(props: GanttBarProps): ReactNode {
  const { op, planned, problem, layout, timeText, isSelected, isLocked, isHeld, isFocusable } = props;
  const { t } = useWords();
  const { x, top, rowOf, by } = layout;
  const { start, end, setUp } = planned;
  const { label, due, operations } = problem.jobs[planned.job]!;
  const machine = problem.machines[planned.machine]!.label;
  const y = top(rowOf(planned)) + (ROW_HEIGHT - BAR_HEIGHT) / 2;
  const width = Math.max(2, x(end) - x(start));
  const isLate = due !== undefined && planned.operation === operations.length - 1 && end > due;
  const text = t("simulate.optimise.gantt.bar", {
    job: label,
    n: planned.operation + 1,
    machine,
    from: timeText(start),
    to: timeText(end),
  });
  const name = by === "machine" ? label : machine;
  return (
    <g
      data-op={op}
      role="button"
      tabIndex={isFocusable ? 0 : -1}
      aria-label={isLocked ? t("simulate.optimise.gantt.barLocked", { bar: text }) : text}
      aria-pressed={isSelected}
      className={`dw-gantt-bar ${isSelected ? "is-on" : ""} ${isLate ? "is-late" : ""} ${isLocked ? "is-locked" : ""} ${isHeld ? "is-held" : ""}`}
      style={{ "--bar": pieceHue(planned.job) } as never}
      onPointerDown={props.onPointerDown}
      onFocus={props.onFocus}
      onKeyDown={props.onKeyDown}
    >
      <title>{`${text}\n${spanText(end - start, problem.unit)}`}</title>
      {setUp > 0 && (
        <rect x={x(start - setUp)} y={y + 6} width={x(setUp)} height={BAR_HEIGHT - 12} className="dw-gantt-setup">
          <title>{`${t("simulate.optimise.gantt.setUpOf")} ${spanText(setUp, problem.unit)}`}</title>
        </rect>
      )}
      <rect x={x(start)} y={y} width={width} height={BAR_HEIGHT} rx={2} className="dw-gantt-body" />
      {width > NAME_ROOM + LETTER * name.length && (
        <text x={x(start) + 6} y={y + 16} className="dw-gantt-name">
          {name}
        </text>
      )}
      {isLocked && <path d={`M${x(start) + width - 12} ${y + 5}h8v7h-8zm1.5 0v-1.5a2.5 2.5 0 0 1 5 0v1.5`} className="dw-gantt-lock" />}
    </g>
  );
}
