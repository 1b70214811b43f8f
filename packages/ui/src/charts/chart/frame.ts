import type { Language } from "../../time/format.ts";
import type { Zone } from "../../time/zone.ts";
import { labelsAcross, numberScale, xScale, type ChartScale, type NumberAxis, type XAxis } from "./axis.ts";
import { apart, textWidth, type PlacedLabel } from "./labels.ts";
import { xValues, yValues, type ChartMark, type ChartTone } from "./marks.ts";

/** Where everything of a chart lies, in pixels of its drawing. */
export interface ChartFrame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: ChartScale;
  readonly y: ChartScale;
  readonly xLabels: readonly PlacedLabel[];
  readonly yLabels: readonly YLabel[];
  /** Texts behind the last points of lines. */
  readonly ends: readonly { readonly y: number; readonly text: string; readonly tone: ChartTone }[];
}

export interface YLabel {
  readonly y: number;
  readonly text: string;
  /** The value of a limit or target; it has a line of its own. */
  readonly isRule: boolean;
}

const [TOP, FOOT, SIDE, GAP] = [8, 22, 8, 6];
const LINE = 14;

export function chartFrame({
  x: xAxis,
  y: yAxis,
  marks,
  width,
  height,
  zone,
  language,
}: {
  readonly x: XAxis;
  readonly y: NumberAxis;
  readonly marks: readonly ChartMark[];
  readonly width: number;
  readonly height: number;
  readonly zone: Zone;
  readonly language: Language;
}): ChartFrame {
  const [top, bottom] = [TOP, height - FOOT];
  const y = numberScale(yAxis, marks.flatMap(yValues), [bottom, top], true);
  const yLabels = labelsUpwards(y, marks);
  const left = Math.ceil(Math.max(0, ...yLabels.map(({ text }) => textWidth(text)))) + GAP + 2;
  const ended = marks.flatMap((mark) => {
    const last = mark.kind === "line" ? mark.points.at(-1)?.y : undefined;
    return mark.kind === "line" && mark.end !== undefined && last !== undefined ? [{ text: mark.end, tone: mark.tone, y: y.at(last) }] : [];
  });
  const right = width - SIDE - Math.ceil(Math.max(0, ...ended.map(({ text }) => textWidth(text))));
  const x = xScale(xAxis, marks.flatMap(xValues), [left, right], { zone, language });
  const heights = apart(
    ended.map((end) => end.y),
    top,
    bottom,
  );
  return {
    width,
    height,
    left,
    right,
    top,
    bottom,
    x,
    y,
    xLabels: labelsAcross(x, width),
    yLabels,
    ends: ended.map((end, index) => ({ ...end, y: heights[index]! })),
  };
}

/** The ticks, without those that a labelled rule would cover. */
function labelsUpwards(y: ChartScale, marks: readonly ChartMark[]): readonly YLabel[] {
  const rules = marks.flatMap((mark) =>
    mark.kind === "rule" && mark.isLabelled === true ? [{ y: y.at(mark.y), text: y.bare(mark.y), isRule: true }] : [],
  );
  const free = rules.filter((rule, index) => rules.findIndex((other) => Math.abs(other.y - rule.y) < LINE) === index);
  const ticks = y.ticks.map(({ value, text }) => ({ y: y.at(value), text, isRule: false }));
  return [...ticks.filter((tick) => free.every((rule) => Math.abs(rule.y - tick.y) >= LINE)), ...free];
}
