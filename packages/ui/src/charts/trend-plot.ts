import type uPlot from "uplot";
import type { ShownEntry } from "../session/signal-table.ts";
import type { Tokens } from "../theme/tokens.ts";
import { momentText } from "../time/format.ts";
import type { Language } from "../time/format.ts";
import type { Zone } from "../time/zone.ts";
import { namedText, numberText, tickText, unitText } from "../values/number.ts";
import { UNIT_HEIGHT, drawUnits, timeAxis } from "./overlay-plot.ts";
import { readAt } from "./trend-reading.ts";
import { drawDensities, type DensityChange } from "./trend-densities.ts";
import { drawLimits, paddedRange } from "./trend-limits.ts";
import { drawSpans } from "./trend-spans.ts";
import type { TrendSpan } from "./trend-spans.ts";
import type { TrendLimit } from "./trend-limits.ts";

/** The mean is the last series, so that it lies on its band. */
const MEAN = 3;
/** The mean of the earlier period, where there is one. */
const BEFORE = 4;
/** Names of states may be long; pixels. */
const MAX_AXIS = 180;
const LEAST_WITH_UNIT = 100;

/** What a plot is made for; with other looks it is made again. */
export interface PlotLook {
  readonly colours: Tokens;
  readonly t: (key: string, values?: Record<string, unknown>) => string;
  readonly language: Language;
  readonly zone: Zone;
  readonly entry: ShownEntry | undefined;
  readonly height: number;
  readonly compares: boolean;
  readonly syncKey: string | undefined;
  readonly showsLimits: boolean;
}

/** What it shows now. */
export interface PlotNow {
  readonly quality: readonly number[];
  readonly limits: readonly TrendLimit[];
  readonly spans: readonly TrendSpan[];
  readonly densities: readonly DensityChange[];
  readonly onZoom: (from: number | undefined, to: number | undefined) => void;
}

export function plotOptions(element: HTMLElement, look: PlotLook, now: () => PlotNow): uPlot.Options {
  const { colours, height, syncKey, entry } = look;
  return {
    width: element.clientWidth || 280,
    height,
    ...(unitOfAxis(look) !== "" && { padding: [UNIT_HEIGHT, null, null, null] as uPlot.Padding }),
    cursor: {
      drag: { x: true, y: false, setScale: false },
      points: { size: 6 },
      dataIdx: (chart, series, index) => (series === 0 ? index : (readAt(chart.data[series]!, index) ?? index)),
      ...(syncKey === undefined ? {} : { sync: { key: syncKey, setSeries: false, scales: ["x", null] as never } }),
    },
    legend: { show: false },
    scales: { x: { time: true }, y: { range: (_, low, high) => rangeOf(low, high, look, now().limits) } },
    axes: axesOf(look),
    series: seriesOf(look),
    bands: [{ series: [1, 2], fill: colours.band }],
    hooks: {
      drawClear: [(chart) => shadeQuality(chart, now().quality, colours)],
      draw: [
        (chart) => drawLimits(chart, entry, now().limits, colours),
        (chart) => drawSpans(chart, now().spans, colours),
        (chart) => drawDensities(chart, now().densities, colours),
        (chart) => drawUnits(chart, [{ unit: unitOfAxis(look), at: 0, colour: colours.muted }]),
      ],
      setSelect: [(chart) => zoomIn(chart, now().onZoom)],
      setCursor: [
        (chart) => {
          const reading = element.parentElement?.querySelector(".dw-reading");
          if (reading) reading.textContent = readingText(chart, look);
        },
      ],
    },
  };
}

/** A small chart has its unit in its title alone. */
function unitOfAxis({ entry, height }: PlotLook): string {
  return height < LEAST_WITH_UNIT ? "" : unitText(entry?.unit);
}

function axesOf(look: PlotLook): uPlot.Axis[] {
  const { colours } = look;
  const axis = {
    stroke: colours.muted,
    font: '12px "Inter Variable", sans-serif',
    grid: { stroke: colours.line, width: 1 },
    ticks: { stroke: colours.line, width: 1, size: 4 },
  };
  return [
    timeAxis(look),
    {
      ...axis,
      size: (_, labels) => Math.min(MAX_AXIS, Math.max(44, 16 + 7 * Math.max(0, ...(labels ?? []).map((label) => label.length)))),
      values: (_, splits) =>
        splits.map((value) => {
          const named = namedText(value, look.entry);
          return named ?? tickText(value, splits.length > 1 ? Math.abs(splits[1]! - splits[0]!) : undefined);
        }),
    },
  ];
}

function seriesOf({ colours, compares }: PlotLook): uPlot.Series[] {
  return [
    {},
    { stroke: "transparent", points: { show: false } },
    { stroke: "transparent", points: { show: false } },
    { stroke: colours.text, width: 1.4, points: { show: (chart) => sparse(chart), size: 4, fill: colours.text }, spanGaps: false },
    ...(compares ? [{ stroke: colours.accent, width: 1.2, dash: [5, 4], points: { show: false }, spanGaps: false }] : []),
  ];
}

function rangeOf(low: number, high: number, { entry, showsLimits }: PlotLook, limits: readonly TrendLimit[]): [number, number] {
  const values = limits.map(({ value }) => value);
  const [bottom, top] = showsLimits ? [Math.min(low, ...values), Math.max(high, ...values)] : [low, high];
  return paddedRange(bottom, top, [entry?.low, entry?.high, entry?.warningLow, entry?.warningHigh, ...values]);
}

/** What lies under the cursor. */
function readingText(chart: uPlot, { entry, t, zone, language }: PlotLook): string {
  const at = chart.cursor.idx;
  if (typeof at !== "number") return "";
  const index = readAt(chart.data[MEAN]!, at) ?? at;
  const value = chart.data[MEAN]![index];
  // what holds at the pointer, of this time
  const time = chart.data[MEAN]![at] === undefined ? chart.data[0][at] : chart.data[0][index];
  if (time === undefined) return "";
  const unit = unitText(entry?.unit);
  const text = (number: number | null | undefined): string =>
    number === null || number === undefined
      ? t("trend.gap")
      : (namedText(number, entry) ?? `${numberText(number, entry?.resolution)} ${unit}`);
  const earlier = chart.data[BEFORE];
  const compared = earlier === undefined ? "" : `   ${t("trend.beforeIs", { value: text(earlier[readAt(earlier, at) ?? at]) })}`;
  return `${momentText(time * 1e6, zone, language)}   ${text(value)}${compared}`;
}

function zoomIn(chart: uPlot, onZoom: PlotNow["onZoom"]): void {
  const { left, width } = chart.select;
  if (width < 6) return;
  onZoom(Math.round(chart.posToVal(left, "x") * 1e6), Math.round(chart.posToVal(left + width, "x") * 1e6));
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}

/** Single samples stay visible when there is room for a dot each. */
function sparse(chart: uPlot): boolean {
  const filled = (chart.data[MEAN] as readonly (number | null | undefined)[]).reduce<number>(
    (sum, value) => sum + (value === null || value === undefined ? 0 : 1),
    0,
  );
  return filled < chart.bbox.width / 12;
}

function shadeQuality(chart: uPlot, quality: readonly number[], colours: Tokens): void {
  const { ctx, bbox } = chart;
  const times = chart.data[0];
  ctx.save();
  for (let index = 0; index < times.length; index += 1) {
    // An empty bucket has no quality; it is a gap, or lies between two samples.
    if (quality[index] === 0 || quality[index] === undefined || chart.data[MEAN]![index] === null || chart.data[MEAN]![index] === undefined)
      continue;
    const left = chart.valToPos(times[index]!, "x", true);
    const right = chart.valToPos(times[index + 1] ?? times[index]!, "x", true);
    ctx.fillStyle = quality[index] === 2 ? colours.lineStrong : colours.line;
    ctx.globalAlpha = 0.6;
    ctx.fillRect(left, bbox.top, Math.max(1, right - left + 0.5), bbox.height);
  }
  ctx.restore();
}
