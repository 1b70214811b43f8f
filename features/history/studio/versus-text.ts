import type { Translate } from "@doppelwerk/kit/studio";
import { daysBack, isNamed, type Versus } from "./trend-choice.ts";

/** What a trend is compared with, in words. */
export function versusText(versus: Versus, t: Translate): string {
  return isNamed(versus) ? t(`history.trend.versus.${versus}`) : t("history.trend.versusDays", { count: daysBack(versus) });
}
