import type { ReactNode } from "react";
import type { ScheduleProblem } from "@doppelwerk/sim/optimise";
import { HEAD_HEIGHT, ROW_HEIGHT, type GanttLayout } from "./gantt-layout.ts";
import type { GanttScale } from "./gantt-scale.ts";
import type { ScheduleTick } from "./use-schedule-time.ts";

/** What lies behind the bars: rows, when machines do not work, and the axis. */
export function GanttGround({
  problem,
  layout,
  scale,
  ticks,
}: {
  readonly problem: ScheduleProblem;
  readonly layout: GanttLayout;
  readonly scale: GanttScale;
  readonly ticks: readonly ScheduleTick[];
}): ReactNode {
  const { by, rows, width, height, x, top } = layout;
  return (
    <>
      <defs>
        <pattern id="gantt-closed" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line x1="0" y1="0" x2="0" y2="6" stroke="var(--dw-line-strong)" strokeWidth="1" />
        </pattern>
      </defs>
      {rows.map(({ id }, row) => (
        <rect
          key={id}
          x={0}
          y={top(row)}
          width={width}
          height={ROW_HEIGHT}
          className={row % 2 === 0 ? "dw-gantt-row" : "dw-gantt-row is-odd"}
        />
      ))}
      {by === "machine" &&
        problem.machines.flatMap(({ id, closed = [] }, row) =>
          closed
            .filter(({ from }) => from < scale.end)
            .map(({ from, to }) => (
              <rect
                key={`${id} ${from}`}
                x={x(from)}
                y={top(row)}
                width={x(Math.min(to, scale.end)) - x(from)}
                height={ROW_HEIGHT}
                fill="url(#gantt-closed)"
                opacity={0.5}
              />
            )),
        )}
      {ticks.map(({ at, text, isDay }) => (
        <g key={at}>
          <line x1={x(at)} x2={x(at)} y1={HEAD_HEIGHT - 6} y2={height} className={isDay ? "dw-gantt-tick is-day" : "dw-gantt-tick"} />
          <text x={x(at) + 4} y={HEAD_HEIGHT - 9} className="dw-gantt-time">
            {text}
          </text>
        </g>
      ))}
    </>
  );
}

/** A mark in the row of each order that has a due time. */
export function DueMarks({
  problem,
  layout: { x, top },
  timeText,
}: {
  readonly problem: ScheduleProblem;
  readonly layout: GanttLayout;
  readonly timeText: (at: number) => string;
}): ReactNode {
  return problem.jobs.map(({ id, due }, row) =>
    due === undefined ? null : (
      <path key={id} d={`M${x(due)} ${top(row) + 2}v${ROW_HEIGHT - 4}m-4 0h8`} className="dw-gantt-due">
        <title>{timeText(due)}</title>
      </path>
    ),
  );
}
