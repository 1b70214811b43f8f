import type { ReactNode } from "react";
import { Empty, Failure, Waiting, useWords } from "@doppelwerk/kit/studio";
import { OptimiseHead } from "./optimise-head.tsx";
import { PlannedSchedule } from "./planned-schedule.tsx";
import { ScheduleSourceCard } from "./schedule-source-card.tsx";
import { useScheduleSource } from "./use-schedule-source.ts";
import { useSearch } from "./use-search.ts";

/** Orders of the line, or a file on trial, as a Gantt chart that can be searched, dragged, tried out, and put on a branch. */
export function SchedulePage({ branch }: { readonly branch: string }): ReactNode {
  const { t } = useWords();
  const search = useSearch("schedule");
  const source = useScheduleSource(branch, search);
  const { line, file, count, problem } = source;
  // a file that is chosen while the page still changes under it would be lost
  if (problem === undefined && line.kind === "loading") return <Waiting />;
  const orders = <ScheduleSourceCard source={source} />;
  if (problem === undefined)
    return (
      <div className="dw-page dw-decide dw-optimise">
        <div className="dw-decide-left">
          <OptimiseHead kind="schedule" />
          {orders}
        </div>
        <div className="dw-decide-right">
          {line.kind === "failed" && <Failure message={line.message} code={line.code} onRetry={line.reload} />}
          {line.kind === "ready" && <Empty title={t("simulate.optimise.gantt.emptyTitle")} text={t("simulate.optimise.gantt.emptyText")} />}
        </div>
      </div>
    );
  return (
    <PlannedSchedule
      key={`${branch} ${file?.title ?? count} ${JSON.stringify(problem).length}`}
      branch={branch}
      given={problem}
      source={file === undefined ? line.value : undefined}
      orders={orders}
      search={search}
    />
  );
}
