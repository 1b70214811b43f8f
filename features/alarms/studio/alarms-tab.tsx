import type { ReactNode } from "react";
import { DAY } from "@doppelwerk/world";
import { newestTransitions } from "./newest-transitions.ts";
import { AlarmRow } from "./alarm-row.tsx";
import { isActive } from "./active-alarms.ts";
import { annunciatedTransitions } from "./annunciated.ts";
import { useLoad, useScope, useStore, useStudio, useSubject, useWords, whyNoAlarms } from "@doppelwerk/kit/studio";

/** Alarms of the subject: active ones first, then the transitions of the last week. */
export default function AlarmsTab(): ReactNode {
  const studio = useStudio();
  const { time } = useScope();
  const { t } = useWords();
  const subject = useSubject();
  const snapshot = useStore(studio.snapshot);
  const shown = useStore(time.shown);
  const id = subject?.station.id;
  const history = useLoad(
    id === undefined
      ? undefined
      : (signal) => {
          const to = time.instant();
          return newestTransitions(studio.client, { from: to - 7 * DAY, to, station: id }, signal);
        },
    [id, shown === undefined ? "live" : Math.round(shown / 30e6)],
  );
  if (id === undefined) return null;
  const active = snapshot?.alarms.filter((alarm) => alarm.station === id && isActive(alarm)) ?? [];
  return (
    <>
      <section className="dw-block">
        <header>
          <h3>{t("alarms.active")}</h3>
        </header>
        {active.length === 0 && <p className="dw-quiet">{whyNoAlarms(snapshot, t) ?? t("alarms.noneHere")}</p>}
        {active.map((alarm) => (
          <AlarmRow key={alarm.id} alarm={alarm} />
        ))}
      </section>
      <section className="dw-block">
        <header>
          <h3>{t("alarms.history")}</h3>
          <span>{t("alarms.lastWeek")}</span>
        </header>
        {annunciatedTransitions(history.value ?? [])
          .slice(0, 60)
          .map((alarm) => (
            <AlarmRow key={`${alarm.id} ${alarm.changed}`} alarm={alarm} past />
          ))}
      </section>
    </>
  );
}
