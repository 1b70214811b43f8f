import { useContext, type ReactNode } from "react";
import { AlarmShape, useWords } from "@doppelwerk/kit/studio";
import type { PlaceSums } from "../contract.ts";
import { AlarmsUnknownContext } from "./known.ts";
import { Unknown } from "./unknown.tsx";

const PRIORITIES = [1, 2, 3, 4] as const;

/** Active alarms by priority: shape and number. While earlier ones are unknown the numbers are lower bounds, and none is unknown. */
export function AlarmCounts({ counts }: { readonly counts: PlaceSums["alarms"] }): ReactNode {
  const { t } = useWords();
  const shown = PRIORITIES.filter((priority) => counts[`p${priority}`] > 0);
  const isUnknown = useContext(AlarmsUnknownContext);
  if (shown.length === 0)
    return isUnknown ? (
      <Unknown why={t("places.table.alarmsUnknown")} />
    ) : (
      <span className="dw-quiet-text">{t("places.table.noAlarms")}</span>
    );
  const unacknowledged = t("places.table.unacknowledged", { count: counts.unacknowledged });
  return (
    <span className="dw-place-alarms" title={isUnknown ? `${unacknowledged}; ${t("places.table.alarmsUnknown")}` : unacknowledged}>
      {shown.map((priority) => (
        <span key={priority}>
          <AlarmShape priority={priority} />
          <b>{counts[`p${priority}`]}</b>
        </span>
      ))}
      {isUnknown && <small>+ ?</small>}
    </span>
  );
}
