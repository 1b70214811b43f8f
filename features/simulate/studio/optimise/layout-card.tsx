import type { ReactNode } from "react";
import { gapOf, type LayoutPlace, type LayoutProblem } from "@doppelwerk/sim/optimise";
import { Card, fixedText, useWords } from "@doppelwerk/kit/studio";
import { Figure } from "./figure.tsx";
import { layoutFigures } from "./layout-moves.ts";
import { LayoutPlan } from "./layout-plan.tsx";

/** The layout from above with what it costs, as it stands or as proposed. */
export function LayoutCard({
  problem,
  places,
  proven,
}: {
  readonly problem: LayoutProblem;
  readonly places: readonly LayoutPlace[] | undefined;
  readonly proven: number;
}): ReactNode {
  const { t } = useWords();
  const { now, proposed, value, bound } = layoutFigures(problem, places, proven);
  const gap = gapOf(value, Math.min(bound, value));
  return (
    <Card
      title={t("simulate.optimise.layout.cost", { value: fixedText(proposed, 0) })}
      note={
        proposed < now
          ? t("simulate.optimise.layout.saves", { share: fixedText(100 * (1 - proposed / now), 1) })
          : t("simulate.optimise.layout.now")
      }
    >
      <div className="dw-gantt-figures">
        <Figure label={t("simulate.optimise.layout.nowFigure")} value={fixedText(now, 0)} />
        {places !== undefined && <Figure label={t("simulate.optimise.layout.thenFigure")} value={fixedText(proposed, 0)} />}
        <Figure label={t("simulate.optimise.layout.bound")} value={fixedText(bound, 0)} />
        <Figure
          label={t("simulate.optimise.gantt.gap")}
          value={gap < 0.0005 ? t("simulate.optimise.search.proven") : `${fixedText(100 * gap, 0)}\u202f%`}
        />
      </div>
      <LayoutPlan problem={problem} places={places} />
    </Card>
  );
}
