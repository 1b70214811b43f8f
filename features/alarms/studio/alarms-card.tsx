import type { ReactNode } from "react";
import {
  ScrollRegion,
  Card,
  inLanguage,
  unknownAlarms,
  useStore,
  useStudio,
  useWords,
  whyNoAlarms,
  isActiveAlarm,
} from "@doppelwerk/kit/studio";
import { AlarmRow } from "./alarm-row.tsx";
import { mostUrgentFirst } from "./most-urgent-first.ts";
import { Shelving } from "./shelving.tsx";
import { isActive } from "./active-alarms.ts";
import { alarmsOf, useAllAlarms, useLines } from "./use-lines.ts";

const ALARMS_SHOWN = 14;

/** What of the line shown asks for attention now, the most urgent first. */
export default function AlarmsCard(): ReactNode {
  const studio = useStudio();
  const snapshot = useStore(studio.snapshot);
  const line = useStore(studio.line)?.id;
  const lines = useLines();
  const whole = useAllAlarms();
  const { t, language } = useWords();
  if (snapshot === undefined) return null;
  const all = alarmsOf(snapshot.alarms, lines, line);
  const active = all.filter(isActive);
  const shelved = all.filter((alarm) => alarm.state === "shelved").length;
  const unknown = unknownAlarms(snapshot, t);
  const counted = all.filter(isActiveAlarm).length;
  const title = lines.length < 2 ? undefined : lines.find(({ id }) => id === line)?.title;
  const elsewhere = title === undefined ? 0 : (whole?.filter(isActiveAlarm).length ?? 0) - counted;
  const none = title === undefined ? t("alarms.empty.active") : t("alarms.noneOf", { place: inLanguage(title, language), elsewhere });
  const lastTen = active.filter((alarm) => snapshot.instant - alarm.since < 600e6).length;
  const returned = active.length - counted;
  const isReturned = returned === 0 ? "" : `${t("alarms.returnedCount", { count: returned })} · `;
  const figures = `${t("alarms.activeCount", { count: counted })} · ${isReturned}${t("alarms.rate", { count: lastTen })} · ${shelved === 0 ? t("alarms.noneShelved") : t("alarms.shelvedCount", { count: shelved })}`;
  return (
    <Card
      className="dw-board-alarms"
      audit="alarms.active"
      title={t("alarms.view.alarms")}
      note={unknown === undefined ? figures : undefined}
    >
      <Shelving>
        <ScrollRegion label={t("alarms.view.alarms")}>
          {active.length === 0 && <p className="dw-quiet">{whyNoAlarms(snapshot, t) ?? none}</p>}
          {[...active]
            .sort(mostUrgentFirst)
            .slice(0, ALARMS_SHOWN)
            .map((alarm) => (
              <AlarmRow key={alarm.id} alarm={alarm} />
            ))}
          {active.length > 0 && unknown !== undefined && <p className="dw-quiet">{unknown}</p>}
        </ScrollRegion>
      </Shelving>
    </Card>
  );
}
