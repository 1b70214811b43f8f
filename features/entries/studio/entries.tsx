import { Button, Select, TextInput } from "@mantine/core";
import { IconArrowBackUp, IconPencil, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { Instant } from "@doppelwerk/world";
import {
  Card,
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
import type { Zone } from "@doppelwerk/kit/studio";
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

function TypeIn({ signals, onEntered }: { readonly signals: readonly EntrySignal[]; readonly onEntered: () => void }): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const [chosen, setChosen] = useState<string | null>(null);
  const [text, setText] = useState("");
  const [moment, setMoment] = useState("");
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const signal = signals.find(({ id }) => id === chosen) ?? (signals.length === 1 ? signals[0] : undefined);
  const value = signal === undefined ? undefined : valueOfText(text, signal.valueType);
  const unusual =
    typeof value === "number" && ((signal?.low !== undefined && value < signal.low) || (signal?.high !== undefined && value > signal.high));
  const enter = (): void => {
    if (signal === undefined || value === undefined) return;
    setBusy(true);
    setFailure(undefined);
    const time = moment === "" ? {} : { time: instantOf(moment, zone) };
    const body = { signal: signal.id, value, ...time, ...(note.trim() === "" ? {} : { note: note.trim() }) };
    calls
      .enter(studio.client, { body })
      .then((entry) => {
        studio.notify("good", t("entries.entered", { name: entry.name, value: writtenText(entry.value, entry.unit, t) }));
        setText("");
        setNote("");
        onEntered();
      })
      .catch((error: unknown) => setFailure(errorText(error)))
      .finally(() => setBusy(false));
  };
  return (
    <Card title={t("entries.title")} note={t("entries.note")}>
      <form
        className="dw-command-ask"
        onSubmit={(event) => {
          event.preventDefault();
          enter();
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
            setText("");
          }}
          className="dw-grow"
        />
        <ValueField
          label={t("commands.value")}
          valueType={signal?.valueType ?? "double"}
          unit={signal?.unit}
          text={text}
          onText={setText}
          error={text !== "" && signal !== undefined && value === undefined ? t(`commands.wrong.${signal.valueType}`) : undefined}
        />
        <TextInput
          size="sm"
          type="datetime-local"
          step={1}
          label={t("entries.time", { zone: zone.name })}
          description={moment === "" ? t("entries.timeNow") : undefined}
          value={moment}
          max={localText(studio.now(), zone)}
          onChange={(event) => setMoment(event.currentTarget.value)}
        />
        <TextInput
          size="sm"
          label={t("entries.remark")}
          value={note}
          maxLength={500}
          onChange={(event) => setNote(event.currentTarget.value)}
          className="dw-grow"
        />
        <Button size="sm" type="submit" loading={busy} disabled={value === undefined}>
          {t("entries.enter")}
        </Button>
      </form>
      {unusual && <p className="dw-note">{t("entries.unusual", { low: signal?.low ?? "–", high: signal?.high ?? "–" })}</p>}
      {failure !== undefined && <p className="dw-note is-trouble">{failure}</p>}
    </Card>
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
  return (
    <table className="dw-written">
      <thead>
        <tr>
          <th>{t("entries.of")}</th>
          <th>{t("entries.signal")}</th>
          <th className="is-number">{t("commands.value")}</th>
          <th>{t("entries.by")}</th>
          <th>{t("entries.remark")}</th>
          <th />
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => {
          const better = entry.correctedBy === undefined ? undefined : byId.get(entry.correctedBy);
          return (
            <tr key={entry.id} className={entry.correctedBy === undefined ? "" : "is-struck"}>
              <td data-label={t("entries.of")}>{momentText(entry.time, zone, language)}</td>
              <td data-label={t("entries.signal")}>{entry.name}</td>
              <td data-label={t("commands.value")} className={typeof entry.value === "number" ? "is-number" : ""}>
                {entry.value === undefined ? t("entries.withdrawn") : writtenText(entry.value, entry.unit, t)}
              </td>
              <td data-label={t("entries.by")}>
                {entry.enteredByName}
                <small>{t("entries.at", { moment: momentText(entry.enteredAt, zone, language) })}</small>
              </td>
              <td data-label={t("entries.remark")}>
                {entry.note}
                {entry.corrects !== undefined && <small>{t(entry.value === undefined ? "entries.withdraws" : "entries.corrects")}</small>}
                {entry.correctedBy !== undefined && (
                  <small>
                    {better === undefined
                      ? t("entries.wasCorrected")
                      : t("entries.correctedTo", {
                          value: better.value === undefined ? t("entries.withdrawn") : writtenText(better.value, better.unit, t),
                          name: better.enteredByName,
                        })}
                  </small>
                )}
              </td>
              <td className="dw-row-actions">
                {entry.correctedBy === undefined && entry.value !== undefined && correcting !== entry.id && (
                  <Button size="compact-sm" variant="subtle" leftSection={<IconPencil size={14} />} onClick={() => setCorrecting(entry.id)}>
                    {t("entries.correct")}
                  </Button>
                )}
                {correcting === entry.id && (
                  <Correct
                    entry={entry}
                    valueType={signals.find(({ id }) => id === entry.signal)?.valueType ?? typeOf(entry)}
                    onDone={() => {
                      setCorrecting(undefined);
                      onChanged();
                    }}
                    onCancel={() => setCorrecting(undefined)}
                  />
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
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
          data={["integer", "double", "boolean", "string"].map((type) => ({ value: type, label: t(`entries.types.${type}`) }))}
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
