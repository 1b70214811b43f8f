import { fanText } from "./fan-text.ts";
import { hatch } from "@doppelwerk/ui";
import type { FanBand } from "@doppelwerk/ui";
import type { PaintInput } from "./rail-paint.ts";
import { xOf } from "./rail-view.ts";

export interface FanPaint {
  readonly input: PaintInput;
  readonly fan: readonly FanBand[];
  /** Where zero (the live median) lies. */
  readonly y: number;
  /** Pixels a unit. */
  readonly unit: number;
  readonly colour: string;
  /** The expected total at the end. */
  /** What it expects at its end, and shorter where that has no room between now and the edge. */
  readonly label: string;
  readonly short: string;
  readonly strong: boolean;
}

/** A simulated future: 95 % hatched wide, 50 % hatched dense, the median a line, its total at the end. */
export function paintFan({ input, fan, y, unit, colour, label, short, strong }: FanPaint): void {
  const { context, scene, pixelRatio } = input;
  const { view } = scene;
  const points = fan.map((band) => ({ x: xOf(view, band.at), band })).filter(({ x }) => x >= view.nowX - 0.5);
  const last = points.at(-1);
  if (last === undefined) return;
  const area = (low: (band: FanBand) => number, high: (band: FanBand) => number): void => {
    context.beginPath();
    if (points[0]!.x > view.nowX + 1) context.moveTo(view.nowX, y);
    for (const { x, band } of points) context.lineTo(x, y - high(band) * unit);
    for (const { x, band } of points.toReversed()) context.lineTo(x, y - low(band) * unit);
    context.closePath();
  };
  area(
    (band) => band.p025,
    (band) => band.p975,
  );
  context.globalAlpha = strong ? 0.13 : 0.08;
  context.fillStyle = colour;
  context.fill();
  context.globalAlpha = strong ? 0.75 : 0.5;
  context.fillStyle = hatch(context, colour, pixelRatio, 6, 0.8, false);
  context.fill();
  area(
    (band) => band.p25,
    (band) => band.p75,
  );
  context.globalAlpha = strong ? 0.28 : 0.18;
  context.fillStyle = colour;
  context.fill();
  context.globalAlpha = 1;
  context.beginPath();
  if (points[0]!.x > view.nowX + 1) context.moveTo(view.nowX, y);
  for (const { x, band } of points) context.lineTo(x, y - band.p50 * unit);
  context.strokeStyle = colour;
  context.lineWidth = strong ? 2.25 : 1.5;
  context.stroke();
  context.font = `${strong ? 600 : 500} 12px ${input.font}`;
  context.fillStyle = colour;
  const endY = y - last.band.p50 * unit;
  const widthOf = (text: string): number => context.measureText(text).width;
  const text = fanText([label, short], view.width - Math.max(0, view.nowX) - 12, widthOf);
  if (text === undefined) return;
  const fits = last.x + 8 + widthOf(text) < view.width;
  context.textAlign = fits ? "left" : "right";
  if (fits) context.fillText(text, last.x + 7, endY);
  else context.fillText(text, view.width - 6, endY - 9);
}
