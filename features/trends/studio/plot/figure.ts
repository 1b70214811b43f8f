/** Numbers by index; NaN: nothing is known there. */
export type Numbers = ArrayLike<number>;

export interface XSpan {
  readonly from: number;
  readonly to: number;
}

/** `time`: microseconds since 1970; `elapsed`: microseconds since the beginning; `log`: positive numbers. */
export type XKind = "time" | "elapsed" | "number" | "log";

interface Part {
  readonly name: string;
  /** The axis that it is drawn on: one for each unit, as people read it. */
  readonly unit: string;
  readonly colour: string;
}

/** A line through its points, in the range between lowest and highest where there is one. */
export interface LinePart extends Part {
  readonly kind: "line";
  readonly x: Numbers;
  readonly y: Numbers;
  readonly low?: Numbers | undefined;
  readonly high?: Numbers | undefined;
  readonly isDashed?: boolean | undefined;
  readonly isStepped?: boolean | undefined;
  readonly isThin?: boolean | undefined;
  /** Simulated: its range is hatched. */
  readonly isSimulated?: boolean | undefined;
  /** Neither in the legend nor in the reading. */
  readonly isSilent?: boolean | undefined;
}

/** One dot a pair; `shade` from 0 to 1 is its place between two colours. */
export interface DotsPart extends Part {
  readonly kind: "dots";
  readonly x: Numbers;
  readonly y: Numbers;
  readonly shade?: Numbers | undefined;
  readonly otherColour?: string | undefined;
}

/** Bars side by side from `from`, each as wide as `width`. */
export interface BarsPart extends Part {
  readonly kind: "bars";
  readonly from: number;
  readonly width: number;
  readonly heights: Numbers;
}

export type FigurePart = LinePart | DotsPart | BarsPart;

/** Across the whole drawing at one value of an axis, or upright at one x. */
export interface Level {
  readonly id: string;
  readonly unit: string;
  readonly at: number;
  readonly label: string;
  readonly colour: string;
  readonly isUpright?: boolean;
  /** It can be dragged. */
  readonly isHeld?: boolean;
}

/** A mark above the drawing: an alarm, a note, the beginning of a shift. */
export interface Mark {
  readonly at: number;
  readonly label: string;
  readonly colour: string;
  readonly shape: "alarm" | "note" | "tick";
}

/** A row of pieces below the drawing: the states of a signal. */
export interface Lane {
  readonly name: string;
  readonly pieces: readonly { readonly from: number; readonly to: number; readonly colour: string; readonly label: string }[];
}

export interface Figure {
  readonly x: XSpan;
  readonly xKind: XKind;
  readonly xName?: string;
  readonly parts: readonly FigurePart[];
  readonly levels?: readonly Level[];
  readonly marks?: readonly Mark[];
  readonly lanes?: readonly Lane[];
  /** Axes that begin at zero. */
  readonly isFromZero?: boolean;
  /** Values on powers of ten. */
  readonly isLogY?: boolean;
}

/** Lowest and highest value of each unit within the x shown, with room around. No object is made for a point. */
export function rangesOf(figure: Figure): ReadonlyMap<string, XSpan> {
  const ranges = new Map<string, [number, number]>();
  const take = (unit: string, value: number): void => {
    if (Number.isNaN(value) || (figure.isLogY === true && !(value > 0))) return;
    const range = ranges.get(unit);
    if (range === undefined) ranges.set(unit, [value, value]);
    else if (value < range[0]) range[0] = value;
    else if (value > range[1]) range[1] = value;
  };
  for (const part of figure.parts) takePart(part, figure.x, take);
  for (const { unit, at, isUpright } of figure.levels ?? []) if (isUpright !== true && ranges.has(unit)) take(unit, at);
  return new Map([...ranges].map(([unit, [low, high]]) => [unit, padded(low, high, figure)]));
}

function takePart(part: FigurePart, { from, to }: XSpan, take: (unit: string, value: number) => void): void {
  if (part.kind === "bars") {
    for (let at = 0; at < part.heights.length; at++) take(part.unit, part.heights[at]!);
    take(part.unit, 0);
    return;
  }
  for (let at = 0; at < part.x.length; at++) {
    const x = part.x[at]!;
    if (x < from || x > to) continue;
    take(part.unit, part.y[at]!);
    if (part.kind === "line" && part.low !== undefined) {
      take(part.unit, part.low[at]!);
      take(part.unit, part.high![at]!);
    }
  }
}

function padded(low: number, high: number, { isFromZero, isLogY }: Figure): XSpan {
  if (isLogY === true) return { from: 10 ** Math.floor(Math.log10(low)), to: 10 ** Math.ceil(Math.log10(high) + 1e-9) };
  const room = (high - low || Math.abs(high) || 1) * 0.06;
  return { from: isFromZero === true ? Math.min(0, low) : low - room, to: high + room };
}

/** Round values between two ends, about so many, with the digits that tell them apart. */
export function roundTicks({ from, to }: XSpan, about: number): { readonly values: number[]; readonly digits: number } {
  const rough = (to - from) / Math.max(1, about);
  if (!(rough > 0) || !Number.isFinite(rough)) return { values: [], digits: 0 };
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough)!;
  const values: number[] = [];
  for (let at = Math.ceil(from / step - 1e-9); at * step <= to + step * 1e-9; at++) values.push(at * step);
  return { values, digits: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) };
}

/** Powers of ten between two ends. */
export function logTicks({ from, to }: XSpan): number[] {
  const values: number[] = [];
  for (let at = Math.ceil(Math.log10(from) - 1e-9); at <= Math.log10(to) + 1e-9; at++) values.push(10 ** at);
  return values;
}

/** Index of the value that lies nearest; x ascends. */
export function nearest(x: Numbers, at: number): number {
  let [low, high] = [0, x.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x[middle]! < at) low = middle + 1;
    else high = middle;
  }
  return low > 0 && Math.abs(x[low - 1]! - at) <= Math.abs(x[low]! - at) ? low - 1 : low;
}
