import { Button } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { ModelRunSummary } from "@doppelwerk/client";
import { Card, answerOf, messageText, momentText, useLoad, useStudio, useWords } from "@doppelwerk/kit/studio";
import { SeriesChart } from "./series-chart.tsx";
import * as simulate from "../../calls.ts";

/** What one run of a model gave, or how it goes. */
export function ModelRunCard({ run }: { readonly run: ModelRunSummary }): ReactNode {
  const studio = useStudio();
  const { t, zone, language } = useWords();
  const result = useLoad(answerOf(simulate.readModelRun, { params: { id: run.id } }), { again: run.state });
  const shown = result.value;
  return (
    <Card
      title={t("simulate.models.result")}
      note={`${t(`simulate.models.state.${run.state}`)} · ${t("simulate.models.from.instant", { moment: momentText(run.from, zone, language) })}`}
    >
      {run.state === "running" && (
        <div className="dw-models-run">
          <p className="dw-quiet">{t("simulate.models.running")}</p>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconX size={14} />}
            onClick={() => void simulate.cancelModelRun(studio.client, { params: { id: run.id } })}
          >
            {t("simulate.models.cancel")}
          </Button>
        </div>
      )}
      {run.message !== undefined && <p className="dw-note is-trouble">{messageText(run.message, run.reason)}</p>}
      {shown !== undefined && shown.series.length > 0 && <SeriesChart result={shown} />}
      {shown !== undefined && run.state === "done" && (
        <div className="dw-model-facts">
          {shown.endedByModelAtS !== undefined && <p>{t("simulate.models.ended", { seconds: shown.endedByModelAtS })}</p>}
          {shown.eventsS.length > 0 && <p>{t("simulate.models.events", { count: shown.eventsS.length })}</p>}
          {Object.entries(shown.texts).map(([name, text]) => (
            <p key={name}>
              {name}: {text}
            </p>
          ))}
          {shown.inputs
            .filter(({ held }) => held > 0)
            .map(({ variable, held }) => (
              <p key={variable}>{t("simulate.models.held", { name: variable, count: held })}</p>
            ))}
          <p className="dw-quiet">{t("simulate.models.trace", { steps: shown.steps, hash: run.traceHash ?? "" })}</p>
        </div>
      )}
    </Card>
  );
}
