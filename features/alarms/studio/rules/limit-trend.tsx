import type { ReactNode } from "react";
import { DAY } from "@doppelwerk/world";
import { TrendChart, useLoad, useScope, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { RuleDraft } from "./rule-draft.ts";
import { hasLimit, limitsOf } from "./rule-limits.ts";
import { useNaming } from "./use-naming.ts";

const SPAN_DAYS = 30;
const POINTS = 300;

/** The last month of what is watched, with the limit where it would lie. */
export function LimitTrend({ draft }: { readonly draft: RuleDraft }): ReactNode {
  const studio = useStudio();
  const { time } = useScope();
  const { t } = useWords();
  const naming = useNaming();
  const id = hasLimit(draft) && !draft.isExpression ? draft.signals[0] : undefined;
  const trend = useLoad(
    id === undefined
      ? undefined
      : (signal) => {
          const to = time.instant();
          return studio.client.trend(id, to - SPAN_DAYS * DAY, to, POINTS, { signal });
        },
    [id],
  );
  if (id === undefined || trend.value === undefined) return null;
  const { limit, target } = draft;
  return (
    <TrendChart
      trend={trend.value}
      entry={studio.signals.entry(id)}
      title={t("alarms.rule.lastDays", { signal: naming.signal(id), days: SPAN_DAYS })}
      height={150}
      showsLimits
      limits={hasLimit(draft) ? limitsOf({ ...draft, limit: limit ?? Number.NaN, target }, draft.priority, "") : []}
      onZoom={() => {}}
    />
  );
}
