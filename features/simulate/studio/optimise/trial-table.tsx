import type { ReactNode } from "react";
import { SECOND } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";
import { DataTable, momentText, percentText, useWords, type Column } from "@doppelwerk/kit/studio";
import { spanText } from "./gantt-scale.ts";
import type { TrialRow } from "./trial-rows.ts";

/** When each order is done, what can be promised, and how often it is on time. */
export function TrialTable({
  rows,
  unit,
  start,
}: {
  readonly rows: readonly TrialRow[];
  readonly unit: "s" | "1";
  /** 0 where the problem has no instant to begin at. */
  readonly start: Instant;
}): ReactNode {
  const { t, language, zone } = useWords();
  const isDone = (time: number | null): time is number => time !== null && Number.isFinite(time);
  const at = (time: number | null): string => {
    if (!isDone(time)) return "–";
    return unit === "s" && start > 0 ? momentText(start + time * SECOND, zone, language, false) : spanText(time, unit);
  };
  const columns: readonly Column<TrialRow>[] = [
    { title: t("simulate.optimise.gantt.order"), sortBy: ({ label }) => label, cell: ({ label }) => label },
    {
      title: t("simulate.optimise.gantt.median"),
      isNumber: true,
      sortBy: ({ median }) => median ?? undefined,
      cell: ({ median }) => at(median),
    },
    {
      title: t("simulate.optimise.gantt.promised"),
      isNumber: true,
      sortBy: ({ high }) => high ?? undefined,
      cell: ({ high, unfinished }) => <b>{unfinished > 0 && !isDone(high) ? t("simulate.optimise.gantt.unfinished") : at(high)}</b>,
    },
    {
      title: t("simulate.optimise.gantt.onTime"),
      isNumber: true,
      sortBy: ({ onTime }) => onTime,
      cell: ({ onTime }) => (onTime === undefined ? "–" : percentText(onTime, 0)),
    },
  ];
  return (
    <DataTable
      caption={t("simulate.optimise.gantt.trialTable")}
      columns={columns}
      rows={rows}
      keyOf={({ label }) => label}
      isDense
      maxHeight={300}
    />
  );
}
