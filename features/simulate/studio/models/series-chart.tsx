import { useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import type { ModelRunResult } from "@doppelwerk/client";
import { ChartTable, branchHues, numberText, unitText, useThemeTokens, useWords, withUnit } from "@doppelwerk/kit/studio";
import { drawSeries } from "./series-plot.ts";

/** More lines are no picture; the others are a click away. */
const MAX_LINES = 8;

/** Series of a run over the seconds since its beginning, dashed because simulated. Each name switches its line. */
export function SeriesChart({ result }: { readonly result: ModelRunResult }): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const tokens = useThemeTokens();
  const { t } = useWords();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set(result.series.slice(MAX_LINES).map(({ name }) => name)));
  const [reading, setReading] = useState<number | undefined>(undefined);
  const colourOf = (index: number): string => tokens[branchHues[index % branchHues.length]!];
  useEffect(
    () =>
      drawSeries(host.current!, {
        offsetsS: result.offsetsS,
        series: result.series.map(({ name, values }, index) => ({ values, colour: colourOf(index), isShown: !hidden.has(name) })),
        colours: { text: tokens.muted, grid: tokens.line },
        onReading: setReading,
      }),
    // oxlint-disable-next-line exhaustive-deps -- colours follow the tokens
    [result, hidden, tokens],
  );
  const label = t("simulate.models.chart", { names: result.series.map(({ name }) => name).join(", ") });
  const at = reading ?? result.offsetsS.length - 1;
  return (
    <div>
      <div ref={host} className="dw-series" role="img" aria-label={label} />
      <ChartTable
        label={label}
        first={t("chart.time")}
        stops={result.offsetsS.map((x, at) => ({
          x,
          title: `${numberText(x)}\u202fs`,
          rows: result.series.map(({ name, unit, values }) => ({
            name,
            text: typeof values[at] === "number" ? withUnit(numberText(values[at]), unit) : t("trend.gap"),
          })),
        }))}
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
