import type { Figure, XSpan } from "./figure.ts";
import { rangesOf } from "./figure.ts";

/** Where everything is, in pixels of the screen. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly axes: readonly { readonly unit: string; readonly range: XSpan; readonly at: number; readonly isLeft: boolean }[];
  /** Top of the first lane. */
  readonly lanes: number;
  xOf(value: number): number;
  xAt(pixel: number): number;
  yOf(unit: string, value: number): number;
  yAt(unit: string, pixel: number): number;
}

const AXIS = 54;
const [TOP, BOTTOM, MARKS] = [24, 26, 14];
export const LANE = 18;
/** Axes that have room; more units share the last. */
const MAX_AXES = 4;

export function frameOf(figure: Figure, width: number, height: number): Frame {
  const ranges = [...rangesOf(figure)].slice(0, MAX_AXES);
  const left = AXIS;
  const right = width - Math.max(12, (ranges.length - 1) * AXIS);
  const lanesHeight = (figure.lanes?.length ?? 0) * LANE;
  const top = TOP + ((figure.marks?.length ?? 0) > 0 ? MARKS : 0);
  const bottom = height - BOTTOM - lanesHeight;
  const scale = scaleOf(figure.x, figure.xKind === "log", left, right);
  const axes = ranges.map(([unit, range], at) => ({
    unit,
    range,
    isLeft: at === 0,
    at: at === 0 ? left : right + (at - 1) * AXIS,
    scale: scaleOf(range, figure.isLogY === true, bottom, top),
  }));
  const axisOf = (unit: string) => axes.find((axis) => axis.unit === unit) ?? axes.at(-1);
  return {
    width,
    height,
    left,
    right,
    top,
    bottom,
    axes,
    lanes: bottom + BOTTOM - 2,
    xOf: scale.to,
    xAt: scale.from,
    yOf: (unit, value) => axisOf(unit)?.scale.to(value) ?? bottom,
    yAt: (unit, pixel) => axisOf(unit)?.scale.from(pixel) ?? Number.NaN,
  };
}

function scaleOf({ from, to }: XSpan, isLog: boolean, low: number, high: number) {
  if (isLog) {
    const [a, b] = [Math.log10(from), Math.log10(to)];
    return {
      to: (value: number): number => low + ((Math.log10(value) - a) / (b - a || 1)) * (high - low),
      from: (pixel: number): number => 10 ** (a + ((pixel - low) / (high - low)) * (b - a)),
    };
  }
  const factor = (high - low) / (to - from || 1);
  return { to: (value: number): number => low + (value - from) * factor, from: (pixel: number): number => from + (pixel - low) / factor };
}
