import { railTicks, useText, useWords } from "@doppelwerk/kit/studio";
import { useCallback, useState, type KeyboardEvent, type ReactNode } from "react";
import type { Batch } from "../model/batch.ts";
import { BatchBar } from "./batch-bar.tsx";
import type { Overview, Pass } from "./calls.ts";
import { nextBatch, type Direction } from "../model/next-batch.ts";
import { PassBar } from "./pass-bar.tsx";
import { phasesByLook } from "./phase-look.ts";

interface GanttProps {
  readonly machines: Overview["machines"];
  /** In the order in which goods pass them. */
  readonly ranges: Overview["ranges"];
  readonly batches: readonly Batch[];
  readonly passes: readonly Pass[];
  readonly from: number;
  readonly to: number;
  /** What is shown ends here: the present, or the instant that is looked at. */
  readonly now: number;
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
const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowLeft: "before",
  ArrowRight: "after",
  ArrowUp: "above",
  ArrowDown: "below",
};

/** A row a machine or range, a bar a batch in the colours of its phases. Arrow keys go from batch to batch. */
export function Gantt(props: GanttProps): ReactNode {
  const { machines, ranges, batches, passes, from, to, now, chosen, onChoose } = props;
  const text = useText();
  const { zone, language } = useWords();
  const [width, measure] = useWidth();
  const names = machines.map(({ name }) => name);
  const rows = [...names, ...ranges.map(({ name }) => name)];
  const height = TOP + rows.length * ROW;
  const x = (instant: number): number => HEAD + ((Math.min(Math.max(instant, from), to) - from) / (to - from)) * (width - HEAD);
  const onKeyDown = (event: KeyboardEvent<SVGSVGElement>): void => {
    const direction = DIRECTIONS[event.key];
    const next = direction && chosen && nextBatch(batches, names, chosen, direction);
    if (next === undefined) return;
    event.preventDefault();
    onChoose(next);
    event.currentTarget.querySelector<SVGGElement>(`[data-batch="${next.machine} ${next.from}"]`)?.focus();
  };
  return (
    <svg
      ref={measure}
      className="dye-house-gantt"
      height={height}
      role="group"
      aria-label={text("dyeHouse.gantt.title")}
      onKeyDown={onKeyDown}
    >
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
        <text key={name} className="dye-house-row" x={0} y={TOP + row * ROW + BAR * 0.7}>
          {name}
        </text>
      ))}
      {batches.map((batch) => (
        <BatchBar
          key={`${batch.machine} ${batch.from}`}
          batch={batch}
          machine={machines.find(({ name }) => name === batch.machine)}
          y={TOP + names.indexOf(batch.machine) * ROW}
          height={BAR}
          {...{ x, now }}
          isChosen={chosen?.machine === batch.machine && chosen.from === batch.from}
          onChoose={onChoose}
        />
      ))}
      {passes.map((pass) => (
        <PassBar
          key={`${pass.range} ${pass.from}`}
          pass={pass}
          kind={ranges.find(({ name }) => name === pass.range)?.rangeKind}
          y={TOP + rows.indexOf(pass.range) * ROW}
          height={BAR}
          x={x}
        />
      ))}
      {now < to && <line className="dye-house-now" x1={x(now)} x2={x(now)} y1={TOP - 4} y2={height} />}
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
export function GanttLegend({ ranges }: Pick<GanttProps, "ranges">): ReactNode {
  const text = useText();
  return (
    <ul className="dye-house-legend">
      {[...phasesByLook()].map(([look, phases]) => (
        <li key={look}>
          <i className={`dye-house-phase ${look}`} />
          {phases.map((phase) => text(`dyeHouse.phase.${phase}`)).join(" / ")}
        </li>
      ))}
      {[...new Set(ranges.map(({ rangeKind }) => rangeKind))].map((kind) => (
        <li key={kind}>
          <i className={`dye-house-pass is-${kind}`} />
          {text(`dyeHouse.gantt.${kind}`)}
        </li>
      ))}
    </ul>
  );
}
