import { ActionIcon, Button, Chip, TextInput, VisuallyHidden } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { messageText, useWords } from "@doppelwerk/kit/studio";
import type { CalendarFinding } from "../model/calendar-findings.ts";
import { EMPTY_SHIFT, type BreakDraft, type CalendarDraft, type FieldPath, type SpanDraft } from "./calendar-draft.ts";
import { weekdayText } from "./shift-names.ts";

export interface PartProps {
  readonly draft: CalendarDraft;
  /** Fields to mark. */
  readonly faults: readonly FieldPath[];
  readonly findings: readonly CalendarFinding[];
  readonly onChange: (change: Partial<CalendarDraft>) => void;
}

const DAYS = [1, 2, 3, 4, 5, 6, 7];

/** The shifts of a week. */
export function ShiftList({ draft: { shifts }, faults, findings, onChange }: PartProps): ReactNode {
  const { t, language } = useWords();
  const change = (at: number, to: Partial<(typeof shifts)[number]>): void =>
    onChange({ shifts: shifts.map((shift, index) => (index === at ? { ...shift, ...to } : shift)) });
  return (
    <>
      {shifts.map((shift, at) => (
        <fieldset key={at} className="dw-shift" data-shift={at}>
          <VisuallyHidden component="legend">{shift.name || t("shifts.newShift")}</VisuallyHidden>
          <SpanFields
            span={shift}
            path={`shifts.${at}`}
            faults={faults}
            onChange={(to) => change(at, to)}
            below={
              <Chip.Group multiple value={shift.days.map(String)} onChange={(days) => change(at, { days: days.map(Number) })}>
                <div className="dw-shift-days" role="group" aria-label={t("shifts.days")}>
                  {DAYS.map((day) => (
                    <Chip key={day} size="xs" value={String(day)} aria-label={weekdayText(day, language, "long")}>
                      {weekdayText(day, language)}
                    </Chip>
                  ))}
                </div>
              </Chip.Group>
            }
          >
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t("shifts.removeShift", { name: shift.name })}
              onClick={() => onChange({ shifts: shifts.filter((_, index) => index !== at) })}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </SpanFields>
          <FaultsOf findings={findings.filter((finding) => finding.shift === at)} />
        </fieldset>
      ))}
      <Button
        size="xs"
        variant="default"
        className="dw-calendar-add"
        leftSection={<IconPlus size={14} />}
        onClick={() => onChange({ shifts: [...shifts, EMPTY_SHIFT] })}
      >
        {t("shifts.addShift")}
      </Button>
    </>
  );
}

/** Errors beside what they are about; the list below the form has them all. */
export function FaultsOf({ findings }: { readonly findings: readonly CalendarFinding[] }): ReactNode {
  return findings.map(({ isError, message }, at) =>
    isError ? (
      <small key={at} className="dw-shift-fault">
        {messageText("", message)}
      </small>
    ) : null,
  );
}

interface SpanProps {
  readonly span: SpanDraft;
  readonly path: FieldPath;
  readonly faults: readonly FieldPath[];
  readonly onChange: (change: Partial<SpanDraft>) => void;
  /** Beside the times. */
  readonly children: ReactNode;
  /** Between the times and the breaks. */
  readonly below?: ReactNode;
}

/** Name, beginning, end and breaks of one shift. */
export function SpanFields({ span, path, faults, onChange, children, below }: SpanProps): ReactNode {
  const { t } = useWords();
  const breaks = (to: readonly BreakDraft[]): void => onChange({ breaks: to });
  return (
    <>
      <div className="dw-shift-span">
        <Field
          label={t("shifts.name")}
          value={span.name}
          isFault={faults.includes(`${path}.name`)}
          onChange={(name) => onChange({ name })}
          isWide
        />
        <Field
          label={t("shifts.start")}
          value={span.start}
          isFault={faults.includes(`${path}.start`)}
          onChange={(start) => onChange({ start })}
          isTime
        />
        <Field
          label={t("shifts.end")}
          value={span.end}
          isFault={faults.includes(`${path}.end`)}
          onChange={(end) => onChange({ end })}
          isTime
        />
        {children}
      </div>
      {below}
      {span.breaks.map((pause, at) => (
        <BreakFields
          key={at}
          pause={pause}
          shift={span.name}
          path={`${path}.breaks.${at}`}
          faults={faults}
          onChange={(to) => breaks(span.breaks.map((each, index) => (index === at ? { ...each, ...to } : each)))}
          onRemove={() => breaks(span.breaks.filter((_, index) => index !== at))}
        />
      ))}
      <Button
        size="compact-xs"
        variant="subtle"
        className="dw-calendar-add"
        leftSection={<IconPlus size={12} />}
        onClick={() => breaks([...span.breaks, { start: "", minutes: "30" }])}
      >
        {t("shifts.addBreak")}
      </Button>
    </>
  );
}

interface BreakProps {
  readonly pause: BreakDraft;
  readonly shift: string;
  readonly path: FieldPath;
  readonly faults: readonly FieldPath[];
  readonly onChange: (change: Partial<BreakDraft>) => void;
  readonly onRemove: () => void;
}

function BreakFields({ pause, shift, path, faults, onChange, onRemove }: BreakProps): ReactNode {
  const { t } = useWords();
  return (
    <div className="dw-shift-span is-break">
      <Field
        label={t("shifts.break")}
        name={t("shifts.breakStart", { name: shift })}
        value={pause.start}
        isFault={faults.includes(`${path}.start`)}
        onChange={(start) => onChange({ start })}
        isTime
      />
      <Field
        label={t("shifts.minutes")}
        name={t("shifts.breakMinutes", { name: shift })}
        value={pause.minutes}
        isFault={faults.includes(`${path}.minutes`)}
        onChange={(minutes) => onChange({ minutes })}
        isTime
      />
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t("shifts.removeBreak", { start: pause.start, name: shift })}
        onClick={onRemove}
      >
        <IconTrash size={16} />
      </ActionIcon>
    </div>
  );
}

function Field({
  label,
  name,
  value,
  isFault,
  onChange,
  isTime = false,
  isWide = false,
}: {
  readonly label: string;
  /** What it is called where its label alone would not say. */
  readonly name?: string;
  readonly value: string;
  readonly isFault: boolean;
  readonly onChange: (value: string) => void;
  readonly isTime?: boolean;
  readonly isWide?: boolean;
}): ReactNode {
  const { t } = useWords();
  return (
    <TextInput
      size="sm"
      className={isWide ? "dw-grow" : "dw-shift-time"}
      label={label}
      aria-label={name}
      value={value}
      {...(isTime && { inputMode: "numeric" as const, placeholder: "06:00" })}
      maxLength={isTime ? 5 : 60}
      error={isFault ? t(isTime ? "shifts.noTime" : "shifts.needed") : undefined}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
