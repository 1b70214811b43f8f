import { useState } from "react";
import type { ReactNode } from "react";
import {
  alarmBlock,
  AlarmShape,
  Dialog,
  durationText,
  inLanguage,
  momentText,
  useStudio,
  useWords,
  ViewOutlet,
  type AlarmOfBlock,
} from "@doppelwerk/kit/studio";
import { Opened } from "./opened-details.ts";
import { isUnacknowledged } from "./occurrences/grouped.ts";
import { endOf, type ListedOccurrence } from "./occurrences/listed.ts";
import { useShownInstant } from "./occurrences/occurrence-row.tsx";
import { acknowledgedText, valueSentence } from "./occurrences/occurrence-text.ts";

/** A list of alarms whose details stay open, also when the alarm leaves the list meanwhile. */
export function WithAlarmDetails({ children }: { readonly children: ReactNode }): ReactNode {
  const [row, open] = useState<ListedOccurrence | undefined>(undefined);
  return (
    <Opened value={open}>
      {children}
      {row !== undefined && <AlarmDetails row={row} onClose={() => open(undefined)} />}
    </Opened>
  );
}

/** One alarm: what it is, and what the features say beside it, such as what to do and who was notified. */
function AlarmDetails({ row, onClose }: { readonly row: ListedOccurrence; readonly onClose: () => void }): ReactNode {
  const studio = useStudio();
  const { language } = useWords();
  const alarm: AlarmOfBlock = {
    rule: row.rule,
    raised: row.raised,
    returned: row.returned,
    respondBy: row.respondBy,
    isWaiting: row.alarm !== undefined && row.isGone === undefined && isUnacknowledged(row),
  };
  return (
    <Dialog opened onClose={onClose} title={inLanguage(row.title, language)} size={720} centered>
      <div className="dw-alarm-details">
        <Facts row={row} />
        {studio.views.of(alarmBlock).map((each) => (
          <ViewOutlet key={each.id} view={each} waiting={undefined} props={{ alarm }} />
        ))}
      </div>
    </Dialog>
  );
}

function Facts({ row }: { readonly row: ListedOccurrence }): ReactNode {
  const { t, language, zone } = useWords();
  const now = useShownInstant();
  const measured = valueSentence(row, t);
  const attended = acknowledgedText(row, { t, language, zone, now });
  const end = endOf(row);
  const facts: readonly (readonly [string, ReactNode])[] = [
    [t("alarms.column.priority"), <PriorityFact key="priority" priority={row.priority} />],
    [t("alarms.details.state"), t(`alarms.state.${row.state}`)],
    [t("alarms.column.place"), [row.station, row.place !== undefined && t("alarms.place", { place: row.place })].filter(Boolean).join(" ")],
    [t("alarms.column.raised"), momentText(row.raised, zone, language)],
    [t("alarms.column.duration"), durationText((end ?? now) - row.raised, language)],
    ...(measured === undefined ? [] : [[t("alarms.details.value"), measured] as const]),
    ...(attended === ""
      ? []
      : [[t(row.suppressed === undefined ? "alarms.column.acknowledged" : "alarms.column.aside"), attended] as const]),
    ...(row.reason === undefined || row.suppressed !== undefined ? [] : [[t("alarms.reason"), row.reason] as const]),
  ];
  return (
    <dl className="dw-alarm-facts">
      {facts
        .filter(([, value]) => value !== "")
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

function PriorityFact({ priority }: { readonly priority: 1 | 2 | 3 | 4 }): ReactNode {
  return (
    <span className={`dw-p${priority}`}>
      <AlarmShape priority={priority} size={14} /> {priority}
    </span>
  );
}
