import { useEffect, useRef } from "react";
import type { ReactNode } from "react";
import type { Instant } from "@doppelwerk/world";
import { stateLook } from "./state-look.ts";
import { hatch } from "./shapes.ts";
import { stripWords } from "./strip-words.ts";
import { clockText } from "../time/format.ts";
import type { StateSpan } from "../session/state-history.ts";
import { useThemeTokens, useWords } from "../session/context.tsx";
import type { Tokens } from "../theme/tokens.ts";

/** States of one station or place as a horizontal band; the same looks as on the Rail. */
export function StateStrip({
  spans,
  from,
  to,
  height = 12,
}: {
  readonly spans: readonly StateSpan[];
  readonly from: Instant;
  readonly to: Instant;
  readonly height?: number;
}): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const colours = useThemeTokens();
  const { t, zone } = useWords();
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const draw = (): void => paint(element, spans, from, to, colours);
    draw();
    const observer = new ResizeObserver(draw);
    observer.observe(element);
    return () => observer.disconnect();
  }, [spans, from, to, colours]);
  return (
    <canvas
      ref={canvas}
      className="dw-strip dw-fades"
      style={{ height }}
      role="img"
      aria-label={stripWords(spans, { from, to, t, clock: (instant) => clockText(instant, zone, false) })}
    />
  );
}

/** Spans narrower than this are not read one by one. */
const NARROW = 5;
const COLUMN = 2;

/** A stop is shown however short it was. */
function loud(state: string): boolean {
  const look = stateLook(state);
  return look === "failed" || look === "stopped";
}

interface Plot {
  readonly from: Instant;
  readonly scale: number;
  readonly width: number;
  readonly height: number;
}

/** Many short spans side by side: two pixels are as dark as the share of them that ran. */
function paintNarrow(
  context: CanvasRenderingContext2D,
  spans: readonly StateSpan[],
  { from, scale, width, height }: Plot,
  colours: Tokens,
): void {
  const columns = Array.from({ length: Math.ceil(width / COLUMN) }, () => ({ known: 0, running: 0 }));
  for (const span of spans) {
    const look = stateLook(span.state);
    if ((span.to - span.from) * scale >= NARROW || look === "off" || look === "unknown") continue;
    const left = Math.max(0, ((span.from - from) * scale) / COLUMN);
    const right = Math.min(columns.length, ((span.to - from) * scale) / COLUMN);
    for (let column = Math.floor(left); column < right; column += 1) {
      const share = Math.min(right, column + 1) - Math.max(left, column);
      columns[column]!.known += share;
      if (look === "running") columns[column]!.running += share;
    }
  }
  context.fillStyle = colours.running;
  columns.forEach((column, index) => {
    if (column.known < 0.05) return;
    context.globalAlpha = Math.min(1, column.known) * (0.4 + 0.6 * (column.running / column.known));
    context.fillRect(index * COLUMN, 0, COLUMN, height);
  });
  context.globalAlpha = 1;
}

function paint(element: HTMLCanvasElement, spans: readonly StateSpan[], from: Instant, to: Instant, colours: Tokens): void {
  const { clientWidth: width, clientHeight: height } = element;
  const ratio = window.devicePixelRatio || 1;
  if (width === 0) return;
  element.width = Math.round(width * ratio);
  element.height = Math.round(height * ratio);
  const context = element.getContext("2d");
  if (context === null) return;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  const scale = width / (to - from);
  paintNarrow(context, spans, { from, scale, width, height }, colours);
  for (const span of spans) {
    if ((span.to - span.from) * scale < NARROW && !loud(span.state)) continue;
    const left = Math.max(0, (span.from - from) * scale);
    const right = Math.min(width, (span.to - from) * scale);
    if (right <= 0 || left >= width || right <= left) continue;
    const look = stateLook(span.state);
    const least = look === "failed" || look === "stopped" ? 1.5 : 0.5;
    const wide = Math.max(least, right - left - (right - left > 2.5 ? 1 : 0));
    if (look === "unknown" || look === "setup") {
      context.strokeStyle = colours[look];
      context.setLineDash(look === "unknown" ? [1.5, 2.5] : []);
      context.strokeRect(left + 0.5, 0.5, Math.max(0.5, wide - 1), height - 1);
      context.setLineDash([]);
      continue;
    }
    context.fillStyle = colours[look];
    context.globalAlpha = span.inferred === true ? 0.7 : 1;
    context.fillRect(left, 0, wide, height);
    context.globalAlpha = 1;
    if ((look === "blocked" || look === "starved") && wide > 2) {
      context.fillStyle = hatch(context, colours.stateHatch, ratio, 5, 1, look === "starved");
      context.fillRect(left, 0, wide, height);
    }
  }
}
