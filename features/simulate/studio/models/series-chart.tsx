import { useEffect, useMemo, useRef, useState } from "react";
import type { ReactNode } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { ModelRunResult } from "@doppelwerk/client";
import { branchHues, numberText, unitText, useThemeTokens, useWords } from "@doppelwerk/kit/studio";

const HEIGHT = 260;
/** More lines are no picture; the others are a click away. */
const MOST_LINES = 8;

/** Series of a run over the seconds since its beginning, dashed because simulated. Each name switches its line. */
export function SeriesChart({ result }: { readonly result: ModelRunResult }): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const tokens = useThemeTokens();
  const { t } = useWords();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set(result.series.slice(MOST_LINES).map(({ name }) => name)));
  const [reading, setReading] = useState<number | undefined>(undefined);
  const colourOf = (index: number): string => tokens[branchHues[index % branchHues.length]!];
  const data = useMemo(
    () => [result.offsetsS as number[], ...result.series.map(({ values }) => values as (number | null)[])] as uPlot.AlignedData,
    [result],
  );
  useEffect(() => {
    const element = host.current!;
    const axis = {
      stroke: tokens.muted,
      font: '12px "Inter Variable", sans-serif',
      grid: { stroke: tokens.line, width: 1 },
      ticks: { stroke: tokens.line, width: 1, size: 4 },
    };
    const chart = new uPlot(
      {
        width: element.clientWidth || 320,
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
          ...result.series.map(({ name }, index) => ({
            stroke: colourOf(index),
            width: 1.5,
            dash: [6, 3],
            points: { show: false },
            show: !hidden.has(name),
          })),
        ],
        hooks: { setCursor: [(plot) => setReading(plot.cursor.idx ?? undefined)] },
      },
      data,
      element,
    );
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
    };
    // oxlint-disable-next-line exhaustive-deps -- colours follow the tokens
  }, [data, hidden, tokens]);
  const at = reading ?? result.offsetsS.length - 1;
  return (
    <div>
      <div
        ref={host}
        className="dw-series"
        role="img"
        aria-label={t("simulate.models.chart", { names: result.series.map(({ name }) => name).join(", ") })}
      />
      <div className="dw-series-names">
        <span className="dw-quiet">{numberText(result.offsetsS[at] ?? 0)} s</span>
        {result.series.map(({ name, unit, values }, index) => (
          <button
            type="button"
            key={name}
            aria-pressed={!hidden.has(name)}
            onClick={() =>
              setHidden((names) => (names.has(name) ? new Set([...names].filter((each) => each !== name)) : new Set([...names, name])))
            }
          >
            <i style={{ background: colourOf(index) }} />
            {name} <b>{values[at] === null || values[at] === undefined ? "–" : numberText(values[at]!)}</b>
            {unit !== undefined && ` ${unitText(unit)}`}
          </button>
        ))}
      </div>
    </div>
  );
}

function stepOf(splits: readonly number[]): number | undefined {
  return splits.length > 1 ? Math.abs(splits[1]! - splits[0]!) : undefined;
}
