import { Button, Checkbox, NativeSelect, NumberInput, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { answerOf, FormDialog, inLanguage, useLoad, useSentForm, useStudio, useWords, type SentForm } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type {} from "../message-codes.ts";
import { COUNTERS, UNITS, type PlanFields } from "../model/plan-kind.ts";
import { PRIORITIES, urgencyOf } from "./choices.ts";
import { draftOfPlan, isWholePlan, planOfDraft, TRIGGERS, type PlanDraft } from "./plan-draft.ts";

/** A plan: what is done, where, and when it is due. */
export function PlanDialog({
  plan,
  branch,
  onClose,
  onStored,
}: {
  readonly plan?: PlanFields;
  readonly branch: string;
  readonly onClose: () => void;
  readonly onStored: () => void;
}): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const form = useSentForm(draftOfPlan(plan, language, studio.now()), async (draft) => {
    await calls.storePlan(studio.client, { query: { branch }, body: planOfDraft(draft, plan, language, studio.now()) });
    onStored();
    onClose();
  });
  const { values, task } = form;
  const remove = (): void =>
    task.run(async () => {
      await calls.removePlan(studio.client, { params: { code: plan!.code }, query: { branch } });
      onStored();
      onClose();
    });
  return (
    <FormDialog
      form={form}
      title={t(plan === undefined ? "maintenance.addPlan" : "maintenance.plan")}
      submit={t("maintenance.store")}
      isWhole={isWholePlan(values)}
      size={620}
      onClose={onClose}
      buttons={
        plan !== undefined && (
          <Button variant="subtle" color="red" onClick={remove} loading={task.busy}>
            {t("maintenance.removeJob")}
          </Button>
        )
      }
    >
      <div className="dw-maintenance-fields">
        <WhatFields form={form} branch={branch} isNew={plan === undefined} />
        <NativeSelect
          label={t("maintenance.when")}
          data={TRIGGERS.map((value) => ({ value, label: t(`maintenance.trigger.${value}`) }))}
          {...form.field("kind")}
        />
        {values.kind === "time" && <TimeFields form={form} />}
        {values.kind === "count" && <CountFields form={form} />}
        {values.kind === "condition" && <AlarmFields form={form} />}
        <Checkbox
          label={t("maintenance.isOn")}
          checked={values.isOn}
          onChange={(event) => form.set({ isOn: event.currentTarget.checked })}
        />
      </div>
    </FormDialog>
  );
}

interface FieldProps {
  readonly form: SentForm<PlanDraft>;
}

function WhatFields({ form: { field }, branch, isNew }: FieldProps & { readonly branch: string; readonly isNew: boolean }): ReactNode {
  const { t, language } = useWords();
  const jobs = useLoad(answerOf(calls.jobs, { query: { branch } }, { kinds: ["maintenanceJob"] })).value ?? [];
  const stations = useLoad(answerOf(calls.orders, { query: { branch, ended: 0 } })).value?.stations ?? [];
  return (
    <>
      <TextInput label={t("maintenance.column.code")} maxLength={60} disabled={!isNew} data-autofocus {...field("code")} />
      <NativeSelect
        label={t("maintenance.station")}
        data={[
          { value: "", label: "–" },
          ...stations.map(({ station, title }) => ({ value: station, label: inLanguage(title, language) })),
        ]}
        {...field("station")}
      />
      <TextInput className="is-wide" label={t("maintenance.what")} maxLength={300} {...field("title")} />
      <NativeSelect
        label={t("maintenance.job")}
        data={[
          { value: "", label: t("maintenance.noJobPlan") },
          ...jobs.map(({ code, title }) => ({ value: code, label: `${code} · ${inLanguage(title, language)}` })),
        ]}
        {...field("job")}
      />
      <NativeSelect
        label={t("maintenance.priority")}
        data={PRIORITIES.map((value) => ({ value: String(value), label: t(`maintenance.urgency.${urgencyOf(value)}`) }))}
        {...field("priority")}
      />
    </>
  );
}

function TimeFields({ form: { field, values, set } }: FieldProps): ReactNode {
  const { t } = useWords();
  return (
    <>
      <NumberInput label={t("maintenance.every")} min={1} allowDecimal={false} {...field("every")} />
      <NativeSelect
        label={t("maintenance.unit")}
        data={UNITS.map((value) => ({ value, label: t(`maintenance.unit.${value}`) }))}
        {...field("unit")}
      />
      <TextInput type="date" label={t("maintenance.fromDate")} {...field("from")} />
      <TextInput type="time" label={t("maintenance.timeOfDay")} {...field("at")} />
      <NumberInput label={t("maintenance.leadDays")} min={0} max={365} {...field("leadDays")} />
      <Checkbox
        label={t("maintenance.inShift")}
        checked={values.inShift}
        onChange={(event) => set({ inShift: event.currentTarget.checked })}
      />
    </>
  );
}

function CountFields({ form: { field } }: FieldProps): ReactNode {
  const { t } = useWords();
  return (
    <>
      <NumberInput label={t("maintenance.every")} min={1} {...field("every")} />
      <NativeSelect
        label={t("maintenance.unit")}
        data={COUNTERS.map((value) => ({ value, label: t(`maintenance.unit.${value}`) }))}
        {...field("counter")}
      />
      <TextInput type="date" label={t("maintenance.column.from")} {...field("from")} />
      <NumberInput label={t("maintenance.column.withinDays")} min={0} max={365} {...field("withinDays")} />
    </>
  );
}

/** Rules of live with their titles, as far as they may be read. */
function AlarmFields({ form: { field, values } }: FieldProps): ReactNode {
  const { t, language } = useWords();
  const rules = useLoad(answerOf(calls.rules, {}, { kinds: ["alarmRule"] })).value ?? [];
  const known = rules.some(({ id }) => id === values.rule) || values.rule === "";
  return (
    <>
      <NativeSelect
        className="is-wide"
        label={t("maintenance.alarmRule")}
        data={[
          { value: "", label: "–" },
          ...rules.map(({ id, title, station }) => ({
            value: id,
            label: [station, inLanguage(title, language)].filter(Boolean).join(" · "),
          })),
          ...(known ? [] : [{ value: values.rule, label: values.rule }]),
        ]}
        {...field("rule")}
      />
      <NumberInput label={t("maintenance.times")} min={1} allowDecimal={false} {...field("times")} />
      <NumberInput label={t("maintenance.column.withinDays")} min={0} max={365} {...field("withinDays")} />
    </>
  );
}
