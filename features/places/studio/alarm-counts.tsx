import type { ReactNode } from "react";
import { AlarmShape, useWords } from "@doppelwerk/kit/studio";
import type { PlaceSums } from "../contract.ts";
import { useWhy } from "./known.ts";
import { Unknown } from "./unknown.tsx";

const PRIORITIES = [1, 2, 3, 4] as const;

/** Active alarms by priority: shape and number. */
export function AlarmCounts({ counts }: { readonly counts: PlaceSums["alarms"] }): ReactNode {
  const { t } = useWords();
  const shown = PRIORITIES.filter((priority) => counts[`p${priority}`] > 0);
  const { unknown } = useWhy();
  // an alarm that was raised in a past that is not read yet is not there
  if (shown.length === 0)
    return unknown === undefined ? <span className="dw-quiet-text">{t("places.table.noAlarms")}</span> : <Unknown why={unknown} />;
  return (
    <span className="dw-place-alarms" title={t("places.table.unacknowledged", { count: counts.unacknowledged })}>
      {shown.map((priority) => (
        <span key={priority}>
          <AlarmShape priority={priority} />
          <b>{counts[`p${priority}`]}</b>
        </span>
      ))}
    </span>
  );
}
