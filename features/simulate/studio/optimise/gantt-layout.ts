import type { PlannedOperation, ScheduleProblem } from "@doppelwerk/sim/optimise";
import type { GanttScale } from "./gantt-scale.ts";

export const ROW_HEIGHT = 34;
export const BAR_HEIGHT = 24;
/** Of the axis above the rows. */
export const HEAD_HEIGHT = 26;

/** Where things lie in a Gantt chart, in pixels. */
export interface GanttLayout {
  readonly by: "machine" | "job";
  readonly rows: readonly { readonly id: string; readonly label: string }[];
  readonly width: number;
  readonly height: number;
  readonly x: (time: number) => number;
  readonly timeAt: (x: number) => number;
  /** Upper edge of a row. */
  readonly top: (row: number) => number;
  /** The row at a height; the first or the last one outside of them. */
  readonly rowAt: (y: number) => number;
  readonly rowOf: (operation: PlannedOperation) => number;
}

export function ganttLayout(problem: ScheduleProblem, by: GanttLayout["by"], scale: GanttScale): GanttLayout {
  const rows = by === "machine" ? problem.machines : problem.jobs;
  const x = (time: number): number => time * scale.perUnit;
  return {
    by,
    rows,
    width: Math.max(200, x(scale.end) + 24),
    height: HEAD_HEIGHT + rows.length * ROW_HEIGHT,
    x,
    timeAt: (at) => at / scale.perUnit,
    top: (row) => HEAD_HEIGHT + row * ROW_HEIGHT,
    rowAt: (y) => Math.min(rows.length - 1, Math.max(0, Math.floor((y - HEAD_HEIGHT) / ROW_HEIGHT))),
    rowOf: ({ machine, job }) => (by === "machine" ? machine : job),
  };
}
