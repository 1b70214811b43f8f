import { useEffect, useMemo, useRef } from "react";
import type { ReactNode } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Trend } from "@doppelwerk/client";
import type { SignalEntry } from "@doppelwerk/sync";
import { useThemeTokens, useWords } from "../session/context.tsx";
import { AlarmShape } from "../values/alarm-shape.tsx";
import { withGaps } from "../values/gaps.ts";
import { durationText, momentText, type Language } from "../time/format.ts";
import type { Translate } from "../language/catalogues.ts";
import { numberText, unitText, withUnit } from "../values/number.ts";
import { densityChanges, type DensityChange } from "./trend-densities.ts";
import { findingOf } from "./trend-finding.ts";
import { TrendRowsTable } from "./trend-rows-table.tsx";
import { plotOptions } from "./trend-plot.ts";
import type { PlotLook, PlotNow } from "./trend-plot.ts";
import type { TrendSpan } from "./trend-spans.ts";
import type { TrendLimit } from "./trend-limits.ts";
import "./trend-chart.css";

const HEIGHT = 220;
const NO_LIMITS: readonly TrendLimit[] = [];
const NO_SPANS: readonly TrendSpan[] = [];

interface TrendChartProps {
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
  /** Stretches of time that are marked along its upper edge. */
  readonly spans?: readonly TrendSpan[] | undefined;
  /** They are in the picture however far from the values. */
  readonly showsLimits?: boolean;
}

/** A trend: mean in its min/max band, gaps as gaps, uncertain and bad stretches shaded, limits dashed; drag zooms, double-click resets. */
export function TrendChart(props: TrendChartProps): ReactNode {
  const {
    trend,
    before,
    entry,
    title,
    onZoom,
    height = HEIGHT,
    syncKey,
    limits = NO_LIMITS,
    spans = NO_SPANS,
    showsLimits = false,
  } = props;
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const colours = useThemeTokens();
  const { t, language, zone } = useWords();
  const densities = useMemo(() => densityChanges(trend), [trend]);
  const now = useRef<PlotNow>({ quality: trend.quality, limits, spans, densities, onZoom });
  now.current = { quality: trend.quality, limits, spans, densities, onZoom };
  const data = useMemo((): uPlot.AlignedData => {
    const times = trend.mean.map((_, index) => (trend.from + (index + (trend.raw ? 0 : 0.5)) * trend.width) / 1e6);
    const [low, middle, high] = bandOf(trend);
    const drawn = [high, low, middle].map((values) => withGaps(values, trend.bad));
    return [times, ...drawn, ...(before === undefined ? [] : [withGaps(bandOf(before)[1], before.bad)])] as uPlot.AlignedData;
  }, [trend, before]);
  const compares = before !== undefined;

  useEffect(() => {
    const element = host.current!;
    const look: PlotLook = { colours, t, language, zone, entry, height, compares, syncKey, showsLimits };
    const made = new uPlot(
      plotOptions(element, look, () => now.current),
      data,
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    const reset = (): void => now.current.onZoom(undefined, undefined);
    element.addEventListener("dblclick", reset);
    return () => {
      element.removeEventListener("dblclick", reset);
      observer.disconnect();
      made.destroy();
    };
    // The plot lives as long as its looks; new data reach it below.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [colours, zone, language, entry, height, compares, syncKey, showsLimits]);

  useEffect(() => plot.current?.setData(data), [data, limits, spans]);
  const empty = trend.mean.every((value) => value === null);
  return (
    <figure className="dw-trend" aria-label={title}>
      <figcaption>
        <span>
          {title} <small>{findingText(trend, entry, t)}</small>
        </span>
        <small className="dw-reading" />
      </figcaption>
      <div ref={host} />
      <LimitList limits={limits} entry={entry} />
      <DensityList changes={densities} />
      {empty ? <p className="dw-trend-empty">{t("trend.empty")}</p> : <TrendRowsTable label={title} trends={[{ trend, entry, title }]} />}
    </figure>
  );
}

/** Lowest to highest and the mean with their unit, and how often nothing is known; of values that have names the unit alone. */
function findingText(trend: Trend, entry: SignalEntry | undefined, t: Translate): string {
  const unit = entry?.unit ?? trend.unit;
  const finding = entry?.enumeration === undefined ? findingOf(trend) : undefined;
  if (finding === undefined) return unitText(unit);
  const { low, high, mean, gaps } = finding;
  const text = (value: number): string => numberText(value, entry?.resolution);
  const range = low === high ? withUnit(text(low), unit) : withUnit(`${text(low)}–${text(high)}`, unit);
  return [range, t("trend.mean", { value: text(mean) }), ...(gaps > 0 ? [t("trend.gaps", { count: gaps })] : [])].join(" · ");
}

/** The limits by name, for who does not see the lines. */
function LimitList({ limits, entry }: { readonly limits: readonly TrendLimit[]; readonly entry: SignalEntry | undefined }): ReactNode {
  if (limits.length === 0) return null;
  return (
    <ul className="dw-trend-limits">
      {limits.map(({ value, priority, label }, at) => (
        <li key={at} className={`dw-p${priority}`}>
          <AlarmShape priority={priority} blinking={false} size={10} /> {numberText(value, entry?.resolution)} {label}
        </li>
      ))}
    </ul>
  );
}

/** Where the curve is drawn from more or fewer samples: what is the same at the plant looks another way there. */
function DensityList({ changes }: { readonly changes: readonly DensityChange[] }): ReactNode {
  const { t, language, zone } = useWords();
  if (changes.length === 0) return null;
  return (
    <ul className="dw-trend-limits">
      {changes.map(({ at, beforeS, afterS }) => (
        <li key={at} className="dw-trend-density">
          {t("trend.density", {
            moment: momentText(at, zone, language, false),
            before: intervalText(beforeS, language),
            after: intervalText(afterS, language),
          })}
        </li>
      ))}
    </ul>
  );
}

/** Of two digits: an interval is an average. */
function intervalText(seconds: number, language: Language): string {
  return seconds < 60 ? withUnit(String(Number(seconds.toPrecision(2))), "s") : durationText(Math.round(seconds) * 1e6, language);
}

type Edge = readonly (number | null)[];

/** Lower edge, middle and upper edge: percentiles where they were asked for, else lowest, mean and highest. */
function bandOf({ min, mean, max, percentiles }: Trend): readonly [Edge, Edge, Edge] {
  const [low, middle, high] = percentiles ?? [];
  return high === undefined ? [min, mean, max] : [low!.values, middle!.values, high.values];
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
