import { railTicks, useText, useWords } from "@doppelwerk/kit/studio";
import { useCallback, useState, type ReactNode } from "react";
import type { Batch } from "../model/batch.ts";
import type { Pass } from "./calls.ts";
import { phaseClass, phasesByLook } from "./phase-look.ts";

interface GanttProps {
  readonly machines: readonly string[];
  readonly ranges: readonly string[];
  readonly batches: readonly Batch[];
  readonly passes: readonly Pass[];
  readonly from: number;
  readonly to: number;
  readonly chosen: { readonly machine: string; readonly from: number } | undefined;
  readonly onChoose: (chosen: { readonly machine: string; readonly from: number }) => void;
}

/** Pixels; the drawing is as wide as its card, and has this width until that is known. */
const WIDTH = 1_000;
const HEAD = 78;
const ROW = 30;
const BAR = 20;
const TOP = 18;
/** Room that the text of a tick takes. */
const TICK_TEXT = 48;

/** A row a machine or range, a bar a batch in the colours of its phases. */
export function Gantt(props: GanttProps): ReactNode {
  const { machines, ranges, batches, passes, from, to } = props;
  const text = useText();
  const { zone, language } = useWords();
  const [width, measure] = useWidth();
  const rows = [...machines, ...ranges];
  const height = TOP + rows.length * ROW;
  const x = (instant: number): number => HEAD + ((Math.min(Math.max(instant, from), to) - from) / (to - from)) * (width - HEAD);
  return (
    <svg ref={measure} className="dye-house-gantt" height={height} role="group" aria-label={text("dyeHouse.gantt.title")}>
      {railTicks({ from, to, scale: (to - from) / (width - HEAD), zone, language, spacing: 64 }).map(({ at, label }) => (
        <g key={at}>
          <line className="dye-house-tick" x1={x(at)} x2={x(at)} y1={TOP} y2={height} />
          {x(at) < width - TICK_TEXT && (
            <text className="dye-house-tick-text" x={x(at) + 3} y={TOP - 6}>
              {label}
            </text>
          )}
        </g>
      ))}
      {rows.map((name, row) => (
        <text key={name} className="dye-house-row" x={0} y={TOP + row * ROW + BAR * 0.8}>
          {name}
        </text>
      ))}
      {batches.map((batch) => (
        <BatchBar key={`${batch.machine} ${batch.from}`} batch={batch} y={TOP + machines.indexOf(batch.machine) * ROW} x={x} {...props} />
      ))}
      {passes.map((pass) => (
        <rect
          key={`${pass.range} ${pass.from}`}
          className="dye-house-pass"
          x={x(pass.from)}
          width={Math.max(1, x(pass.to) - x(pass.from))}
          y={TOP + (machines.length + ranges.indexOf(pass.range)) * ROW}
          height={BAR}
        >
          <title>{pass.lot}</title>
        </rect>
      ))}
    </svg>
  );
}

/** Width of an element, px, and what is told of the element. */
function useWidth(): readonly [number, (element: Element | null) => (() => void) | undefined] {
  const [width, setWidth] = useState(WIDTH);
  const measure = useCallback((element: Element | null) => {
    if (element === null) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.max(HEAD * 2, entry!.contentRect.width)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [width, measure];
}

/** What the colours of the bars mean. */
export function GanttLegend(): ReactNode {
  const text = useText();
  return (
    <ul className="dye-house-legend">
      {[...phasesByLook()].map(([look, phases]) => (
        <li key={look}>
          <i className={`dye-house-phase ${look}`} />
          {phases.map((phase) => text(`dyeHouse.phase.${phase}`)).join(" / ")}
        </li>
      ))}
    </ul>
  );
}

interface BatchBarProps extends Pick<GanttProps, "to" | "chosen" | "onChoose"> {
  readonly batch: Batch;
  readonly y: number;
  readonly x: (instant: number) => number;
}

function BatchBar({ batch, y, x, to, chosen, onChoose }: BatchBarProps): ReactNode {
  const text = useText();
  const { machine, from, recipe, phases, loadKg } = batch;
  const isChosen = chosen?.machine === machine && chosen.from === from;
  const end = batch.to ?? to;
  const name = batch.batch || text("dyeHouse.unnamed");
  const choose = (): void => onChoose({ machine, from });
  return (
    <g
      className={`dye-house-batch${isChosen ? " is-chosen" : ""}`}
      role="button"
      tabIndex={0}
      aria-pressed={isChosen}
      aria-label={text("dyeHouse.gantt.bar", { batch: name, machine, recipe })}
      onClick={choose}
      onKeyDown={(event) => {
        if (event.key === "Enter" || event.key === " ") choose();
      }}
    >
      <title>{`${name} · ${recipe} · ${loadKg} kg`}</title>
      {phases.map((phase) => (
        <rect
          key={phase.from}
          className={`dye-house-phase ${phaseClass(phase.phase)}`}
          x={x(phase.from)}
          width={Math.max(0.5, x(phase.to ?? end) - x(phase.from))}
          y={y}
          height={BAR}
        />
      ))}
      <rect className="dye-house-outline" x={x(from)} width={Math.max(1, x(end) - x(from))} y={y} height={BAR} rx={2} />
      {x(end) - x(from) > 60 && (
        <text className="dye-house-name" x={x(from) + 5} y={y + BAR * 0.7}>
          {name}
        </text>
      )}
    </g>
  );
}
