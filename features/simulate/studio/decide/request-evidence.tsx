import { Button, UnstyledButton } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import type { ReactNode } from "react";
import type { MergeRequestDetail, RunResult } from "@doppelwerk/client";
import { ScrollRegion, BottleneckShift, Card, FanChart, KpiTable, useStudio, useWords } from "@doppelwerk/kit/studio";
import { DriftNote } from "./drift-note.tsx";
import { LinesOfRun } from "./lines-of-run.tsx";
import { RunWarnings } from "./run-warnings.tsx";
import "./decide.css";

/** What the runs say that the request rests on: the first in full, the others by name. */
export default function RequestEvidence({ request }: { readonly request: MergeRequestDetail }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const phone = useMediaQuery("(max-width: 700px)") ?? false;
  const [first, ...others] = request.results;
  const drift = request.realised !== undefined && <DriftNote branch={request.branch} />;
  if (first === undefined)
    return (
      <>
        {drift}
        <Card title={t("simulate.decide.against")}>
          <p className="dw-quiet">{t("simulate.changes.noResults")}</p>
        </Card>
      </>
    );
  const facts = ({ run }: RunResult): string => t("simulate.decide.runFacts", { kind: t(`runKind.${run.kind}`), count: run.replications });
  const open = ({ run }: RunResult, detail?: string): void =>
    studio.address.go({ branch: request.branch, view: "decide", detail, run: run.id, line: run.lines?.[0] ?? run.line });
  return (
    <>
      {drift}
      <Card title={t(first.lines === undefined ? "simulate.decide.against" : "simulate.decide.againstTogether")} note={facts(first)}>
        <ScrollRegion label={t("simulate.decide.againstTogether")}>
          <KpiTable kpis={first.kpis} compact={phone} />
        </ScrollRegion>
        <RunWarnings result={first} />
        <div className="dw-buttons">
          <Button size="sm" variant="default" onClick={() => open(first, "watch")}>
            {t("simulate.watch.open")}
          </Button>
          {others.map((result) => (
            <UnstyledButton key={result.run.id} className="dw-text-link" onClick={() => open(result)}>
              {facts(result)}
            </UnstyledButton>
          ))}
        </div>
      </Card>
      <LinesOfRun result={first} compact={phone} />
      <div className="dw-decide-row">
        <Card
          title={t(first.run.kind === "study" ? "simulate.decide.fanStudyTitle" : "decide.fanTitle")}
          note={t("simulate.decide.fanNote")}
        >
          <FanChart live={first.fan.live} branch={first.fan.branch} />
        </Card>
        <Card
          title={t("simulate.decide.bottleneck")}
          note={t(first.run.kind === "study" ? "simulate.decide.bottleneckStudyNote" : "simulate.decide.bottleneckForecastNote")}
        >
          <BottleneckShift rows={first.bottleneck} />
        </Card>
      </div>
    </>
  );
}
