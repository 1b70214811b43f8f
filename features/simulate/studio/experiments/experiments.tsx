import { Button, UnstyledButton } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import type { CSSProperties, ReactNode } from "react";
import type { ExperimentSummary } from "@doppelwerk/client";
import { LIVE } from "@doppelwerk/world";
import { BackToDecide } from "../decide/back-to-decide.tsx";
import { Card, Failure, answerOf, momentText, useLoad, useStudio, useWords, Waiting } from "@doppelwerk/kit/studio";
import type { ChangedBy } from "@doppelwerk/kit/studio";
import { ExperimentPage } from "./experiment-page.tsx";
import { ExperimentSetup } from "./experiment-setup.tsx";
import "../decide/decide.css";
import "./experiments.css";
import * as simulate from "../../calls.ts";

/** A job that began or ended; of one that runs every step is asked for by time. */
const JOBS: ChangedBy = { topics: { "jobs.progress": (payload) => (payload as { readonly state: string }).state !== "running" } };

/** Designed experiments of a branch: those there are, a new one, and what one found. */
export default function Experiments({ branch, detail }: { readonly branch: string; readonly detail: string }): ReactNode {
  const chosen = /^experiments:(.+)$/.exec(detail)?.[1];
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const list = useLoad(answerOf(simulate.listExperiments, { params: { branch } }, JOBS), {
    everyMs: (all) => (all?.some(({ state }) => state === "running") === true ? 3_000 : undefined),
    again: chosen ?? "",
  });
  const found = (list.value ?? []).toSorted((a, b) => b.startedAt - a.startedAt);
  // one that is not in the list yet was begun a moment ago
  const shown = chosen === undefined ? found[0]?.id : chosen === "new" ? undefined : chosen;
  const choose = ({ id }: ExperimentSummary): void => {
    studio.address.go({ detail: `experiments:${id}` });
    list.reload();
  };
  return (
    // on live there is no branch whose colour a point could have
    <div
      className="dw-page dw-decide dw-experiments"
      style={branch === LIVE ? ({ "--hue": "var(--dw-accent)" } as CSSProperties) : undefined}
    >
      <div className="dw-decide-left">
        <BackToDecide />
        <Card title={t("simulate.experiments.title")} note={list.value && t("simulate.experiments.count", { count: found.length })}>
          <div className="dw-experiment-list">
            {found.map((summary) => (
              <UnstyledButton
                key={summary.id}
                className={`dw-experiment ${summary.id === shown ? "is-on" : ""}`}
                aria-current={summary.id === shown}
                onClick={() => choose(summary)}
              >
                <b>{summary.name}</b>
                <small>
                  {momentText(summary.startedAt, zone, language, false)} · {t("simulate.experiments.points", { count: summary.points })} ·{" "}
                  {t(`simulate.decide.runState.${summary.state}`)}
                </small>
              </UnstyledButton>
            ))}
          </div>
          <div className="dw-buttons">
            <Button
              size="sm"
              variant={shown === undefined ? "default" : "filled"}
              leftSection={<IconPlus size={15} />}
              onClick={() => studio.address.go({ detail: "experiments:new" })}
            >
              {t("simulate.experiments.new")}
            </Button>
          </div>
        </Card>
        <p className="dw-quiet">{t("simulate.experiments.about")}</p>
      </div>
      <div className="dw-decide-right">
        {list.kind === "loading" && list.value === undefined && shown === undefined && <Waiting />}
        {list.kind === "failed" && list.value === undefined && <Failure message={list.message} code={list.code} onRetry={list.reload} />}
        {shown === undefined ? (
          list.value !== undefined && <ExperimentSetup branch={branch} onStarted={choose} />
        ) : (
          <ExperimentPage key={shown} id={shown} branch={branch} onOther={choose} />
        )}
      </div>
    </div>
  );
}
