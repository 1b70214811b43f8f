import { lazy, Suspense, useState } from "react";
import type { ReactNode } from "react";
import type { ExperimentKpi, ExperimentResult, ExperimentSummary } from "@doppelwerk/client";
import { Card, momentText, useWords } from "@doppelwerk/kit/studio";
import { RunChecks } from "../decide/run-checks.tsx";
import { RunWarnings } from "../decide/run-warnings.tsx";
import { EffectChart } from "./effect-chart.tsx";
import { experimentKpis, pointText } from "./experiment-words.ts";
import { FindingCard } from "./finding-card.tsx";
import { FrontCard } from "./front-card.tsx";
import { KpiSelect } from "./kpi-select.tsx";
import { PointStations } from "./point-stations.tsx";
import { PointTable } from "./point-table.tsx";
import { QuantileTable } from "./quantile-table.tsx";

/** Comes with the simulator, so only when a result is looked at. */
const PointCourse = lazy(() => import("./point-course.tsx").then((room) => ({ default: room.PointCourse })));

/** What an experiment found, as a report: on the screen, and printed without the frame. */
export function ExperimentReport({
  result,
  branch,
  onOther,
}: {
  readonly result: ExperimentResult;
  readonly branch: string;
  readonly onOther: (summary: ExperimentSummary) => void;
}): ReactNode {
  const { t, language } = useWords();
  const [kpi, setKpi] = useState<ExperimentKpi>(result.request.kpi);
  const [point, setPoint] = useState(result.best?.point ?? result.reference);
  const kpis = experimentKpis.filter((key) => result.points.every((each) => each.kpis[key] !== undefined));
  return (
    <article className="dw-report">
      <ReportHead result={result} />
      <FindingCard result={result} branch={branch} point={point} onOther={onOther} />
      <Card
        title={t("simulate.experiments.allPoints")}
        note={<KpiSelect label={t("simulate.experiments.kpi")} kpis={kpis} chosen={kpi} onChoose={setKpi} />}
      >
        <PointTable result={result} kpi={kpi} chosen={point} onChoose={setPoint} />
      </Card>
      <div className="dw-decide-row">
        <Card title={t("simulate.experiments.effects")} note={t(`kpi.${kpi}`)}>
          <EffectChart result={result} kpi={kpi} />
        </Card>
        {kpis.length > 1 && <FrontCard result={result} kpis={kpis} kpi={kpi} chosen={point} onChoose={setPoint} />}
      </div>
      <p className="dw-report-point">
        {t("simulate.experiments.shownPoint")} <b>{pointText(result, point, language, t)}</b>
      </p>
      <Card title={t("simulate.experiments.ofPoint")} note={t("simulate.experiments.ofPointNote")}>
        <QuantileTable result={result} point={point} />
      </Card>
      <PointStations asIs={result.points[result.reference]!} chosen={result.points[point]!} />
      <Suspense fallback={<p className="dw-quiet">{t("frame.loading")}</p>}>
        <PointCourse key={point} result={result} point={point} />
      </Suspense>
      {result.warnings.length > 0 && (
        <Card title={t("simulate.experiments.warnings")}>
          <RunWarnings result={result} />
        </Card>
      )}
      <Provenance result={result} />
    </article>
  );
}

function ReportHead({ result: { experiment, request, points } }: { readonly result: ExperimentResult }): ReactNode {
  const { t, language, zone } = useWords();
  return (
    <header className="dw-report-head">
      <h1>{experiment.name}</h1>
      <p>
        {t("simulate.experiments.reportLine", {
          kind: t(`runKind.${request.kind}`),
          moment: momentText(experiment.startedAt, zone, language, false),
          points: points.length,
          replications: points.reduce((sum, each) => sum + each.replications, 0),
        })}
      </p>
    </header>
  );
}

/** What the result can be repeated from, and whether it was. */
function Provenance({ result: { experiment, model, checks } }: { readonly result: ExperimentResult }): ReactNode {
  const { t } = useWords();
  return (
    <p className="dw-fine dw-report-foot">
      {t("simulate.experiments.provenance", {
        model: model.hash.slice(0, 16),
        seed: model.seed,
        code: model.code,
        result: (experiment.resultHash ?? "").slice(0, 16),
        warmUp: Math.round(model.warmUpS / 60),
      })}{" "}
      <RunChecks checks={checks} sameHash={experiment.sameHash} resumed={experiment.resumed} />
    </p>
  );
}
