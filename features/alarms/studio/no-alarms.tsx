import type { ReactNode } from "react";
import { Empty, useStore, useStudio, useWords, whyNoAlarms, whyNoCount } from "@doppelwerk/kit/studio";
import type { AlarmChoice } from "./alarm-choice.ts";
import { endOf } from "./occurrences/listed.ts";
import { useShownInstant } from "./occurrences/occurrence-row.tsx";
import { whenText } from "./occurrences/occurrence-text.ts";
import type { ReadOccurrences } from "./occurrences/use-occurrences.ts";

/** Why a list is empty: nothing matches what it is narrowed to, or nothing has been active since when. */
export function NoAlarms({
  choice: { list },
  read,
  isNarrowed,
  onAll,
}: {
  readonly choice: AlarmChoice;
  readonly read: ReadOccurrences | undefined;
  readonly isNarrowed: boolean;
  readonly onAll: () => void;
}): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const snapshot = useStore(studio.snapshot);
  const world = useStore(studio.world);
  const now = useShownInstant();
  if (list === "rules" || list === "ahead" || (snapshot === undefined && world?.empty !== true)) return null;
  if (isNarrowed) return <Empty title={t("alarms.noMatch")} text={t("alarms.noMatchText")} action={t("alarms.showAll")} onAction={onAll} />;
  if (list === "journal" && read?.shift === null && snapshot?.reading === undefined)
    return <Empty title={t("alarms.empty.shift")} text={t("alarms.emptyText.shift")} />;
  const last = Math.max(...(read?.occurrences ?? []).map((each) => Math.max(endOf(each) ?? 0, each.acknowledged ?? 0)));
  const isSince = list === "active" && last > 0;
  const title = isSince ? t("alarms.noneSince", { when: whenText(last, { t, language, zone, now }) }) : t(`alarms.empty.${list}`);
  const unread = list === "journal" && snapshot?.reading !== undefined ? whyNoCount(snapshot, t, zone) : whyNoAlarms(snapshot, t);
  return <Empty title={unread ?? title} text={t(`alarms.emptyText.${list}`)} />;
}
