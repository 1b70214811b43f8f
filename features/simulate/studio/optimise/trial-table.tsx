import type { ReactNode } from "react";
import { SECOND } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";
import { momentText, percentText, useWords } from "@doppelwerk/kit/studio";
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
  return (
    <div className="dw-scroll" style={{ maxHeight: 300 }}>
      <table className="dw-table">
        <thead>
          <tr>
            <th>{t("simulate.optimise.gantt.order")}</th>
            <th className="is-number">{t("simulate.optimise.gantt.median")}</th>
            <th className="is-number">{t("simulate.optimise.gantt.promised")}</th>
            <th className="is-number">{t("simulate.optimise.gantt.onTime")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ label, median, high, onTime, unfinished }) => (
            <tr key={label}>
              <td>{label}</td>
              <td className="is-number">{at(median)}</td>
              <td className="is-number">
                <b>{unfinished > 0 && !isDone(high) ? t("simulate.optimise.gantt.unfinished") : at(high)}</b>
              </td>
              <td className="is-number">{onTime === undefined ? "–" : percentText(onTime, 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
