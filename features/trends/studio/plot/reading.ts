import {
  durationText,
  momentText,
  numberText,
  timeTicks,
  withUnit,
  type ChartStop,
  type Language,
  type Zone,
} from "@doppelwerk/kit/studio";
import { logText, type XTick } from "./draw.ts";
import { logTicks, nearest, roundTicks, type Figure, type FigurePart } from "./figure.ts";
import type { Frame } from "./frame.ts";

interface Names {
  readonly zone: Zone;
  readonly language: Language;
}

export type Reading = ReadonlyMap<FigurePart, string>;

/** The value of each part at an x; of bars the one that x lies in. */
export function readingAt({ parts }: Figure, at: number): Reading {
  return new Map(
    parts.flatMap((part): [FigurePart, string][] => {
      const value = valueAt(part, at);
      return value === undefined ? [] : [[part, Number.isNaN(value) ? "–" : withUnit(numberText(value), part.unit)]];
    }),
  );
}

function valueAt(part: FigurePart, at: number): number | undefined {
  if (part.kind === "dots") return undefined;
  if (part.kind === "bars") return part.heights[Math.floor((at - part.from) / part.width)];
  if (part.isStepped !== true) return part.y[nearest(part.x, at)];
  let held: number | undefined;
  for (let index = 0; index < part.x.length && part.x[index]! <= at; index++) held = part.y[index];
  return held;
}

const MAX_STOPS = 60;

/** What a screen reader reads: values at even places, or the first pairs. */
export function stopsOf(figure: Figure, names: Names): readonly ChartStop[] {
  const { from, to } = figure.x;
  const stops: ChartStop[] = [];
  for (let at = 0; at < MAX_STOPS / 2; at++) {
    const x = from + ((to - from) * (at + 0.5)) / (MAX_STOPS / 2);
    const rows = [...readingAt(figure, x)].map(([{ name }, text]) => ({ name, text }));
    if (rows.length > 0) stops.push({ x, title: xText(figure, x, names), rows });
  }
  return stops;
}

export function xText({ xKind }: Figure, at: number, { zone, language }: Names): string {
  if (xKind === "time") return momentText(at, zone, language);
  if (xKind === "elapsed") return `+${durationText(Math.max(0, at), language)}`;
  return numberText(at);
}

export function ticksOf(figure: Figure, frame: Frame, { zone, language }: Names): readonly XTick[] {
  const width = frame.right - frame.left;
  const { x, xKind } = figure;
  if (xKind === "time") return timeTicks({ from: x.from, to: x.to, width, zone, language });
  if (xKind === "log") return logTicks(x).map((at) => ({ at, label: logText(at) }));
  if (xKind === "elapsed") return elapsedTicks(x, width, language);
  const { values, digits } = roundTicks(x, width / 80);
  return values.map((at) => ({ at, label: at.toFixed(digits).replace("-", "−") }));
}

const SECONDS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 14_400, 21_600, 43_200, 86_400, 172_800, 604_800,
];

function elapsedTicks({ from, to }: { readonly from: number; readonly to: number }, width: number, language: Language): readonly XTick[] {
  const step = (SECONDS.find((each) => (width * each * 1e6) / (to - from || 1) >= 80) ?? SECONDS.at(-1)!) * 1e6;
  const ticks: XTick[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) ticks.push({ at, label: at === 0 ? "0" : durationText(at, language) });
  return ticks;
}
