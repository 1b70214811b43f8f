import type { ReactNode } from "react";
import type { ListedLine } from "@doppelwerk/client";
import type { AlarmItem } from "@doppelwerk/sync";
import { LIVE } from "@doppelwerk/world";
import {
  ScrollRegion,
  Failure,
  inLanguage,
  periodText,
  saveFile,
  unknownAlarms,
  useScope,
  useStore,
  useStudio,
  useWords,
  Waiting,
  type Address,
  fileMoment,
  fileName,
  isActiveAlarm,
} from "@doppelwerk/kit/studio";
import { listsOf } from "./active-alarms.ts";
import { formatAlarmChoice, parseAlarmChoice, type AlarmChoice, type StateList } from "./alarm-choice.ts";
import { WithAlarmDetails } from "./alarm-details.tsx";
import { AlarmTools } from "./alarm-tools.tsx";
import { FindingCharts } from "./findings/finding-charts.tsx";
import { AlarmsAhead } from "./alarms-ahead.tsx";
import { mostUrgentFirst } from "./most-urgent-first.ts";
import { NoAlarms } from "./no-alarms.tsx";
import { endOf, inOrder, isAsked, listedAlarm, type ListedOccurrence } from "./occurrences/listed.ts";
import { isDated } from "./occurrences/occurrence-text.ts";
import { occurrenceCsv } from "./occurrences/occurrence-csv.ts";
import { useShownInstant } from "./occurrences/occurrence-row.tsx";
import { OccurrenceTable } from "./occurrences/occurrence-table.tsx";
import type { BarSpan } from "./occurrences/time-bar.tsx";
import { Shelving } from "./shelving.tsx";
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
  const { t, language } = useWords();
  const { detail, branch } = useStore(studio.address.store);
  const parsed = parseAlarmChoice(detail);
  const choice: AlarmChoice = parsed.list === "ahead" && branch === LIVE ? { ...parsed, list: "active" } : parsed;
  const choose = (change: Partial<AlarmChoice>): void =>
    studio.address.amend({
      detail: formatAlarmChoice({ ...choice, ...change }),
      ...("place" in change && change.place !== choice.place && lineShownWith(change.place)),
    });
  const lines = useLines();
  const lineChosen = choice.place?.startsWith("line:") ? choice.place.slice("line:".length) : undefined;
  const read = useOccurrences(choice.span, { line: lineChosen });
  const now = useShownInstant();
  const known = useAllAlarms();
  // a world of which there is no picture has no alarms; before that is known none are said to be
  const isKnown = useStore(studio.world)?.snapshot === false || known !== undefined;
  const all = alarmsOf(known ?? NONE, lines, lineChosen);
  const lists = listsOf(all.toSorted(mostUrgentFirst));
  const asked = askedOf(choice, lines);
  const found = useFound(choice, lists, read.value, asked);
  const recent = read.value
    ? read.value.occurrences.filter(({ raised }) => raised <= now && now - raised < TEN_MINUTES).length
    : lists.active.filter(({ since }) => now - since < TEN_MINUTES).length;
  // of what is asked for, as the lists are
  const counts = {
    active: all.filter((alarm) => isActiveAlarm(alarm) && asked(alarm)).length,
    returned: lists.returned.filter(asked).length,
    shelved: lists.shelved.filter(asked).length,
    suppressed: lists.suppressed.filter(asked).length,
    outOfService: lists.outOfService.filter(asked).length,
  };
  const isList = choice.list !== "rules" && choice.list !== "ahead";
  // figures of a past that is not read would say that there was nothing
  const isUnknown = useStore(studio.snapshot)?.alarmsUnknownBefore !== undefined;
  const save = useSave(choice, found);
  return (
    <Shelving>
      <WithAlarmDetails>
        <div className="dw-page dw-alarms">
          {isList && read.value !== undefined && !isUnknown && !isPhone() && (
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
              {choice.list === "rules" ? (
                <Rules
                  open={detail?.split("/").slice(1).join("/") || undefined}
                  onHistory={({ fields: { title, station } }, span) =>
                    choose({ ...ALL, list: "journal", span, place: station, search: inLanguage(title, language), sort: undefined })
                  }
                />
              ) : (
                <AlarmsAhead />
              )}
            </ScrollRegion>
          )}
        </div>
      </WithAlarmDetails>
    </Shelving>
  );
}

/** The line that is listed is the line shown, as on every page; of a station that is the line it stands in. */
function lineShownWith(place: string | undefined): Pick<Partial<Address>, "line" | "subject"> {
  if (place === undefined) return { line: undefined, subject: undefined };
  return place.startsWith("line:") ? { line: place.slice("line:".length), subject: undefined } : { subject: place };
}

/** Whether an alarm or an occurrence is of the place, the priorities and the words that are chosen. */
function askedOf({ place, priorities, search }: AlarmChoice, lines: readonly ListedLine[]): ReturnType<typeof isAsked> {
  const line = lines.find(({ id }) => place === `line:${id}`);
  const stations = line ? new Set(line.stations.map(({ id }) => id)) : undefined;
  // what belongs to no station is of the first line
  const ofPlace =
    line && line === lines[0] ? new Set([...stations!, ""]) : (stations ?? (place === undefined ? undefined : new Set([place])));
  return isAsked({ priorities, search, stations: ofPlace });
}

/** What the list holds, in its order. */
function useFound(
  { list, sort }: AlarmChoice,
  lists: Readonly<Record<StateList, readonly AlarmItem[]>>,
  read: ReadOccurrences | undefined,
  asked: ReturnType<typeof isAsked>,
): readonly ListedOccurrence[] {
  const { language } = useWords();
  const now = useShownInstant();
  if (list === "rules" || list === "ahead") return [];
  const known = new Map(read?.occurrences.map((each) => [each.key, each]));
  const rows: readonly ListedOccurrence[] =
    list === "journal" ? (read?.occurrences ?? []) : lists[list].map((alarm) => listedAlarm(alarm, known));
  const hits = rows.filter(asked);
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
    saveFile(fileName(["alarms", list, fileMoment(now, words.zone)], "csv"), new Blob([csv], { type: "text/csv" }));
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
  const snapshot = useStore(studio.snapshot);
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
  const unknown = isJournal ? undefined : unknownAlarms(snapshot, t);
  return (
    <>
      {unknown !== undefined && <p className="dw-quiet dw-alarms-unknown">{unknown}</p>}
      {isJournal && <JournalTitle choice={choice} found={found} read={read.value!} title={title} />}
      <div className={`dw-alarm-table ${found.some(({ raised }) => isDated(raised, now)) ? "is-dated" : ""}`}>
        <OccurrenceTable
          list={found}
          sort={choice.sort ?? (isJournal ? NEWEST_FIRST : undefined)}
          onSort={(sort) => onChoose({ sort })}
          span={span}
          isGrouped={choice.list === "active"}
          grouping={choice.grouping}
          isAside={choice.list === "shelved" || choice.list === "suppressed" || choice.list === "outOfService"}
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
  const { t, zone, language } = useWords();
  const { shift } = read;
  const active = found.filter((row) => endOf(row) === undefined).length;
  const per10Min = (found.length * TEN_MINUTES) / (read.to - read.from);
  return (
    <p className="dw-alarms-title">
      <b>{title}</b>{" "}
      <span>
        {[
          shift
            ? t("alarms.span.ofShift", {
                span: t(`alarms.span.${choice.span}`),
                name: t.or(`shift.${shift.name.toLowerCase()}`, shift.name),
                period: periodText(shift.from, shift.to, zone, language),
              })
            : t(`alarms.span.${choice.span}`),
          t("alarms.per10Min", { rate: per10Min.toFixed(1) }),
          ...(active > 0 ? [t("alarms.stillActive", { count: active })] : []),
          ...(read.isCut ? [t("alarms.cut", { count: read.occurrences.length })] : []),
        ].join(" · ")}
      </span>
    </p>
  );
}
