import { useState } from "react";
import type { ReactNode } from "react";
import { Card, DataTable, Empty, Failure, momentText, useLoad, useStudio, useWords, writtenText } from "@doppelwerk/kit/studio";
import type { Column } from "@doppelwerk/kit/studio";
import type { Translate } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { Entry, EntrySignal } from "../contract.ts";
import { RowAction } from "./correct.tsx";
import { Declare } from "./declare.tsx";
import { TypeIn } from "./type-in.tsx";

const EVERY_MS = 5_000;
const SHOWN = 200;

/** Values that people type in: one form, and a list in which a correction stands beside what it corrects. */
export default function Entries(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const signals = useLoad((signal) => calls.signals(studio.client, {}, { signal }), [], EVERY_MS);
  const entries = useLoad((signal) => calls.list(studio.client, { query: { limit: SHOWN } }, { signal }), [], EVERY_MS);
  if (signals.kind === "failed" && signals.value === undefined)
    return <Failure message={signals.message} code={signals.code} onRetry={signals.reload} />;
  const known = signals.value ?? [];
  const list = entries.value ?? [];
  return (
    <>
      {signals.value?.length === 0 && <Empty title={t("entries.noneTitle")} text={t("entries.noneText")} />}
      {known.length > 0 && <TypeIn signals={known.filter(({ open }) => open)} onEntered={entries.reload} />}
      <Card title={t("entries.listTitle")} note={t("entries.listNote")}>
        {list.length === 0 ? (
          <p className="dw-quiet">{t("entries.listEmpty")}</p>
        ) : (
          <EntryList entries={list} signals={known} onChanged={entries.reload} />
        )}
      </Card>
      <Declare known={known} onDeclared={signals.reload} />
    </>
  );
}

function EntryList({
  entries,
  signals,
  onChanged,
}: {
  readonly entries: readonly Entry[];
  readonly signals: readonly EntrySignal[];
  readonly onChanged: () => void;
}): ReactNode {
  const { t, language, zone } = useWords();
  const [correcting, setCorrecting] = useState<string | undefined>(undefined);
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const columns: readonly Column<Entry>[] = [
    { title: t("entries.of"), cell: ({ time }) => momentText(time, zone, language) },
    { title: t("entries.signal"), cell: ({ name }) => name },
    { title: t("commands.value"), isNumber: ({ value }) => typeof value === "number", cell: (entry) => enteredText(entry, t) },
    {
      title: t("entries.by"),
      cell: ({ enteredByName, enteredAt }) => (
        <>
          {enteredByName}
          <small>{t("entries.at", { moment: momentText(enteredAt, zone, language) })}</small>
        </>
      ),
    },
    {
      title: t("entries.remark"),
      cell: (entry) => <Remark entry={entry} better={entry.correctedBy === undefined ? undefined : byId.get(entry.correctedBy)} />,
    },
    {
      title: "",
      cell: (entry) => (
        <RowAction
          entry={entry}
          valueType={signals.find(({ id }) => id === entry.signal)?.valueType ?? typeOf(entry)}
          isCorrecting={correcting === entry.id}
          onCorrect={(isCorrecting) => setCorrecting(isCorrecting ? entry.id : undefined)}
          onChanged={onChanged}
        />
      ),
    },
  ];
  return (
    <DataTable
      caption={t("entries.listTitle")}
      columns={columns}
      rows={entries}
      keyOf={({ id }) => id}
      rowClass={({ correctedBy }) => (correctedBy === undefined ? undefined : "is-struck")}
    />
  );
}

function enteredText({ value, unit }: Entry, t: Translate): string {
  return value === undefined ? t("entries.withdrawn") : writtenText(value, unit, t);
}

/** What was remarked, and what the entry corrects or was corrected to. */
function Remark({ entry, better }: { readonly entry: Entry; readonly better: Entry | undefined }): ReactNode {
  const { t } = useWords();
  return (
    <>
      {entry.note}
      {entry.corrects !== undefined && <small>{t(entry.value === undefined ? "entries.withdraws" : "entries.corrects")}</small>}
      {entry.correctedBy !== undefined && (
        <small>
          {better === undefined
            ? t("entries.wasCorrected")
            : t("entries.correctedTo", { value: enteredText(better, t), name: better.enteredByName ?? "" })}
        </small>
      )}
    </>
  );
}

function typeOf(entry: Entry): string {
  return typeof entry.value === "boolean" ? "boolean" : typeof entry.value === "string" ? "string" : "double";
}
