import type { ReactNode } from "react";
import { WithAlarmDetails } from "./alarm-details.tsx";
import { AlarmRow } from "./alarm-row.tsx";
import { Shelving } from "./shelving.tsx";
import { isActive, isSuppressed } from "./active-alarms.ts";
import { OccurrenceBrief } from "./occurrences/occurrence-brief.tsx";
import { useOccurrences } from "./occurrences/use-occurrences.ts";
import { Failure, unknownAlarms, useStore, useStudio, useSubject, useWords, whyNoAlarms } from "@doppelwerk/kit/studio";

const MAX_SHOWN = 60;

/** Alarms of the subject: active ones first, then the occurrences of the last week. */
export default function AlarmsTab(): ReactNode {
  const id = useSubject()?.station.id;
  return id === undefined ? null : <AlarmsOfStation id={id} />;
}

function AlarmsOfStation({ id }: { readonly id: string }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const snapshot = useStore(studio.snapshot);
  const read = useOccurrences("7d", { station: id });
  const own = snapshot?.alarms.filter((alarm) => alarm.station === id) ?? [];
  const active = own.filter(isActive);
  const aside = own.filter(isSuppressed);
  const unknown = unknownAlarms(snapshot, t);
  const occurrences = read.value?.occurrences;
  return (
    <Shelving>
      <WithAlarmDetails>
        <section className="dw-block">
          <header>
            <h3>{t("alarms.list.active")}</h3>
          </header>
          {active.length === 0 && <p className="dw-quiet">{whyNoAlarms(snapshot, t) ?? t("alarms.noneHere")}</p>}
          {active.map((alarm) => (
            <AlarmRow key={alarm.id} alarm={alarm} />
          ))}
          {active.length > 0 && unknown !== undefined && <p className="dw-quiet">{unknown}</p>}
        </section>
        {aside.length > 0 && (
          <section className="dw-block">
            <header>
              <h3>{t("alarms.setAside")}</h3>
            </header>
            {aside.map((alarm) => (
              <AlarmRow key={alarm.id} alarm={alarm} />
            ))}
          </section>
        )}
        <section className="dw-block">
          <header>
            <h3>{t("alarms.journal")}</h3>
            <span>{t("alarms.lastWeek")}</span>
          </header>
          {read.kind === "failed" && occurrences === undefined && <Failure message={read.message} code={read.code} onRetry={read.reload} />}
          {occurrences?.length === 0 && <p className="dw-quiet">{t("alarms.empty.journal")}</p>}
          {occurrences !== undefined && occurrences.length > 0 && <p className="dw-quiet">{t("alarms.durationHint")}</p>}
          {occurrences?.slice(0, MAX_SHOWN).map((row) => (
            <OccurrenceBrief key={row.key} row={row} />
          ))}
        </section>
      </WithAlarmDetails>
    </Shelving>
  );
}
