import type { ExperimentKpi, ExperimentResult } from "@doppelwerk/client";
import { betterOfKpi } from "./experiment-words.ts";

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
