import { Button } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { RunResult } from "@doppelwerk/client";
import { ScrollRegion, ActionButton, Card, KpiTable, useStudio, useWords } from "@doppelwerk/kit/studio";
import { RunChecks } from "./run-checks.tsx";
import { RunComponents } from "./run-components.tsx";
import { runStarted } from "./run-progress.ts";
import { RunWarnings } from "./run-warnings.tsx";
import * as simulate from "../../calls.ts";

/** The KPIs of a run against live, whether they may be believed, and what can be done with it. */
export function RunKpisCard({ result, onStarted }: { readonly result: RunResult; readonly onStarted: () => void }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const again = (): void => {
    simulate
      .rerun(studio.client, { params: { id: result.run.id } })
      .then((run) => {
        runStarted(studio, run);
        studio.address.amend({ run: undefined });
        onStarted();
      })
      .catch((error: unknown) => studio.notifyFailure(error, t("simulate.decide.runFailed")));
  };
  return (
    <Card
      title={t(result.lines === undefined ? "simulate.decide.against" : "simulate.decide.againstTogether")}
      note={`${t("simulate.decide.pairedNote")} · ${t("simulate.decide.model", { hash: result.model.hash.slice(0, 8), seed: result.model.seed })}`}
    >
      <ScrollRegion label={t("simulate.decide.againstTogether")}>
        <KpiTable kpis={result.kpis} />
      </ScrollRegion>
      <RunWarnings result={result} />
      <p className="dw-fine">
        <RunChecks
          checks={result.checks}
          sameHash={result.run.sameHash}
          resumed={result.run.resumed}
          requested={result.replications.length}
        />
        <RunComponents components={result.model.components} />
      </p>
      <div className="dw-buttons dw-screen-only">
        <ActionButton action="changes.propose" style={{ background: "var(--hue)" }}>
          {t("branch.propose")}
        </ActionButton>
        <Button variant="default" onClick={() => studio.address.go({ detail: "watch", run: result.run.id })}>
          {t("simulate.watch.open")}
        </Button>
        <Button variant="default" leftSection={<IconRefresh size={15} />} onClick={again}>
          {t("simulate.experiments.again")}
        </Button>
        <Button variant="default" onClick={() => window.print()}>
          {t("simulate.experiments.pdf")}
        </Button>
      </div>
    </Card>
  );
}
