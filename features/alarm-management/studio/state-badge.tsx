import type { ReactNode } from "react";
import { useWords } from "@doppelwerk/kit/studio";
import type { DatabaseAlarm } from "../contract.ts";

/** The state of an alarm in the database, how many values differ, and whether its review is due. */
export function StateBadge({ alarm: { state, differences, isReviewDue } }: { readonly alarm: DatabaseAlarm }): ReactNode {
  const { t } = useWords();
  return (
    <span className="dw-management-state">
      <span className={`dw-badge is-${state}`} title={t(`alarmManagement.stateHint.${state}`)}>
        {t(`alarmManagement.state.${state}`)}
      </span>
      {differences.length > 0 && <small>{t("alarmManagement.differences", { count: differences.length })}</small>}
      {isReviewDue && <small className="dw-management-differs">{t("alarmManagement.reviewDue")}</small>}
    </span>
  );
}
