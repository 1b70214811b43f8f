import { useElementSize } from "@mantine/hooks";
import type { ReactNode } from "react";
import type { ExperimentKpi, ExperimentResult } from "@doppelwerk/client";
import { useWords } from "@doppelwerk/kit/studio";
import { betterOfKpi, digitsOfKpi, pointText, unitOfKpi } from "./experiment-words.ts";

const HEIGHT = 230;
const LEFT = 52;
const BOTTOM = 34;

/** Points that no other beats in both KPIs, by index, along the first. */
export function frontOf(result: Pick<ExperimentResult, "points">, first: ExperimentKpi, second: ExperimentKpi): readonly number[] {
  const worth = (index: number, kpi: ExperimentKpi): number =>
    betterOfKpi(kpi) * (result.points[index]!.kpis[kpi]?.mean ?? Number.NEGATIVE_INFINITY);
  const all = result.points.map((_, index) => index);
  return all
    .filter(
      (index) =>
        !all.some(
          (other) =>
            worth(other, first) >= worth(index, first) &&
            worth(other, second) >= worth(index, second) &&
            (worth(other, first) > worth(index, first) || worth(other, second) > worth(index, second)),
        ),
    )
    .toSorted((a, b) => worth(a, first) - worth(b, first));
}

/** Every point in two KPIs with its 95 % intervals, those that no other beats joined by a line. */
export function FrontChart({
  result,
  first,
  second,
  chosen,
  onChoose,
}: {
  readonly result: ExperimentResult;
  readonly first: ExperimentKpi;
  readonly second: ExperimentKpi;
  readonly chosen: number;
  readonly onChoose: (point: number) => void;
}): ReactNode {
  const { t, language } = useWords();
  const { ref, width: measured } = useElementSize();
  const width = Math.max(240, measured);
  const shown = result.points.flatMap((point, index) => {
    const [a, b] = [point.kpis[first], point.kpis[second]];
    return a === undefined || b === undefined ? [] : [{ index, a, b }];
  });
  if (shown.length === 0) return null;
  const range = (values: readonly number[]): readonly [number, number] => {
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const room = (most - least) * 0.06 || 1;
    return [least - room, most + room];
  };
  const [left, right] = range(shown.flatMap(({ a }) => [a.mean - (a.halfWidth || 0), a.mean + (a.halfWidth || 0)]));
  const [low, high] = range(shown.flatMap(({ b }) => [b.mean - (b.halfWidth || 0), b.mean + (b.halfWidth || 0)]));
  const x = (value: number): number => LEFT + ((value - left) / (right - left)) * (width - LEFT - 10);
  const y = (value: number): number => HEIGHT - BOTTOM - ((value - low) / (high - low)) * (HEIGHT - BOTTOM - 10);
  const front = frontOf(result, first, second);
  const ends = (from: number, to: number): readonly number[] => [from + (to - from) * 0.08, (from + to) / 2, to - (to - from) * 0.08];
  return (
    <div ref={ref}>
      <svg
        viewBox={`0 0 ${width} ${HEIGHT}`}
        height={HEIGHT}
        className="dw-chart dw-front"
        role="img"
        aria-label={t("simulate.experiments.front")}
      >
        {ends(low, high).map((value) => (
          <g key={value}>
            <line x1={LEFT} x2={width} y1={y(value)} y2={y(value)} className="dw-grid-line" />
            <text x={LEFT - 6} y={y(value) + 4} textAnchor="end">
              {value.toFixed(digitsOfKpi(second))}
            </text>
          </g>
        ))}
        {ends(left, right).map((value) => (
          <text key={value} x={x(value)} y={HEIGHT - BOTTOM + 14} textAnchor="middle">
            {value.toFixed(digitsOfKpi(first))}
          </text>
        ))}
        <text x={width - 10} y={HEIGHT - 4} textAnchor="end">
          {t(`kpi.${first}`)} {unitOfKpi(first, t)} {betterOfKpi(first) > 0 ? "→" : "←"}
        </text>
        <text x={LEFT + 4} y={14}>
          {betterOfKpi(second) > 0 ? "↑" : "↓"} {t(`kpi.${second}`)} {unitOfKpi(second, t)}
        </text>
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
      </svg>
    </div>
  );
}
