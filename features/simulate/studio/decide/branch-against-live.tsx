import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { LIVE } from "@doppelwerk/world";
import type { Backtest, RunResult } from "@doppelwerk/client";
import {
  ActionButton,
  KpiTable,
  answerOf,
  fixedText,
  signedText,
  useLoad,
  useScope,
  useStore,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import * as simulate from "../../calls.ts";

/** On a branch: what the last finished run says against live, and the way on. */
export default function BranchAgainstLive(): ReactNode {
  const { branch } = useScope();
  return branch === LIVE ? null : <AgainstLive branch={branch} />;
}

function AgainstLive({ branch }: { readonly branch: string }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const commits = useStore(studio.commits);
  const { value: result } = useLoad(
    async (signal) => {
      const runs = await simulate.listRuns(studio.client, { params: { branch } }, { signal });
      const last = [...runs].filter((run) => run.state === "done").sort((a, b) => b.startedAt - a.startedAt)[0];
      return last === undefined ? undefined : simulate.readRun(studio.client, { params: { id: last.id } }, { signal });
    },
    [branch],
    undefined,
    commits,
  );
  const { line } = useScope();
  const { value: backtest } = useLoad(answerOf(simulate.readBacktest, { query: { line } }));
  return (
    <section className="dw-block">
      <header>
        <h3>{t("simulate.decide.against")}</h3>
        <span>
          {result === undefined
            ? ""
            : t("simulate.decide.runFacts", { kind: t(`runKind.${result.run.kind}`), count: result.run.replications })}
        </span>
      </header>
      {result === undefined ? (
        <p className="dw-quiet">{t("simulate.decide.noRun")}</p>
      ) : (
        <>
          <KpiTable kpis={result.kpis} compact />
          <OneShift result={result} backtest={backtest} />
        </>
      )}
      <div className="dw-buttons">
        <ActionButton action="changes.propose" size="sm" style={{ background: "var(--hue)" }}>
          {t("branch.propose")}
        </ActionButton>
        {result !== undefined && (
          <Button size="sm" variant="default" onClick={() => studio.address.go({ view: "decide", detail: "watch", run: result.run.id })}>
            {t("simulate.watch.open")}
          </Button>
        )}
        <Button size="sm" variant="default" onClick={() => studio.address.go({ view: "decide" })}>
          {t("simulate.view.decide")}
        </Button>
      </div>
    </section>
  );
}

/** What one shift may bring on the branch, and how far the model's forecasts of a shift were off. */
function OneShift({ result, backtest }: { readonly result: RunResult; readonly backtest: Backtest | undefined }): ReactNode {
  const { t } = useWords();
  const shift = result.kpis.find((kpi) => kpi.key === "throughput" || kpi.key === "good");
  const horizon = backtest?.horizons?.find((candidate) => candidate.horizon === "this shift");
  // what several lines make together is of no one shift
  if (shift === undefined || result.lines !== undefined) return null;
  return (
    <p className="dw-fine">
      {t("simulate.decide.oneShift", {
        low: Math.round(shift.branch.predictionLow),
        high: Math.round(shift.branch.predictionHigh),
      })}{" "}
      {horizon !== undefined &&
        horizon.n > 0 &&
        t("simulate.decide.backtestShort", {
          n: horizon.n,
          error: fixedText(horizon.meanAbsoluteError, 1),
          bias: signedText(horizon.bias, 1),
          coverage: Math.round((horizon.coverage90 ?? 0) * 100),
        })}
    </p>
  );
}
