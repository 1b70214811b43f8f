import { NativeSelect, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { FormDialog, inLanguage, RowActions, useProposedEdit, useSentForm, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { SkillMatrix } from "../contract.ts";
import type {} from "../message-codes.ts";
import { LEVELS, type QualificationFields } from "../model/skill-kinds.ts";

export interface EditedQualification {
  /** Absent: a new one. */
  readonly fields?: QualificationFields;
}

/** A skill of a worker with its level, its days and what shows it; proposed from live, stored on a branch. */
export function QualificationDialog({
  edited: { fields },
  matrix,
  onClose,
  onStored,
}: {
  readonly edited: EditedQualification;
  readonly matrix: SkillMatrix;
  readonly onClose: () => void;
  readonly onStored: () => void;
}): ReactNode {
  const { client } = useStudio();
  const { t, language } = useWords();
  const { edit } = useProposedEdit(t("personnel.failed"), onStored);
  const first = { worker: matrix.rows[0]?.worker ?? "", skill: matrix.skills[0]?.skill ?? "", level: 2 };
  const { worker, skill, level, validFrom = "", validUntil = "", evidence = "" }: QualificationFields = fields ?? first;
  const form = useSentForm({ worker, skill, level: String(level), validFrom, validUntil, evidence }, async (draft) => {
    const body: QualificationFields = {
      worker: draft.worker,
      skill: draft.skill,
      level: Number(draft.level),
      ...(draft.validFrom !== "" && { validFrom: draft.validFrom }),
      ...(draft.validUntil !== "" && { validUntil: draft.validUntil }),
      ...(draft.evidence.trim() !== "" && { evidence: draft.evidence }),
    };
    edit(t("personnel.proposal"), (branch) => calls.storeQualification(client, { query: { branch }, body }));
    onClose();
  });
  const remove = (): void => {
    edit(t("personnel.proposal"), (branch) => calls.removeQualification(client, { params: { worker }, query: { branch, skill } }));
    onClose();
  };
  const isNew = fields === undefined;
  return (
    <FormDialog
      form={form}
      title={t("personnel.editQualification")}
      submit={t("personnel.store")}
      onClose={onClose}
      {...(!isNew && { buttons: <RowActions actions={[{ label: t("personnel.remove"), run: remove, isRemoval: true }]} /> })}
    >
      <NativeSelect
        label={t("personnel.column.worker")}
        disabled={!isNew}
        data={matrix.rows.map((row) => ({ value: row.worker, label: row.name === undefined ? row.worker : `${row.name} (${row.worker})` }))}
        {...form.field("worker")}
      />
      <NativeSelect
        label={t("personnel.column.skill")}
        disabled={!isNew}
        data={matrix.skills.map((each) => ({ value: each.skill, label: inLanguage(each.title, language) }))}
        {...form.field("skill")}
      />
      <NativeSelect
        label={t("personnel.column.level")}
        description={t("personnel.matrixNote")}
        data={LEVELS.map(String)}
        {...form.field("level")}
      />
      <TextInput type="date" label={t("personnel.column.validFrom")} {...form.field("validFrom")} />
      <TextInput type="date" label={t("personnel.column.validUntil")} {...form.field("validUntil")} />
      <TextInput label={t("personnel.column.evidence")} {...form.field("evidence")} />
    </FormDialog>
  );
}
