import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { LIVE } from "@doppelwerk/world";
import { ActionButton, KpiTable, fixedText, signedText, useLoad, useScope, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as simulate from "../../calls.ts";

/** On a branch: what the last finished run says against live, and the way on. */
export default function BranchAgainstLive(): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const commits = useStore(studio.commits);
  const result = useLoad(
    branch === LIVE
      ? undefined
      : async (signal) => {
          const runs = await simulate.listRuns(studio.client, { params: { branch } }, { signal });
          const last = [...runs].filter((run) => run.state === "done").sort((a, b) => b.startedAt - a.startedAt)[0];
          return last === undefined ? undefined : simulate.readRun(studio.client, { params: { id: last.id } }, { signal });
        },
    [branch],
    undefined,
    commits,
  );
  const backtest = useLoad(branch === LIVE ? undefined : (signal) => simulate.readBacktest(studio.client, {}, { signal }), [branch]);
  if (branch === LIVE) return null;
  const shift = result.value?.kpis.find((kpi) => kpi.key === "throughput" || kpi.key === "good");
  const horizon = backtest.value?.horizons?.find((candidate) => candidate.horizon === "this shift");
  return (
    <section className="dw-block">
      <header>
        <h3>{t("simulate.decide.against")}</h3>
        <span>
          {result.value === undefined
            ? ""
            : t("simulate.decide.runFacts", { kind: t(`runKind.${result.value.run.kind}`), count: result.value.run.replications })}
        </span>
      </header>
      {result.value === undefined ? (
        <p className="dw-quiet">{t("simulate.decide.noRun")}</p>
      ) : (
        <>
          <KpiTable kpis={result.value.kpis} compact />
          {shift !== undefined && (
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
          )}
        </>
      )}
      <div className="dw-buttons">
        <ActionButton action="changes.propose" size="sm" style={{ background: "var(--hue)" }}>
          {t("branch.propose")}
        </ActionButton>
        {result.value !== undefined && (
          <Button
            size="sm"
            variant="default"
            onClick={() => studio.address.go({ view: "decide", detail: "watch", run: result.value?.run.id })}
          >
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
