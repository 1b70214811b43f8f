import { ActionIcon, Button, SegmentedControl, TextInput, VisuallyHidden } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useStudio, useWords } from "@doppelwerk/kit/studio";
import { emptyException, type ExceptionDraft } from "./calendar-draft.ts";
import { FaultsOf, SpanFields, type PartProps } from "./shift-fields.tsx";

/** Dates that differ from their weekday: holidays and extra shifts. */
export function ExceptionList({ draft: { exceptions }, faults, findings, onChange }: PartProps): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const change = (at: number, to: Partial<ExceptionDraft>): void =>
    onChange({ exceptions: exceptions.map((exception, index) => (index === at ? { ...exception, ...to } : exception)) });
  const today = new Date(studio.now() / 1_000).toISOString().slice(0, 10);
  return (
    <>
      <h3 className="dw-calendar-head">{t("shifts.exceptions")}</h3>
      {exceptions.map((exception, at) => (
        <fieldset key={at} className="dw-shift">
          <VisuallyHidden component="legend">{exception.date || t("shifts.exception.date")}</VisuallyHidden>
          <div className="dw-shift-span">
            <TextInput
              size="sm"
              type="date"
              label={t("shifts.exception.date")}
              value={exception.date}
              error={faults.includes(`exceptions.${at}.date`) ? t("shifts.needed") : undefined}
              onChange={(event) => change(at, { date: event.currentTarget.value })}
            />
            <SegmentedControl
              size="sm"
              aria-label={t("shifts.exception.kind")}
              value={exception.kind}
              onChange={(kind) => change(at, { kind: kind as ExceptionDraft["kind"] })}
              data={(["closed", "extra"] as const).map((kind) => ({ value: kind, label: t(`shifts.exception.${kind}`) }))}
            />
            <TextInput
              size="sm"
              className="dw-grow"
              label={t("shifts.exception.title")}
              value={exception.title}
              maxLength={200}
              onChange={(event) => change(at, { title: event.currentTarget.value })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t("shifts.exception.remove", { date: exception.date })}
              onClick={() => onChange({ exceptions: exceptions.filter((_, index) => index !== at) })}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </div>
          {exception.kind === "extra" && (
            <SpanFields span={exception} path={`exceptions.${at}`} faults={faults} onChange={(to) => change(at, to)}>
              {null}
            </SpanFields>
          )}
          <FaultsOf findings={findings.filter((finding) => finding.exception === at)} />
        </fieldset>
      ))}
      <Button
        size="xs"
        variant="default"
        className="dw-calendar-add"
        leftSection={<IconPlus size={14} />}
        onClick={() => onChange({ exceptions: [...exceptions, emptyException(exceptions.at(-1)?.date ?? today)] })}
      >
        {t("shifts.exception.add")}
      </Button>
    </>
  );
}

/** The days between which the calendar holds; without them from when it is stored, until further notice. */
export function Period({ draft: { validFrom, validUntil }, onChange }: PartProps): ReactNode {
  const { t } = useWords();
  return (
    <div className="dw-two">
      <TextInput
        size="sm"
        type="date"
        label={t("shifts.validFrom")}
        value={validFrom}
        onChange={(event) => onChange({ validFrom: event.currentTarget.value })}
      />
      <TextInput
        size="sm"
        type="date"
        label={t("shifts.validUntil")}
        value={validUntil}
        onChange={(event) => onChange({ validUntil: event.currentTarget.value })}
      />
    </div>
  );
}
