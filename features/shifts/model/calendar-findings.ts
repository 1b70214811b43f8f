import { DAY, DoppelwerkError, message, MINUTE, type Message } from "@doppelwerk/kit";
import { createShiftCalendar, dayOfDate, shiftsOfCalendar, type PlannedShift, type ZoneOffset } from "@doppelwerk/operations";
import type {} from "../message-codes.ts";
import type { CalendarFields } from "./calendar-kind.ts";

/** What is wrong with a calendar, or worth knowing of it. Only errors keep it from being stored. */
export interface CalendarFinding {
  readonly isError: boolean;
  readonly message: Message;
  /** The shift, or the exception, that it is about. */
  readonly shift?: number;
  readonly exception?: number;
}

const WEEK = 7 * 1_440;
/** From Monday on. */
const WEEKDAYS = [
  message("shifts.weekday.monday"),
  message("shifts.weekday.tuesday"),
  message("shifts.weekday.wednesday"),
  message("shifts.weekday.thursday"),
  message("shifts.weekday.friday"),
  message("shifts.weekday.saturday"),
  message("shifts.weekday.sunday"),
] as const;

/** Everything that cannot be, in the order of the form. */
export function calendarFaults(calendar: CalendarFields): readonly CalendarFinding[] {
  const { shifts, exceptions, validFrom, validUntil } = calendar;
  return [
    ...shifts.flatMap((shift, at) => faultsOfShift(shift, shifts, at)),
    ...overlapsOfWeek(shifts),
    ...exceptions.flatMap((exception, at) => faultsOfException(calendar, exception, at)),
    ...(validFrom !== undefined && validUntil !== undefined && validFrom > validUntil
      ? [fault(message("shifts.fault.period", { from: validFrom, until: validUntil }))]
      : []),
  ];
}

/** DW_INVALID with the first fault. */
export function requireNoFault(calendar: CalendarFields): void {
  const [first] = calendarFaults(calendar);
  if (first) throw new DoppelwerkError("DW_INVALID", first.message);
}

/** What follows from a calendar and may surprise: shifts over midnight, the change of the clocks in the year from `now` on, no shift at all. */
export function calendarNotes(calendar: CalendarFields, zoneOffset: ZoneOffset, now: number): readonly CalendarFinding[] {
  const { shifts } = calendar;
  const notes = shifts.flatMap((shift, at) =>
    isOverMidnight(shift) ? [note(message("shifts.note.overMidnight", { name: shift.name, end: clockOf(shift.endMinute) }), at)] : [],
  );
  if (shifts.length === 0) notes.push(note(message("shifts.note.noShift")));
  return [...notes, ...clockChanges(calendar, zoneOffset, now)];
}

/** Minutes that a shift lasts by the clock, breaks included. */
export function minutesOf({ startMinute, endMinute }: Pick<PlannedShift, "startMinute" | "endMinute">): number {
  return endMinute - startMinute + (endMinute <= startMinute ? 1_440 : 0);
}

/** `06:00`. */
export function clockOf(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

function isOverMidnight({ startMinute, endMinute }: PlannedShift): boolean {
  return endMinute <= startMinute && endMinute > 0;
}

function faultsOfShift(shift: PlannedShift, all: readonly PlannedShift[], at: number): readonly CalendarFinding[] {
  const { name, days } = shift;
  return [
    ...(all.findIndex((other) => other.name === name) < at ? [fault(message("shifts.fault.sameName", { name }), at)] : []),
    ...(days.length === 0 ? [fault(message("shifts.fault.noDay", { name }), at)] : []),
    ...faultsOfBreaks(shift).map((text) => fault(text, at)),
  ];
}

function faultsOfBreaks({ name, startMinute, endMinute, breaks }: Omit<PlannedShift, "days">): readonly Message[] {
  const length = minutesOf({ startMinute, endMinute });
  let end = 0;
  return breaks
    .map((pause) => ({ ...pause, from: (pause.startMinute - startMinute + 1_440) % 1_440 }))
    .toSorted((a, b) => a.from - b.from)
    .flatMap(({ from, minutes, startMinute: start }) => {
      const params = { name, start: clockOf(start) };
      if (from + minutes > length) return [message("shifts.fault.breakOutside", params)];
      const overlaps = from < end;
      end = from + minutes;
      return overlaps ? [message("shifts.fault.breaksOverlap", params)] : [];
    });
}

/** A week that repeats: Sunday night is followed by Monday. Each pair is named once. */
function overlapsOfWeek(shifts: readonly PlannedShift[]): readonly CalendarFinding[] {
  const starts = shifts.flatMap((shift, at) =>
    [...new Set(shift.days)].map((day) => ({ shift, at, day, from: (day - 1) * 1_440 + shift.startMinute })),
  );
  starts.sort((a, b) => a.from - b.from);
  const named = new Set<string>();
  return starts.flatMap((one, index) => {
    const next = starts[(index + 1) % starts.length]!;
    const nextFrom = next.from + (index + 1 === starts.length ? WEEK : 0);
    const pair = [one.at, next.at].toSorted((a, b) => a - b).join(" ");
    if (starts.length < 2 || one.from + minutesOf(one.shift) <= nextFrom || named.has(pair)) return [];
    named.add(pair);
    const params = { name: one.shift.name, other: next.shift.name, day: WEEKDAYS[next.day - 1]!, start: clockOf(next.shift.startMinute) };
    return [fault(message("shifts.fault.overlap", params), next.at)];
  });
}

function faultsOfException(
  calendar: CalendarFields,
  exception: CalendarFields["exceptions"][number],
  at: number,
): readonly CalendarFinding[] {
  const { exceptions } = calendar;
  const { date } = exception;
  const named = (text: Message): CalendarFinding => ({ isError: true, message: text, exception: at });
  if (exception.kind === "closed")
    return exceptions.findIndex((other) => other.kind === "closed" && other.date === date) < at
      ? [named(message("shifts.fault.sameDate", { date }))]
      : [];
  const other = shiftBeside(calendar, exception);
  return [
    ...faultsOfBreaks(exception).map(named),
    ...(other === undefined ? [] : [named(message("shifts.fault.overlapOn", { name: exception.name, other, date }))]),
  ];
}

/** The name of a shift that runs at the same time as an extra one, by the clock. */
function shiftBeside(
  calendar: CalendarFields,
  extra: Extract<CalendarFields["exceptions"][number], { kind: "extra" }>,
): string | undefined {
  const day = dayOfDate(extra.date);
  const others = { ...calendar, exceptions: calendar.exceptions.filter((exception) => exception !== extra) };
  const beside = createShiftCalendar(shiftsOfCalendar(others), () => 0);
  const from = day * DAY + extra.startMinute * MINUTE;
  const to = from + minutesOf(extra) * MINUTE;
  for (let at = from; at < to;) {
    const { shift, to: end } = beside.segmentAt(at);
    if (shift !== undefined) return shift.name;
    at = end;
  }
  return undefined;
}

/** Shifts of the coming year that are shorter or longer than their clock times, because the clocks change in them. */
function clockChanges(calendar: CalendarFields, zoneOffset: ZoneOffset, now: number): readonly CalendarFinding[] {
  const definitions = shiftsOfCalendar(calendar);
  const held = createShiftCalendar(definitions, zoneOffset);
  const found: CalendarFinding[] = [];
  for (let day = 0; day < 366; day++) {
    const from = now + day * DAY;
    if (zoneOffset(from) === zoneOffset(from + DAY)) continue;
    for (let next = held.nextShift(from - DAY); next && next.start < from + DAY; next = held.nextShift(next.start)) {
      const { start, end, name } = next;
      const change = zoneOffset(end) - zoneOffset(start);
      if (change === 0 || found.some(({ message: { params } }) => params["date"] === next.day && params["name"] === name)) continue;
      const hours = Math.round(((end - start) / (60 * MINUTE)) * 100) / 100;
      found.push(note(message("shifts.note.clockChange", { date: next.day, name, hours })));
    }
  }
  return found;
}

function fault(text: Message, shift?: number): CalendarFinding {
  return { isError: true, message: text, ...(shift !== undefined && { shift }) };
}

function note(text: Message, shift?: number): CalendarFinding {
  return { isError: false, message: text, ...(shift !== undefined && { shift }) };
}
