import type { ReactNode } from "react";
import type { RunResult } from "@doppelwerk/client";
import { BottleneckShift, Card, FanChart, TimeShares, ViewOutlet, momentText, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import { InitialStateCard } from "./initial-state-card.tsx";
import { LinesOfRun } from "./lines-of-run.tsx";
import { ParametersCard } from "./parameters-card.tsx";
import { RunKpisCard } from "./run-kpis-card.tsx";
import { resultPart } from "./slots.ts";

/** What a run gave, as a report: on the screen, and printed without the frame. */
export function RunReport({ result, onStarted }: { readonly result: RunResult; readonly onStarted: () => void }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const isStudy = result.run.kind === "study";
  return (
    <article className="dw-report">
      <PrintHead run={result.run} />
      <RunKpisCard result={result} onStarted={onStarted} />
      <LinesOfRun result={result} />
      <div className="dw-decide-row">
        <Card title={t(isStudy ? "simulate.decide.fanStudyTitle" : "decide.fanTitle")} note={t("simulate.decide.fanNote")}>
          <FanChart live={result.fan.live} branch={result.fan.branch} />
        </Card>
        <Card
          title={t("simulate.decide.bottleneck")}
          note={t(isStudy ? "simulate.decide.bottleneckStudyNote" : "simulate.decide.bottleneckForecastNote")}
        >
          <BottleneckShift rows={result.bottleneck} />
        </Card>
      </div>
      <Card title={t("simulate.decide.whereTime")} note={t("simulate.decide.whereTimeNote")}>
        <TimeShares rows={result.timeShares} />
      </Card>
      {studio.views.of(resultPart).map((part) => (
        <ViewOutlet
          key={`${part.id} ${result.run.id}`}
          view={part}
          at={result.run.id}
          waiting={<p className="dw-quiet">{t("frame.loading")}</p>}
          props={{ result }}
        />
      ))}
      <div className="dw-decide-row">
        <InitialStateCard result={result} />
        <ParametersCard parameters={result.parameters} />
      </div>
    </article>
  );
}

/** On paper the frame is missing: which branch and which run it was. */
function PrintHead({ run }: { readonly run: RunResult["run"] }): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const { kind, replications, seed, branch, startedAt } = run;
  const name = useStore(studio.branches).find(({ id }) => id === branch)?.name ?? branch;
  return (
    <header className="dw-report-head dw-print-only">
      <h1>{name}</h1>
      <p>
        {t("simulate.decide.shownRun", { kind: t(`runKind.${kind}`), seed, count: replications })} ·{" "}
        {momentText(startedAt, zone, language, false)}
      </p>
    </header>
  );
}
