import type { ReactNode } from "react";
import { figuresOf, type EditRefusal, type ScheduleEdit, type ScheduleFigures } from "@doppelwerk/sim/optimise";
import { useWords } from "@doppelwerk/kit/studio";
import { deltaText } from "./gantt-scale.ts";
import type { PlanState } from "./use-plan.ts";

/** While an operation is dragged: what it would change, or why it may not go there. */
export function PlanChange({
  state,
  preview,
}: {
  readonly state: PlanState;
  readonly preview: ScheduleEdit | EditRefusal | undefined;
}): ReactNode {
  const { t } = useWords();
  if (preview === undefined) return <output className="dw-gantt-change is-better" />;
  if (typeof preview === "string")
    return <output className="dw-gantt-change is-worse">{t(`simulate.optimise.gantt.refused.${preview}`)}</output>;
  const change = changeOf(state.figures, figuresOf(state.index, preview.planned));
  const { unit } = state.index.problem;
  return (
    <output className={`dw-gantt-change ${change.makespan > 0 || change.lateness > 0 ? "is-worse" : "is-better"}`}>
      {change.makespan === 0 && change.lateness === 0
        ? t("simulate.optimise.gantt.same")
        : t("simulate.optimise.gantt.delta", {
            makespan: deltaText(change.makespan, unit),
            lateness: deltaText(change.lateness, unit),
          })}
    </output>
  );
}

function changeOf(before: ScheduleFigures, after: ScheduleFigures): { readonly makespan: number; readonly lateness: number } {
  return { makespan: after.makespan - before.makespan, lateness: after.lateness - before.lateness };
}
