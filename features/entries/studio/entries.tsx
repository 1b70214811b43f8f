import { Button, Select, TextInput } from "@mantine/core";
import { IconArrowBackUp, IconPencil, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { Instant } from "@doppelwerk/world";
import {
  Card,
  DataTable,
  Empty,
  Failure,
  ValueField,
  errorText,
  fromLocal,
  momentText,
  signalName,
  toLocal,
  useLoad,
  useStudio,
  useWords,
  valueOfText,
  writtenText,
} from "@doppelwerk/kit/studio";
import type { Column, Zone } from "@doppelwerk/kit/studio";
import type { Translate } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { Entry, EntrySignal } from "../contract.ts";

const EVERY_MS = 5_000;
const SHOWN = 200;

/** Values that people type in: one form, and a list in which a correction stands beside what it corrects. */
export default function Entries(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const signals = useLoad((signal) => calls.signals(studio.client, {}, { signal }), [], EVERY_MS);
  const entries = useLoad((signal) => calls.list(studio.client, { query: { limit: SHOWN } }, { signal }), [], EVERY_MS);
  if (signals.kind === "failed" && signals.value === undefined) return <Failure message={signals.message} onRetry={signals.reload} />;
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

interface Typed {
  readonly text: string;
  /** The plant's wall time; empty = now. */
  readonly moment: string;
  readonly note: string;
}

function TypeIn({ signals, onEntered }: { readonly signals: readonly EntrySignal[]; readonly onEntered: () => void }): ReactNode {
  const { t, language } = useWords();
  const [chosen, setChosen] = useState<string | null>(null);
  const [typed, setTyped] = useState<Typed>({ text: "", moment: "", note: "" });
  const signal = signals.find(({ id }) => id === chosen) ?? (signals.length === 1 ? signals[0] : undefined);
  const value = signal === undefined ? undefined : valueOfText(typed.text, signal.valueType);
  const { busy, failure, enter } = useEnter(() => {
    setTyped((held) => ({ ...held, text: "", note: "" }));
    onEntered();
  });
  return (
    <Card title={t("entries.title")} note={t("entries.note")}>
      <form
        className="dw-command-ask"
        onSubmit={(event) => {
          event.preventDefault();
          if (signal !== undefined && value !== undefined) enter(signal, value, typed);
        }}
      >
        <Select
          size="sm"
          label={t("entries.signal")}
          searchable
          data={signals.map((each) => ({ value: each.id, label: `${signalName(each, language)} · ${each.connectionName}` }))}
          value={signal?.id ?? null}
          onChange={(next) => {
            setChosen(next);
            setTyped({ ...typed, text: "" });
          }}
          className="dw-grow"
        />
        <TypedFields signal={signal} isWrong={typed.text !== "" && value === undefined} typed={typed} onTyped={setTyped} />
        <Button size="sm" type="submit" loading={busy} disabled={value === undefined}>
          {t("entries.enter")}
        </Button>
      </form>
      {isUnusual(signal, value) && (
        <p className="dw-note">{t("entries.unusual", { low: signal?.low ?? "–", high: signal?.high ?? "–" })}</p>
      )}
      {failure !== undefined && <p className="dw-note is-trouble">{failure}</p>}
    </Card>
  );
}

function isUnusual(signal: EntrySignal | undefined, value: unknown): boolean {
  if (typeof value !== "number") return false;
  return (signal?.low !== undefined && value < signal.low) || (signal?.high !== undefined && value > signal.high);
}

function useEnter(onEntered: () => void): {
  readonly busy: boolean;
  readonly failure: string | undefined;
  readonly enter: (signal: EntrySignal, value: number | boolean | string, typed: Typed) => void;
} {
  const studio = useStudio();
  const { t, zone } = useWords();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | undefined>(undefined);
  return {
    busy,
    failure,
    enter(signal, value, { moment, note }) {
      setBusy(true);
      setFailure(undefined);
      const time = moment === "" ? {} : { time: instantOf(moment, zone) };
      const body = { signal: signal.id, value, ...time, ...(note.trim() === "" ? {} : { note: note.trim() }) };
      calls
        .enter(studio.client, { body })
        .then((entry) => {
          studio.notify("good", t("entries.entered", { name: entry.name, value: writtenText(entry.value, entry.unit, t) }));
          onEntered();
        })
        .catch((error: unknown) => setFailure(errorText(error)))
        .finally(() => setBusy(false));
    },
  };
}

function TypedFields({
  signal,
  isWrong,
  typed,
  onTyped,
}: {
  readonly signal: EntrySignal | undefined;
  readonly isWrong: boolean;
  readonly typed: Typed;
  readonly onTyped: (typed: Typed) => void;
}): ReactNode {
  const studio = useStudio();
  const { t, zone } = useWords();
  return (
    <>
      <ValueField
        label={t("commands.value")}
        valueType={signal?.valueType ?? "double"}
        unit={signal?.unit}
        text={typed.text}
        onText={(text) => onTyped({ ...typed, text })}
        error={isWrong && signal !== undefined ? t(`commands.wrong.${signal.valueType}`) : undefined}
      />
      <TextInput
        size="sm"
        type="datetime-local"
        step={1}
        label={t("entries.time", { zone: zone.name })}
        description={typed.moment === "" ? t("entries.timeNow") : undefined}
        value={typed.moment}
        max={localText(studio.now(), zone)}
        onChange={(event) => onTyped({ ...typed, moment: event.currentTarget.value })}
      />
      <TextInput
        size="sm"
        label={t("entries.remark")}
        value={typed.note}
        maxLength={500}
        onChange={(event) => onTyped({ ...typed, note: event.currentTarget.value })}
        className="dw-grow"
      />
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

/** Correcting an entry, in its row; what was corrected or withdrawn stays as it is. */
function RowAction({
  entry,
  valueType,
  isCorrecting,
  onCorrect,
  onChanged,
}: {
  readonly entry: Entry;
  readonly valueType: string;
  readonly isCorrecting: boolean;
  readonly onCorrect: (isCorrecting: boolean) => void;
  readonly onChanged: () => void;
}): ReactNode {
  const { t } = useWords();
  if (isCorrecting)
    return (
      <Correct
        entry={entry}
        valueType={valueType}
        onDone={() => {
          onCorrect(false);
          onChanged();
        }}
        onCancel={() => onCorrect(false)}
      />
    );
  if (entry.correctedBy !== undefined || entry.value === undefined) return null;
  return (
    <Button size="compact-sm" variant="subtle" leftSection={<IconPencil size={14} />} onClick={() => onCorrect(true)}>
      {t("entries.correct")}
    </Button>
  );
}

function Correct({
  entry,
  valueType,
  onDone,
  onCancel,
}: {
  readonly entry: Entry;
  readonly valueType: string;
  readonly onDone: () => void;
  readonly onCancel: () => void;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [text, setText] = useState("");
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const value = valueOfText(text, valueType);
  const send = (next: number | boolean | string | null): void => {
    setBusy(true);
    calls
      .enter(studio.client, {
        body: { signal: entry.signal, value: next, corrects: entry.id, ...(note.trim() === "" ? {} : { note: note.trim() }) },
      })
      .then(onDone)
      .catch((error: unknown) => {
        studio.notify("trouble", errorText(error));
        setBusy(false);
      });
  };
  return (
    <form
      className="dw-command-ask"
      onSubmit={(event) => {
        event.preventDefault();
        if (value !== undefined) send(value);
      }}
    >
      <ValueField label={t("entries.rightValue")} valueType={valueType} unit={entry.unit} text={text} onText={setText} />
      <TextInput
        size="sm"
        label={t("entries.why")}
        value={note}
        maxLength={500}
        onChange={(event) => setNote(event.currentTarget.value)}
        className="dw-grow"
      />
      <Button size="sm" type="submit" loading={busy} disabled={value === undefined}>
        {t("entries.correct")}
      </Button>
      <Button size="sm" variant="default" disabled={busy} leftSection={<IconArrowBackUp size={14} />} onClick={() => send(null)}>
        {t("entries.withdraw")}
      </Button>
      <Button size="sm" variant="subtle" disabled={busy} onClick={onCancel}>
        {t("entries.cancel")}
      </Button>
    </form>
  );
}

/** What may be typed in is declared first, with its unit: a number without one is unknown for good. */
function Declare({ known, onDeclared }: { readonly known: readonly EntrySignal[]; readonly onDeclared: () => void }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [book, setBook] = useState("");
  const [name, setName] = useState("");
  const [unit, setUnit] = useState("");
  const [valueType, setValueType] = useState("integer");
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const [busy, setBusy] = useState(false);
  const bookName = (book.trim() || known[0]?.connectionName) ?? t("entries.book");
  const declare = async (): Promise<void> => {
    setBusy(true);
    setFailure(undefined);
    try {
      const same = known.find(({ connectionName }) => connectionName === bookName);
      const detail = same === undefined ? undefined : await studio.client.connection(same.connection);
      const url = detail?.url ?? `entered:${encodeURIComponent(bookName.toLowerCase().replace(/\s+/g, "-"))}`;
      const declared = (detail?.settings?.["signals"] as readonly object[] | undefined) ?? [];
      const added = { address: name.trim(), name: name.trim(), valueType, ...(unit.trim() === "" ? {} : { unit: unit.trim() }) };
      await studio.client.connect({ url, name: bookName, protocol: "entered", settings: { signals: [...declared, added] } });
      setName("");
      onDeclared();
    } catch (error) {
      setFailure(errorText(error));
    }
    setBusy(false);
  };
  return (
    <Card title={t("entries.declareTitle")} note={t("entries.declareNote")}>
      <form
        className="dw-command-ask"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== "") void declare();
        }}
      >
        <TextInput
          size="sm"
          label={t("entries.name")}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          className="dw-grow"
        />
        <TextInput size="sm" label={t("entries.unit")} value={unit} onChange={(event) => setUnit(event.currentTarget.value)} w={96} />
        <Select
          size="sm"
          label={t("entries.type")}
          data={["integer", "double", "boolean", "string"].map((type) => ({ value: type, label: t.or(`entries.types.${type}`, type) }))}
          value={valueType}
          onChange={(next) => setValueType(next ?? "integer")}
          allowDeselect={false}
          w={150}
        />
        <TextInput
          size="sm"
          label={t("entries.bookLabel")}
          placeholder={bookName}
          value={book}
          onChange={(event) => setBook(event.currentTarget.value)}
        />
        <Button size="sm" variant="default" type="submit" loading={busy} disabled={name.trim() === ""} leftSection={<IconPlus size={15} />}>
          {t("entries.declare")}
        </Button>
      </form>
      {failure !== undefined && <p className="dw-note is-trouble">{failure}</p>}
    </Card>
  );
}

function typeOf(entry: Entry): string {
  return typeof entry.value === "boolean" ? "boolean" : typeof entry.value === "string" ? "string" : "double";
}

/** The plant's wall time, as the field of the browser writes it. */
function localText(instant: Instant, zone: Zone): string {
  return new Date(toLocal(zone, instant) / 1_000).toISOString().slice(0, 19);
}

function instantOf(text: string, zone: Zone): Instant {
  return fromLocal(zone, Date.parse(`${text.length === 16 ? `${text}:00` : text}Z`) * 1_000);
}
