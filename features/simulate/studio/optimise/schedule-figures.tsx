import type { ReactNode } from "react";
import { gapOf, type ScheduleGoal } from "@doppelwerk/sim/optimise";
import { fixedText, useWords } from "@doppelwerk/kit/studio";
import { Figure } from "./figure.tsx";
import { spanText } from "./gantt-scale.ts";
import type { PlanState } from "./use-plan.ts";

/** What a plan comes to, and how far it may be from the best. */
export function ScheduleFigures({
  state: { index, figures },
  goal,
  bound,
}: {
  readonly state: PlanState;
  readonly goal: ScheduleGoal;
  /** No plan comes below it. */
  readonly bound: number;
}): ReactNode {
  const { t } = useWords();
  const { unit, jobs } = index.problem;
  const value = goal === "makespan" ? figures.makespan : figures.lateness;
  const gap = gapOf(value, Math.min(bound, value));
  const late = (): string => {
    if (!jobs.some(({ due }) => due !== undefined)) return t("simulate.optimise.gantt.noDues");
    if (figures.late === 0) return t("simulate.optimise.gantt.inTime");
    return t("simulate.optimise.gantt.lateSum", { count: figures.late, sum: spanText(figures.lateness, unit) });
  };
  return (
    <div className="dw-gantt-figures">
      <Figure label={t("simulate.optimise.gantt.makespan")} value={spanText(figures.makespan, unit)} />
      <Figure label={t("simulate.optimise.gantt.late")} value={late()} />
      <Figure label={t("simulate.optimise.gantt.bound")} value={goal === "makespan" ? spanText(bound, unit) : "–"} />
      <Figure
        label={t("simulate.optimise.gantt.gap")}
        value={goal !== "makespan" ? "–" : gap <= 0 ? t("simulate.optimise.search.proven") : `${fixedText(100 * gap, 1)}\u202f%`}
      />
      {figures.setUp > 0 && <Figure label={t("simulate.optimise.gantt.setUps")} value={spanText(figures.setUp, unit)} />}
    </div>
  );
}
