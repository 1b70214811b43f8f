import type uPlot from "uplot";
import type { Tokens } from "../theme/tokens.ts";
import type { Language } from "../time/format.ts";
import type { Zone } from "../time/zone.ts";
import { tickText } from "../values/number.ts";
import { timeTicks } from "./time-ticks.ts";
import { paddedRange } from "./trend-limits.ts";
import { readAt } from "./trend-reading.ts";

export interface OverlayLook {
  readonly colours: Tokens;
  readonly language: Language;
  readonly zone: Zone;
  readonly height: number;
  readonly lines: readonly { readonly unit: string; readonly colour: string; readonly isDashed: boolean }[];
}

export interface OverlayActs {
  read(chart: uPlot): void;
  /** Without a period: back to the whole. */
  zoom(from: number | undefined, to: number | undefined): void;
}

const FONT = '12px "Inter Variable", sans-serif';

/** Lines over one time, each on the scale of its unit; the first unit has its axis on the left, the others on the right. */
export function overlayOptions(width: number, look: OverlayLook, acts: OverlayActs): uPlot.Options {
  const units = [...new Set(look.lines.map(({ unit }) => unit))];
  return {
    width,
    height: look.height,
    padding: [UNIT_HEIGHT, null, null, null],
    legend: { show: false },
    cursor: {
      drag: { x: true, y: false, setScale: false },
      points: { size: 6 },
      dataIdx: (chart, series, index) => (series === 0 ? index : (readAt(chart.data[series]!, index) ?? index)),
    },
    scales: { x: { time: true }, ...Object.fromEntries(units.map((unit) => [scaleOf(unit), { range: rangeOf }])) },
    axes: [timeAxis(look), ...units.map((unit, at) => unitAxis(unit, at, look))],
    series: [{}, ...look.lines.map((line) => seriesOf(line))],
    hooks: {
      draw: [
        (chart) =>
          drawUnits(
            chart,
            units.map((unit, at) => ({ unit, at, colour: colourOf(unit, look) })),
          ),
      ],
      setCursor: [(chart) => acts.read(chart)],
      setSelect: [(chart) => select(chart, acts)],
    },
  };
}

const scaleOf = (unit: string): string => `unit ${unit}`;
const rangeOf = (_: uPlot, low: number, high: number): [number, number] => paddedRange(low, high, []);

/** The axis of time, on round times of the plant. */
export function timeAxis({ colours, zone, language }: Pick<OverlayLook, "colours" | "zone" | "language">): uPlot.Axis {
  const ticksOf = (chart: uPlot, low: number, high: number) =>
    timeTicks({ from: low * 1e6, to: high * 1e6, width: chart.bbox.width / devicePixelRatio, zone, language });
  return {
    ...strokes(colours),
    size: 30,
    splits: (chart, _axis, low, high) => ticksOf(chart, low, high).map(({ at }) => at / 1e6),
    values: (chart, splits) => {
      const { min = 0, max = 0 } = chart.scales["x"]!;
      const labels = new Map(ticksOf(chart, min, max).map(({ at, label }) => [at / 1e6, label]));
      return splits.map((at) => labels.get(at) ?? "");
    },
  };
}

/** Of one line alone in its colour. */
function colourOf(unit: string, { colours, lines }: OverlayLook): string {
  const own = lines.filter((line) => line.unit === unit);
  return own.length === 1 ? own[0]!.colour : colours.muted;
}

/** Room for the units above the axes. */
export const UNIT_HEIGHT = 22;
const AXIS_SIZE = 52;

/** Units upright above their axes: a turned letter reads like a dash. The first axis is on the left, the others follow on the right. */
export function drawUnits(
  { ctx, bbox }: Pick<uPlot, "ctx" | "bbox">,
  units: readonly { readonly unit: string; readonly at: number; readonly colour: string }[],
): void {
  const ratio = globalThis.devicePixelRatio ?? 1;
  ctx.save();
  ctx.font = FONT.replace("12px", `${12 * ratio}px`);
  ctx.textBaseline = "bottom";
  for (const { unit, at, colour } of units) {
    ctx.fillStyle = colour;
    ctx.textAlign = at === 0 ? "right" : "left";
    const x = at === 0 ? bbox.left - 8 * ratio : bbox.left + bbox.width + ((at - 1) * AXIS_SIZE + 8) * ratio;
    ctx.fillText(unit, x, bbox.top - 6 * ratio);
  }
  ctx.restore();
}

function unitAxis(unit: string, at: number, look: OverlayLook): uPlot.Axis {
  return {
    ...strokes(look.colours),
    stroke: colourOf(unit, look),
    ...(at > 0 && { side: 1, grid: { show: false } }),
    scale: scaleOf(unit),
    size: AXIS_SIZE,
    values: (_, splits) => splits.map((value) => tickText(value, splits.length > 1 ? Math.abs(splits[1]! - splits[0]!) : undefined)),
  };
}

function strokes(colours: Tokens): uPlot.Axis {
  return {
    stroke: colours.muted,
    font: FONT,
    grid: { stroke: colours.line, width: 1 },
    ticks: { stroke: colours.line, width: 1, size: 4 },
  };
}

function seriesOf({ unit, colour, isDashed }: OverlayLook["lines"][number]): uPlot.Series {
  return { scale: scaleOf(unit), stroke: colour, width: 1.6, spanGaps: false, ...(isDashed && { dash: [6, 3] }) };
}

function select(chart: uPlot, { zoom }: OverlayActs): void {
  const { left, width } = chart.select;
  if (width < 6) return;
  zoom(Math.round(chart.posToVal(left, "x") * 1e6), Math.round(chart.posToVal(left + width, "x") * 1e6));
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}
