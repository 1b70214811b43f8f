import { Button } from "@mantine/core";
import { IconPlayerStop } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Optimisation } from "@doppelwerk/client";
import { Card, messageText, useStudio, useWords } from "@doppelwerk/kit/studio";
import { CourseChart } from "./course-chart.tsx";
import { unitOf } from "./goal-words.ts";
import * as simulate from "../../calls.ts";

/** How far an optimisation is, what went wrong, and with one goal the best so far over its effort. */
export function LineAnswerProgress({
  answer,
  isOver,
  reload,
}: {
  readonly answer: Optimisation;
  readonly isOver: boolean;
  readonly reload: () => void;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { state, spent, budget } = answer;
  const measure = t(`simulate.optimise.measure.${answer.goals[0]!}`);
  return (
    <Card title={answer.title} note={t(`simulate.optimise.state.${state}`)}>
      {!isOver && (
        <div
          className="dw-progress"
          role="progressbar"
          aria-label={t(`simulate.optimise.state.${state}`)}
          aria-valuemin={0}
          aria-valuemax={budget}
          aria-valuenow={Math.min(budget, spent)}
        >
          <i style={{ width: `${Math.min(100, (spent / Math.max(1, budget)) * 100)}%` }} />
        </div>
      )}
      <div className="dw-reps">
        <span>
          <SpentText answer={answer} isOver={isOver} />
        </span>
        {!isOver && (
          <Button
            size="compact-xs"
            variant="default"
            leftSection={<IconPlayerStop size={13} />}
            onClick={() => void simulate.cancelOptimisation(studio.client, { params: { id: answer.id } }).then(reload)}
          >
            {t("simulate.optimise.stop")}
          </Button>
        )}
      </div>
      {answer.resumed > 0 && <p className="dw-fine">{t("simulate.optimise.resumed")}</p>}
      {answer.restarts > 0 && <p className="dw-fine">{t("simulate.optimise.restarted")}</p>}
      {answer.message !== undefined && <p className="dw-note is-trouble">{messageText(answer.message, answer.reason)}</p>}
      {answer.goals.length === 1 && answer.trace.length > 0 && (
        <CourseChart
          trace={answer.trace}
          spent={spent}
          budget={budget}
          present={answer.present?.goals[0]}
          measure={measure}
          unit={unitOf(answer, 0, t)}
        />
      )}
    </Card>
  );
}

/** What the search has spent, apart from what its winner was confirmed with. A round that has begun is finished, so that it may be more than was requested. */
function SpentText({ answer, isOver }: { readonly answer: Optimisation; readonly isOver: boolean }): ReactNode {
  const { t } = useWords();
  const { spent, budget, judged, state, confirmed, request } = answer;
  if (!isOver && state !== "confirming")
    return t(spent < budget ? "simulate.optimise.progress" : "simulate.optimise.progressLast", { spent, budget, judged });
  const searched = t(spent > budget ? "simulate.optimise.searched" : "simulate.optimise.searchedShort", { spent, budget, judged });
  if (confirmed === undefined && state !== "confirming") return searched;
  return `${searched} ${t("simulate.optimise.confirmCount", { count: request.confirm })}`;
}
