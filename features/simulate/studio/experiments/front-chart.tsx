import type { ReactNode } from "react";
import type { ExperimentKpi, ExperimentResult } from "@doppelwerk/client";
import { Chart, useWords, type ChartPoint } from "@doppelwerk/kit/studio";
import { betterOfKpi, digitsOfKpi, pointText, unitOfKpi } from "./experiment-words.ts";
import { frontOf } from "./front.ts";

interface FrontChartProps {
  readonly result: ExperimentResult;
  readonly first: ExperimentKpi;
  readonly second: ExperimentKpi;
  readonly chosen: number;
  readonly onChoose: (point: number) => void;
}

/** Every point in two KPIs with its 95 % intervals, those that no other beats joined by a line; arrows point to where a KPI is better. */
export function FrontChart({ result, first, second, chosen, onChoose }: FrontChartProps): ReactNode {
  const { t, language } = useWords();
  const placeOf = (index: number): readonly ChartPoint[] => {
    const [a, b] = [result.points[index]!.kpis[first], result.points[index]!.kpis[second]];
    if (a === undefined || b === undefined) return [];
    const title = pointText(result, index, language, t);
    return [{ x: a.mean, y: b.mean, xReach: a.halfWidth || 0, yReach: b.halfWidth || 0, radius: 4.5, title, choice: index }];
  };
  const front = frontOf(result, first, second);
  const { reference } = result;
  const others = result.points.map((_, index) => index).filter((index) => !front.includes(index) && index !== reference);
  return (
    <Chart
      label={t("simulate.experiments.front")}
      height={230}
      readsPoints
      chosen={chosen}
      onChoose={onChoose}
      x={{
        kind: "number",
        name: t(`kpi.${first}`),
        better: betterOfKpi(first) > 0 ? "higher" : "lower",
        unit: unitOfKpi(first, t, result),
        digits: digitsOfKpi(first),
      }}
      y={{
        kind: "number",
        name: t(`kpi.${second}`),
        better: betterOfKpi(second) > 0 ? "higher" : "lower",
        unit: unitOfKpi(second, t, result),
        digits: digitsOfKpi(second),
      }}
      marks={[
        { kind: "line", name: "", tone: "hue", isDashed: true, isInLegend: false, points: front.flatMap(placeOf) },
        { kind: "point", name: t("simulate.experiments.beaten"), tone: "muted", shape: "ring", points: others.flatMap(placeOf) },
        {
          kind: "point",
          name: t("simulate.experiments.unbeaten"),
          tone: "hue",
          points: front.filter((index) => index !== reference).flatMap(placeOf),
        },
        { kind: "point", name: t("simulate.experiments.asIs"), tone: "text", shape: "cross", points: placeOf(reference) },
      ]}
    />
  );
}
