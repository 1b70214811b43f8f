import { Button, Checkbox, Textarea } from "@mantine/core";
import { IconCheck, IconFingerprint } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { clockText, momentText, nearText, numberText, percentText, useScope, useStudio, useTask, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { HandoverSignature, ShiftPage } from "../contract.ts";
import type { HandoverRole } from "../model/handover-kinds.ts";
import { ByMail } from "./by-mail.tsx";
import type { ShownShift } from "./shift-view.tsx";

interface Props {
  readonly page: ShiftPage;
  readonly shift: ShownShift;
  readonly reload: () => void;
}

/** Written by the system, completed by people, signed by who hands over and who takes over. */
export function Handover({ page, shift, reload }: Props): ReactNode {
  const { t } = useWords();
  return (
    <aside className="dw-shift-handover" aria-label={t("shiftPage.handover")}>
      <h2>{t("shiftPage.handover")}</h2>
      <SystemText page={page} shift={shift} />
      <Notes page={page} />
      <NoteForm page={page} shift={shift} reload={reload} />
      <Signatures page={page} />
      <Sign page={page} shift={shift} reload={reload} />
      <ByMail line={page.line} />
    </aside>
  );
}

function SystemText({ page, shift }: Pick<Props, "page" | "shift">): ReactNode {
  const { t, zone } = useWords();
  const { plan, items, alarms, rejected } = page;
  const open = items.filter(({ done }) => done === undefined).length;
  const sentences = [
    plan === undefined
      ? t("shiftPage.text.good", { good: numberText(shift.good) })
      : t("shiftPage.text.goodOf", { good: numberText(shift.good), plan: numberText(plan) }),
    ...(shift.oee === undefined ? [] : [t("shiftPage.text.oee", { station: shift.constraint, oee: percentText(shift.oee) })]),
    ...shift.topStops.slice(0, 2).map(({ station, state, seconds, count }) =>
      t("shiftPage.text.stop", {
        station,
        state: t.or(`machineState.${state}`, state).toLowerCase(),
        minutes: numberText(Math.round(seconds / 60)),
        count,
      }),
    ),
    ...(rejected.length === 0 ? [] : [t("shiftPage.text.rejected", { count: rejected.length })]),
    ...(alarms[0] === undefined ? [] : [t("shiftPage.text.alarm", { station: alarms[0].station, count: alarms[0].count })]),
    t("shiftPage.text.open", { count: open }),
  ];
  return (
    <blockquote className="is-system">
      <header>
        Doppelwerk <time>{clockText(shift.to, zone, false)}</time>
      </header>
      <p>{sentences.join(" ")}</p>
    </blockquote>
  );
}

function Notes({ page: { notes } }: Pick<Props, "page">): ReactNode {
  const studio = useStudio();
  const { language, zone } = useWords();
  return notes.map(({ id, text, author, written }) => (
    <blockquote key={id}>
      <header>
        <b>{author}</b> <time>{nearText(written, studio.now(), zone, language)}</time>
      </header>
      <p>{text}</p>
    </blockquote>
  ));
}

function NoteForm({ page, shift, reload }: Props): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const [text, setText] = useState("");
  const [isItem, setItem] = useState(false);
  const task = useTask((_, error) => studio.notifyFailure(error, t("shiftPage.notStored")));
  return (
    <form
      className="dw-screen-only dw-shift-note"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() === "") return;
        task.run(async () => {
          await calls.addNote(studio.client, {
            query: { branch },
            body: { line: page.line, shift: shift.from, text: text.trim(), isItem },
          });
          setText("");
          reload();
        });
      }}
    >
      <Textarea
        size="sm"
        label={t("shiftPage.yourNote")}
        placeholder={t("shiftPage.notePlaceholder")}
        rows={3}
        maxLength={4_000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div className="dw-shift-note-foot">
        <Checkbox size="xs" label={t("shiftPage.asItem")} checked={isItem} onChange={(event) => setItem(event.currentTarget.checked)} />
        <Button size="compact-sm" variant="default" type="submit" loading={task.busy} disabled={text.trim() === ""}>
          {t("shiftPage.addNote")}
        </Button>
      </div>
    </form>
  );
}

function Signatures({ page: { signatures } }: Pick<Props, "page">): ReactNode {
  const { t } = useWords();
  if (signatures.length === 0) return <p className="dw-quiet-text">{t("shiftPage.notSigned")}</p>;
  return (
    <ul className="dw-shift-signatures" aria-label={t("shiftPage.signatures")}>
      {signatures.map((signature) => (
        <Signature key={signature.id} signature={signature} />
      ))}
    </ul>
  );
}

function Signature({ signature: { role, by, at, figures, notesSince } }: { readonly signature: HandoverSignature }): ReactNode {
  const { t, language, zone } = useWords();
  return (
    <li title={momentText(at, zone, language)}>
      <IconCheck size={14} aria-hidden />
      <span>
        <b>{by}</b> {t(`shiftPage.role.${role}`)}
        <small>
          {t("shiftPage.signedOf", { good: numberText(figures.good) })}
          {notesSince > 0 && ` · ${t("shiftPage.notesSince", { count: notesSince })}`}
        </small>
      </span>
      <time>{clockText(at, zone, false)}</time>
    </li>
  );
}

function Sign({ page, shift, reload }: Props): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const task = useTask((_, error) => {
    studio.notifyFailure(error, t("shiftPage.notSignedNow"));
    reload();
  });
  const role: HandoverRole = page.signatures.some((signature) => signature.role === "handsOver") ? "takesOver" : "handsOver";
  const items = page.items.filter(({ shift: from }) => from === shift.from).length;
  const seen = { good: shift.good, revision: shift.revision, notes: page.notes.length + items };
  const open = page.items.filter(({ done }) => done === undefined).length;
  return (
    <div className="dw-screen-only dw-shift-sign">
      <Button
        fullWidth
        leftSection={<IconFingerprint size={18} />}
        loading={task.busy}
        onClick={() =>
          task.run(async () => {
            await calls.sign(studio.client, { query: { branch }, body: { line: page.line, shift: shift.from, role, seen } });
            reload();
          })
        }
      >
        {t(`shiftPage.sign.${role}`)}
      </Button>
      <small>{t("shiftPage.itemsGoOn", { count: open })}</small>
    </div>
  );
}
