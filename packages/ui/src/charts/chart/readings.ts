import type { ChartFrame } from "./frame.ts";
import type { ChartMark, ChartPoint } from "./marks.ts";

/** One place of a chart that can be read: by pointer, by arrow keys, and as a row of its table. */
export interface ChartStop {
  /** Value of x. */
  readonly x: number;
  /** Set where a single point is read, not everything at one x. */
  readonly y?: number;
  readonly title: string;
  readonly rows: readonly { readonly name: string; readonly text: string }[];
  readonly choice?: number;
}

export interface ReadingWords {
  readonly x: string;
  readonly y: string;
  /** For a value that is not known. */
  readonly gap: string;
}

/** Everything at one x is read together, from left to right; rules are the same everywhere and read once, by the legend. */
export function stopsAcross(marks: readonly ChartMark[], { x, y }: Pick<ChartFrame, "x" | "y">, words: ReadingWords): readonly ChartStop[] {
  const read = marks.filter((mark) => mark.kind !== "rule" && !(mark.kind === "point" && mark.isSilent === true));
  const stops = new Map<number, { readonly name: string; readonly text: string }[]>();
  for (const mark of read) {
    for (const [at, text] of textsOf(mark, y, words)) {
      const rows = stops.get(at) ?? [];
      if (!stops.has(at)) stops.set(at, rows);
      rows.push({ name: mark.name, text });
    }
  }
  return [...stops].toSorted(([a], [b]) => a - b).map(([at, rows]) => ({ x: at, title: x.text(at), rows }));
}

/** Each point for itself, with the intervals of both of its values. */
export function stopsOfPoints(
  marks: readonly ChartMark[],
  { x, y }: Pick<ChartFrame, "x" | "y">,
  words: ReadingWords,
): readonly ChartStop[] {
  return marks
    .flatMap((mark) => (mark.kind === "point" && mark.isSilent !== true ? mark.points.map((point) => ({ point, mark })) : []))
    .toSorted((a, b) => a.point.x - b.point.x || a.point.y - b.point.y)
    .map(({ point, mark }) => ({
      x: point.x,
      y: point.y,
      title: point.title ?? mark.name,
      rows: [
        { name: words.x, text: reachText(x.text(point.x), point.xReach, x.bare) },
        { name: words.y, text: reachText(y.text(point.y), point.yReach, y.bare) },
        ...(point.more ?? []),
      ],
      ...(point.choice === undefined ? {} : { choice: point.choice }),
    }));
}

/** The stop under the pointer: the nearest in both directions where points are read, else in x. */
export function nearestStop(stops: readonly ChartStop[], frame: Pick<ChartFrame, "x" | "y">, left: number, top: number): number {
  const distance = (stop: ChartStop): number => Math.hypot(frame.x.at(stop.x) - left, stop.y === undefined ? 0 : frame.y.at(stop.y) - top);
  return stops.reduce((nearest, stop, index) => (distance(stop) < distance(stops[nearest]!) ? index : nearest), 0);
}

export function readingText({ title, rows }: ChartStop): string {
  return [title, ...rows.map(({ name, text }) => (name === "" ? text : `${name} ${text}`))].filter((part) => part !== "").join(", ");
}

function textsOf(mark: ChartMark, y: ChartFrame["y"], { gap }: ReadingWords): readonly (readonly [x: number, text: string])[] {
  switch (mark.kind) {
    case "rule":
      return [];
    case "band":
    case "span":
      return mark.points.map(({ x, low, high }) => [x, low === undefined || high === undefined ? gap : `${y.bare(low)} – ${y.text(high)}`]);
    case "point":
      return mark.points.map((point: ChartPoint) => [point.x, reachText(y.text(point.y), point.yReach, y.bare)]);
    default:
      return mark.points.map(({ x, y: value }) => [x, value === undefined ? gap : y.text(value)]);
  }
}

function reachText(text: string, reach: number | undefined, write: (value: number) => string): string {
  return reach === undefined || reach === 0 ? text : `${text} ± ${write(reach).replace("+", "")}`;
}
