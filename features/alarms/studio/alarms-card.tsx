import type { ReactNode } from "react";
import { ScrollRegion, Card, useStore, useStudio, useWords, whyNoAlarms } from "@doppelwerk/kit/studio";
import { AlarmRow } from "./alarm-row.tsx";
import { mostUrgentFirst } from "./most-urgent-first.ts";
import { isActive } from "./active-alarms.ts";
import { alarmsOf, useLines } from "./use-lines.ts";

const ALARMS_SHOWN = 14;

/** What of the line shown asks for attention now, the most urgent first. */
export default function AlarmsCard(): ReactNode {
  const studio = useStudio();
  const snapshot = useStore(studio.snapshot);
  const line = useStore(studio.line)?.id;
  const lines = useLines();
  const { t } = useWords();
  if (snapshot === undefined) return null;
  const all = alarmsOf(snapshot.alarms, lines, line);
  const active = all.filter(isActive);
  const shelved = all.filter((alarm) => alarm.state === "shelved").length;
  const lastTen = active.filter((alarm) => snapshot.instant - alarm.since < 600e6).length;
  return (
    <Card
      className="dw-board-alarms"
      audit="alarms.active"
      title={t("alarms.view.alarms")}
      note={`${t("alarms.rate", { count: lastTen })} · ${shelved === 0 ? t("alarms.noneShelved") : t("alarms.shelvedCount", { count: shelved })}`}
    >
      <ScrollRegion label={t("alarms.view.alarms")}>
        {active.length === 0 && <p className="dw-quiet">{whyNoAlarms(snapshot, t) ?? t("alarms.empty.active")}</p>}
        {[...active]
          .sort(mostUrgentFirst)
          .slice(0, ALARMS_SHOWN)
          .map((alarm) => (
            <AlarmRow key={alarm.id} alarm={alarm} />
          ))}
      </ScrollRegion>
    </Card>
  );
}
