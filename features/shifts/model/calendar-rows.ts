import { message, type Message } from "@doppelwerk/kit";
import type { ListFault, ListRow } from "@doppelwerk/ports";
import type {} from "../message-codes.ts";
import { calendarFaults, clockOf } from "./calendar-findings.ts";
import type { CalendarFields } from "./calendar-kind.ts";

/** What a row of the list of calendars is: a weekly shift, a date without shifts, an extra shift, the days from and to which the calendar applies, or one that goes. */
export const ROW_KINDS = ["shift", "closed", "extra", "period", "removed"] as const;

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;
const PERIOD = "period";

type Shift = CalendarFields["shifts"][number];
type Exception = CalendarFields["exceptions"][number];

const breaksText = (breaks: Shift["breaks"]): string =>
  breaks.map(({ startMinute, minutes }) => `${clockOf(startMinute)} ${minutes}`).join("; ");

const spanOf = ({ startMinute, endMinute, breaks }: Pick<Shift, "startMinute" | "endMinute" | "breaks">): ListRow => ({
  start: clockOf(startMinute),
  end: clockOf(endMinute),
  ...(breaks.length > 0 && { breaks: breaksText(breaks) }),
});

const exceptionName = (exception: Exception): string =>
  exception.kind === "closed" ? exception.date : `${exception.date}/${exception.name}`;

/** The rows of the calendar of a line; the id of each begins with the id of the line. */
export function rowsOfCalendar(line: string, { shifts, exceptions, validFrom, validUntil }: CalendarFields): readonly ListRow[] {
  return [
    ...shifts.map((shift): ListRow => ({
      id: `${line}/${shift.name}`,
      kind: "shift",
      days: shift.days.map((day) => DAYS[day - 1]).join(" "),
      ...spanOf(shift),
    })),
    ...exceptions.map((exception): ListRow => ({
      id: `${line}/${exceptionName(exception)}`,
      kind: exception.kind,
      ...(exception.kind === "extra" && spanOf(exception)),
      ...(exception.title !== undefined && { title: exception.title }),
    })),
    ...(validFrom === undefined && validUntil === undefined
      ? []
      : [{ id: `${line}/${PERIOD}`, kind: PERIOD, ...(validFrom && { start: validFrom }), ...(validUntil && { end: validUntil }) }]),
  ];
}

/** A row of one line, with what follows the id of the line. */
export interface CalendarRow {
  /** Index among all rows that were handed in. */
  readonly row: number;
  readonly name: string;
  readonly values: ListRow;
}

interface Fault {
  readonly column: string;
  readonly message: Message;
}

/** The calendar with the rows over it; a row that cannot be is a fault, and so is what the calendar cannot be as a whole. */
export function calendarWith(
  before: CalendarFields,
  rows: readonly CalendarRow[],
): { readonly fields: CalendarFields; readonly faults: readonly ListFault[] } {
  const [shifts, exceptions] = [[...before.shifts], [...before.exceptions]];
  let period: Period = { validFrom: before.validFrom, validUntil: before.validUntil };
  const faults: ListFault[] = [];
  const rowOf = { shift: new Map<string, number>(), exception: new Map<string, number>() };
  for (const { row, name, values } of rows) {
    const read = readRow(name, values);
    if ("message" in read) faults.push({ row, ...read });
    else if ("period" in read) period = read.period;
    else if ("shift" in read) {
      put(shifts, (each) => each.name === name, read.shift);
      rowOf.shift.set(name, row);
    } else if ("exception" in read) {
      put(exceptions, (each) => exceptionName(each) === name, read.exception);
      rowOf.exception.set(name, row);
    } else {
      put(shifts, (each) => each.name === name, undefined);
      put(exceptions, (each) => exceptionName(each) === name, undefined);
      if (name === PERIOD) period = { validFrom: undefined, validUntil: undefined };
    }
  }
  const { validFrom, validUntil } = period;
  const fields: CalendarFields = { shifts, exceptions, ...(validFrom && { validFrom }), ...(validUntil && { validUntil }) };
  if (faults.length > 0) return { fields, faults };
  const first = rows[0]?.row ?? 0;
  return {
    fields,
    faults: calendarFaults(fields).map(({ message: text, shift, exception }) => {
      const row =
        shift !== undefined
          ? rowOf.shift.get(shifts[shift]!.name)
          : exception !== undefined && rowOf.exception.get(exceptionName(exceptions[exception]!));
      return { row: row === undefined || row === false ? first : row, message: text };
    }),
  };
}

/** In the place of the one that is there, else at the end; undefined takes it away. */
function put<Each>(all: Each[], isIt: (each: Each) => boolean, value: Each | undefined): void {
  const at = all.findIndex(isIt);
  if (at < 0 && value !== undefined) all.push(value);
  else if (at >= 0) all.splice(at, 1, ...(value === undefined ? [] : [value]));
}

interface Period {
  readonly validFrom: string | undefined;
  readonly validUntil: string | undefined;
}

type Read =
  | Fault
  | { readonly shift: Shift }
  | { readonly exception: Exception }
  | { readonly period: Period }
  | { readonly removed: true };

function readRow(name: string, values: ListRow): Read {
  const kind = values["kind"];
  if (kind === "removed") return { removed: true };
  if (kind === "period") return periodOf(values);
  const title = textOf(values, "title");
  const [date = "", ...rest] = name.split("/");
  if (kind === "closed" || kind === "extra") {
    if (!isDate(date) || (kind === "extra") === (rest.length === 0))
      return { column: "id", message: message("shifts.list.date", { name }) };
    if (kind === "closed") return { exception: { kind, date, ...(title && { title }) } };
    const span = spanIn(values);
    if ("message" in span) return span;
    return { exception: { kind, date, ...(title && { title }), name: rest.join("/").slice(0, 60), ...span } };
  }
  const span = spanIn(values);
  if ("message" in span) return span;
  const days = daysOf(textOf(values, "days"));
  if (days === undefined) return { column: "days", message: message("shifts.list.days", { text: textOf(values, "days").slice(0, 100) }) };
  if (name.trim() === "" || name.length > 60) return { column: "id", message: message("shifts.list.name") };
  return { shift: { name, days, ...span } };
}

const textOf = (values: ListRow, column: string): string => String(values[column] ?? "").trim();
const isDate = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);

function periodOf(values: ListRow): Read {
  const [from, until] = [textOf(values, "start").slice(0, 10), textOf(values, "end").slice(0, 10)];
  for (const [column, text] of [
    ["start", from],
    ["end", until],
  ] as const)
    if (text !== "" && !isDate(text)) return { column, message: message("shifts.list.day", { text }) };
  return { period: { validFrom: from || undefined, validUntil: until || undefined } };
}

function spanIn(values: ListRow): Fault | Pick<Shift, "startMinute" | "endMinute" | "breaks"> {
  const startMinute = minuteOf(textOf(values, "start"), 1_439);
  if (startMinute === undefined) return timeFault("start", textOf(values, "start"));
  const endMinute = minuteOf(textOf(values, "end"), 1_440);
  if (endMinute === undefined) return timeFault("end", textOf(values, "end"));
  const breaks: { startMinute: number; minutes: number }[] = [];
  const texts = textOf(values, "breaks").split(";");
  for (const text of texts.map((each) => each.trim()).filter((each) => each !== "")) {
    const [begin = "", length = ""] = text.split(/\s+/);
    const [at, minutes] = [minuteOf(begin, 1_439), /^\d{1,3}$/.test(length) ? Number(length) : 0];
    if (at === undefined || minutes < 1 || minutes > 720 || breaks.length === 20)
      return { column: "breaks", message: message("shifts.list.breaks", { text: text.slice(0, 100) }) };
    breaks.push({ startMinute: at, minutes });
  }
  return { startMinute, endMinute, breaks };
}

const timeFault = (column: string, text: string): Fault => ({ column, message: message("shifts.list.time", { text: text.slice(0, 100) }) });

/** `6:00`, `06:00:00`, or a time of a workbook, which has a date before it. */
function minuteOf(text: string, most: number): number | undefined {
  const [, hours, minutes] = /(?:^|T)(\d{1,2}):(\d\d)(?::00(?:\.0+)?)?Z?$/.exec(text) ?? [];
  if (hours === undefined || Number(minutes) > 59) return undefined;
  const found = Number(hours) * 60 + Number(minutes);
  return found <= most ? found : undefined;
}

/** By name or by number, Monday is 1. */
function daysOf(text: string): number[] | undefined {
  const words = text.split(/[\s,]+/).filter((word) => word !== "");
  const days = words.map((word) => {
    const named = DAYS.findIndex((day) => day.toLowerCase() === word.slice(0, 3).toLowerCase()) + 1;
    return /^[1-7]$/.test(word) ? Number(word) : named;
  });
  return days.length === 0 || days.includes(0) ? undefined : [...new Set(days)].toSorted((a, b) => a - b);
}
