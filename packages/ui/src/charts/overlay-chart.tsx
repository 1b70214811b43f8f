import { useEffect, useMemo, useRef } from "react";
import type { ReactNode, RefObject } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Trend } from "@doppelwerk/client";
import type { SignalEntry } from "@doppelwerk/sync";
import { useThemeTokens, useWords } from "../session/context.tsx";
import type { TokenName } from "../theme/tokens.ts";
import { momentText } from "../time/format.ts";
import { withGaps } from "../values/gaps.ts";
import { namedText, numberText, unitText, withUnit } from "../values/number.ts";
import { overlayOptions, type OverlayActs, type OverlayLook } from "./overlay-plot.ts";
import { TrendRowsTable } from "./trend-rows-table.tsx";
import { readAt } from "./trend-reading.ts";
import "./trend-chart.css";

export interface OverlaidTrend {
  readonly trend: Trend;
  readonly entry: SignalEntry | undefined;
  readonly title: string;
}

/** Calm hues, distinguished by dashes too from the fifth on. */
const HUES: readonly TokenName[] = ["blue", "olive", "violet", "rose", "teal", "sand", "indigo", "plum"];
const SOLID = 4;

/** Several trends in one drawing: an axis for each unit, one cursor; drag zooms, double-click resets. Trends are of one period in as many buckets. */
export function OverlayChart({
  trends,
  title,
  height,
  onZoom,
}: {
  readonly trends: readonly OverlaidTrend[];
  readonly title: string;
  readonly height: number;
  readonly onZoom: (from: number | undefined, to: number | undefined) => void;
}): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const moment = useRef<HTMLElement>(null);
  const colours = useThemeTokens();
  const { language, zone } = useWords();
  const lines = trends.map(({ entry, trend }, at) => ({
    unit: unitText(entry?.unit ?? trend.unit),
    colour: colours[HUES[at % HUES.length]!],
    isDashed: at >= SOLID,
  }));
  const data = useMemo(() => dataOf(trends), [trends]);
  const read = (chart: uPlot): void => {
    const index = chart.cursor.idx;
    const time = typeof index === "number" ? chart.data[0][index] : undefined;
    if (moment.current) moment.current.textContent = time === undefined ? "" : momentText(time * 1e6, zone, language);
    for (const [at, item] of [...(list.current?.querySelectorAll("output") ?? [])].entries()) {
      const values = chart.data[at + 1] as readonly (number | null | undefined)[] | undefined;
      const known = values === undefined || typeof index !== "number" ? undefined : readAt(values, index);
      item.textContent = known === undefined ? "" : valueOf(values![known]!, trends[at]!);
    }
  };
  useOverlay(host, data, { colours, language, zone, height, lines }, { read, zoom: onZoom });
  return (
    <figure className="dw-trend" aria-label={title}>
      <figcaption>
        <span>{title}</span>
        <small ref={moment} className="dw-reading" />
      </figcaption>
      <div ref={host} />
      <Legend list={list} trends={trends} lines={lines} />
      <TrendRowsTable label={title} trends={trends} />
    </figure>
  );
}

type Lines = OverlayLook["lines"];

/** Each line by name, with its value at the pointer. */
function Legend({
  list,
  trends,
  lines,
}: {
  readonly list: RefObject<HTMLUListElement | null>;
  readonly trends: readonly OverlaidTrend[];
  readonly lines: Lines;
}): ReactNode {
  return (
    <ul ref={list} className="dw-trend-overlaid">
      {trends.map(({ trend, title: name, entry }, at) => (
        <li key={trend.signal}>
          <svg width="24" height="8" aria-hidden>
            <line
              x2="24"
              y1="4"
              y2="4"
              stroke={lines[at]!.colour}
              strokeWidth="2"
              strokeDasharray={lines[at]!.isDashed ? "6 3" : undefined}
            />
          </svg>
          {name} <small>{unitText(entry?.unit ?? trend.unit)}</small> <output />
        </li>
      ))}
    </ul>
  );
}

/** A plot as long as its looks; new data and acts reach it where it is. */
function useOverlay(host: RefObject<HTMLDivElement | null>, data: uPlot.AlignedData, look: OverlayLook, given: OverlayActs): void {
  const plot = useRef<uPlot | undefined>(undefined);
  const acts = useRef(given);
  acts.current = given;
  const { colours, language, zone, height, lines } = look;
  const drawn = JSON.stringify(lines);
  useEffect(() => {
    const element = host.current!;
    const options = overlayOptions(element.clientWidth || 280, look, {
      read: (chart) => acts.current.read(chart),
      zoom: (from, to) => acts.current.zoom(from, to),
    });
    const made = new uPlot(options, data, element);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    const reset = (): void => acts.current.zoom(undefined, undefined);
    element.addEventListener("dblclick", reset);
    return () => {
      element.removeEventListener("dblclick", reset);
      observer.disconnect();
      made.destroy();
    };
    // new data reach it below
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [colours, zone, language, height, drawn]);
  useEffect(() => plot.current?.setData(data), [data]);
}

function valueOf(value: number, { entry, trend }: OverlaidTrend): string {
  return namedText(value, entry) ?? withUnit(numberText(value, entry?.resolution), entry?.unit ?? trend.unit);
}

function dataOf(trends: readonly OverlaidTrend[]): uPlot.AlignedData {
  const tables = trends.map(({ trend }): uPlot.AlignedData => {
    const times = trend.mean.map((_, index) => (trend.from + (index + (trend.raw ? 0 : 0.5)) * trend.width) / 1e6);
    return [times, withGaps(trend.mean, trend.bad)] as uPlot.AlignedData;
  });
  const [first] = tables;
  const isOne = tables.every((table) => table[0].length === first![0].length && table[0][0] === first![0][0]);
  if (!isOne) return uPlot.join(tables);
  return [first![0], ...tables.map((table) => table[1]!)] as uPlot.AlignedData;
}
