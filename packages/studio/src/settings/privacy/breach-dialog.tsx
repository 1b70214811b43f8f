import { Button, NumberInput, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import type { BreachCase } from "@doppelwerk/client";
import {
  DataTable,
  FormDialog,
  momentText,
  saveFile,
  TaskProblem,
  useSentForm,
  useStudio,
  useTask,
  useWords,
  type Column,
} from "@doppelwerk/ui";
import { BreachFields, fieldsOf, type TypedBreach } from "./breach-fields.tsx";
import { BreachState } from "./breach-state.tsx";

interface BreachDialogProps {
  readonly breach: BreachCase;
  readonly onClose: () => void;
  readonly onChanged: () => void;
}

/** A case is followed: what is known of it, the time that is left, evidence, the notice to the authority, and its end. A closed one is read. */
export function BreachDialog({ breach, onClose, onChanged }: BreachDialogProps): ReactNode {
  const { client } = useStudio();
  const { t, zone, language } = useWords();
  const { id, what, categories, people, measures, closed } = breach;
  const form = useSentForm<TypedBreach>({ what, categories: [...categories], people, measures }, async (typed) => {
    await client.changeBreach(id, fieldsOf(typed));
    onChanged();
    onClose();
  });
  const moment = (time: string): string => momentText(Date.parse(time) * 1_000, zone, language);
  return (
    <FormDialog
      form={form as never}
      title={t("settings.breach.case")}
      size={640}
      submit={t("settings.privacySave")}
      isWhole={closed === undefined && form.isChanged && form.values.what.trim() !== ""}
      onClose={onClose}
    >
      <p role="status">
        <BreachState breach={breach} /> · {t("settings.breach.deadline", { time: moment(breach.deadline) })}
      </p>
      {closed === undefined ? (
        <BreachFields form={form} />
      ) : (
        <p>{t("settings.breach.end", { time: moment(closed.at), by: closed.by, reason: closed.reason })}</p>
      )}
      <Evidence breach={breach} onChanged={onChanged} />
      {closed === undefined && <Steps breach={breach} onClose={onClose} onChanged={onChanged} />}
    </FormDialog>
  );
}

/** Entries of the transparency log with their proofs, kept beside the case. */
function Evidence({ breach: { id, evidence, closed }, onChanged }: Omit<BreachDialogProps, "onClose">): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const task = useTask();
  const [from, setFrom] = useState<number | string>("");
  const [to, setTo] = useState<number | string>("");
  const columns: readonly Column<BreachCase["evidence"][number]>[] = [
    { title: t("settings.breach.entries"), cell: (one) => `${one.from}–${one.to}` },
    { title: "SHA-256", cell: ({ sha256 }) => <code className="dw-fingerprint">{sha256}</code> },
    {
      title: "",
      cell: ({ file }) => (
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => task.run(async () => saveFile("evidence.json", new Blob([await client.breachEvidence(id, file)])))}
        >
          {t("settings.breach.download")}
        </Button>
      ),
    },
  ];
  const attach = (): void =>
    task.run(async () => {
      await client.attachBreachEvidence(id, { from: Number(from), to: Number(to === "" ? from : to) });
      onChanged();
    });
  return (
    <>
      <h3 className="dw-card-part-title">{t("settings.breach.evidence")}</h3>
      {evidence.length > 0 && (
        <DataTable
          caption={t("settings.breach.evidence")}
          className="dw-written"
          columns={columns}
          rows={evidence}
          keyOf={({ file }) => file}
        />
      )}
      {closed === undefined && (
        <div className="dw-breach-step">
          <NumberInput label={t("settings.breach.from")} min={0} allowDecimal={false} value={from} onChange={setFrom} />
          <NumberInput label={t("settings.breach.to")} min={0} allowDecimal={false} value={to} onChange={setTo} />
          <Button variant="default" loading={task.busy} disabled={from === ""} onClick={attach}>
            {t("settings.breach.attach")}
          </Button>
        </div>
      )}
      <TaskProblem task={task} />
    </>
  );
}

/** The authority was notified; the case ends. */
function Steps({ breach: { id, reported }, onClose, onChanged }: BreachDialogProps): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const task = useTask();
  const [reason, setReason] = useState("");
  const step = (taken: () => Promise<unknown>, isLast = false): void =>
    task.run(async () => {
      await taken();
      onChanged();
      if (isLast) onClose();
    });
  return (
    <>
      <h3 className="dw-card-part-title">{t("settings.breach.steps")}</h3>
      {reported === undefined && (
        <div className="dw-breach-step">
          <Button variant="default" loading={task.busy} onClick={() => step(() => client.changeBreach(id, { reported: true }))}>
            {t("settings.breach.reportedNow")}
          </Button>
        </div>
      )}
      <div className="dw-breach-step">
        <TextInput
          className="dw-grow"
          label={t("settings.breach.reason")}
          maxLength={10_000}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Button
          variant="default"
          color="red"
          loading={task.busy}
          disabled={reason.trim() === ""}
          onClick={() => step(() => client.closeBreach(id, reason.trim()), true)}
        >
          {t("settings.breach.close")}
        </Button>
      </div>
      <TaskProblem task={task} />
    </>
  );
}
