import type uPlot from "uplot";
import type { Tokens } from "../theme/tokens.ts";

/** A span of time that is marked on a trend; times are microseconds since 1970. */
export interface TrendSpan {
  readonly from: number;
  readonly to: number;
  readonly label: string;
}

/** Bars along the upper edge, each with a tick down at both of its ends. */
export function drawSpans({ ctx, bbox, valToPos }: uPlot, spans: readonly TrendSpan[], colours: Tokens): void {
  const right = bbox.left + bbox.width;
  ctx.save();
  ctx.fillStyle = colours.accent;
  for (const { from, to } of spans) {
    const left = Math.max(bbox.left, valToPos(from / 1e6, "x", true));
    const end = Math.min(right, valToPos(to / 1e6, "x", true));
    if (end <= bbox.left || left >= right) continue;
    const width = Math.max(3 * devicePixelRatio, end - left);
    ctx.globalAlpha = 0.08;
    ctx.fillRect(left, bbox.top, width, bbox.height);
    ctx.globalAlpha = 1;
    ctx.fillRect(left, bbox.top, width, 3 * devicePixelRatio);
  }
  ctx.restore();
}
