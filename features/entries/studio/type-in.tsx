import { Button, Select, TextInput } from "@mantine/core";
import { useForm, type UseFormReturnType } from "@mantine/form";
import type { ReactNode } from "react";
import type { Instant } from "@doppelwerk/world";
import {
  Card,
  ValueField,
  fromLocal,
  signalName,
  toLocal,
  useFormTask,
  useStudio,
  useWords,
  valueOfText,
  writtenText,
  Problem,
} from "@doppelwerk/kit/studio";
import { zoneNameText, type Zone } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { EntrySignal } from "../contract.ts";

interface Typed {
  readonly value: string;
  /** The plant's wall time; empty = now. */
  readonly time: string;
  readonly note: string;
}

/** Refusals of a whole entry that one of its fields causes. */
const CODES = { "entries.valuePastOrNow": "time", "entries.signalTypeTakesNo": "value" };

export function TypeIn({ signals, onEntered }: { readonly signals: readonly EntrySignal[]; readonly onEntered: () => void }): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const form = useForm({ initialValues: { signal: null as string | null, value: "", time: "", note: "" } });
  const { values } = form;
  const { busy, failure, code, run } = useFormTask(form, { codes: CODES });
  const signal = signals.find(({ id }) => id === values.signal) ?? (signals.length === 1 ? signals[0] : undefined);
  const value = signal === undefined ? undefined : valueOfText(values.value, signal.valueType);
  const enter = async (): Promise<void> => {
    if (signal === undefined || value === undefined) return;
    const time = values.time === "" ? {} : { time: instantOf(values.time, zone) };
    const note = values.note.trim();
    const body = { signal: signal.id, value, ...time, ...(note === "" ? {} : { note }) };
    const entry = await calls.enter(studio.client, { body });
    studio.notify("good", t("entries.entered", { name: entry.name, value: writtenText(entry.value, entry.unit, t) }));
    form.setValues({ value: "", note: "" });
    onEntered();
  };
  return (
    <Card title={t("entries.title")} note={t("entries.note")}>
      <form className="dw-command-ask" onSubmit={form.onSubmit(() => void (value !== undefined && run(enter)))}>
        <Select
          size="sm"
          label={t("entries.signal")}
          searchable
          data={signals.map((each) => ({ value: each.id, label: `${signalName(each, language)} · ${each.connectionName}` }))}
          value={signal?.id ?? null}
          onChange={(next) => form.setValues({ signal: next, value: "" })}
          error={form.errors["signal"]}
          className="dw-grow"
        />
        <TypedFields form={form} signal={signal} isWrong={values.value !== "" && value === undefined} />
        <Button size="sm" type="submit" loading={busy} disabled={value === undefined}>
          {t("entries.enter")}
        </Button>
      </form>
      {isUnusual(signal, value) && (
        <p className="dw-note">{t("entries.unusual", { low: signal?.low ?? "–", high: signal?.high ?? "–" })}</p>
      )}
      {failure !== undefined && <Problem text={failure} code={code} />}
    </Card>
  );
}

function isUnusual(signal: EntrySignal | undefined, value: unknown): boolean {
  if (typeof value !== "number") return false;
  return (signal?.low !== undefined && value < signal.low) || (signal?.high !== undefined && value > signal.high);
}

function TypedFields({
  form,
  signal,
  isWrong,
}: {
  readonly form: UseFormReturnType<Typed & { readonly signal: string | null }>;
  readonly signal: EntrySignal | undefined;
  readonly isWrong: boolean;
}): ReactNode {
  const studio = useStudio();
  const { t, zone } = useWords();
  const { values, errors } = form;
  return (
    <>
      <ValueField
        label={t("commands.value")}
        valueType={signal?.valueType ?? "double"}
        unit={signal?.unit}
        text={values.value}
        onText={(text) => form.setFieldValue("value", text)}
        error={isWrong && signal !== undefined ? t(`commands.wrong.${signal.valueType}`) : (errors["value"] as string | undefined)}
      />
      <TextInput
        size="sm"
        type="datetime-local"
        step={1}
        label={t("entries.time", { zone: zoneNameText(zone.name) })}
        description={values.time === "" ? t("entries.timeNow") : undefined}
        max={localText(studio.now(), zone)}
        {...form.getInputProps("time")}
      />
      <TextInput size="sm" label={t("entries.remark")} maxLength={500} className="dw-grow" {...form.getInputProps("note")} />
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
