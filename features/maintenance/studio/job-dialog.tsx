import { Button, NumberInput, Textarea, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { FormDialog, useSentForm, useStudio, useWords, type SentForm } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type {} from "../message-codes.ts";
import { jobOfTexts, textsOfJob, type JobTexts } from "../model/job-texts.ts";
import type { JobFields } from "../model/job-kind.ts";

/** A job plan as it is typed: a step, a point, a part a line. */
export function JobDialog({
  job,
  branch,
  onClose,
  onStored,
}: {
  readonly job?: JobFields;
  readonly branch: string;
  readonly onClose: () => void;
  readonly onStored: () => void;
}): ReactNode {
  const { client } = useStudio();
  const { t, language } = useWords();
  const form = useSentForm(textsOfJob(job, language), async (texts) => {
    await calls.storeJob(client, { query: { branch }, body: jobOfTexts(texts, job, language) });
    onStored();
    onClose();
  });
  const { values, task } = form;
  const remove = (): void =>
    task.run(async () => {
      await calls.removeJob(client, { params: { code: job!.code }, query: { branch } });
      onStored();
      onClose();
    });
  return (
    <FormDialog
      form={form}
      title={t(job === undefined ? "maintenance.addJob" : "maintenance.job")}
      submit={t("maintenance.store")}
      isWhole={values.code.trim() !== "" && values.title.trim() !== ""}
      size={620}
      onClose={onClose}
      buttons={
        job !== undefined && (
          <Button variant="subtle" color="red" onClick={remove} loading={task.busy}>
            {t("maintenance.removeJob")}
          </Button>
        )
      }
    >
      <JobTextsForm form={form} isNew={job === undefined} />
    </FormDialog>
  );
}

function JobTextsForm({ form: { field }, isNew }: { readonly form: SentForm<JobTexts>; readonly isNew: boolean }): ReactNode {
  const { t } = useWords();
  return (
    <div className="dw-maintenance-fields">
      <TextInput label={t("maintenance.column.code")} maxLength={60} disabled={!isNew} data-autofocus {...field("code")} />
      <NumberInput label={t("maintenance.minutes")} min={1} suffix=" min" {...field("minutes")} />
      <TextInput className="is-wide" label={t("maintenance.what")} maxLength={300} {...field("title")} />
      <Textarea
        className="is-wide"
        label={t("maintenance.steps")}
        description={t("maintenance.stepsHint")}
        autosize
        minRows={3}
        maxRows={10}
        {...field("steps")}
      />
      <Textarea
        className="is-wide"
        label={t("maintenance.lockOut")}
        description={t("maintenance.pointsHint")}
        autosize
        minRows={2}
        maxRows={8}
        {...field("lockOut")}
      />
      <Textarea
        className="is-wide"
        label={t("maintenance.parts")}
        description={t("maintenance.partsHint")}
        autosize
        minRows={2}
        maxRows={8}
        {...field("parts")}
      />
    </div>
  );
}
