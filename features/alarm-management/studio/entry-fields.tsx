import { NativeSelect, NumberInput, Textarea, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { inLanguage, useWords, withUnit } from "@doppelwerk/kit/studio";
import { priorityOfMatrix, type PhilosophyFields, type Priority } from "../model/philosophy-kind.ts";
import type { EntryDraft } from "./entry-draft.ts";

interface FieldsProps {
  readonly draft: EntryDraft;
  readonly onChange: (part: Partial<EntryDraft>) => void;
}

const TEXTS = ["cause", "consequence", "response"] as const;

/** Cause, consequence, response, and the priority that follows. */
export function WhyFields({ draft, philosophy, onChange }: FieldsProps & { readonly philosophy: PhilosophyFields }): ReactNode {
  const { t, language } = useWords();
  const byMatrix = priorityOfMatrix(philosophy, draft.severity, draft.timeToRespondS);
  const isOther = byMatrix !== draft.priority;
  return (
    <section aria-label={t("alarmManagement.section.why")}>
      <h3>{t("alarmManagement.section.why")}</h3>
      {TEXTS.map((name) => (
        <BothLanguages key={name} name={name} value={draft[name]} onChange={(value) => onChange({ [name]: value })} />
      ))}
      <div className="dw-management-row">
        <NativeSelect
          label={t("alarmManagement.severity")}
          value={draft.severity}
          data={philosophy.severities.map(({ key, title }) => ({ value: key, label: inLanguage(title, language) }))}
          onChange={(event) => onChange({ severity: event.currentTarget.value })}
        />
        <NumberInput
          label={t("alarmManagement.timeToRespond")}
          suffix=" s"
          min={1}
          max={2_592_000}
          value={draft.timeToRespondS}
          onChange={(value) => onChange({ timeToRespondS: Number(value) || 0 })}
        />
        <NativeSelect
          label={t("alarmManagement.priority")}
          value={String(draft.priority)}
          data={["1", "2", "3", "4"]}
          onChange={(event) => onChange({ priority: Number(event.currentTarget.value) as Priority })}
        />
      </div>
      <p className={isOther ? "dw-note is-trouble" : "dw-fine"}>
        {byMatrix !== undefined && t(isOther ? "alarmManagement.notByMatrix" : "alarmManagement.byMatrix", { priority: byMatrix })}
      </p>
      <Textarea
        label={t("alarmManagement.priorityBasis")}
        rows={2}
        maxLength={2_000}
        withAsterisk={isOther}
        value={draft.priorityBasis}
        onChange={(event) => onChange({ priorityBasis: event.currentTarget.value })}
      />
      <NativeSelect
        label={t("alarmManagement.class")}
        value={draft.class ?? ""}
        data={[
          { value: "", label: t("alarmManagement.noClass") },
          ...philosophy.classes.map(({ key, title }) => ({ value: key, label: inLanguage(title, language) })),
        ]}
        onChange={(event) => onChange({ class: event.currentTarget.value === "" ? undefined : event.currentTarget.value })}
      />
    </section>
  );
}

/** A text in the language of the reader, and in the other one. */
function BothLanguages({
  name,
  value,
  onChange,
}: {
  readonly name: (typeof TEXTS)[number];
  readonly value: EntryDraft["cause"];
  readonly onChange: (value: EntryDraft["cause"]) => void;
}): ReactNode {
  const { t, language } = useWords();
  const field = t(`alarmManagement.${name}`);
  const order = language === "zh" ? (["zh", "en"] as const) : (["en", "zh"] as const);
  return (
    <div className="dw-management-row">
      {order.map((each) => (
        <Textarea
          key={each}
          label={t(each === "en" ? "alarmManagement.inEnglish" : "alarmManagement.inChinese", { field })}
          rows={2}
          maxLength={2_000}
          value={value[each]}
          onChange={(event) => onChange({ ...value, [each]: event.currentTarget.value })}
        />
      ))}
    </div>
  );
}

/** Setpoint with its basis, deadband, delays. */
export function HowFields({
  draft,
  unit,
  hasLimit,
  onChange,
}: FieldsProps & { readonly unit: string | undefined; readonly hasLimit: boolean }): ReactNode {
  const { t } = useWords();
  const suffix = withUnit("", unit);
  const delay = (name: "onDelay" | "offDelay"): ReactNode => (
    <NumberInput
      label={t(`alarmManagement.${name}`)}
      suffix=" s"
      min={0}
      max={604_800}
      value={draft[`${name}S`]}
      onChange={(value) => onChange({ [`${name}S`]: Number(value) || 0 })}
    />
  );
  const number = (name: "setpoint" | "deadband"): ReactNode => (
    <NumberInput
      label={t(`alarmManagement.${name}`)}
      suffix={suffix}
      value={draft[name]}
      onChange={(value) => onChange({ [name]: value === "" ? "" : Number(value) })}
    />
  );
  return (
    <section aria-label={t("alarmManagement.section.how")}>
      <h3>{t("alarmManagement.section.how")}</h3>
      {hasLimit && (
        <div className="dw-management-row">
          {number("setpoint")}
          {number("deadband")}
        </div>
      )}
      <Textarea
        label={t("alarmManagement.setpointBasis")}
        rows={2}
        maxLength={2_000}
        value={draft.setpointBasis}
        onChange={(event) => onChange({ setpointBasis: event.currentTarget.value })}
      />
      <div className="dw-management-row">
        {delay("onDelay")}
        {delay("offDelay")}
      </div>
    </section>
  );
}

export function WhoFields({ draft, onChange }: FieldsProps): ReactNode {
  const { t } = useWords();
  return (
    <section aria-label={t("alarmManagement.section.who")}>
      <h3>{t("alarmManagement.section.who")}</h3>
      <TextInput
        label={t("alarmManagement.mayChange")}
        maxLength={300}
        value={draft.mayChange}
        onChange={(event) => onChange({ mayChange: event.currentTarget.value })}
      />
      <TextInput
        type="date"
        label={t("alarmManagement.reviewBy")}
        value={draft.reviewBy ?? ""}
        onChange={(event) => onChange({ reviewBy: event.currentTarget.value === "" ? undefined : event.currentTarget.value })}
      />
    </section>
  );
}
