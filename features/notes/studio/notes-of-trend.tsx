import { ActionIcon, Button } from "@mantine/core";
import { IconNote, IconPencil, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { Card, momentText, NotReadAgain, periodText, signalName, useLoad, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { TrendNotesProps } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { Note } from "../contract.ts";
import { NoteForm } from "./note-form.tsx";
import "./notes.css";

/** Notes on the stretch that trends show, and the way to write one on it. */
export default function NotesOfTrend({ from, to, signals }: TrendNotesProps): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { branch } = useStore(studio.address.store);
  const commits = useStore(studio.commits);
  const [form, setForm] = useState<Note | "new">();
  const span = { from: Math.floor(from), to: Math.ceil(to) };
  // a live trend moves on all the time: asked again when it moved by a twentieth
  const step = Math.max(1, (span.to - span.from) / 20);
  const loaded = useLoad(
    (signal) => calls.list(studio.client, { query: { branch, ...span } }, { signal }),
    [branch, Math.round(span.from / step), Math.round(span.to / step)],
    undefined,
    commits,
  );
  const notes = loaded.value ?? [];
  const remove = (note: Note): void => {
    calls
      .remove(studio.client, { params: { id: note.id }, query: { branch } })
      .then(loaded.reload, (error: unknown) => studio.notifyFailure(error, t("notes.notRemoved")));
  };
  return (
    <Card title={t("notes.title")} note={loaded.kind === "failed" ? loaded.message : t("notes.count", { count: notes.length })}>
      <NotReadAgain loaded={loaded} />
      {notes.length > 0 && (
        <ul className="dw-span-notes">
          {notes.map((note) => (
            <NoteItem key={note.id} note={note} onEdit={() => setForm(note)} onRemove={() => remove(note)} />
          ))}
        </ul>
      )}
      {form === undefined ? (
        <Button
          size="compact-sm"
          variant="default"
          className="dw-span-note-add"
          leftSection={<IconNote size={14} />}
          onClick={() => setForm("new")}
        >
          {t("notes.add")}
        </Button>
      ) : (
        <NoteForm
          key={form === "new" ? "new" : form.id}
          note={form === "new" ? undefined : form}
          span={span}
          signals={signals}
          onClose={() => setForm(undefined)}
          onStored={loaded.reload}
        />
      )}
    </Card>
  );
}

function NoteItem({
  note,
  onEdit,
  onRemove,
}: {
  readonly note: Note;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const subjects = note.subjects.map((id) => signalName(studio.signals.entry(id), language, id)).join(", ");
  return (
    <li>
      <header>
        <b>{note.author}</b>
        <small>{momentText(note.edited ?? note.written, zone, language, false)}</small>
        {note.edited !== undefined && <small>{t("notes.edited")}</small>}
        <span className="dw-grow" />
        {note.isMine && (
          <>
            <ActionIcon variant="subtle" color="gray" aria-label={t("notes.change", { text: note.text })} onClick={onEdit}>
              <IconPencil size={14} />
            </ActionIcon>
            <ActionIcon variant="subtle" color="gray" aria-label={t("notes.remove", { text: note.text })} onClick={onRemove}>
              <IconTrash size={14} />
            </ActionIcon>
          </>
        )}
      </header>
      <p>{note.text}</p>
      <small>
        {periodText(note.from, note.to, zone, language)} · {subjects === "" ? t("notes.wholePlant") : subjects}
      </small>
    </li>
  );
}
