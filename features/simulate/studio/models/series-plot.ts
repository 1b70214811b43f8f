import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { numberText } from "@doppelwerk/kit/studio";

const HEIGHT = 260;

export interface PlottedSeries {
  readonly values: readonly (number | null)[];
  readonly colour: string;
  readonly isShown: boolean;
}

export interface SeriesPlot {
  readonly offsetsS: readonly number[];
  readonly series: readonly PlottedSeries[];
  /** Of axis texts, and of lines of the grid. */
  readonly colours: { readonly text: string; readonly grid: string };
  /** The index under the pointer; undefined when it leaves. */
  readonly onReading: (index: number | undefined) => void;
}

/** Draws into `host` and follows its width; the answer takes the drawing away. Lines are dashed because they are simulated. */
export function drawSeries(host: HTMLElement, { offsetsS, series, colours, onReading }: SeriesPlot): () => void {
  const axis = {
    stroke: colours.text,
    font: '12px "Inter Variable", sans-serif',
    grid: { stroke: colours.grid, width: 1 },
    ticks: { stroke: colours.grid, width: 1, size: 4 },
  };
  const chart = new uPlot(
    {
      width: host.clientWidth || 320,
      height: HEIGHT,
      legend: { show: false },
      cursor: { drag: { x: true, y: false } },
      scales: { x: { time: false } },
      axes: [
        { ...axis, values: (_, splits) => splits.map((value) => `${numberText(value, stepOf(splits))} s`) },
        {
          ...axis,
          size: (_, labels) => Math.max(56, 16 + 7 * Math.max(0, ...(labels ?? []).map((label) => label.length))),
          values: (_, splits) => splits.map((value) => numberText(value, stepOf(splits))),
        },
      ],
      series: [
        {},
        ...series.map(({ colour, isShown }) => ({ stroke: colour, width: 1.5, dash: [6, 3], points: { show: false }, show: isShown })),
      ],
      hooks: { setCursor: [(plot) => onReading(plot.cursor.idx ?? undefined)] },
    },
    [offsetsS as number[], ...series.map(({ values }) => values as (number | null)[])],
    host,
  );
  const observer = new ResizeObserver(() => chart.setSize({ width: host.clientWidth, height: HEIGHT }));
  observer.observe(host);
  return () => {
    observer.disconnect();
    chart.destroy();
  };
}

function stepOf(splits: readonly number[]): number | undefined {
  return splits.length > 1 ? Math.abs(splits[1]! - splits[0]!) : undefined;
}
