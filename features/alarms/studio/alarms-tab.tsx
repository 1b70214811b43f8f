import type { ReactNode } from "react";
import { AlarmRow } from "./alarm-row.tsx";
import { isActive } from "./active-alarms.ts";
import { OccurrenceBrief } from "./occurrences/occurrence-brief.tsx";
import { useOccurrences } from "./occurrences/use-occurrences.ts";
import { Failure, useStore, useStudio, useSubject, useWords, whyNoAlarms } from "@doppelwerk/kit/studio";

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
  const read = useOccurrences("7d", id);
  const active = snapshot?.alarms.filter((alarm) => alarm.station === id && isActive(alarm)) ?? [];
  const occurrences = read.value?.occurrences;
  return (
    <>
      <section className="dw-block">
        <header>
          <h3>{t("alarms.list.active")}</h3>
        </header>
        {active.length === 0 && <p className="dw-quiet">{whyNoAlarms(snapshot, t) ?? t("alarms.noneHere")}</p>}
        {active.map((alarm) => (
          <AlarmRow key={alarm.id} alarm={alarm} />
        ))}
      </section>
      <section className="dw-block">
        <header>
          <h3>{t("alarms.journal")}</h3>
          <span>{t("alarms.lastWeek")}</span>
        </header>
        {read.kind === "failed" && occurrences === undefined && <Failure message={read.message} code={read.code} onRetry={read.reload} />}
        {occurrences?.length === 0 && <p className="dw-quiet">{t("alarms.empty.journal")}</p>}
        {occurrences?.slice(0, MAX_SHOWN).map((row) => (
          <OccurrenceBrief key={row.key} row={row} />
        ))}
      </section>
    </>
  );
}
