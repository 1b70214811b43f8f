/** Colours of marks, by what they mean: tokens of the theme, `hue` that of the branch. */
export type ChartTone = "text" | "muted" | "faint" | "hue" | "violet" | "worse" | "alarm";

interface NamedMark {
  /** In the legend, in the reading and over a column of the table. */
  readonly name: string;
  readonly tone: ChartTone;
  /** Left out where another mark stands for it. */
  readonly isInLegend?: boolean;
}

/** Through its points in order; without a value between two points there is a gap. */
export interface LineMark extends NamedMark {
  readonly kind: "line";
  readonly points: readonly { readonly x: number; readonly y: number | undefined }[];
  /** A value holds until the next one. */
  readonly isStepped?: boolean;
  readonly isDashed?: boolean;
  /** Written behind its last point. */
  readonly end?: string;
}

/** Between two lines: an interval over time, hatched where it is simulated. */
export interface BandMark extends NamedMark {
  readonly kind: "band";
  readonly points: readonly { readonly x: number; readonly low: number | undefined; readonly high: number | undefined }[];
  readonly fill: "solid" | "hatched" | "hatched back";
}

/** One upright bar a point, from `low` to `high`: an interval, or from 0 a count. */
export interface SpanMark extends NamedMark {
  readonly kind: "span";
  /** An open one has not come yet: its outline is dashed. */
  readonly points: readonly {
    readonly x: number;
    readonly low: number;
    readonly high: number;
    readonly isOpen?: boolean;
    readonly tone?: ChartTone;
  }[];
  readonly width: "line" | "bar";
}

/** A short level stroke a point, as wide as a bar. */
export interface LevelMark extends NamedMark {
  readonly kind: "level";
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface ChartPoint {
  readonly x: number;
  readonly y: number;
  /** Half-widths of the intervals of x and y. */
  readonly xReach?: number;
  readonly yReach?: number;
  /** In pixels. */
  readonly radius?: number;
  /** In pixels to the right of its place. */
  readonly offset?: number;
  readonly tone?: ChartTone;
  /** Instead of the value of x at the head of its reading. */
  readonly title?: string;
  /** Read after both values. */
  readonly more?: readonly { readonly name: string; readonly text: string }[];
  /** Given to `onChoose`; a point without it cannot be chosen. */
  readonly choice?: number;
}

export interface PointMark extends NamedMark {
  readonly kind: "point";
  readonly points: readonly ChartPoint[];
  readonly shape?: "dot" | "ring" | "cross";
  /** Neither read nor in the table: single samples beside their median. */
  readonly isSilent?: boolean;
}

/** A level line over the whole chart: a limit, a target. */
export interface RuleMark extends NamedMark {
  readonly kind: "rule";
  readonly y: number;
  /** Its value stands at the axis. */
  readonly isLabelled?: boolean;
}

export type ChartMark = LineMark | BandMark | SpanMark | LevelMark | PointMark | RuleMark;

/** Every value of y that a mark reaches. */
export function yValues(mark: ChartMark): readonly number[] {
  const values =
    mark.kind === "rule"
      ? [mark.y]
      : mark.kind === "band" || mark.kind === "span"
        ? mark.points.flatMap(({ low, high }) => [low, high])
        : mark.kind === "point"
          ? mark.points.flatMap(({ y, yReach = 0 }) => [y - yReach, y + yReach])
          : mark.points.map(({ y }) => y);
  return values.filter((value): value is number => value !== undefined && Number.isFinite(value));
}

/** Every value of x that a mark reaches. */
export function xValues(mark: ChartMark): readonly number[] {
  if (mark.kind === "rule") return [];
  if (mark.kind === "point") return mark.points.flatMap(({ x, xReach = 0 }) => [x - xReach, x + xReach]).filter(Number.isFinite);
  return mark.points.map(({ x }) => x).filter(Number.isFinite);
}
