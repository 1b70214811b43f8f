import { useEffect, useMemo, useRef, useState } from "react";
import type { KeyboardEvent, PointerEvent, ReactNode, RefObject } from "react";
import { ChartTable, useThemeTokens, useWords, type ChartStop } from "@doppelwerk/kit/studio";
import { drawFigure } from "./draw.ts";
import type { Figure, XSpan } from "./figure.ts";
import { frameOf, type Frame } from "./frame.ts";
import { readingAt, stopsOf, ticksOf, xText, type Reading } from "./reading.ts";
import "./plot.css";

interface PlotProps {
  readonly label: string;
  readonly figure: Figure;
  readonly height: number;
  /** Another stretch of x; undefined: the whole again. */
  readonly onZoom?: ((x: XSpan | undefined) => void) | undefined;
  readonly onLevel?: ((id: string, at: number, isDone: boolean) => void) | undefined;
}

interface Drag {
  readonly pointer: number;
  readonly level: string | undefined;
  readonly from: number;
}

/** So near to a line it is taken hold of. */
const GRIP = 7;
const LEAST_DRAG = 6;

/** A drawing on a canvas: read by pointer and arrow keys, zoomed by dragging and by + and −, with the same values as a table for screen readers. */
export function Plot({ label, figure, height, onZoom, onLevel }: PlotProps): ReactNode {
  const colours = useThemeTokens();
  const { language, zone } = useWords();
  const { host, canvas, width } = useWidth();
  const frame = useMemo(() => frameOf(figure, width, height), [figure, width, height]);
  const [cursor, setCursor] = useState<number>();
  const names = { zone, language };
  useEffect(() => {
    const ctx = canvas.current?.getContext("2d") ?? undefined;
    if (ctx === undefined) return;
    const ratio = globalThis.devicePixelRatio ?? 1;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawFigure(ctx, figure, frame, { colours, ticks: ticksOf(figure, frame, { zone, language }) });
  }, [figure, frame, colours, zone, language, canvas]);
  const { selection, down, move, up } = usePointer({ figure, frame, canvas, setCursor, onZoom, onLevel });
  const reading = cursor === undefined ? undefined : readingAt(figure, cursor);
  return (
    <figure className="dw-plot" aria-label={label}>
      <PlotLegend figure={figure} reading={reading} title={cursor === undefined ? "" : xText(figure, cursor, names)} />
      <div
        ref={host}
        className="dw-plot-area"
        style={{ height }}
        tabIndex={0}
        role="group"
        aria-label={label}
        onKeyDown={(event) => keyed(event, { figure, frame, cursor, setCursor, onZoom })}
        onPointerLeave={() => setCursor(undefined)}
        onBlur={() => setCursor(undefined)}
      >
        <canvas
          ref={canvas}
          width={Math.round(width * (globalThis.devicePixelRatio ?? 1))}
          height={Math.round(height * (globalThis.devicePixelRatio ?? 1))}
          style={{ width, height }}
          onPointerDown={down}
          onPointerMove={move}
          onPointerUp={up}
          onDoubleClick={() => onZoom?.(undefined)}
        />
        <Cursor frame={frame} at={cursor} selection={selection} />
      </div>
      {figure.xName !== undefined && <small className="dw-plot-x">{figure.xName}</small>}
      <ChartTable label={label} first={figure.xName ?? ""} stops={stopsOf(figure, names) as readonly ChartStop[]} />
    </figure>
  );
}

interface Pointed extends Pick<PlotProps, "figure" | "onZoom" | "onLevel"> {
  readonly frame: Frame;
  readonly canvas: RefObject<HTMLCanvasElement | null>;
  readonly setCursor: (at: number | undefined) => void;
}

/** Reading, zooming by a stretch, and lines that are taken hold of. */
function usePointer({ figure, frame, canvas, setCursor, onZoom, onLevel }: Pointed) {
  const [selection, setSelection] = useState<XSpan>();
  const drag = useRef<Drag>(undefined);
  const placeOf = (event: PointerEvent): { readonly x: number; readonly y: number } => {
    const box = canvas.current!.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const down = (event: PointerEvent): void => {
    const { x, y } = placeOf(event);
    const level = figure.levels?.find(({ isHeld, unit, at }) => isHeld === true && Math.abs(frame.yOf(unit, at) - y) <= GRIP);
    canvas.current!.setPointerCapture(event.pointerId);
    drag.current = { pointer: event.pointerId, level: level?.id, from: x };
  };
  const move = (event: PointerEvent): void => {
    const { x, y } = placeOf(event);
    setCursor(frame.xAt(Math.min(frame.right, Math.max(frame.left, x))));
    const held = drag.current;
    if (held?.pointer !== event.pointerId) return;
    if (held.level !== undefined) onLevel?.(held.level, levelAt(figure, frame, held.level, y), false);
    else if (Math.abs(x - held.from) >= LEAST_DRAG) setSelection(spanOf(frame, held.from, x));
  };
  const up = (event: PointerEvent): void => {
    const { x, y } = placeOf(event);
    const held = drag.current;
    drag.current = undefined;
    setSelection(undefined);
    if (held?.level !== undefined) onLevel?.(held.level, levelAt(figure, frame, held.level, y), true);
    else if (held !== undefined && Math.abs(x - held.from) >= LEAST_DRAG) onZoom?.(spanOf(frame, held.from, x));
  };
  return { selection, down, move, up };
}

function useWidth() {
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(640);
  useEffect(() => {
    const element = host.current!;
    const observer = new ResizeObserver(() => setWidth(Math.max(240, element.clientWidth || 240)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { host, canvas, width };
}

function levelAt({ levels }: Figure, frame: Frame, id: string, y: number): number {
  const level = levels!.find((each) => each.id === id)!;
  return frame.yAt(level.unit, Math.min(frame.bottom, Math.max(frame.top, y)));
}

function spanOf(frame: Frame, a: number, b: number): XSpan {
  const [left, right] = [Math.max(frame.left, Math.min(a, b)), Math.min(frame.right, Math.max(a, b))];
  return { from: frame.xAt(left), to: frame.xAt(right) };
}

interface Keyed {
  readonly figure: Figure;
  readonly frame: Frame;
  readonly cursor: number | undefined;
  readonly setCursor: (at: number | undefined) => void;
  readonly onZoom: PlotProps["onZoom"];
}

function keyed(event: KeyboardEvent, { figure, frame, cursor, setCursor, onZoom }: Keyed): void {
  const middle = frame.xAt((frame.left + frame.right) / 2);
  const pixel = frame.xOf(cursor ?? middle);
  const zoom = (factor: number): void => {
    const reach = ((frame.right - frame.left) / 2) * factor;
    onZoom?.({ from: frame.xAt(pixel - reach), to: frame.xAt(pixel + reach) });
  };
  const acts: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => setCursor(frame.xAt(Math.max(frame.left, pixel - (event.shiftKey ? 40 : 6)))),
    ArrowRight: () => setCursor(frame.xAt(Math.min(frame.right, pixel + (event.shiftKey ? 40 : 6)))),
    Home: () => setCursor(figure.x.from),
    End: () => setCursor(figure.x.to),
    "+": () => zoom(0.5),
    "-": () => zoom(2),
    "0": () => onZoom?.(undefined),
    Escape: () => setCursor(undefined),
  };
  const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : acts[event.key];
  if (act === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  act();
}

/** Drawn beside the canvas, so that moving the pointer draws no line anew. */
function Cursor({
  frame,
  at,
  selection,
}: {
  readonly frame: Frame;
  readonly at: number | undefined;
  readonly selection: XSpan | undefined;
}): ReactNode {
  return (
    <>
      {selection !== undefined && (
        <i
          className="dw-plot-selection"
          style={{
            left: frame.xOf(selection.from),
            width: frame.xOf(selection.to) - frame.xOf(selection.from),
            top: frame.top,
            height: frame.bottom - frame.top,
          }}
        />
      )}
      {at !== undefined && (
        <i className="dw-plot-cursor" style={{ left: frame.xOf(at), top: frame.top, height: frame.bottom - frame.top }} />
      )}
    </>
  );
}

/** Each part by its colour, with its value at the pointer. */
function PlotLegend({
  figure,
  reading,
  title,
}: {
  readonly figure: Figure;
  readonly reading: Reading | undefined;
  readonly title: string;
}): ReactNode {
  const named = figure.parts.filter((part) => !(part.kind === "line" && part.isSilent === true));
  return (
    <figcaption className="dw-plot-legend">
      {named.map((part, at) => (
        <span key={`${part.name} ${at}`}>
          <svg width="22" height="8" aria-hidden>
            <line
              x2="22"
              y1="4"
              y2="4"
              stroke={part.colour}
              strokeWidth={part.kind === "line" ? 2 : 6}
              strokeDasharray={part.kind === "line" && part.isDashed === true ? "5 3" : undefined}
            />
          </svg>
          {part.name} <output>{reading?.get(part) ?? ""}</output>
        </span>
      ))}
      <small>{title}</small>
    </figcaption>
  );
}
