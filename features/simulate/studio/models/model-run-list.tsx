import type { ReactNode } from "react";
import type { ModelRunSummary } from "@doppelwerk/client";
import { Card, momentText, useWords } from "@doppelwerk/kit/studio";

/** The runs of a model; the one shown is chosen here. */
export function ModelRunList({
  runs,
  shown,
  onChoose,
}: {
  readonly runs: readonly ModelRunSummary[];
  readonly shown: string | undefined;
  readonly onChoose: (id: string) => void;
}): ReactNode {
  const { t, zone, language } = useWords();
  return (
    <Card title={t("simulate.models.runs")}>
      <div className="dw-models-list">
        {runs.slice(0, 30).map((run) => (
          <button
            type="button"
            key={run.id}
            className={`dw-model ${run.id === shown ? "is-on" : ""}`}
            aria-current={run.id === shown}
            onClick={() => onChoose(run.id)}
          >
            <b>{momentText(run.startedAt, zone, language)}</b>
            <small>
              {t(`simulate.models.state.${run.state}`)} · {run.durationS} s / {run.stepS} s
            </small>
          </button>
        ))}
      </div>
    </Card>
  );
}
