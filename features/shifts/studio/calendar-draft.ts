import type { CalendarFields } from "../model/calendar-kind.ts";
import { clockOf } from "../model/calendar-findings.ts";

/** A span of a day while it is being written: times are texts, anything may be missing. */
export interface SpanDraft {
  readonly name: string;
  readonly start: string;
  readonly end: string;
  readonly breaks: readonly BreakDraft[];
}

export interface BreakDraft {
  readonly start: string;
  readonly minutes: string;
}

export interface ShiftDraft extends SpanDraft {
  readonly days: readonly number[];
}

export interface ExceptionDraft extends SpanDraft {
  readonly kind: "closed" | "extra";
  readonly date: string;
  readonly title: string;
}

export interface CalendarDraft {
  readonly shifts: readonly ShiftDraft[];
  readonly exceptions: readonly ExceptionDraft[];
  readonly validFrom: string;
  readonly validUntil: string;
}

const NO_SPAN: SpanDraft = { name: "", start: "", end: "", breaks: [] };
export const EMPTY_SHIFT: ShiftDraft = { ...NO_SPAN, days: [1, 2, 3, 4, 5] };

export function emptyException(date: string): ExceptionDraft {
  return { ...NO_SPAN, kind: "closed", date, title: "" };
}

export function draftOf({ shifts, exceptions, validFrom = "", validUntil = "" }: CalendarFields): CalendarDraft {
  return {
    shifts: shifts.map(({ days, ...span }) => ({ ...spanDraft(span), days })),
    exceptions: exceptions.map((exception) => ({
      ...(exception.kind === "extra" ? spanDraft(exception) : NO_SPAN),
      kind: exception.kind,
      date: exception.date,
      title: exception.title ?? "",
    })),
    validFrom,
    validUntil,
  };
}

type Span = Omit<CalendarFields["shifts"][number], "days">;

function spanDraft({ name, startMinute, endMinute, breaks }: Span): SpanDraft {
  return {
    name,
    start: clockOf(startMinute),
    end: clockOf(endMinute),
    breaks: breaks.map((pause) => ({ start: clockOf(pause.startMinute), minutes: String(pause.minutes) })),
  };
}

/** `6`, `630`, `6:30`, `06:30` as minutes after midnight; undefined where it is no time of day. 24:00 is the end of the day. */
export function minuteOf(text: string): number | undefined {
  const [, hourText, minuteText = "0"] = /^(\d{1,2})(?:[:.:]?(\d{2}))?$/.exec(text.trim()) ?? [];
  const [hour, minute] = [Number(hourText), Number(minuteText)];
  const at = hour * 60 + minute;
  return hourText === undefined || minute > 59 || at > 1_440 ? undefined : at;
}

/** Where a field stands: `shifts.0.start`, `exceptions.2.breaks.0.minutes`. */
export type FieldPath = string;

/** Fields that are missing or cannot be read, in the order of the form. */
export function faultsOf({ shifts, exceptions }: CalendarDraft): readonly FieldPath[] {
  return [
    ...shifts.flatMap((shift, at) => faultsOfSpan(shift, `shifts.${at}`)),
    ...exceptions.flatMap((exception, at) => [
      ...(exception.date === "" ? [`exceptions.${at}.date`] : []),
      ...(exception.kind === "extra" ? faultsOfSpan(exception, `exceptions.${at}`) : []),
    ]),
  ];
}

function faultsOfSpan({ name, start, end, breaks }: SpanDraft, at: FieldPath): readonly FieldPath[] {
  return [
    ...(name.trim() === "" ? [`${at}.name`] : []),
    ...(isStart(start) ? [] : [`${at}.start`]),
    ...(minuteOf(end) === undefined ? [`${at}.end`] : []),
    ...breaks.flatMap((pause, index) => [
      ...(isStart(pause.start) ? [] : [`${at}.breaks.${index}.start`]),
      ...(/^[1-9]\d{0,2}$/.test(pause.minutes.trim()) && Number(pause.minutes) <= 720 ? [] : [`${at}.breaks.${index}.minutes`]),
    ]),
  ];
}

function isStart(text: string): boolean {
  const minute = minuteOf(text);
  return minute !== undefined && minute < 1_440;
}

/** Undefined while something is missing. */
export function fieldsOf(draft: CalendarDraft): CalendarFields | undefined {
  if (faultsOf(draft).length > 0) return undefined;
  const { shifts, exceptions, validFrom, validUntil } = draft;
  return {
    shifts: shifts.map((shift) => ({ ...spanOf(shift), days: shift.days.toSorted((a, b) => a - b) })),
    exceptions: exceptions.map((exception) => {
      const { kind, date } = exception;
      const title = exception.title.trim() === "" ? {} : { title: exception.title.trim() };
      return kind === "closed" ? { kind, date, ...title } : { kind, date, ...title, ...spanOf(exception) };
    }),
    ...(validFrom !== "" && { validFrom }),
    ...(validUntil !== "" && { validUntil }),
  };
}

function spanOf({ name, start, end, breaks }: SpanDraft): Span {
  return {
    name: name.trim(),
    startMinute: minuteOf(start)!,
    endMinute: minuteOf(end)!,
    breaks: breaks.map((pause) => ({ startMinute: minuteOf(pause.start)!, minutes: Number(pause.minutes) })),
  };
}
