import { useState } from "react";
import type { ReactNode } from "react";
import type { Optimisation, OptimisationPoint } from "@doppelwerk/client";
import { Card, useWords } from "@doppelwerk/kit/studio";
import { ConfirmedCard } from "./confirmed-card.tsx";
import { FoundPointCard } from "./found-point-card.tsx";
import { FrontChart } from "./front-chart.tsx";
import { LineAnswerProgress } from "./line-answer-progress.tsx";

/** How an optimisation goes and what it found: best so far, what would change, and the winner against live on fresh seeds. */
export function LineAnswer({ answer, reload }: { readonly answer: Optimisation; readonly reload: () => void }): ReactNode {
  const { t } = useWords();
  const isOver = answer.state === "done" || answer.state === "cancelled" || answer.state === "failed";
  const hasOneGoal = answer.goals.length === 1;
  const [shown, setShown] = useState<number | undefined>(answer.chosen);
  const index = Math.min(shown ?? answer.chosen ?? 0, Math.max(0, answer.points.length - 1));
  const point = answer.points[index];
  const isPresent = point !== undefined && sameValues(point, answer.present);
  return (
    <>
      <LineAnswerProgress answer={answer} isOver={isOver} reload={reload} />
      {answer.confirmed !== undefined && <ConfirmedCard answer={answer} confirmed={answer.confirmed} />}
      {!hasOneGoal && answer.points.length > 0 && (
        <Card title={t("simulate.optimise.front")} note={t("simulate.optimise.frontNote")}>
          <FrontChart answer={answer} shown={index} onShow={setShown} />
        </Card>
      )}
      {isOver && (point === undefined || isPresent) && hasOneGoal && answer.state !== "failed" && (
        <Card title={t("simulate.optimise.foundNothing")}>
          <p className="dw-quiet">{t("simulate.optimise.foundNothingText")}</p>
        </Card>
      )}
      {point !== undefined && !(isPresent && hasOneGoal) && (
        <FoundPointCard answer={answer} index={index} isOver={isOver} reload={reload} />
      )}
    </>
  );
}

function sameValues(one: OptimisationPoint, other: OptimisationPoint | undefined): boolean {
  return other !== undefined && Object.entries(one.values).every(([key, value]) => other.values[key] === value);
}
