import { useState } from "react";
import type { ReactNode } from "react";
import type { ExperimentKpi, ExperimentResult } from "@doppelwerk/client";
import { Card, useWords } from "@doppelwerk/kit/studio";
import { frontOf } from "./front.ts";
import { FrontChart } from "./front-chart.tsx";
import { KpiSelect } from "./kpi-select.tsx";

/** The points in the KPI shown against another one, which is chosen here. */
export function FrontCard({
  result,
  kpis,
  kpi,
  chosen,
  onChoose,
}: {
  readonly result: ExperimentResult;
  readonly kpis: readonly ExperimentKpi[];
  readonly kpi: ExperimentKpi;
  readonly chosen: number;
  readonly onChoose: (point: number) => void;
}): ReactNode {
  const { t } = useWords();
  const [against, setAgainst] = useState<ExperimentKpi>(result.request.kpi === "wip" ? "throughput" : "wip");
  return (
    <Card
      title={t("simulate.experiments.front")}
      note={
        <KpiSelect
          label={t("simulate.experiments.against")}
          kpis={kpis.filter((key) => key !== kpi)}
          chosen={against === kpi ? null : against}
          onChoose={setAgainst}
        />
      }
    >
      {against !== kpi && <FrontChart result={result} first={kpi} second={against} chosen={chosen} onChoose={onChoose} />}
      <p className="dw-fine">{t("simulate.experiments.frontNote", { count: frontOf(result, kpi, against).length })}</p>
    </Card>
  );
}
