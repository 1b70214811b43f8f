import { Button, MultiSelect, Textarea } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { periodText, signalName, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { Note } from "../contract.ts";

interface FormProps {
  /** Undefined: a new one. */
  readonly note: Note | undefined;
  readonly span: { readonly from: number; readonly to: number };
  /** Those shown, which a new note is about. */
  readonly signals: readonly string[];
  readonly onClose: () => void;
  readonly onStored: () => void;
}

/** A note on the stretch that was shown when the form was opened. */
export function NoteForm({ note, span, signals, onClose, onStored }: FormProps): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const { branch } = useStore(studio.address.store);
  const [text, setText] = useState(note?.text ?? "");
  const [subjects, setSubjects] = useState<readonly string[]>(note?.subjects ?? signals);
  const [held] = useState(note ?? span);
  const [busy, setBusy] = useState(false);
  const store = async (): Promise<void> => {
    const body = { from: held.from, to: held.to, text, subjects };
    setBusy(true);
    try {
      if (note === undefined) await calls.add(studio.client, { query: { branch }, body });
      else await calls.edit(studio.client, { params: { id: note.id }, query: { branch }, body });
      onClose();
      onStored();
    } catch (error) {
      studio.notifyFailure(error, t("notes.notStored"));
      setBusy(false);
    }
  };
  const offered = [...new Set([...signals, ...subjects])];
  return (
    <form
      className="dw-form dw-span-note-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== "") void store();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
      }}
    >
      <Textarea
        size="sm"
        label={t("notes.text", { span: periodText(held.from, held.to, zone, language) })}
        rows={3}
        maxLength={4_000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        autoFocus
      />
      <MultiSelect
        size="sm"
        label={t("notes.about")}
        placeholder={subjects.length === 0 ? t("notes.wholePlant") : ""}
        value={[...subjects]}
        onChange={setSubjects}
        data={offered.map((id) => ({ value: id, label: signalName(studio.signals.entry(id), language, id) }))}
      />
      <div className="dw-dialog-foot">
        <Button size="compact-sm" variant="default" onClick={onClose}>
          {t("frame.cancel")}
        </Button>
        <Button size="compact-sm" type="submit" loading={busy} disabled={text.trim() === ""}>
          {t("notes.store")}
        </Button>
      </div>
    </form>
  );
}
