import { Button, NumberInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import type { Instant } from "@doppelwerk/world";
import type { LineSchedule } from "@doppelwerk/client";
import type { ScheduleTrial } from "@doppelwerk/sim/optimise";
import { Card, useWords } from "@doppelwerk/kit/studio";
import { spanText } from "./gantt-scale.ts";
import { rowsOfCheck, rowsOfTrial } from "./trial-rows.ts";
import { TrialTable } from "./trial-table.tsx";
import type { PlanState } from "./use-plan.ts";
import { LINE_EXECUTIONS, useScheduleTrial, type TrialDraft } from "./use-schedule-trial.ts";

/** What becomes of a plan when times vary: for orders of the line on its simulator, for a shop by executing the plan many times. */
export function ScheduleTrialCard({
  branch,
  state,
  source,
  start,
}: {
  readonly branch: string;
  readonly state: PlanState;
  readonly source: LineSchedule | undefined;
  readonly start: Instant;
}): ReactNode {
  const { t } = useWords();
  const [draft, setDraft] = useState<TrialDraft>({ spread: 10, between: "", repair: "" });
  const { isLine, busy, start: run, trial, check } = useScheduleTrial(branch, state, source, start);
  const { problem } = state.index;
  const rows = check !== undefined ? rowsOfCheck(problem, check) : trial !== undefined ? rowsOfTrial(problem, trial) : [];
  return (
    <Card
      title={t("simulate.optimise.gantt.try")}
      note={isLine ? t("simulate.optimise.gantt.tryLineNote", { count: LINE_EXECUTIONS }) : t("simulate.optimise.gantt.tryNote")}
    >
      <div className="dw-search-foot">
        {!isLine && <VariationFields draft={draft} set={(change) => setDraft((held) => ({ ...held, ...change }))} />}
        <Button size="sm" variant="default" loading={busy} onClick={() => run(draft)}>
          {t("simulate.optimise.gantt.tryStart")}
        </Button>
      </div>
      {trial !== undefined && <TrialResult makespan={trial.makespan} unit={problem.unit} />}
      {rows.length > 0 && <TrialTable rows={rows} unit={problem.unit} start={start} />}
    </Card>
  );
}

function VariationFields({
  draft: { spread, between, repair },
  set,
}: {
  readonly draft: TrialDraft;
  readonly set: (change: Partial<TrialDraft>) => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <>
      <NumberInput
        size="xs"
        label={t("simulate.optimise.gantt.spread")}
        value={spread}
        min={0}
        max={200}
        w={100}
        onChange={(value) => set({ spread: value })}
      />
      <NumberInput
        size="xs"
        label={t("simulate.optimise.gantt.failures")}
        value={between}
        min={0}
        w={100}
        onChange={(value) => set({ between: value })}
      />
      <NumberInput
        size="xs"
        label={t("simulate.optimise.gantt.repair")}
        value={repair}
        min={0}
        w={100}
        onChange={(value) => set({ repair: value })}
      />
    </>
  );
}

function TrialResult({ makespan, unit }: { readonly makespan: ScheduleTrial["makespan"]; readonly unit: "s" | "1" }): ReactNode {
  const { t } = useWords();
  return (
    <p className="dw-fine">
      {t("simulate.optimise.gantt.tryResult", {
        mean: spanText(makespan.mean, unit),
        confidence: spanText(makespan.confidence, unit),
        low: spanText(makespan.low, unit),
        high: spanText(makespan.high, unit),
      })}
    </p>
  );
}
