import { useEffect, useMemo, useRef } from "react";
import type { ReactNode } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Trend } from "@doppelwerk/client";
import type { SignalEntry } from "@doppelwerk/sync";
import { useThemeTokens, useWords } from "../session/context.tsx";
import type { Tokens } from "../theme/tokens.ts";
import { clockText, dateText, momentText } from "../time/format.ts";
import { toLocal } from "../time/zone.ts";
import { AlarmShape } from "../values/alarm-shape.tsx";
import { withGaps } from "../values/gaps.ts";
import { numberText, unitText } from "../values/number.ts";
import { drawLimits, paddedRange } from "./trend-limits.ts";
import type { TrendLimit } from "./trend-limits.ts";
import "./trend-chart.css";

const HEIGHT = 220;
const NO_LIMITS: readonly TrendLimit[] = [];
/** The mean is the last series, so that it lies on its band. */
const MEAN = 3;
/** The mean of the earlier period, where there is one. */
const BEFORE = 4;

/** A trend: mean in its min/max band, gaps as gaps, uncertain and bad stretches shaded, limits dashed; drag zooms, double-click resets. */
export function TrendChart({
  trend,
  before,
  entry,
  title,
  onZoom,
  height = HEIGHT,
  syncKey,
  limits = NO_LIMITS,
  showsLimits = false,
}: {
  readonly trend: Trend;
  /** The same of an earlier period, drawn dashed over the same buckets. */
  readonly before?: Trend | undefined;
  readonly entry: SignalEntry | undefined;
  readonly title: string;
  readonly onZoom: (from: number | undefined, to: number | undefined) => void;
  readonly height?: number;
  /** Charts of one key share their cursor. */
  readonly syncKey?: string;
  /** Drawn across it, and named for screen readers. */
  readonly limits?: readonly TrendLimit[] | undefined;
  /** They are in the picture however far from the values. */
  readonly showsLimits?: boolean;
}): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const colours = useThemeTokens();
  const { t, language, zone } = useWords();
  const zoom = useRef(onZoom);
  zoom.current = onZoom;
  const quality = useRef(trend.quality);
  const drawnLimits = useRef(limits);
  const data = useMemo((): uPlot.AlignedData => {
    const times = trend.mean.map((_, index) => (trend.from + (index + (trend.raw ? 0 : 0.5)) * trend.width) / 1e6);
    const [low, middle, high] = bandOf(trend);
    const drawn = [high, low, middle].map((values) => withGaps(values, trend.bad));
    return [times, ...drawn, ...(before === undefined ? [] : [withGaps(bandOf(before)[1], before.bad)])] as uPlot.AlignedData;
  }, [trend, before]);
  const compares = before !== undefined;
  quality.current = trend.quality;
  drawnLimits.current = limits;

  useEffect(() => {
    const element = host.current!;
    const made = new uPlot(options(), data, element);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    const reset = (): void => zoom.current(undefined, undefined);
    element.addEventListener("dblclick", reset);
    return () => {
      element.removeEventListener("dblclick", reset);
      observer.disconnect();
      made.destroy();
    };
    function options(): uPlot.Options {
      const axis = {
        stroke: colours.muted,
        font: '12px "Inter Variable", sans-serif',
        grid: { stroke: colours.line, width: 1 },
        ticks: { stroke: colours.line, width: 1, size: 4 },
      };
      return {
        width: element.clientWidth || 280,
        height,
        cursor: {
          drag: { x: true, y: false, setScale: false },
          points: { size: 6 },
          ...(syncKey === undefined ? {} : { sync: { key: syncKey, setSeries: false, scales: ["x", null] as never } }),
        },
        legend: { show: false },
        scales: {
          x: { time: true },
          y: { range: (_, low, high) => rangeOf(low, high) },
        },
        axes: [
          { ...axis, size: 30, space: 64, values: (_, splits) => splits.map((seconds, index) => tickText(seconds, splits, index)) },
          {
            ...axis,
            size: (_, labels) => Math.max(44, 16 + 7 * Math.max(0, ...(labels ?? []).map((label) => label.length))),
            values: (_, splits) =>
              splits.map((value) => numberText(value, splits.length > 1 ? Math.abs(splits[1]! - splits[0]!) : undefined)),
          },
        ],
        series: [
          {},
          { stroke: "transparent", points: { show: false } },
          { stroke: "transparent", points: { show: false } },
          { stroke: colours.text, width: 1.4, points: { show: (chart) => sparse(chart), size: 4, fill: colours.text }, spanGaps: false },
          ...(compares ? [{ stroke: colours.accent, width: 1.2, dash: [5, 4], points: { show: false }, spanGaps: false }] : []),
        ],
        bands: [{ series: [1, 2], fill: colours.band }],
        hooks: {
          drawClear: [(chart) => shadeQuality(chart, quality.current, colours)],
          draw: [(chart) => drawLimits(chart, entry, drawnLimits.current, colours)],
          setSelect: [
            (chart) => {
              if (chart.select.width < 6) return;
              zoom.current(
                Math.round(chart.posToVal(chart.select.left, "x") * 1e6),
                Math.round(chart.posToVal(chart.select.left + chart.select.width, "x") * 1e6),
              );
              chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            },
          ],
          setCursor: [(chart) => showReading(chart)],
        },
      };
    }
    function rangeOf(low: number, high: number): [number, number] {
      const values = drawnLimits.current.map(({ value }) => value);
      const [bottom, top] = showsLimits ? [Math.min(low, ...values), Math.max(high, ...values)] : [low, high];
      return paddedRange(bottom, top, [entry?.low, entry?.high, ...values]);
    }
    function tickText(seconds: number, splits: readonly number[], index: number): string {
      const instant = seconds * 1e6;
      const step = (splits[1] ?? 0) - (splits[0] ?? 0);
      if (step >= 86_400) return dateText(instant, zone, language);
      const local = toLocal(zone, instant);
      if (index > 0 && local % 86_400e6 === 0) return dateText(instant, zone, language);
      return clockText(instant, zone, step < 60);
    }
    function showReading(chart: uPlot): void {
      const reading = element.parentElement?.querySelector(".dw-reading");
      if (reading === null || reading === undefined) return;
      const index = chart.cursor.idx;
      const value = index === null || index === undefined ? undefined : chart.data[MEAN]![index];
      const time = index === null || index === undefined ? undefined : chart.data[0][index];
      if (time === undefined) {
        reading.textContent = "";
        return;
      }
      const unit = unitText(entry?.unit);
      const other = chart.data[BEFORE]?.[index!];
      const text = (number: number | null | undefined): string =>
        number === null || number === undefined ? t("trend.gap") : `${numberText(number, entry?.resolution)} ${unit}`;
      const compared = chart.data[BEFORE] === undefined ? "" : `   ${t("trend.beforeIs", { value: text(other) })}`;
      reading.textContent = `${momentText(time * 1e6, zone, language)}   ${text(value)}${compared}`;
    }
    // The plot lives as long as its looks; new data reach it below.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [colours, zone, language, entry, height, compares, syncKey, showsLimits]);

  useEffect(() => plot.current?.setData(data), [data, limits]);
  const empty = trend.mean.every((value) => value === null);
  return (
    <figure className="dw-trend" aria-label={title}>
      <figcaption>
        <span>
          {title} <small>{unitText(entry?.unit ?? trend.unit)}</small>
        </span>
        <small className="dw-reading" />
      </figcaption>
      <div ref={host} />
      {limits.length > 0 && (
        <ul className="dw-trend-limits">
          {limits.map(({ value, priority, label }, at) => (
            <li key={at} className={`dw-p${priority}`}>
              <AlarmShape priority={priority} blinking={false} size={10} /> {numberText(value, entry?.resolution)} {label}
            </li>
          ))}
        </ul>
      )}
      {empty && <p className="dw-trend-empty">{t("trend.empty")}</p>}
    </figure>
  );
}

type Edge = readonly (number | null)[];

/** Lower edge, middle and upper edge: percentiles where they were asked for, else lowest, mean and highest. */
function bandOf({ min, mean, max, percentiles }: Trend): readonly [Edge, Edge, Edge] {
  const [low, middle, high] = percentiles ?? [];
  return high === undefined ? [min, mean, max] : [low!.values, middle!.values, high.values];
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

/** Rows of a trend for a spreadsheet; empty cells where nothing was recorded. */
export function trendCsv(trend: Trend): string {
  const rows = trend.mean.map((mean, index) => {
    const time = new Date((trend.from + index * trend.width) / 1000).toISOString();
    return [time, mean ?? "", trend.min[index] ?? "", trend.max[index] ?? "", ["good", "uncertain", "bad"][trend.quality[index] ?? 0]].join(
      ",",
    );
  });
  return ["time,mean,min,max,quality", ...rows].join("\n");
}

/** Saves the charts on the screen as one picture, one under another with their titles. */
export function downloadPng(name: string): void {
  const figures = [...document.querySelectorAll<HTMLElement>(".dw-trend")].flatMap((figure) => {
    const canvas = figure.querySelector("canvas");
    return canvas === null ? [] : [{ canvas, title: figure.querySelector("figcaption span")?.textContent ?? "" }];
  });
  if (figures.length === 0) return;
  const title = Math.round(20 * window.devicePixelRatio);
  const all = document.createElement("canvas");
  all.width = Math.max(...figures.map(({ canvas }) => canvas.width));
  all.height = figures.reduce((sum, { canvas }) => sum + canvas.height + title, 0);
  const context = all.getContext("2d")!;
  const style = getComputedStyle(document.documentElement);
  context.fillStyle = style.getPropertyValue("--dw-panel");
  context.fillRect(0, 0, all.width, all.height);
  context.font = `600 ${title * 0.62}px "Inter Variable", sans-serif`;
  let y = 0;
  for (const figure of figures) {
    context.fillStyle = style.getPropertyValue("--dw-text");
    context.fillText(figure.title, 8, y + title * 0.75);
    context.drawImage(figure.canvas, 0, y + title);
    y += figure.canvas.height + title;
  }
  all.toBlob((blob) => blob !== null && saveFile(`${name}.png`, blob));
}

/** Hands a file to the person. */
export function saveFile(name: string, content: Blob | Uint8Array): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content instanceof Blob ? content : new Blob([content.slice()]));
  link.download = name;
  link.click();
  // some browsers begin to read only after the click
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
