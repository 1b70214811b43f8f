import { useEffect, useMemo, useRef, useState } from "react";
import type { KeyboardEvent, PointerEvent, ReactNode, Ref } from "react";
import { SECOND } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";
import { machineQueues, type EditRefusal, type PlannedOperation, type ScheduleEdit } from "@doppelwerk/sim/optimise";
import { clockText, dayText, momentText, useWords } from "@doppelwerk/kit/studio";
import { ganttTicks, spanText, type GanttScale } from "./gantt-scale.ts";
import type { PlanState } from "./use-plan.ts";

const ROW = 34;
const BAR = 24;
const HEAD = 26;
/** Calm hues of the fixed list, one an order, again from the first after the last. */
const HUES = ["blue", "teal", "violet", "olive", "rose", "indigo", "slate", "sand", "plum"] as const;

interface GanttProps {
  readonly state: PlanState;
  readonly by: "machine" | "job";
  readonly scale: GanttScale;
  /** The place of the bars, for who chooses the scale. */
  readonly scroll: Ref<HTMLDivElement>;
  readonly start: Instant;
  readonly selected: number | undefined;
  readonly onSelect: (op: number | undefined) => void;
  /** Told while dragging, and with `undefined` when it ends. */
  readonly onPreview: (made: ScheduleEdit | EditRefusal | undefined) => void;
  readonly onRefused: (why: EditRefusal) => void;
}

interface Drag {
  readonly op: number;
  readonly pointer: number;
  /** From the operation's start to the pointer, as time: the scale may change meanwhile. */
  readonly grabbed: number;
  readonly x: number;
  readonly y: number;
  readonly made: ScheduleEdit | EditRefusal | undefined;
  readonly moved: boolean;
}

/**
 * Operations as bars over time, a row a machine or a row an order. Dragging retimes everything at once and shows what it would make; keys do the same:
 * arrows go from bar to bar, with Shift they move the operation, L locks it.
 */
export function Gantt({ state, by, scale, scroll, start, selected, onSelect, onPreview, onRefused }: GanttProps): ReactNode {
  const { t, language, zone } = useWords();
  const [drag, setDrag] = useState<Drag | undefined>(undefined);
  const svg = useRef<SVGSVGElement>(null);
  const { index, plan } = state;
  const { problem } = index;
  const shown = drag?.made !== undefined && typeof drag.made !== "string" ? drag.made.planned : state.planned;
  const rows = by === "machine" ? problem.machines : problem.jobs;
  const rowOf = (one: PlannedOperation): number => (by === "machine" ? one.machine : one.job);
  const x = (at: number): number => at * scale.perUnit;
  const width = Math.max(200, x(scale.end) + 24);
  const height = HEAD + rows.length * ROW;
  const focusable = selected ?? 0;
  const queues = useMemo(() => machineQueues(index, state.planned), [index, state.planned]);

  useEffect(() => {
    if (selected !== undefined && document.activeElement?.closest(".dw-gantt") !== null)
      svg.current?.querySelector<SVGGElement>(`[data-op="${selected}"]`)?.focus({ preventScroll: false });
  }, [selected, by]);

  const place = (event: PointerEvent): { x: number; y: number } => {
    const box = svg.current!.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const begin = (event: PointerEvent, op: number): void => {
    if (event.button !== 0) return;
    const at = place(event);
    onSelect(op);
    svg.current!.setPointerCapture(event.pointerId);
    setDrag({
      op,
      pointer: event.pointerId,
      grabbed: at.x / scale.perUnit - state.planned[op]!.start,
      ...at,
      made: undefined,
      moved: false,
    });
  };
  const target = (held: Drag, at: { x: number; y: number }): { machine: number; time: number } => {
    const row = Math.min(rows.length - 1, Math.max(0, Math.floor((at.y - HEAD) / ROW)));
    return { machine: by === "machine" ? row : state.planned[held.op]!.machine, time: Math.max(0, at.x / scale.perUnit - held.grabbed) };
  };
  const go = (event: PointerEvent): void => {
    if (drag === undefined || event.pointerId !== drag.pointer) return;
    const at = place(event);
    if (!drag.moved && Math.hypot(at.x - drag.x, at.y - drag.y) < 4) return;
    const made = state.preview(drag.op, target(drag, at));
    setDrag({ ...drag, ...at, made, moved: true });
    onPreview(made);
  };
  const end = (event: PointerEvent, keep: boolean): void => {
    if (drag === undefined || event.pointerId !== drag.pointer) return;
    setDrag(undefined);
    onPreview(undefined);
    if (!drag.moved || !keep) return;
    const made = state.move(drag.op, target(drag, place(event)));
    if (typeof made === "string") onRefused(made);
  };
  const key = (event: KeyboardEvent, op: number): void => {
    const own = state.planned[op]!;
    if (event.key === "Escape" && drag !== undefined) {
      setDrag(undefined);
      onPreview(undefined);
      return;
    }
    if (event.key === "l" || event.key === "L") {
      state.lock(op);
      event.preventDefault();
      return;
    }
    const sideways = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    const upright = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    if (sideways === 0 && upright === 0) return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.shiftKey) {
      const next = sideways !== 0 ? along(op, sideways) : across(op, upright);
      if (next !== undefined) onSelect(next);
      return;
    }
    const made = sideways !== 0 ? state.shift(op, sideways as -1 | 1) : otherMachine(op, upright, own);
    if (typeof made === "string") onRefused(made);
  };
  const along = (op: number, direction: number): number | undefined => {
    if (by === "job") {
      const next = op + direction;
      return index.jobOf[next] === index.jobOf[op] ? next : undefined;
    }
    const queue = queues[state.planned[op]!.machine]!;
    return queue[queue.indexOf(op) + direction];
  };
  const across = (op: number, direction: number): number | undefined => {
    const own = state.planned[op]!;
    for (let row = rowOf(own) + direction; row >= 0 && row < rows.length; row += direction) {
      let nearest: number | undefined;
      for (const [other, one] of state.planned.entries())
        if (
          rowOf(one) === row &&
          (nearest === undefined || Math.abs(one.start - own.start) < Math.abs(state.planned[nearest]!.start - own.start))
        )
          nearest = other;
      if (nearest !== undefined) return nearest;
    }
    return undefined;
  };
  const otherMachine = (op: number, direction: number, own: PlannedOperation): ScheduleEdit | EditRefusal => {
    const { choices } = problem.jobs[own.job]!.operations[own.operation]!;
    const machines = choices.map(({ machine }) => machine).sort((a, b) => a - b);
    const next = machines[machines.indexOf(own.machine) + direction];
    return next === undefined ? "machine" : state.move(op, { machine: next, time: own.start });
  };
  const timeText = (at: number): string =>
    problem.unit === "s" ? momentText(start + at * SECOND, zone, language, false) : String(Math.round(at));
  const zoneOffsetS = problem.unit === "s" ? zone.offsetAt(start) / SECOND : 0;
  const ticks = ganttTicks(scale, problem.unit, start, zoneOffsetS);
  const isDay = (tick: number): boolean => problem.unit === "s" && Math.abs((start / SECOND + zoneOffsetS + tick) % 86_400) < 1;
  return (
    <div className="dw-gantt" data-chart-keys>
      <div className="dw-gantt-rows" style={{ paddingTop: HEAD }} aria-hidden="true">
        {rows.map(({ id, label }) => (
          <span key={id} style={{ height: ROW }} title={label}>
            {label}
          </span>
        ))}
      </div>
      <div className="dw-gantt-scroll" ref={scroll}>
        <svg
          ref={svg}
          width={width}
          height={height}
          role="group"
          aria-label={t("simulate.optimise.gantt.chart")}
          className={drag?.moved ? "is-dragging" : ""}
          onPointerMove={go}
          onPointerUp={(event) => end(event, true)}
          onPointerCancel={(event) => end(event, false)}
        >
          <defs>
            <pattern id="gantt-closed" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <line x1="0" y1="0" x2="0" y2="6" stroke="var(--dw-line-strong)" strokeWidth="1" />
            </pattern>
          </defs>
          {rows.map(({ id }, row) => (
            <rect
              key={id}
              x={0}
              y={HEAD + row * ROW}
              width={width}
              height={ROW}
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
                    y={HEAD + row * ROW}
                    width={x(Math.min(to, scale.end)) - x(from)}
                    height={ROW}
                    fill="url(#gantt-closed)"
                    opacity={0.5}
                  />
                )),
            )}
          {ticks.map((tick) => (
            <g key={tick}>
              <line
                x1={x(tick)}
                x2={x(tick)}
                y1={HEAD - 6}
                y2={height}
                className={isDay(tick) ? "dw-gantt-tick is-day" : "dw-gantt-tick"}
              />
              <text x={x(tick) + 4} y={HEAD - 9} className="dw-gantt-time">
                {problem.unit === "s"
                  ? isDay(tick)
                    ? dayText(start + tick * SECOND, zone, language)
                    : clockText(start + tick * SECOND, zone, false)
                  : tick}
              </text>
            </g>
          ))}
          {by === "job" &&
            problem.jobs.map(({ id, due }, row) =>
              due === undefined ? null : (
                <path key={id} d={`M${x(due)} ${HEAD + row * ROW + 2}v${ROW - 4}m-4 0h8`} className="dw-gantt-due">
                  <title>{timeText(due)}</title>
                </path>
              ),
            )}
          {shown.map((one, op) => {
            const { label, due, operations } = problem.jobs[one.job]!;
            const y = HEAD + rowOf(one) * ROW + (ROW - BAR) / 2;
            const isLate = due !== undefined && one.operation === operations.length - 1 && one.end > due;
            const isLocked = plan.locked[op] !== undefined;
            const text = t("simulate.optimise.gantt.bar", {
              job: label,
              n: one.operation + 1,
              machine: problem.machines[one.machine]!.label,
              from: timeText(one.start),
              to: timeText(one.end),
            });
            const w = Math.max(2, x(one.end) - x(one.start));
            const name = by === "machine" ? label : problem.machines[one.machine]!.label;
            return (
              <g
                key={op}
                data-op={op}
                role="button"
                tabIndex={op === focusable ? 0 : -1}
                aria-label={isLocked ? t("simulate.optimise.gantt.barLocked", { bar: text }) : text}
                aria-pressed={selected === op}
                className={`dw-gantt-bar ${selected === op ? "is-on" : ""} ${isLate ? "is-late" : ""} ${isLocked ? "is-locked" : ""} ${drag?.moved && drag.op === op ? "is-held" : ""}`}
                style={{ "--bar": `var(--dw-${HUES[one.job % HUES.length]})` } as never}
                onPointerDown={(event) => begin(event, op)}
                onFocus={() => selected !== op && drag === undefined && onSelect(op)}
                onKeyDown={(event) => key(event, op)}
              >
                <title>{`${text}\n${spanText(one.end - one.start, problem.unit)}`}</title>
                {one.setUp > 0 && (
                  <rect x={x(one.start - one.setUp)} y={y + 6} width={x(one.setUp)} height={BAR - 12} className="dw-gantt-setup">
                    <title>{`${t("simulate.optimise.gantt.setUpOf")} ${spanText(one.setUp, problem.unit)}`}</title>
                  </rect>
                )}
                <rect x={x(one.start)} y={y} width={w} height={BAR} rx={2} className="dw-gantt-body" />
                {w > 12 + 6.6 * name.length && (
                  <text x={x(one.start) + 6} y={y + 16} className="dw-gantt-name">
                    {name}
                  </text>
                )}
                {isLocked && (
                  <path d={`M${x(one.start) + w - 12} ${y + 5}h8v7h-8zm1.5 0v-1.5a2.5 2.5 0 0 1 5 0v1.5`} className="dw-gantt-lock" />
                )}
              </g>
            );
          })}
          {drag?.moved && (
            <rect
              x={drag.x - x(drag.grabbed)}
              y={drag.y - BAR / 2}
              width={Math.max(2, x(state.planned[drag.op]!.end) - x(state.planned[drag.op]!.start))}
              height={BAR}
              rx={2}
              className={`dw-gantt-ghost ${typeof drag.made === "string" ? "is-refused" : ""}`}
            />
          )}
        </svg>
      </div>
    </div>
  );
}
