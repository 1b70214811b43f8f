import { Button, TextInput } from "@mantine/core";
import { IconArrowBackUp, IconPencil } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { ValueField, errorText, useStudio, useWords, valueOfText } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { Entry } from "../contract.ts";

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
