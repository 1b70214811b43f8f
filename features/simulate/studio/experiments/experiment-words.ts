import type { ExperimentFactorInfo, ExperimentKpi, ExperimentResult } from "@doppelwerk/client";
import { inLanguage, unitText } from "@doppelwerk/kit/studio";
import type { Language } from "@doppelwerk/kit/studio";
import type { Translate } from "@doppelwerk/kit/studio";

export const experimentKpis: readonly ExperimentKpi[] = ["throughput", "oee", "leadTime", "wip", "rework"];

export function digitsOfKpi(kpi: ExperimentKpi): number {
  return kpi === "throughput" || kpi === "wip" || kpi === "oee" || kpi === "leadTime" ? 1 : 2;
}

/** 1 where more is better, −1 where less is. */
export function betterOfKpi(kpi: ExperimentKpi): 1 | -1 {
  return kpi === "throughput" || kpi === "oee" ? 1 : -1;
}

/** The unit of a KPI; results of earlier versions name no units and count rework a shift. */
export function unitOfKpi(kpi: ExperimentKpi, t: Translate, result?: Pick<ExperimentResult, "units">): string {
  const isFormer = result !== undefined && result.units === undefined;
  return {
    throughput: t("unit.perShift"),
    oee: "%",
    leadTime: "min",
    wip: t("unit.parts"),
    rework: t(isFormer ? "unit.perShift" : "unit.per100Units"),
  }[kpi];
}

/** `S090 Places`: station and label, or the name of a property that the line does not know. */
export function nameOfFactor(factor: ExperimentFactorInfo, language: Language): string {
  return [factor.station, inLanguage(factor.label, language)].filter((word) => word !== undefined && word !== "").join(" ");
}

/** `S090 Places 7, S120 Buffer before 12`. */
export function pointText(
  result: Pick<ExperimentResult, "points" | "factors" | "reference">,
  point: number,
  language: Language,
  t: Translate,
): string {
  const text = result.factors
    .map(
      (factor, index) =>
        `${nameOfFactor(factor, language)} ${valueText(result.points[point]!.values[index]!)}${factor.unit === "" ? "" : `\u202f${unitText(factor.unit)}`}`,
    )
    .join(", ");
  return point === result.reference ? `${t("simulate.experiments.asIs")}: ${text}` : text;
}

export function valueText(value: number | string): string {
  return typeof value === "number" ? String(Number(value.toPrecision(4))) : value;
}
