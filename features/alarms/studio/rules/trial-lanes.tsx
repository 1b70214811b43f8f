import type { ReactNode } from "react";
import { dateText, useWords } from "@doppelwerk/kit/studio";
import type { RuleTrial } from "../../contract.ts";

type Raised = RuleTrial["raised"];

/** When the rule raised alarms and when it would have, one below the other on one time axis. The table and the list say the same in words. */
export function TrialLanes({
  trial: { from, to },
  was,
  would,
}: {
  readonly trial: Pick<RuleTrial, "from" | "to">;
  readonly was: Raised;
  readonly would: Raised;
}): ReactNode {
  const { t, language, zone } = useWords();
  const lane = (raised: Raised): ReactNode => (
    <span className="dw-trial-lane">
      {raised.map(({ rule, at }) => (
        <i key={`${rule} ${at}`} style={{ left: `${((at - from) / (to - from)) * 100}%` }} />
      ))}
    </span>
  );
  return (
    <div className="dw-trial-lanes" role="img" aria-label={t("alarms.trial.lanes")}>
      <small>{t("alarms.trial.was")}</small>
      {lane(was)}
      <small>{t("alarms.trial.would")}</small>
      {lane(would)}
      <small />
      <small className="dw-trial-ends">
        <span>{dateText(from, zone, language)}</span>
        <span>{dateText(to, zone, language)}</span>
      </small>
    </div>
  );
}
