import { NativeSelect, Textarea, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { answerOf, FormDialog, fromLocal, inLanguage, useLoad, useSentForm, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type {} from "../message-codes.ts";
import { PRIORITIES, urgencyOf, type StationChoice } from "./choices.ts";

/** Opens a work order by hand. */
export function OpenDialog({
  stations,
  branch,
  onClose,
  onOpened,
}: {
  readonly stations: readonly StationChoice[];
  readonly branch: string;
  readonly onClose: () => void;
  readonly onOpened: () => void;
}): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const jobs = useLoad(answerOf(calls.jobs, { query: { branch } }, { kinds: ["maintenanceJob"] })).value ?? [];
  const form = useSentForm({ station: stations[0]?.station ?? "", title: "", job: "", priority: "3", due: "", text: "" }, async (draft) => {
    const title = draft.title.trim();
    const job = jobs.find(({ code }) => code === draft.job);
    const opened = await calls.open(studio.client, {
      query: { branch },
      body: {
        title: title === "" && job !== undefined ? job.title : { en: title, zh: title },
        station: draft.station,
        priority: Number(draft.priority) as 3,
        ...(draft.due !== "" && { due: fromLocal(zone, Date.parse(`${draft.due}:00Z`) * 1_000) }),
        ...(draft.text.trim() !== "" && { text: draft.text.trim() }),
        ...(draft.job !== "" && { job: draft.job }),
      },
    });
    onOpened();
    onClose();
    studio.address.amend({ detail: opened.id });
  });
  const { field, values } = form;
  return (
    <FormDialog
      form={form}
      title={t("maintenance.open")}
      submit={t("maintenance.openNow")}
      isWhole={values.title.trim() !== "" || values.job !== ""}
      size={560}
      onClose={onClose}
    >
      <div className="dw-maintenance-fields">
        <NativeSelect
          label={t("maintenance.station")}
          data={stations.map((each) => ({ value: each.station, label: inLanguage(each.title, language) }))}
          {...field("station")}
        />
        <NativeSelect
          label={t("maintenance.job")}
          data={[
            { value: "", label: t("maintenance.noJobPlan") },
            ...jobs.map(({ code, title }) => ({ value: code, label: `${code} · ${inLanguage(title, language)}` })),
          ]}
          {...field("job")}
        />
        <TextInput className="is-wide" label={t("maintenance.what")} maxLength={300} data-autofocus {...field("title")} />
        <NativeSelect
          label={t("maintenance.priority")}
          data={PRIORITIES.map((value) => ({ value: String(value), label: t(`maintenance.urgency.${urgencyOf(value)}`) }))}
          {...field("priority")}
        />
        <TextInput type="datetime-local" label={t("maintenance.due")} {...field("due")} />
        <Textarea className="is-wide" label={t("maintenance.text")} rows={3} maxLength={2_000} {...field("text")} />
      </div>
    </FormDialog>
  );
}
