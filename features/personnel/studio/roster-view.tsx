import { ActionIcon, Button, TextInput } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import type { ReactNode } from "react";
import {
  Card,
  clockText,
  DataTable,
  Empty,
  Failure,
  NotReadAgain,
  fixedText,
  momentText,
  useLoad,
  useScope,
  useWords,
  Waiting,
  type Column,
} from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { Roster, ShownFinding, ShownHint, ShownPlace, ShownShift } from "../contract.ts";
import type {} from "../message-codes.ts";
import { dayBeside, KINDS, useDay } from "./use-day.ts";

/** Who works where on a day, shift by shift; what is open or contradicts itself comes first. */
export function RosterView(): ReactNode {
  const { branch } = useScope();
  const { t } = useWords();
  const { day, at, choose } = useDay();
  const loaded = useLoad(
    {
      key: ["GET /personnel/roster", branch, day, at],
      run: ({ client }, signal) => calls.roster(client, { query: { branch, date: day, ...(at !== undefined && { t: at }) } }, { signal }),
      changedBy: { kinds: KINDS },
    },
    { everyMs: () => (at === undefined ? 30_000 : undefined) },
  );
  const roster = loaded.value;
  return (
    <>
      <DayHead day={day} onDay={choose} />
      {roster === undefined && loaded.kind === "failed" && <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />}
      {roster === undefined && loaded.kind !== "failed" && <Waiting />}
      {roster !== undefined && (
        <>
          <NotReadAgain loaded={loaded} />
          {roster.shifts.length === 0 && <Empty title={t("personnel.noRoster")} text={t("personnel.noRosterText")} />}
          <div className="dw-roster-shifts">
            {roster.shifts.map((shift) => (
              <Shift key={shift.shift} shift={shift} />
            ))}
          </div>
          <Hints roster={roster} />
        </>
      )}
    </>
  );
}

/** The day with the ones beside it. */
export function DayHead({
  day,
  onDay,
  children,
}: {
  readonly day: string;
  readonly onDay: (day: string | undefined) => void;
  readonly children?: ReactNode;
}): ReactNode {
  const { t } = useWords();
  const beside = (by: -1 | 1, label: string): ReactNode => (
    <ActionIcon size="lg" variant="default" aria-label={label} onClick={() => onDay(dayBeside(day, by))}>
      {by < 0 ? <IconChevronLeft size={16} /> : <IconChevronRight size={16} />}
    </ActionIcon>
  );
  return (
    <header className="dw-personnel-head">
      {beside(-1, t("personnel.previousDay"))}
      <TextInput
        size="sm"
        type="date"
        aria-label={t("personnel.day")}
        value={day}
        onChange={({ currentTarget: { value } }) => onDay(value === "" ? undefined : value)}
      />
      {beside(1, t("personnel.nextDay"))}
      <Button size="sm" variant="default" onClick={() => onDay(undefined)}>
        {t("personnel.today")}
      </Button>
      {children}
    </header>
  );
}

function Shift({ shift }: { readonly shift: ShownShift }): ReactNode {
  const { t, zone } = useWords();
  const gaps = shift.findings.filter(({ kind }) => kind === "uncovered" || kind === "emptyPlace").length;
  const facts = [
    `${clockText(shift.from, zone, false)}–${clockText(shift.to, zone, false)}`,
    t("personnel.peopleCount", { count: shift.people }),
    t("personnel.gaps", { count: gaps }),
    ...(shift.source === undefined ? [] : [t("personnel.fromFile", { source: shift.source })]),
    t("personnel.edition", { edition: shift.edition }),
  ];
  const lines = [...new Set(shift.places.map(({ line }) => line))];
  return (
    <Card title={shift.shift} note={facts.join(" · ")} className="dw-roster-shift">
      {shift.findings.length > 0 && (
        <ul className="dw-roster-findings">
          {shift.findings.map((finding, at) => (
            <li key={at} className={`is-${finding.kind}`}>
              <Finding finding={finding} />
            </li>
          ))}
        </ul>
      )}
      {lines.map((line) => (
        <Places key={line} line={line} shift={shift} places={shift.places.filter((place) => place.line === line)} />
      ))}
    </Card>
  );
}

function Finding({ finding }: { readonly finding: ShownFinding }): ReactNode {
  const { t } = useWords();
  const { kind, station = "", worker, name, skill = "", level = 0, needed = 0, have = 0, other = "", day = "" } = finding;
  const who = nameOf({ worker, name }) ?? "";
  switch (kind) {
    case "uncovered":
      return t("personnel.finding.uncovered", { station, have, needed, skill, level });
    case "emptyPlace":
      return t("personnel.finding.emptyPlace", { station, needed });
    case "twoStations":
      return t("personnel.finding.twoStations", {
        who,
        station: station || t("personnel.anywhere"),
        other: other || t("personnel.anywhere"),
      });
    case "twoShifts":
      return t("personnel.finding.twoShifts", { who, other, day });
    case "duplicate":
      return t("personnel.finding.duplicate", { who, station });
    case "expired":
      return t("personnel.finding.expired", { who, skill, day });
    case "unknownWorker":
      return t("personnel.finding.unknownWorker", { who });
    case "unknownStation":
      return t("personnel.finding.unknownStation", { station });
  }
}

export const nameOf = ({
  worker,
  name,
}: {
  readonly worker?: string | undefined;
  readonly name?: string | undefined;
}): string | undefined => (name === undefined ? worker : `${name} (${worker ?? ""})`);

const ROLES: readonly string[] = ["operator", "technician", "lead", "floater"];

function Places({
  line,
  shift,
  places,
}: {
  readonly line: string;
  readonly shift: ShownShift;
  readonly places: readonly ShownPlace[];
}): ReactNode {
  const { t, zone } = useWords();
  const bad = new Set(shift.findings.map(({ station }) => station));
  const columns: readonly Column<ShownPlace & { readonly key: string }>[] = [
    {
      title: t("personnel.place"),
      className: "dw-roster-station",
      cell: ({ station, from, to }) => (
        <>
          {station || t("personnel.anywhere")}
          {from !== undefined && to !== undefined && (
            <small>
              {" "}
              {clockText(from, zone, false)}–{clockText(to, zone, false)}
            </small>
          )}
        </>
      ),
      sortBy: ({ station }) => station,
    },
    {
      title: t("personnel.who"),
      cell: ({ worker, name, isMe, remark }) => (
        <>
          {worker === undefined ? <em className="dw-roster-nobody">{t("personnel.nobody")}</em> : (name ?? worker)}
          {isMe && <span className="dw-badge">{t("personnel.me")}</span>}
          {remark !== undefined && <small> {remark === "unplanned" ? t("personnel.remark.unplanned") : remark}</small>}
        </>
      ),
      hint: ({ worker }) => worker,
      sortBy: ({ name, worker }) => name ?? worker,
    },
    {
      title: t("personnel.column.role"),
      cell: ({ role }) => (ROLES.includes(role) ? t(`personnel.role.${role as "lead"}`) : role),
      sortBy: ({ role }) => role,
    },
  ];
  return (
    <DataTable
      caption={line}
      className="dw-roster-places"
      columns={columns}
      rows={places.map((place, at) => ({ ...place, key: `${line} ${at}` }))}
      keyOf={({ key }) => key}
      rowClass={({ station, isMe }) => (isMe ? "is-me" : bad.has(station) ? "is-gap" : undefined)}
    />
  );
}

function Hints({ roster: { hints, withheld } }: { readonly roster: Roster }): ReactNode {
  const { t } = useWords();
  if (hints.length === 0 && withheld === 0) return null;
  return (
    <Card title={t("personnel.hints")} note={t("personnel.hintsNote")}>
      <HintList hints={hints} />
      {withheld > 0 && <p className="dw-note">{t("personnel.withheldHints", { count: withheld })}</p>}
    </Card>
  );
}

export function HintList({ hints }: { readonly hints: readonly ShownHint[] }): ReactNode {
  const { t, language, zone } = useWords();
  return (
    <ul className="dw-roster-hints">
      {hints.map((hint, at) => {
        const given = { who: nameOf(hint) ?? "", hours: fixedText(hint.hours, 1) };
        return (
          <li key={at}>
            {hint.kind === "rest"
              ? t("personnel.hint.rest", { ...given, at: momentText(hint.to ?? 0, zone, language, false), limit: 11 })
              : t("personnel.hint.week", { ...given, monday: hint.monday ?? "", limit: 48 })}
          </li>
        );
      })}
    </ul>
  );
}
