import type uPlot from "uplot";
import type { Trend } from "@doppelwerk/client";
import type { Tokens } from "../theme/tokens.ts";

/** An instant at which a curve is drawn from more or fewer samples than before, and how many seconds were and are between two of them. */
export interface DensityChange {
  readonly at: number;
  readonly beforeS: number;
  readonly afterS: number;
}

export function densityChanges({ densities = [] }: Pick<Trend, "densities">): readonly DensityChange[] {
  return densities.slice(1).map(({ from, everyS }, n) => ({ at: from, beforeS: densities[n]!.everyS, afterS: everyS }));
}

/** A dotted line across the curve at each of them, with a small triangle at its foot. */
export function drawDensities({ ctx, bbox, valToPos }: uPlot, changes: readonly DensityChange[], colours: Tokens): void {
  const size = 5 * devicePixelRatio;
  const foot = bbox.top + bbox.height;
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = colours.muted;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([devicePixelRatio, 3 * devicePixelRatio]);
  for (const { at } of changes) {
    const x = valToPos(at / 1e6, "x", true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, foot);
    ctx.stroke();
    ctx.beginPath();
    ctx.moveTo(x - size, foot);
    ctx.lineTo(x + size, foot);
    ctx.lineTo(x, foot - 1.6 * size);
    ctx.fill();
  }
  ctx.restore();
}
