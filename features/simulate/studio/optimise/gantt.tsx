import { useEffect, useRef } from "react";
import type { KeyboardEvent, ReactNode, Ref } from "react";
import type { Instant } from "@doppelwerk/world";
import type { EditRefusal, PlannedOperation, ScheduleEdit } from "@doppelwerk/sim/optimise";
import { useWords } from "@doppelwerk/kit/studio";
import { GanttBar } from "./gantt-bar.tsx";
import { DueMarks, GanttGround } from "./gantt-ground.tsx";
import { pressGanttKey } from "./gantt-keys.ts";
import { BAR_HEIGHT, ganttLayout, HEAD_HEIGHT, ROW_HEIGHT, type GanttLayout } from "./gantt-layout.ts";
import type { GanttScale } from "./gantt-scale.ts";
import { useGanttDrag, type GanttDrag } from "./use-gantt-drag.ts";
import type { PlanState } from "./use-plan.ts";
import { useScheduleTime } from "./use-schedule-time.ts";

interface GanttProps {
  readonly state: PlanState;
  readonly by: GanttLayout["by"];
  readonly scale: GanttScale;
  /** The place of the bars, for who chooses the scale. */
  readonly scroll: Ref<HTMLDivElement>;
  readonly start: Instant;
  readonly selected: number | undefined;
  readonly onSelect: (op: number | undefined) => void;
  /** Called while dragging, and with `undefined` when it ends. */
  readonly onPreview: (made: ScheduleEdit | EditRefusal | undefined) => void;
  readonly onRefused: (why: EditRefusal) => void;
}

/**
 * Operations as bars over time, a row a machine or a row an order. Dragging retimes everything at once and shows what it would make; keys do the same:
 * arrows go from bar to bar, with Shift they move the operation, L locks it.
 */
export function Gantt({ state, by, scale, scroll, start, selected, onSelect, onPreview, onRefused }: GanttProps): ReactNode {
  const { t } = useWords();
  const svg = useRef<SVGSVGElement>(null);
  const { problem } = state.index;
  const layout = ganttLayout(problem, by, scale);
  const { timeText, ticks } = useScheduleTime(problem.unit, start);
  const { drag, begin, go, end, cancel } = useGanttDrag({ svg, state, layout, onSelect, onPreview, onRefused });
  const shown = drag?.made !== undefined && typeof drag.made !== "string" ? drag.made.planned : state.planned;
  useEffect(() => {
    if (selected !== undefined && document.activeElement?.closest(".dw-gantt") !== null)
      svg.current?.querySelector<SVGGElement>(`[data-op="${selected}"]`)?.focus({ preventScroll: false });
  }, [selected, by]);
  const press = (event: KeyboardEvent, op: number): void => {
    if (event.key === "Escape" && drag !== undefined) cancel();
    else pressGanttKey({ state, layout, onSelect, onRefused }, event, op);
  };
  return (
    <div className="dw-gantt" data-chart-keys>
      <RowNames rows={layout.rows} />
      <div className="dw-gantt-scroll" ref={scroll}>
        <svg
          ref={svg}
          width={layout.width}
          height={layout.height}
          role="group"
          aria-label={t("simulate.optimise.gantt.chart")}
          className={drag?.moved ? "is-dragging" : ""}
          onPointerMove={go}
          onPointerUp={(event) => end(event, true)}
          onPointerCancel={(event) => end(event, false)}
        >
          <GanttGround problem={problem} layout={layout} scale={scale} ticks={ticks(scale)} />
          {by === "job" && <DueMarks problem={problem} layout={layout} timeText={timeText} />}
          {shown.map((planned, op) => (
            <GanttBar
              key={op}
              op={op}
              planned={planned}
              problem={problem}
              layout={layout}
              timeText={timeText}
              isSelected={selected === op}
              isLocked={state.plan.locked[op] !== undefined}
              isHeld={drag?.moved === true && drag.op === op}
              isFocusable={op === (selected ?? 0)}
              onPointerDown={(event) => begin(event, op)}
              onFocus={() => selected !== op && drag === undefined && onSelect(op)}
              onKeyDown={(event) => press(event, op)}
            />
          ))}
          {drag?.moved && <Ghost drag={drag} own={state.planned[drag.op]!} layout={layout} />}
        </svg>
      </div>
    </div>
  );
}

function RowNames({ rows }: Pick<GanttLayout, "rows">): ReactNode {
  return (
    <div className="dw-gantt-rows" style={{ paddingTop: HEAD_HEIGHT }} aria-hidden="true">
      {rows.map(({ id, label }) => (
        <span key={id} style={{ height: ROW_HEIGHT }} title={label}>
          {label}
        </span>
      ))}
    </div>
  );
}

/** The operation under the pointer, where it is held. */
function Ghost({
  drag,
  own,
  layout: { x },
}: {
  readonly drag: GanttDrag;
  readonly own: PlannedOperation;
  readonly layout: GanttLayout;
}): ReactNode {
  return (
    <rect
      x={drag.x - x(drag.grabbed)}
      y={drag.y - BAR_HEIGHT / 2}
      width={Math.max(2, x(own.end) - x(own.start))}
      height={BAR_HEIGHT}
      rx={2}
      className={`dw-gantt-ghost ${typeof drag.made === "string" ? "is-refused" : ""}`}
    />
  );
}
