import { DAY, hashedId, MINUTE, type Instant, type RecordId } from "@doppelwerk/world";
import { createShiftCalendar, type ShiftDefinition, type ZoneOffset } from "./shift-calendar.ts";

/** A shift as people plan it: `startMinute` and `endMinute` are minutes after local midnight, an end at or before the start is on the next day. */
export interface PlannedShift {
  readonly name: string;
  readonly startMinute: number;
  readonly endMinute: number;
  /** ISO 8601 weekdays on which it starts: 1 = Monday … 7 = Sunday. */
  readonly days: readonly number[];
  readonly breaks: readonly { readonly startMinute: number; readonly minutes: number }[];
}

/** A date that differs from its weekday. `date` is local: `2026-12-24`. */
export type CalendarException =
  /** No shift starts on it. */
  | { readonly kind: "closed"; readonly date: string; readonly title?: string | undefined }
  /** A shift starts on it beside those of its weekday. */
  | (Omit<PlannedShift, "days"> & { readonly kind: "extra"; readonly date: string; readonly title?: string | undefined });

/** The shift calendar of a line as people store it over the one of its engineering file. */
export interface StoredCalendar {
  readonly shifts: readonly PlannedShift[];
  readonly exceptions: readonly CalendarException[];
  /** First local day on which its shifts start; absent: from when it is stored. */
  readonly validFrom?: string | undefined;
  /** Last local day on which its shifts start; after it the shipped calendar holds again. */
  readonly validUntil?: string | undefined;
}

/** What was stored at an instant; without a calendar: it was removed, and the shipped one holds again. */
export interface CalendarVersion {
  readonly time: Instant;
  readonly calendar: StoredCalendar | undefined;
}

/** The `kind` of the records that hold stored calendars. */
export const SHIFT_CALENDAR_KIND = "shiftCalendar";

/** The record that holds the calendar of a line, by the AAS id of the line's shell. */
export function calendarDocumentId(shell: string): RecordId {
  return hashedId(SHIFT_CALENDAR_KIND, "line", shell);
}

/** The shifts of a stored calendar, its exceptions among them. */
export function shiftsOfCalendar({ shifts, exceptions }: StoredCalendar): readonly ShiftDefinition[] {
  const closed = exceptions.flatMap(({ kind, date }) => (kind === "closed" ? [date] : []));
  const extra = exceptions.flatMap((exception) => {
    if (exception.kind !== "extra") return [];
    const { name, startMinute, endMinute, breaks, date } = exception;
    return [{ name, startMinute, endMinute, breaks, days: [], also: [date] }];
  });
  return [...shifts.map((shift) => ({ ...shift, ...(closed.length > 0 && { except: closed }) })), ...extra];
}

/**
 * The shifts of a line over all time: those shipped, and each version that was stored over them from its instant on. A shift that runs when a version is
 * stored ends as it began, so that no shift that was seen changes. `stored` is in order of time.
 */
export function shiftsInForce(
  shipped: readonly ShiftDefinition[],
  stored: readonly CalendarVersion[],
  zoneOffset: ZoneOffset,
): readonly ShiftDefinition[] {
  let held = shipped;
  for (const version of stored) {
    const { calendar } = version;
    const from = startAfter(held, version, zoneOffset);
    const until = calendar?.validUntil === undefined ? undefined : startOfDay(calendar.validUntil, 1, zoneOffset);
    const own = calendar === undefined ? shipped : shiftsOfCalendar(calendar);
    held = [
      ...held.flatMap((shift) => within(shift, undefined, from)),
      ...own.flatMap((shift) => within(shift, from, until)),
      ...(until === undefined ? [] : shipped.flatMap((shift) => within(shift, Math.max(from, until), undefined))),
    ];
  }
  return held;
}

/** From when the last version holds; undefined where there is none. */
export function startOfVersion(
  shipped: readonly ShiftDefinition[],
  stored: readonly CalendarVersion[],
  zoneOffset: ZoneOffset,
): Instant | undefined {
  const last = stored.at(-1);
  return last && startAfter(shiftsInForce(shipped, stored.slice(0, -1), zoneOffset), last, zoneOffset);
}

function startAfter(held: readonly ShiftDefinition[], { time, calendar }: CalendarVersion, zoneOffset: ZoneOffset): Instant {
  const since = createShiftCalendar(held, zoneOffset).shiftAt(time)?.end ?? time;
  return calendar?.validFrom === undefined ? since : Math.max(since, startOfDay(calendar.validFrom, 0, zoneOffset));
}

/** The shift in a span of time; none where it never holds. */
function within(shift: ShiftDefinition, from: Instant | undefined, until: Instant | undefined): readonly ShiftDefinition[] {
  const first = Math.max(shift.from ?? -Infinity, from ?? -Infinity);
  const end = Math.min(shift.until ?? Infinity, until ?? Infinity);
  if (first >= end) return [];
  return [{ ...shift, ...(Number.isFinite(first) && { from: first }), ...(Number.isFinite(end) && { until: end }) }];
}

/** Local midnight of a date, or so many days later. */
function startOfDay(date: string, later: number, zoneOffset: ZoneOffset): Instant {
  const local = dayOfDate(date) * DAY + later * DAY;
  const guess = local - zoneOffset(local) * MINUTE;
  return local - zoneOffset(guess) * MINUTE;
}

/** Day number since 1970-01-01 of a date of the proleptic Gregorian calendar (Hinnant, days_from_civil). NaN of what is no date. */
export function dayOfDate(date: string): number {
  const [, yearText, monthText, dayText] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date) ?? [];
  const month = Number(monthText);
  const year = Number(yearText) - (month <= 2 ? 1 : 0);
  const era = Math.floor(year / 400);
  const yearOfEra = year - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + Number(dayText) - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
