import { Checkbox, NativeSelect, Textarea, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { FormDialog, useScope, useSentForm, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { KnownRound } from "../contract.ts";
import type {} from "../message-codes.ts";
import type { RoundFields, Schedule } from "../model/round-kind.ts";

const KINDS = ["none", "shift", "day", "week"] as const;
const DAYS = [1, 2, 3, 4, 5, 6, 7] as const;

interface Draft {
  code: string;
  en: string;
  zh: string;
  kind: Schedule["kind"];
  days: readonly number[];
  from: string;
  to: string;
  points: string;
  isRetired: boolean;
}

/** A round: its name, when it is walked, and its points. Checks of many points are easier as a list. */
export function RoundForm({
  round,
  onClose,
  onStored,
}: {
  readonly round?: KnownRound;
  readonly onClose: () => void;
  readonly onStored: () => void;
}): ReactNode {
  const { client } = useStudio();
  const { branch } = useScope();
  const { t, zone } = useWords();
  const form = useSentForm<Draft>(draftOf(round?.fields), async (draft) => {
    const fields = fieldsOf(draft, round?.fields, zone.name, t("rounds.inOrder"));
    await calls.store(client, { params: { round: fields.code }, query: { branch }, body: { fields, expected: round?.fields ?? null } });
    onStored();
    onClose();
  });
  const { values, field, set } = form;
  return (
    <FormDialog
      form={form}
      title={round === undefined ? t("rounds.add") : t("rounds.editOf", { round: round.round })}
      submit={t("rounds.store")}
      isWhole={values.code.trim() !== "" && values.en.trim() !== ""}
      size={620}
      onClose={onClose}
    >
      <TextInput label={t("rounds.code")} maxLength={60} disabled={round !== undefined} data-autofocus {...field("code")} />
      <TextInput label={t("rounds.titleEn")} maxLength={200} {...field("en")} />
      <TextInput label={t("rounds.titleZh")} maxLength={200} {...field("zh")} />
      <NativeSelect
        label={t("rounds.schedule")}
        value={values.kind}
        data={KINDS.map((value) => ({ value, label: t(`rounds.kind.${value}`) }))}
        onChange={({ currentTarget: { value } }) => set({ kind: value as Draft["kind"] })}
      />
      {values.kind === "day" && (
        <>
          <Days days={values.days} onDays={(days) => set({ days })} />
          <TextInput type="time" label={t("rounds.from")} {...field("from")} />
          <TextInput type="time" label={t("rounds.to")} {...field("to")} />
        </>
      )}
      <Textarea
        label={t("rounds.pointsField")}
        description={t("rounds.pointsHint")}
        autosize
        minRows={4}
        maxRows={14}
        {...field("points")}
      />
      <Checkbox
        label={t("rounds.retired")}
        checked={values.isRetired}
        onChange={({ currentTarget: { checked } }) => set({ isRetired: checked })}
      />
    </FormDialog>
  );
}

function Days({ days, onDays }: { readonly days: readonly number[]; readonly onDays: (days: readonly number[]) => void }): ReactNode {
  const { t } = useWords();
  return (
    <fieldset className="dw-rounds-days">
      <legend>{t("rounds.days")}</legend>
      {DAYS.map((day) => (
        <Checkbox
          key={day}
          label={t(`rounds.day.${day}`)}
          checked={days.includes(day)}
          onChange={() => onDays(days.includes(day) ? days.filter((each) => each !== day) : [...days, day])}
        />
      ))}
    </fieldset>
  );
}

function draftOf(fields: RoundFields | undefined): Draft {
  const schedule = fields?.schedule ?? { kind: "day", days: [1, 2, 3, 4, 5], from: "06:00", to: "08:00", timeZone: "" };
  const day = schedule.kind === "day" ? schedule : { days: [1, 2, 3, 4, 5], from: "06:00", to: "08:00" };
  return {
    code: fields?.code ?? "",
    en: fields?.title.en ?? "",
    zh: fields?.title.zh ?? "",
    kind: schedule.kind,
    days: day.days,
    from: day.from,
    to: day.to,
    points: (fields?.points ?? []).map(({ id, title, shell = "" }) => [id, title.en, title.zh, shell].join(" | ")).join("\n"),
    isRetired: fields?.isRetired ?? false,
  };
}

function fieldsOf(draft: Draft, before: RoundFields | undefined, timeZone: string, inOrder: string): RoundFields {
  const en = draft.en.trim();
  return {
    code: draft.code.trim(),
    title: { en, zh: draft.zh.trim() === "" ? en : draft.zh.trim() },
    schedule: scheduleOf(draft, before, timeZone),
    points: draft.points
      .split("\n")
      .map((line) => line.split("|").map((each) => each.trim()))
      .filter(([id]) => id !== "" && id !== undefined)
      .map(([id = "", title = id, zh = title, shell]) => {
        const known = before?.points.find((each) => each.id === id);
        const { shell: _, ...kept } = known ?? {
          checks: [{ id: "ok", title: { en: inOrder, zh: inOrder }, kind: "yesNo" as const, isRequired: true, good: true }],
        };
        return { ...kept, id, title: { en: title, zh: zh === "" ? title : zh }, ...(shell && { shell }) };
      }),
    isRetired: draft.isRetired,
  };
}

function scheduleOf({ kind, days, from, to }: Draft, before: RoundFields | undefined, timeZone: string): Schedule {
  if (kind === "none") return { kind };
  const known = before?.schedule;
  if (kind === "shift") return known?.kind === "shift" ? known : { kind };
  const zone = known !== undefined && "timeZone" in known ? known.timeZone : timeZone;
  return kind === "week" ? { kind, timeZone: zone } : { kind, days: days.toSorted(), from, to, timeZone: zone };
}
