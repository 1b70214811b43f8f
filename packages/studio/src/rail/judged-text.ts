import type { RailLane } from "@doppelwerk/client";
import { verdictText } from "@doppelwerk/ui";
import type { Translate } from "@doppelwerk/ui";

/** What the newest run of a branch says against live, in the words of its report: `Study, throughput: maybe too small to matter`. */
export function judgedText({ verdict, verdictOf, judged }: RailLane, t: Translate): string {
  if (verdict === undefined) return "";
  const says = judged === undefined ? t(`verdict.${verdict}`) : verdictText({ ...judged, verdict }, t);
  if (verdictOf === undefined) return says;
  return judged === undefined
    ? t("rail.judged", { kind: t(`runKind.${verdictOf}`), verdict: says })
    : t("rail.judgedOf", { kind: t(`runKind.${verdictOf}`), kpi: t(`kpi.${judged.kpi}`), verdict: says });
}
