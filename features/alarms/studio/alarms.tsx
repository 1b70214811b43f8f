import type { ReactNode } from "react";
import type { ListedLine } from "@doppelwerk/client";
import type { AlarmItem } from "@doppelwerk/sync";
import { LIVE } from "@doppelwerk/world";
import { ScrollRegion, Failure, inLanguage, saveFile, useScope, useStore, useStudio, useWords, Waiting } from "@doppelwerk/kit/studio";
import { listsOf } from "./active-alarms.ts";
import { formatAlarmChoice, parseAlarmChoice, type AlarmChoice, type StateList } from "./alarm-choice.ts";
import { AlarmTools } from "./alarm-tools.tsx";
import { FindingCharts } from "./findings/finding-charts.tsx";
import { AlarmsAhead } from "./alarms-ahead.tsx";
import { mostUrgentFirst } from "./most-urgent-first.ts";
import { NoAlarms } from "./no-alarms.tsx";
import { endOf, inOrder, isAsked, listedAlarm, type ListedOccurrence } from "./occurrences/listed.ts";
import { occurrenceCsv } from "./occurrences/occurrence-csv.ts";
import { useShownInstant } from "./occurrences/occurrence-row.tsx";
import { OccurrenceTable } from "./occurrences/occurrence-table.tsx";
import type { BarSpan } from "./occurrences/time-bar.tsx";
import { useOccurrences, type ReadOccurrences } from "./occurrences/use-occurrences.ts";
import { Rules } from "./rules/rules.tsx";
import { alarmsOf, useAllAlarms, useLines } from "./use-lines.ts";
import { activeSpan, journalSpan } from "./bar-span.ts";
import "./alarms.css";

const TEN_MINUTES = 600e6;
/** There the list has all the room: what to answer comes first. */
const isPhone = (): boolean => globalThis.matchMedia?.("(max-width: 700px)").matches ?? false;
const NONE: readonly AlarmItem[] = [];

/** Alarms after ISA-18.2: what is active at the instant shown, what is shelved and why, every occurrence before, and the rules. */
export default function Alarms(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { detail, branch } = useStore(studio.address.store);
  const parsed = parseAlarmChoice(detail);
  const choice: AlarmChoice = parsed.list === "ahead" && branch === LIVE ? { ...parsed, list: "active" } : parsed;
  const choose = (change: Partial<AlarmChoice>): void => studio.address.amend({ detail: formatAlarmChoice({ ...choice, ...change }) });
  const lines = useLines();
  const read = useOccurrences(choice.span);
  const now = useShownInstant();
  const lineChosen = choice.place?.startsWith("line:") ? choice.place.slice("line:".length) : undefined;
  const known = useAllAlarms();
  // a world of which there is no picture has no alarms; before that is known none are said to be
  const isKnown = useStore(studio.world)?.snapshot === false || known !== undefined;
  const all = alarmsOf(known ?? NONE, lines, lineChosen);
  const lists = listsOf(all.toSorted(mostUrgentFirst));
  const found = useFound(choice, lists, read.value, lines);
  const recent = read.value
    ? read.value.occurrences.filter(({ raised }) => raised <= now && now - raised < TEN_MINUTES).length
    : lists.active.filter(({ since }) => now - since < TEN_MINUTES).length;
  const counts = {
    active: lists.active.length - lists.returned.length,
    returned: lists.returned.length,
    shelved: lists.shelved.length,
    suppressed: lists.suppressed.length,
    outOfService: lists.outOfService.length,
  };
  const isList = choice.list !== "rules" && choice.list !== "ahead";
  const save = useSave(choice, found);
  return (
    <div className="dw-page dw-alarms">
      {isList && read.value !== undefined && !isPhone() && (
        <FindingCharts
          read={read.value}
          span={choice.span}
          onRule={(title) => choose({ ...ALL, list: "journal", search: title, sort: undefined })}
        />
      )}
      <AlarmTools {...{ choice, lines, counts, recent, onChoose: choose }} onSave={isList && found.length > 0 ? save : undefined} />
      {isList ? (
        <AlarmList choice={choice} found={found} read={read} isKnown={isKnown} onChoose={choose} />
      ) : (
        <ScrollRegion className="dw-alarm-table" label={t("alarms.view.alarms")}>
          {choice.list === "rules" ? <Rules open={detail?.split("/").slice(1).join("/") || undefined} /> : <AlarmsAhead />}
        </ScrollRegion>
      )}
    </div>
  );
}

/** What the list holds, in its order. */
function useFound(
  choice: AlarmChoice,
  lists: Readonly<Record<StateList, readonly AlarmItem[]>>,
  read: ReadOccurrences | undefined,
  lines: readonly ListedLine[],
): readonly ListedOccurrence[] {
  const { language } = useWords();
  const now = useShownInstant();
  const { list, place, priorities, search, sort } = choice;
  if (list === "rules" || list === "ahead") return [];
  const known = new Map(read?.occurrences.map((each) => [each.key, each]));
  const rows: readonly ListedOccurrence[] =
    list === "journal" ? (read?.occurrences ?? []) : lists[list].map((alarm) => listedAlarm(alarm, known));
  const line = lines.find(({ id }) => place === `line:${id}`);
  const stations = line ? new Set(line.stations.map(({ id }) => id)) : undefined;
  // what belongs to no station is of the first line
  const ofPlace =
    line && line === lines[0] ? new Set([...stations!, ""]) : (stations ?? (place === undefined ? undefined : new Set([place])));
  const hits = rows.filter(isAsked({ priorities, search, stations: ofPlace }));
  return sort === undefined ? hits : hits.toSorted(inOrder(sort, now, ({ title }) => inLanguage(title, language)));
}

function useSave({ list }: AlarmChoice, found: readonly ListedOccurrence[]): () => void {
  const studio = useStudio();
  const words = useWords();
  const now = useShownInstant();
  const world = useStore(studio.world);
  return () => {
    const zoneName = world?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
    const csv = occurrenceCsv(found, { ...words, now }, zoneName);
    const day = new Date(Math.round(now / 1_000)).toISOString().slice(0, 10);
    saveFile(`alarms-${list}-${day}.csv`, new Blob([csv], { type: "text/csv" }));
  };
}

function AlarmList({
  choice,
  found,
  read,
  isKnown,
  onChoose,
}: {
  readonly choice: AlarmChoice;
  readonly found: readonly ListedOccurrence[];
  readonly read: ReturnType<typeof useOccurrences>;
  readonly isKnown: boolean;
  readonly onChoose: (change: Partial<AlarmChoice>) => void;
}): ReactNode {
  const studio = useStudio();
  const { time } = useScope();
  const { t } = useWords();
  const now = useShownInstant();
  const shown = useStore(time.shown);
  const isOffline = useStore(studio.state).kind === "offline";
  const isJournal = choice.list === "journal";
  if (isJournal && read.kind === "failed" && read.value === undefined)
    return <Failure message={read.message} code={read.code} onRetry={read.reload} />;
  if (isJournal ? read.value === undefined : !isKnown) return <Waiting />;
  const isNarrowed = choice.priorities.length > 0 || choice.place !== undefined || choice.search !== "";
  if (found.length === 0)
    return (
      <div className="dw-scroll dw-alarm-table">
        <NoAlarms choice={choice} read={read.value} isNarrowed={isNarrowed} onAll={() => onChoose(ALL)} />
      </div>
    );
  const span: BarSpan = isJournal ? journalSpan(read.value!, shown === undefined) : activeSpan(found, now, shown === undefined);
  const title = t("alarms.occurrences", { count: found.length });
  return (
    <>
      {isJournal && <JournalTitle choice={choice} found={found} read={read.value!} title={title} />}
      <div className={`dw-alarm-table ${isJournal && choice.span !== "1h" && choice.span !== "8h" ? "is-dated" : ""}`}>
        <OccurrenceTable
          list={found}
          sort={choice.sort ?? (isJournal ? NEWEST_FIRST : undefined)}
          onSort={(sort) => onChoose({ sort })}
          span={span}
          isGrouped={choice.list === "active"}
          choice={formatAlarmChoice(choice) ?? ""}
          canAct={shown === undefined && !isOffline}
          label={choice.list === "rules" || choice.list === "ahead" || isJournal ? t("alarms.journal") : t(`alarms.list.${choice.list}`)}
          onOpen={({ station, raised }) => {
            studio.address.go({ subject: station, inspector: true });
            if (isJournal) time.goTo(raised);
          }}
        />
      </div>
    </>
  );
}

const ALL: Partial<AlarmChoice> = { priorities: [], place: undefined, search: "" };
const NEWEST_FIRST = { by: "raised", descending: true } as const;

/** How many there were, how long they lasted altogether, and what is not shown. */
function JournalTitle({
  choice,
  found,
  read,
  title,
}: {
  readonly choice: AlarmChoice;
  readonly found: readonly ListedOccurrence[];
  readonly read: ReadOccurrences;
  readonly title: string;
}): ReactNode {
  const { t } = useWords();
  const active = found.filter((row) => endOf(row) === undefined).length;
  const per10Min = (found.length * TEN_MINUTES) / (read.to - read.from);
  return (
    <p className="dw-alarms-title">
      <b>{title}</b>{" "}
      <span>
        {[
          t(`alarms.span.${choice.span}`),
          t("alarms.per10Min", { rate: per10Min.toFixed(1) }),
          ...(active > 0 ? [t("alarms.stillActive", { count: active })] : []),
          ...(read.isCut ? [t("alarms.cut", { count: read.occurrences.length })] : []),
        ].join(" · ")}
      </span>
    </p>
  );
}
