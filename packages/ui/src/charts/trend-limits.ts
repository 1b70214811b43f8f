import type uPlot from "uplot";
import type { SignalEntry } from "@doppelwerk/sync";
import type { Tokens } from "../theme/tokens.ts";

/** A limit of a rule, in the signal's unit. */
export interface TrendLimit {
  readonly value: number;
  readonly priority: 1 | 2 | 3 | 4;
  /** Whose it is. */
  readonly label: string;
}

/** The display band in grey, limits of alarm rules in the colour of their priority with its number at the edge: never by colour alone. */
export function drawLimits(chart: uPlot, entry: SignalEntry | undefined, limits: readonly TrendLimit[], colours: Tokens): void {
  const { ctx } = chart;
  ctx.save();
  for (const value of [entry?.low, entry?.high]) if (value !== undefined) drawLine(chart, value, colours.faint, [4, 4]);
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

/** Room for the values, and for limits that lie near them. */
export function paddedRange(low: number, high: number, edges: readonly (number | undefined)[]): [number, number] {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  const reach = high - low || Math.abs(high) || 1;
  const near = edges.filter((edge) => edge !== undefined && low - edge < 2 * reach && edge - high < 2 * reach) as number[];
  const [bottom, top] = [Math.min(low, ...near), Math.max(high, ...near)];
  const pad = (top - bottom || 1) * 0.07;
  return [bottom - pad, top + pad];
}
