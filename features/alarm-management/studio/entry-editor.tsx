import { Button } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import {
  answerOf,
  Dialog,
  Failure,
  inLanguage,
  momentText,
  TaskProblem,
  useLoad,
  useProposedEdit,
  useStore,
  useStudio,
  useTask,
  useWords,
  Waiting,
} from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { DatabaseAlarm } from "../contract.ts";
import type { PhilosophyFields } from "../model/philosophy-kind.ts";
import { DifferenceTable } from "./difference-table.tsx";
import { draftOf, fieldsOf, withMatrix, type EntryDraft } from "./entry-draft.ts";
import { HowFields, WhoFields, WhyFields } from "./entry-fields.tsx";
import { StateBadge } from "./state-badge.tsx";

interface EditorProps {
  readonly id: string;
  /** Undefined where there is no such alarm. */
  readonly alarm: DatabaseAlarm | undefined;
  readonly onClose: () => void;
  readonly onStored: () => void;
}

/** One alarm is rationalised: on live what was decided is proposed, on a branch it is stored there. */
export function EntryEditor({ id, alarm, onClose, onStored }: EditorProps): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const { branch } = useStore(studio.address.store);
  const philosophy = useLoad(answerOf(calls.philosophy, { query: { branch } }, { kinds: ["alarmPhilosophy"] }));
  const title = alarm === undefined ? t("alarmManagement.edit") : t("alarmManagement.editOf", { title: inLanguage(alarm.title, language) });
  return (
    <Dialog opened onClose={onClose} title={title} size={920} centered className="dw-management-editor">
      {alarm === undefined ? (
        <p className="dw-quiet">{t("alarmManagement.none", { id })}</p>
      ) : philosophy.value === undefined ? (
        philosophy.kind === "failed" ? (
          <Failure message={philosophy.message} code={philosophy.code} onRetry={philosophy.reload} />
        ) : (
          <Waiting />
        )
      ) : (
        <EntryForm key={JSON.stringify(alarm.fields)} {...{ alarm, onClose, onStored }} philosophy={philosophy.value.fields} />
      )}
    </Dialog>
  );
}

interface FormProps extends Pick<EditorProps, "onClose" | "onStored"> {
  readonly alarm: DatabaseAlarm;
  readonly philosophy: PhilosophyFields;
}

function EntryForm({ alarm, philosophy, onClose, onStored }: FormProps): ReactNode {
  const { t, language } = useWords();
  const { client } = useStudio();
  const [draft, setDraft] = useState<EntryDraft>(() => draftOf(alarm, philosophy));
  const { busy, isLive, edit } = useProposedEdit(t("alarmManagement.failed"), () => {
    onClose();
    onStored();
  });
  const fields = fieldsOf(draft, philosophy);
  const change = (part: Partial<EntryDraft>): void =>
    setDraft((held) => {
      const next = { ...held, ...part };
      return "severity" in part || "timeToRespondS" in part ? withMatrix(next, philosophy) : next;
    });
  const title = inLanguage(alarm.title, language);
  const params = { id: alarm.id };
  return (
    <form
      className="dw-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (fields !== undefined)
          edit(t("alarmManagement.branch", { title }), (branch) =>
            calls.store(client, { params, query: { branch }, body: { fields, expected: alarm.fields ?? null } }),
          );
      }}
    >
      <Standing alarm={alarm} onStored={onStored} />
      {alarm.differences.length > 0 && (
        <DifferenceTable
          alarm={alarm}
          {...(alarm.approved && {
            onEnforce: () =>
              edit(t("alarmManagement.branchEnforce", { title }), (branch) => calls.enforce(client, { params, query: { branch } })),
          })}
        />
      )}
      <div className="dw-management-columns">
        <WhyFields draft={draft} philosophy={philosophy} onChange={change} />
        <div>
          <HowFields draft={draft} unit={alarm.unit} hasLimit={alarm.running?.setpoint !== undefined} onChange={change} />
          <WhoFields draft={draft} onChange={change} />
        </div>
      </div>
      <div className="dw-dialog-foot">
        {alarm.fields !== undefined && (
          <Button
            variant="subtle"
            color="gray"
            disabled={busy}
            onClick={() => edit(t("alarmManagement.branch", { title }), (branch) => calls.remove(client, { params, query: { branch } }))}
          >
            {t("alarmManagement.remove")}
          </Button>
        )}
        <span className="dw-grow" />
        <Button variant="default" onClick={onClose}>
          {t("frame.cancel")}
        </Button>
        <Button type="submit" loading={busy} disabled={fields === undefined}>
          {t(isLive ? "alarmManagement.propose" : "alarmManagement.store")}
        </Button>
      </div>
    </form>
  );
}

/** The state of the alarm, who wrote and who approved it, and the approval itself. */
function Standing({ alarm, onStored }: Pick<FormProps, "alarm" | "onStored">): ReactNode {
  const studio = useStudio();
  const { t, zone, language } = useWords();
  const { branch } = useStore(studio.address.store);
  const task = useTask();
  const { written, approved, fields } = alarm;
  const when = (at: number): string => momentText(at, zone, language, false);
  const approve = (): void =>
    task.run(async () => {
      await calls.approve(studio.client, { params: { id: alarm.id }, query: { branch }, body: { expected: fields! } });
      onStored();
    });
  return (
    <div className="dw-management-standing">
      <StateBadge alarm={alarm} />
      {written && <small>{t("alarmManagement.writtenBy", { name: written.by, when: when(written.at) })}</small>}
      {approved && <small>{t("alarmManagement.approvedBy", { name: approved.by, when: when(approved.at) })}</small>}
      <span className="dw-grow" />
      {fields !== undefined && approved === undefined && (
        <Button size="sm" variant="light" loading={task.busy} onClick={approve}>
          {t("alarmManagement.approve")}
        </Button>
      )}
      <TaskProblem task={task} />
    </div>
  );
}
