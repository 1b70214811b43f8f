import type { ReactNode } from "react";
import {
  AddressLink,
  AlarmShape,
  Card,
  DataTable,
  durationText,
  inLanguage,
  momentText,
  percentText,
  SECOND,
  useWords,
  type Column,
} from "@doppelwerk/kit/studio";
import type { AlarmPerformance, Counted } from "../../contract.ts";
import { alarmLink, whenLink } from "./alarm-links.ts";

interface FoundProps {
  readonly found: AlarmPerformance;
}

/** An alarm by its priority and title; it leads to when it was raised. */
function AlarmName({
  alarm,
  from,
  to,
}: {
  readonly alarm: { readonly title: Counted["title"]; readonly priority: Counted["priority"]; readonly station?: string | undefined };
  readonly from: number;
  readonly to: number;
}): ReactNode {
  const { language } = useWords();
  const title = inLanguage(alarm.title, language);
  return (
    <span className="dw-management-mark">
      <AlarmShape priority={alarm.priority} size={12} />
      <AddressLink to={alarmLink(title, from, to)}>{[alarm.station, title].filter(Boolean).join(" · ")}</AddressLink>
    </span>
  );
}

/** The ten most frequent, with their share of all. */
export function TopCard({ found: { top, from, to } }: FoundProps): ReactNode {
  const { t } = useWords();
  const columns: readonly Column<Counted>[] = [
    { title: t("alarmManagement.alarm"), cell: (row) => <AlarmName alarm={row} from={from} to={to} /> },
    { title: t("alarmManagement.count"), isNumber: true, cell: ({ count }) => count },
    { title: t("alarmManagement.share"), isNumber: true, cell: ({ share }) => percentText(share) },
  ];
  return (
    <Card title={t("alarmManagement.top")} note={t("alarmManagement.topNote")}>
      <DataTable
        caption={t("alarmManagement.top")}
        columns={columns}
        rows={top}
        keyOf={({ rule }) => rule}
        empty={t("alarmManagement.nothing")}
      />
    </Card>
  );
}

/** Those that chattered or were fleeting, each with how often. */
export function NuisanceCard({ found: { chattering, fleeting, rules, from, to } }: FoundProps): ReactNode {
  const { t, language } = useWords();
  const rows = [...new Map([...chattering, ...fleeting].map((row) => [row.rule, row])).values()];
  const within = durationText(rules.chatter.withinS * SECOND, language);
  const columns: readonly Column<Counted>[] = [
    { title: t("alarmManagement.alarm"), cell: (row) => <AlarmName alarm={row} from={from} to={to} /> },
    {
      title: t("alarmManagement.chatters"),
      headHint: t("alarmManagement.chattersHint", { count: rules.chatter.count, within }),
      isNumber: true,
      cell: (row) => row.chattering,
    },
    {
      title: t("alarmManagement.fleetingCount"),
      headHint: t("alarmManagement.fleetingHint", { within: durationText(rules.fleetingS * SECOND, language) }),
      isNumber: true,
      cell: (row) => row.fleeting,
    },
  ];
  return (
    <Card title={t("alarmManagement.nuisance")} note={t("alarmManagement.nuisanceNote")}>
      <DataTable
        caption={t("alarmManagement.nuisance")}
        columns={columns}
        rows={rows}
        keyOf={({ rule }) => rule}
        empty={t("alarmManagement.nuisanceNone")}
      />
    </Card>
  );
}

/** The split of priorities against the recommended one. */
export function PriorityCard({ found: { byPriority } }: FoundProps): ReactNode {
  const { t } = useWords();
  return (
    <Card title={t("alarmManagement.priorities")} note={t("alarmManagement.prioritiesNote")}>
      <ul className="dw-split">
        {byPriority.map(({ priority, count, share, aim }) => (
          <li key={priority}>
            <AlarmShape priority={priority} size={12} />
            <span className="dw-split-bar">
              <i style={{ width: `${(share ?? 0) * 100}%` }} />
              {aim !== undefined && <u style={{ left: `${aim * 100}%` }} />}
            </span>
            <b>{aim === undefined ? count : percentText(share)}</b>
            <small>
              {aim === undefined ? t("alarmManagement.diagnostic") : `${count} · ${t("alarmManagement.aim", { aim: percentText(aim, 0) })}`}
            </small>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** Each flood with the alarms that it began with. */
export function FloodCard({ found: { floods, floodCount } }: FoundProps): ReactNode {
  const { t, language, zone } = useWords();
  const columns: readonly Column<AlarmPerformance["floods"][number]>[] = [
    {
      title: t("alarmManagement.floodAt"),
      cell: ({ from, to }) => <AddressLink to={whenLink(from, to)}>{momentText(from, zone, language)}</AddressLink>,
    },
    { title: t("alarmManagement.floodLasted"), isNumber: true, cell: ({ from, to }) => durationText(to - from, language) },
    { title: t("alarmManagement.floodCount"), isNumber: true, cell: ({ count }) => count },
    {
      title: t("alarmManagement.floodFirst"),
      cell: ({ first }) => (
        <ol className="dw-flood-first">
          {first.slice(0, 3).map(({ rule, title, priority, at }) => (
            <li key={`${rule} ${at}`}>
              <AlarmShape priority={priority} size={10} /> {inLanguage(title, language)}
            </li>
          ))}
        </ol>
      ),
    },
  ];
  const title = t("alarmManagement.floods", { count: floodCount });
  return (
    <Card title={title} note={t("alarmManagement.floodsNote")}>
      {floods.length > 0 && (
        <DataTable caption={title} columns={columns} rows={floods} keyOf={({ from }) => String(from)} isDense maxHeight={320} />
      )}
    </Card>
  );
}

/** Alarms that lasted longer than a day at the end. */
export function StaleCard({ found: { stale, staleCount, to, rules } }: FoundProps): ReactNode {
  const { t, language, zone } = useWords();
  const columns: readonly Column<AlarmPerformance["stale"][number]>[] = [
    { title: t("alarmManagement.alarm"), cell: (row) => <AlarmName alarm={row} from={row.since} to={to} /> },
    { title: t("alarmManagement.since"), cell: ({ since }) => momentText(since, zone, language, false) },
    { title: t("alarmManagement.lasted"), isNumber: true, cell: ({ since }) => durationText(to - since, language) },
  ];
  const title = t("alarmManagement.staleList", { count: staleCount });
  return (
    <Card title={title} note={t("alarmManagement.staleNote", { hours: rules.staleH })}>
      {stale.length > 0 && (
        <DataTable caption={title} columns={columns} rows={stale} keyOf={({ rule, since }) => `${rule} ${since}`} isDense maxHeight={320} />
      )}
    </Card>
  );
}

/** What is shelved, suppressed by design or out of service at the end, since when, by whom and why. */
export function AsideCard({ found: { aside, asideCount, asideHours, to } }: FoundProps): ReactNode {
  const { t, language, zone } = useWords();
  const hours = (value: number): string => value.toFixed(1);
  const columns: readonly Column<AlarmPerformance["aside"][number]>[] = [
    { title: t("alarmManagement.alarm"), cell: (row) => <AlarmName alarm={row} from={row.from} to={to} /> },
    {
      title: t("alarmManagement.how"),
      cell: ({ how, until }) => (
        <>
          {t(`alarmManagement.how.${how}`)}
          {until !== undefined && <small> {t("alarmManagement.until", { when: momentText(until, zone, language, false) })}</small>}
        </>
      ),
    },
    { title: t("alarmManagement.lasted"), isNumber: true, cell: ({ from }) => durationText(to - from, language) },
    { title: t("alarmManagement.who"), cell: ({ by, reason }) => [by, reason].filter(Boolean).join(": ") },
  ];
  const title = t("alarmManagement.aside", { count: asideCount });
  const note = t("alarmManagement.asideNote", {
    shelved: hours(asideHours.shelved),
    suppressed: hours(asideHours.suppressedByDesign),
    out: hours(asideHours.outOfService),
  });
  return (
    <Card title={title} note={note}>
      {aside.length > 0 && (
        <DataTable caption={title} columns={columns} rows={aside} keyOf={({ rule, from }) => `${rule} ${from}`} isDense maxHeight={320} />
      )}
    </Card>
  );
}
