import { useState } from "react";
import type { ReactNode } from "react";
import type { RunSummary } from "@doppelwerk/client";
import { Card, Empty, Failure, Waiting, answerOf, useLoad, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import { BacktestCard } from "./backtest-card.tsx";
import { DriftNote } from "./drift-note.tsx";
import { FactorList } from "./factor-list.tsx";
import { RoomButtons } from "./room-buttons.tsx";
import { RunBar } from "./run-bar.tsx";
import { RunReport } from "./run-report.tsx";
import { useCurrentRun } from "./use-current-run.ts";
import { isOfLine, useFollowLine, useShownLine } from "./use-follow-line.ts";
import * as simulate from "../../calls.ts";

/** On a branch: what it changes, its runs, and what the chosen one gave. */
export function DecideOnBranch({ branch }: { readonly branch: string }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const commits = useStore(studio.commits);
  const address = useStore(studio.address.store);
  const [lines, setLines] = useState(() => linesOfDetail(address.detail));
  const runs = useLoad(answerOf(simulate.listRuns, { params: { branch } }), { again: commits });
  const newest = newestFirst(runs.value ?? []);
  const { shown, first, isKnown } = useShownLine(branch);
  const done = isKnown ? newest.filter((run) => run.state === "done") : [];
  // of the line that is shown where there is one
  const chosen =
    (isKnown ? newest.find((run) => run.id === address.run) : undefined) ?? done.find((run) => isOfLine(run, shown, first)) ?? done[0];
  useFollowLine(branch, chosen);
  const current = useCurrentRun(branch, newest[0]);
  const result = useLoad(chosen?.state === "done" ? answerOf(simulate.readRun, { params: { id: chosen.id } }) : undefined);
  const failed = runs.kind === "failed" || result.kind === "failed";
  return (
    <div className="dw-page dw-decide">
      <div className="dw-decide-left">
        <Card title={t("simulate.decide.whatChanges")} note={t("simulate.decide.factorsNote")}>
          <FactorList branch={branch} lines={lines} />
        </Card>
        <RoomButtons />
      </div>
      <div className="dw-decide-right">
        <Card
          title={t("simulate.decide.runTitle")}
          note={
            chosen === undefined
              ? ""
              : t("simulate.decide.shownRun", { kind: t(`runKind.${chosen.kind}`), seed: chosen.seed, count: chosen.replications })
          }
        >
          <RunBar branch={branch} runs={newest} shown={chosen?.id} reload={runs.reload} lines={lines} onLines={setLines} />
          <DriftNote branch={branch} />
        </Card>
        {runs.kind === "failed" && <Failure message={runs.message} code={runs.code} onRetry={runs.reload} />}
        {result.kind === "failed" && <Failure message={result.message} code={result.code} onRetry={result.reload} />}
        {result.value === undefined ? (
          !failed && <NoResult isLoading={runs.value === undefined || !isKnown || chosen !== undefined} isRunning={current !== undefined} />
        ) : (
          <RunReport result={result.value} onStarted={runs.reload} />
        )}
        <BacktestCard />
      </div>
    </div>
  );
}

/** In place of a report: that it is loaded, that a run is under way, or what to do first. */
function NoResult({ isLoading, isRunning }: { readonly isLoading: boolean; readonly isRunning: boolean }): ReactNode {
  const { t } = useWords();
  if (isRunning) return <Empty title={t("simulate.decide.runState.running")} text={t("simulate.decide.runningText")} />;
  return isLoading ? <Waiting /> : <Empty title={t("simulate.decide.emptyTitle")} text={t("simulate.decide.emptyText")} />;
}

/** Lines that the address asks for: `lines:Line3,Line4`. */
function linesOfDetail(detail: string | undefined): readonly string[] {
  const lines = detail?.startsWith("lines:") === true ? detail.slice("lines:".length).split(",") : [];
  return lines.length > 1 ? lines : [];
}

function newestFirst(runs: readonly RunSummary[]): readonly RunSummary[] {
  return runs.toSorted((a, b) => b.startedAt - a.startedAt);
}
