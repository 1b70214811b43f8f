import { NativeSelect, NumberInput, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { FormDialog, RowActions, useProposedEdit, useSentForm, useStudio, useWords, type SentForm } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type {} from "../message-codes.ts";
import { POPULATIONS, POSTURE_POINTS } from "../model/key-indicator-lhc.ts";
import { COUPLINGS } from "../model/lifting-equation.ts";
import { METHODS, type TaskFields } from "../model/task-kind.ts";

const NIOSH = ["horizontalCm", "verticalCm", "distanceCm", "angleDeg"] as const;
const SHEET = {
  posture: POSTURE_POINTS,
  twisted: [0, 1, 3],
  away: [0, 1, 3],
  raised: [0, 0.5, 1],
  overhead: [0, 1, 2],
  handling: [0, 2, 4],
  organisation: [0, 2, 4],
} as const;
const SHEET_KEYS = Object.keys(SHEET) as readonly (keyof typeof SHEET)[];
const NUMBERS = ["weightKg", "perPiece", "perHour", ...NIOSH, ...SHEET_KEYS, "conditions"] as const;

type Draft = Record<"task" | "station" | "en" | "zh" | "method" | "coupling" | "population" | (typeof NUMBERS)[number], string | number>;

/** A load that is handled at a station, with what its method needs; proposed from live, stored on a branch. */
export function TaskDialog({
  task,
  onClose,
  onStored,
}: {
  readonly task?: TaskFields;
  readonly onClose: () => void;
  readonly onStored: () => void;
}): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const { edit } = useProposedEdit(t("personnel.failed"), onStored);
  const name = t("personnel.editTask");
  const form = useSentForm<Draft>(draftOf(task), async (draft) => {
    edit(name, (branch) => calls.storeTask(client, { query: { branch }, body: fieldsOf(draft) }));
    onClose();
  });
  const { station, task: named } = form.values;
  const isWhole = [station, named, form.values.en, form.values.zh].every((text) => String(text).trim() !== "");
  const remove = (): void => {
    edit(name, (branch) => calls.removeTask(client, { params: { station: String(station) }, query: { branch, task: String(named) } }));
    onClose();
  };
  return (
    <FormDialog
      form={form}
      title={name}
      submit={t("personnel.store")}
      isWhole={isWhole}
      size={640}
      onClose={onClose}
      {...(task !== undefined && { buttons: <RowActions actions={[{ label: t("personnel.remove"), run: remove, isRemoval: true }]} /> })}
    >
      <Fields form={form} isNew={task === undefined} />
    </FormDialog>
  );
}

function Fields({ form: { values, field }, isNew }: { readonly form: SentForm<Draft>; readonly isNew: boolean }): ReactNode {
  const { t } = useWords();
  const number = (key: (typeof NUMBERS)[number]): ReactNode => (
    <NumberInput key={key} min={0} label={t(`personnel.column.${key}`)} {...field(key)} />
  );
  const choice = (key: keyof typeof SHEET): ReactNode => (
    <NativeSelect
      key={key}
      label={t(`personnel.column.${key}`)}
      data={[{ value: "", label: "–" }, ...SHEET[key].map((points) => ({ value: String(points), label: String(points) }))]}
      {...field(key)}
    />
  );
  return (
    <div className="dw-task-fields">
      <TextInput label={t("personnel.column.station")} disabled={!isNew} {...field("station")} />
      <TextInput label={t("personnel.column.task")} disabled={!isNew} {...field("task")} />
      <TextInput label={t("personnel.column.titleen")} {...field("en")} />
      <TextInput label={t("personnel.column.titlezh")} {...field("zh")} />
      <NativeSelect
        label={t("personnel.column.method")}
        data={METHODS.map((value) => ({ value, label: t(`personnel.method.${value}`) }))}
        {...field("method")}
      />
      {(["weightKg", "perPiece", "perHour"] as const).map(number)}
      {values.method === "niosh" ? (
        <>
          {NIOSH.map(number)}
          <NativeSelect
            label={t("personnel.column.coupling")}
            data={[{ value: "", label: "–" }, ...COUPLINGS.map((value) => ({ value, label: t(`personnel.coupling.${value}`) }))]}
            {...field("coupling")}
          />
        </>
      ) : (
        <>
          <NativeSelect
            label={t("personnel.column.population")}
            data={[{ value: "", label: "–" }, ...POPULATIONS.map((value) => ({ value, label: t(`personnel.population.${value}`) }))]}
            {...field("population")}
          />
          {SHEET_KEYS.map(choice)}
          {number("conditions")}
        </>
      )}
    </div>
  );
}

function draftOf(task: TaskFields | undefined): Draft {
  const numbers = Object.fromEntries(NUMBERS.map((key) => [key, task?.[key] ?? (key === "perPiece" ? 1 : "")]));
  return {
    ...(numbers as Record<(typeof NUMBERS)[number], string | number>),
    task: task?.task ?? "",
    station: task?.station ?? "",
    en: task?.title.en ?? "",
    zh: task?.title.zh ?? "",
    method: task?.method ?? "niosh",
    coupling: task?.coupling ?? "",
    population: task?.population ?? "",
  };
}

/** What was left empty is not there. */
function fieldsOf({ en, zh, ...draft }: Draft): TaskFields {
  const numbers: ReadonlySet<string> = new Set(NUMBERS);
  const given = Object.entries(draft).flatMap(([key, value]) => (value === "" ? [] : [[key, numbers.has(key) ? Number(value) : value]]));
  return { ...Object.fromEntries(given), title: { en: String(en), zh: String(zh) } } as TaskFields;
}
