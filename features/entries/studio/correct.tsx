import { Button, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconArrowBackUp, IconPencil } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { ValueField, useFormTask, useStudio, useWords, valueOfText, Problem } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { Entry } from "../contract.ts";

/** Refusals of a whole correction that its value causes. */
const CODES = { "entries.signalTypeTakesNo": "value" };

/** Correcting an entry, in its row; what was corrected or withdrawn stays as it is. */
export function RowAction({
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
  const form = useForm({ initialValues: { value: "", note: "" } });
  const { busy, failure, code, run } = useFormTask(form, { codes: CODES });
  const value = valueOfText(form.values.value, valueType);
  const send = (next: number | boolean | string | null): void =>
    run(async () => {
      const note = form.values.note.trim();
      const body = { signal: entry.signal, value: next, corrects: entry.id, ...(note === "" ? {} : { note }) };
      await calls.enter(studio.client, { body });
      onDone();
    });
  return (
    <form className="dw-command-ask" onSubmit={form.onSubmit(() => void (value !== undefined && send(value)))}>
      <ValueField
        label={t("entries.rightValue")}
        valueType={valueType}
        unit={entry.unit}
        text={form.values.value}
        onText={(text) => form.setFieldValue("value", text)}
        error={form.errors["value"] as string | undefined}
      />
      <TextInput size="sm" label={t("entries.why")} maxLength={500} className="dw-grow" {...form.getInputProps("note")} />
      <Button size="sm" type="submit" loading={busy} disabled={value === undefined}>
        {t("entries.correct")}
      </Button>
      <Button size="sm" variant="default" disabled={busy} leftSection={<IconArrowBackUp size={14} />} onClick={() => send(null)}>
        {t("entries.withdraw")}
      </Button>
      <Button size="sm" variant="subtle" disabled={busy} onClick={onCancel}>
        {t("entries.cancel")}
      </Button>
      {failure !== undefined && <Problem text={failure} code={code} />}
    </form>
  );
}
