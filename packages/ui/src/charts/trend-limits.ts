import type uPlot from "uplot";
import type { ShownEntry } from "../session/signal-table.ts";
import type { Tokens } from "../theme/tokens.ts";

/** A limit of a rule, in the signal's unit. */
export interface TrendLimit {
  readonly value: number;
  readonly priority: 1 | 2 | 3 | 4;
  /** Whose it is. */
  readonly label: string;
}

/** The display bands in grey, the warning bounds darker and marked; limits of alarm rules in the colour of their priority with its number at the edge: never by colour alone. */
export function drawLimits(chart: uPlot, entry: ShownEntry | undefined, limits: readonly TrendLimit[], colours: Tokens): void {
  const { ctx } = chart;
  ctx.save();
  for (const value of [entry?.low, entry?.high]) if (value !== undefined) drawLine(chart, value, colours.faint, [4, 4]);
  drawWarning(chart, entry, colours);
  ctx.font = `600 ${11 * devicePixelRatio}px "Inter Variable", sans-serif`;
  ctx.textAlign = "right";
  for (const { value, priority } of limits) {
    const colour = colours[`alarm${priority}`];
    const y = drawLine(chart, value, colour, [8, 3]);
    if (y === undefined) continue;
    ctx.fillStyle = colour;
    ctx.fillText(String(priority), chart.bbox.left + chart.bbox.width - 4, y - 4);
  }
  ctx.restore();
}

/** A warning bound, with a hatch of short strokes on its far side. */
function drawWarning(chart: uPlot, entry: ShownEntry | undefined, colours: Tokens): void {
  const { ctx, bbox } = chart;
  for (const [value, away] of [
    [entry?.warningLow, 1],
    [entry?.warningHigh, -1],
  ] as const) {
    const y = value === undefined ? undefined : drawLine(chart, value, colours.muted, []);
    if (y === undefined) continue;
    ctx.beginPath();
    for (let x = bbox.left; x < bbox.left + bbox.width; x += 14 * devicePixelRatio) {
      ctx.moveTo(x, y);
      ctx.lineTo(x + 4 * devicePixelRatio, y + away * 5 * devicePixelRatio);
    }
    ctx.stroke();
  }
}

/** Where it was drawn; undefined outside of the picture. */
function drawLine({ ctx, bbox, valToPos }: uPlot, value: number, colour: string, dash: number[]): number | undefined {
  const y = valToPos(value, "y", true);
  if (y < bbox.top || y > bbox.top + bbox.height) return undefined;
  ctx.strokeStyle = colour;
  ctx.setLineDash(dash);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  return y;
}

/** Limits so far beyond the values, in ranges of them, are in the picture; farther ones would flatten the line. */
const NEAR = 0.5;
/** Of a flat line so much of its value is shown. */
const FLAT = 0.1;

/** Room for the values, and for limits that lie near them. */
export function paddedRange(low: number, high: number, edges: readonly (number | undefined)[]): [number, number] {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  if (low === high) {
    const half = (Math.abs(low) * FLAT || 1) / 2;
    const inside = edges.filter((edge) => edge !== undefined && Math.abs(edge - low) < 4 * half) as number[];
    return [Math.min(low - half, ...inside), Math.max(low + half, ...inside)];
  }
  const reach = (high - low) * NEAR;
  const near = edges.filter((edge) => edge !== undefined && low - edge < reach && edge - high < reach) as number[];
  const [bottom, top] = [Math.min(low, ...near), Math.max(high, ...near)];
  const pad = (top - bottom) * 0.07;
  return [bottom - pad, top + pad];
}
