import type { ReactNode } from "react";
import type { ExperimentKpi, ExperimentResult } from "@doppelwerk/client";
import { useWords } from "@doppelwerk/kit/studio";
import { Chart } from "../charts/chart.tsx";
import { linearScale, rangeOf, valuesAt, widened, type Range } from "../charts/scale.ts";
import { ValueLines } from "../charts/value-lines.tsx";
import { betterOfKpi, digitsOfKpi, pointText, unitOfKpi } from "./experiment-words.ts";
import { frontOf } from "./front.ts";

const HEIGHT = 230;
const [LEFT, RIGHT, TOP, BOTTOM] = [52, 10, 10, 34];
const TICKS = [0.08, 0.5, 0.92];

interface FrontChartProps {
  readonly result: ExperimentResult;
  readonly first: ExperimentKpi;
  readonly second: ExperimentKpi;
  readonly chosen: number;
  readonly onChoose: (point: number) => void;
}

/** Every point in two KPIs with its 95 % intervals, those that no other beats joined by a line. */
export function FrontChart({ result, first, second, chosen, onChoose }: FrontChartProps): ReactNode {
  const { t, language } = useWords();
  const shown = result.points.flatMap((point, index) => {
    const [a, b] = [point.kpis[first], point.kpis[second]];
    return a === undefined || b === undefined ? [] : [{ index, a, b }];
  });
  if (shown.length === 0) return null;
  const [across, upwards] = [reach(shown.map(({ a }) => a)), reach(shown.map(({ b }) => b))];
  const y = linearScale(upwards, [HEIGHT - BOTTOM, TOP]);
  const front = frontOf(result, first, second);
  return (
    <Chart height={HEIGHT} minWidth={240} className="dw-front" aria-label={t("simulate.experiments.front")}>
      {(width) => {
        const x = linearScale(across, [LEFT, width - RIGHT]);
        return (
          <>
            <ValueLines
              values={valuesAt(upwards, TICKS)}
              y={y}
              left={LEFT}
              right={width}
              text={(value) => value.toFixed(digitsOfKpi(second))}
            />
            {valuesAt(across, TICKS).map((value) => (
              <text key={value} x={x(value)} y={HEIGHT - BOTTOM + 14} textAnchor="middle">
                {value.toFixed(digitsOfKpi(first))}
              </text>
            ))}
            <AxisNames first={first} second={second} width={width} />
            <polyline
              points={front
                .map((index) => `${x(result.points[index]!.kpis[first]!.mean)},${y(result.points[index]!.kpis[second]!.mean)}`)
                .join(" ")}
              className="dw-front-line"
            />
            {shown.map(({ index, a, b }) => (
              <g
                key={index}
                className={`dw-report-front-point ${front.includes(index) ? "is-front" : ""} ${index === result.reference ? "is-asis" : ""} ${index === chosen ? "is-chosen" : ""}`}
                onClick={() => onChoose(index)}
              >
                <title>{pointText(result, index, language, t)}</title>
                <line x1={x(a.mean - (a.halfWidth || 0))} x2={x(a.mean + (a.halfWidth || 0))} y1={y(b.mean)} y2={y(b.mean)} />
                <line x1={x(a.mean)} x2={x(a.mean)} y1={y(b.mean - (b.halfWidth || 0))} y2={y(b.mean + (b.halfWidth || 0))} />
                <circle cx={x(a.mean)} cy={y(b.mean)} r="4.5" />
              </g>
            ))}
          </>
        );
      }}
    </Chart>
  );
}

/** Both KPIs with their units; the arrows point to where they are better. */
function AxisNames({ first, second, width }: Pick<FrontChartProps, "first" | "second"> & { readonly width: number }): ReactNode {
  const { t } = useWords();
  return (
    <>
      <text x={width - RIGHT} y={HEIGHT - 4} textAnchor="end">
        {t(`kpi.${first}`)} {unitOfKpi(first, t)} {betterOfKpi(first) > 0 ? "→" : "←"}
      </text>
      <text x={LEFT + 4} y={14}>
        {betterOfKpi(second) > 0 ? "↑" : "↓"} {t(`kpi.${second}`)} {unitOfKpi(second, t)}
      </text>
    </>
  );
}

/** From the lowest to the highest end of the intervals, with a margin. */
function reach(results: readonly { readonly mean: number; readonly halfWidth: number }[]): Range {
  const range = rangeOf(results.flatMap(({ mean, halfWidth }) => [mean - (halfWidth || 0), mean + (halfWidth || 0)]));
  return widened(range, (range[1] - range[0]) * 0.06 || 1);
}
