import {
  calendarDocumentId,
  shiftsInForce,
  zoneOffsetOf,
  type PlannedShift,
  type ShiftDefinition,
  type StoredCalendar,
} from "@doppelwerk/operations";
import type { DescribedLine } from "@doppelwerk/ports";
import type { Instant, RecordReader, WorldRecord } from "@doppelwerk/world";

/** The shifts of a line: those of its engineering file, and what people stored over them. */
export interface CalendarOfLine {
  /** Over all time: each version from its instant on. */
  readonly inForce: readonly ShiftDefinition[];
  /** A week as the newest version has it, for models. */
  readonly week: readonly PlannedShift[];
}

export function calendarOfLine(
  plant: Pick<DescribedLine, "shell" | "shifts" | "timeZone">,
  reader: RecordReader,
  at: Instant,
): CalendarOfLine {
  const stored = reader
    .versions(calendarDocumentId(plant.shell))
    .map(({ record, time = 0 }) => ({ time, calendar: calendarOf(record) }))
    .toReversed();
  if (stored.length === 0) return { inForce: plant.shifts.map((shift) => ({ ...shift })), week: plant.shifts };
  const zoneOffset = zoneOffsetOf(plant.timeZone);
  const newest = stored.at(-1)!.calendar;
  return { inForce: shiftsInForce(plant.shifts, stored, zoneOffset), week: newest && !isOver(newest, at) ? newest.shifts : plant.shifts };
}

/** A record that is none by its fields (of a newer version) does not hold. */
function calendarOf(record: WorldRecord | undefined): StoredCalendar | undefined {
  const { shifts, exceptions } = (record ?? {}) as Partial<StoredCalendar>;
  return Array.isArray(shifts) && Array.isArray(exceptions) ? (record as unknown as StoredCalendar) : undefined;
}

function isOver({ validUntil }: StoredCalendar, at: Instant): boolean {
  return validUntil !== undefined && new Date(at / 1_000).toISOString().slice(0, 10) > validUntil;
}
