import { NativeSelect, TextInput, UnstyledButton } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import {
  AddressLink,
  AlarmShape,
  answerOf,
  DataTable,
  durationText,
  Empty,
  Failure,
  inLanguage,
  NotReadAgain,
  numberText,
  plantKinds,
  SECOND,
  useLoad,
  useStore,
  useStudio,
  useWords,
  Waiting,
  withUnit,
  type Column,
} from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { DatabaseAlarm } from "../contract.ts";
import { ENTRY_STATES, type EntryState } from "../model/enforcement.ts";
import { EntryEditor } from "./entry-editor.tsx";
import { formatManagement } from "./management-address.ts";
import { StateBadge } from "./state-badge.tsx";

/** Every alarm with what was decided of it. `database/ID` in the address opens one; a state in its place lists those in it. */
export function Database({ rest: [first] }: { readonly rest: readonly string[] }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { branch } = useStore(studio.address.store);
  const [search, setSearch] = useState("");
  const chosen = ENTRY_STATES.find((state) => state === first);
  const open = chosen === undefined ? first : undefined;
  const loaded = useLoad(
    answerOf(calls.database, { query: { branch } }, { kinds: ["alarmRule", "alarmEntry", "alarmPhilosophy", ...plantKinds] }),
  );
  const alarms = loaded.value;
  if (alarms === undefined)
    return loaded.kind === "failed" ? <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} /> : <Waiting />;
  const needle = search.trim().toLowerCase();
  const found = alarms.filter(
    ({ state, title, station = "" }) =>
      (chosen === undefined || state === chosen) && `${station} ${title.en} ${title.zh}`.toLowerCase().includes(needle),
  );
  const go = (step: string | undefined): void =>
    studio.address.amend({ detail: formatManagement({ tab: "database", rest: step === undefined ? [] : [step] }) });
  return (
    <div className="dw-management-scroll">
      <div className="dw-management-tools">
        <StateChoice alarms={alarms} chosen={chosen} onChoose={go} />
        <TextInput
          size="sm"
          leftSection={<IconSearch size={14} />}
          placeholder={t("alarmManagement.search")}
          aria-label={t("alarmManagement.search")}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <span className="dw-grow" />
        <AddressLink to={{ view: "settings", detail: "plant", card: "lists.card" }}>{t("alarmManagement.export")}</AddressLink>
      </div>
      <NotReadAgain loaded={loaded} />
      <AlarmTable alarms={found} onOpen={go} />
      {open !== undefined && (
        <EntryEditor
          key={open}
          id={open}
          alarm={alarms.find(({ id }) => id === open)}
          onClose={() => go(undefined)}
          onStored={loaded.reload}
        />
      )}
    </div>
  );
}

/** The states with how many alarms each has. */
function StateChoice({
  alarms,
  chosen,
  onChoose,
}: {
  readonly alarms: readonly DatabaseAlarm[];
  readonly chosen: EntryState | undefined;
  readonly onChoose: (state: string | undefined) => void;
}): ReactNode {
  const { t } = useWords();
  const count = (state: EntryState): number => alarms.filter((alarm) => alarm.state === state).length;
  return (
    <NativeSelect
      size="sm"
      aria-label={t("alarmManagement.states")}
      value={chosen ?? ""}
      data={[
        { value: "", label: `${t("alarmManagement.all")} ${alarms.length}` },
        ...ENTRY_STATES.map((state) => ({ value: state, label: `${t(`alarmManagement.state.${state}`)} ${count(state)}` })),
      ]}
      onChange={({ currentTarget: { value } }) => onChoose(value === "" ? undefined : value)}
    />
  );
}

function AlarmTable({ alarms, onOpen }: { readonly alarms: readonly DatabaseAlarm[]; readonly onOpen: (id: string) => void }): ReactNode {
  const { t, language } = useWords();
  const columns: readonly Column<DatabaseAlarm>[] = [
    {
      title: t("alarmManagement.priority"),
      sortBy: ({ fields, running }) => fields?.priority ?? running?.priority,
      cell: (alarm) => <PriorityCell alarm={alarm} />,
    },
    { title: t("alarmManagement.station"), sortBy: ({ station }) => station, cell: ({ station = "" }) => station },
    {
      title: t("alarmManagement.alarm"),
      sortBy: ({ title }) => inLanguage(title, language),
      cell: ({ id, title }) => (
        <UnstyledButton className="dw-text-link" onClick={() => onOpen(id)}>
          {inLanguage(title, language)}
        </UnstyledButton>
      ),
    },
    {
      title: t("alarmManagement.states"),
      sortBy: ({ state }) => ENTRY_STATES.indexOf(state),
      cell: (alarm) => <StateBadge alarm={alarm} />,
    },
    { title: t("alarmManagement.setpoint"), isNumber: true, cell: (alarm) => <Decided alarm={alarm} field="setpoint" /> },
    { title: t("alarmManagement.timeToRespond"), isNumber: true, cell: (alarm) => <Decided alarm={alarm} field="timeToRespondS" /> },
    {
      title: t("alarmManagement.response"),
      className: "dw-management-text",
      cell: ({ fields, running }) => inLanguage(fields?.response ?? running?.response ?? { en: "", zh: "" }, language),
    },
  ];
  return (
    <DataTable
      caption={t("alarmManagement.table")}
      columns={columns}
      rows={alarms}
      keyOf={({ id }) => id}
      empty={<Empty title={t("alarmManagement.noneTitle")} text={t("alarmManagement.noneText")} />}
    />
  );
}

function PriorityCell({ alarm: { fields, running } }: { readonly alarm: DatabaseAlarm }): ReactNode {
  const { t } = useWords();
  const priority = fields?.priority ?? running!.priority;
  const other = fields !== undefined && running !== undefined && running.priority !== priority ? running.priority : undefined;
  return (
    <span className={`dw-management-mark dw-p${priority}`}>
      <AlarmShape priority={priority} size={14} /> {priority}
      {other !== undefined && <small className="dw-management-differs">{t("alarmManagement.runsWith", { value: String(other) })}</small>}
    </span>
  );
}

/** A value as it was decided, else as it runs; where both are there and differ, both. */
function Decided({ alarm, field }: { readonly alarm: DatabaseAlarm; readonly field: "setpoint" | "timeToRespondS" }): ReactNode {
  const { t, language } = useWords();
  const text = (value: number | undefined): string =>
    value === undefined ? "" : field === "setpoint" ? withUnit(numberText(value), alarm.unit) : durationText(value * SECOND, language);
  const [decided, running] = [alarm.fields?.[field], alarm.running?.[field]];
  const differs = alarm.fields !== undefined && running !== undefined && decided !== running;
  return (
    <span className="dw-management-value">
      {text(alarm.fields === undefined ? running : decided)}
      {differs && <small className="dw-management-differs">{t("alarmManagement.runsWith", { value: text(running) })}</small>}
    </span>
  );
}
