import { Button } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { ExperimentSummary } from "@doppelwerk/client";
import { Card, useScope, useStudio, useTask, useWords, Problem } from "@doppelwerk/kit/studio";
import { DesignChoice } from "./design-choice.tsx";
import { pointCount, requestOf } from "./experiment-draft.ts";
import type { ExperimentDraft } from "./experiment-draft.ts";
import { FactorRows } from "./factor-rows.tsx";
import { RunChoice } from "./run-choice.tsx";
import { StopChoice } from "./stop-choice.tsx";
import * as simulate from "../../calls.ts";

const FRESH: ExperimentDraft = {
  name: "",
  kpi: "throughput",
  goal: "maximise",
  kind: "study",
  shifts: 5,
  seed: 1,
  factors: [],
  design: "full",
  cubePoints: 20,
  stop: "count",
  count: 20,
  percent: 1,
  indifference: 3,
};

/** A new experiment: what is varied, by which design, how often, and what is looked at. Nothing is written to the branch. */
export function ExperimentSetup({
  branch,
  onStarted,
}: {
  readonly branch: string;
  readonly onStarted: (summary: ExperimentSummary) => void;
}): ReactNode {
  const studio = useStudio();
  const { line } = useScope();
  const { t } = useWords();
  const [draft, setDraft] = useState(FRESH);
  const { busy, failure, code, run } = useTask();
  const set = (change: Partial<ExperimentDraft>): void => setDraft((held) => ({ ...held, ...change }));
  const points = pointCount(draft);
  const request = requestOf(draft);
  const start = (): void => {
    if (request !== undefined)
      run(async () => onStarted(await simulate.startExperiment(studio.client, { params: { branch }, body: { ...request, line } })));
  };
  return (
    <>
      <Card title={t("simulate.experiments.whatVaries")} note={t("simulate.experiments.whatVariesNote")}>
        <FactorRows branch={branch} draft={draft} set={set} />
      </Card>
      <Card title={t("simulate.experiments.how")} note={points === undefined ? "" : t("simulate.experiments.points", { count: points })}>
        <div className="dw-experiment-form">
          <DesignChoice draft={draft} set={set} />
          <StopChoice draft={draft} set={set} />
          <RunChoice draft={draft} set={set} />
        </div>
        <div className="dw-buttons">
          <Button size="sm" leftSection={<IconPlayerPlay size={15} />} loading={busy} disabled={request === undefined} onClick={start}>
            {t("simulate.experiments.run")}
          </Button>
          <span className="dw-quiet-text">
            {points === undefined
              ? t("simulate.experiments.needsLevels")
              : t(draft.stop === "count" ? "simulate.experiments.effort" : "simulate.experiments.effortMost", {
                  points,
                  each: draft.count,
                  total: points * draft.count,
                })}
          </span>
        </div>
        {failure !== undefined && <Problem text={failure} code={code} />}
      </Card>
    </>
  );
}
