import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import type { ExperimentResult } from "@doppelwerk/client";
import { Card, messageText, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as simulate from "../../calls.ts";

/** How far an experiment is; it is stopped here, and resumed after a stop. */
export function ExperimentProgress({ result, reload }: { readonly result: ExperimentResult; readonly reload: () => void }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { experiment } = result;
  const running = experiment.state === "running";
  const act = (call: Promise<unknown>): void => void call.then(reload, (error: unknown) => studio.notifyFailure(error));
  return (
    <Card title={experiment.name} note={t("simulate.experiments.points", { count: experiment.points })}>
      <div className="dw-progress" role="progressbar" aria-valuemin={0} aria-valuemax={experiment.total} aria-valuenow={experiment.done}>
        <i style={{ width: `${(100 * experiment.done) / Math.max(1, experiment.total)}%` }} />
      </div>
      <div className="dw-reps">
        <span>
          {t(`simulate.decide.runState.${experiment.state}`)}
          {experiment.resumed !== undefined && ` · ${t("simulate.experiments.resumed", { count: experiment.resumed })}`}
        </span>
        <span>{t("simulate.decide.replicationsDone", { done: experiment.done, total: experiment.total })}</span>
      </div>
      {experiment.message !== undefined && <p className="dw-note is-trouble">{messageText(experiment.message, experiment.reason)}</p>}
      <div className="dw-buttons">
        {running ? (
          <Button
            size="sm"
            variant="default"
            onClick={() => act(simulate.cancelExperiment(studio.client, { params: { id: experiment.id } }))}
          >
            {t("simulate.decide.stop")}
          </Button>
        ) : (
          <Button size="sm" onClick={() => act(simulate.resumeExperiment(studio.client, { params: { id: experiment.id } }))}>
            {t("simulate.experiments.resume")}
          </Button>
        )}
      </div>
    </Card>
  );
}
