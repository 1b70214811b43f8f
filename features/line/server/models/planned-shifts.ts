import { createShiftCalendar, zoneOffsetOf, type ShiftCalendar } from "@doppelwerk/operations";
import type { LineModel } from "@doppelwerk/sim";
import { DAY, type Instant } from "@doppelwerk/world";
import type { LineOfShells } from "../line-of-shells.ts";

/** A plan of what a line makes may reach beyond the span that is simulated: as far as closed times are planned with (`schedule-of-line`). */
const AFTER = 28 * DAY;

type ListedShift = Extract<NonNullable<LineModel["calendar"]>, { readonly kind: "list" }>["shifts"][number];

/**
 * The model with the shifts that its line plans from an instant on: closed dates, extra shifts, versions that begin later and changes of the clock.
 * Where the week of the model gives the same shifts it stays as it is.
 */
export function withPlannedShifts(
  model: LineModel,
  { definition, week }: Pick<LineOfShells, "definition" | "week">,
  from: Instant,
  to: Instant,
): LineModel {
  if (model.calendar?.kind !== "weekly") return model;
  const { shifts = [], timeZone } = definition;
  const offset = (model.calendar.utcOffsetS ?? 0) / 60;
  const planned = shiftsBetween(createShiftCalendar(shifts, zoneOffsetOf(timeZone)), from, to + AFTER);
  const ofWeek = shiftsBetween(
    createShiftCalendar(week, () => offset),
    from,
    to + AFTER,
  );
  return JSON.stringify(planned) === JSON.stringify(ofWeek) ? model : { ...model, calendar: { kind: "list", shifts: planned } };
}

/** In ascending order, from the one that runs at `from` on. Breaks are within their shift. */
function shiftsBetween(calendar: ShiftCalendar, from: Instant, to: Instant): ListedShift[] {
  const listed: ListedShift[] = [];
  let shift = calendar.shiftAt(from) ?? calendar.nextShift(from);
  while (shift !== undefined && shift.start < to) {
    const { name, start, end } = shift;
    const breaks: { start: Instant; end: Instant }[] = [];
    for (let at = start; at < end;) {
      const segment = calendar.segmentAt(at);
      if (segment.kind === "break") breaks.push({ start: at, end: Math.min(segment.to, end) });
      at = segment.to;
    }
    listed.push({ id: name, start, end, breaks });
    shift = calendar.nextShift(end - 1);
  }
  return listed;
}
