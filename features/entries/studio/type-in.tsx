import { Button, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import type { Instant } from "@doppelwerk/world";
import {
  Card,
  ValueField,
  errorText,
  fromLocal,
  signalName,
  toLocal,
  useStudio,
  useWords,
  valueOfText,
  writtenText,
} from "@doppelwerk/kit/studio";
import type { Zone } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { EntrySignal } from "../contract.ts";

interface Typed {
  readonly text: string;
  /** The plant's wall time; empty = now. */
  readonly moment: string;
  readonly note: string;
}

export function TypeIn({ signals, onEntered }: { readonly signals: readonly EntrySignal[]; readonly onEntered: () => void }): ReactNode {
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

/** The plant's wall time, as the field of the browser writes it. */
function localText(instant: Instant, zone: Zone): string {
  return new Date(toLocal(zone, instant) / 1_000).toISOString().slice(0, 19);
}

function instantOf(text: string, zone: Zone): Instant {
  return fromLocal(zone, Date.parse(`${text.length === 16 ? `${text}:00` : text}Z`) * 1_000);
}
