import type { ShiftFiguresValue } from "@doppelwerk/ports";
import type { Instant } from "@doppelwerk/world";

const LIKE = 20;

/** The shift that is asked for by its beginning, else the one that runs at an instant, else the last one before it. */
export function chosenShift(
  shifts: readonly ShiftFiguresValue[],
  { shift, at }: { readonly shift: Instant | undefined; readonly at: Instant },
): ShiftFiguresValue | undefined {
  if (shift !== undefined) return shifts.find(({ from }) => from === shift) ?? shifts.find(({ from, to }) => from <= shift && shift < to);
  return shifts.findLast(({ from }) => from <= at);
}

/** Closed shifts of the same name before it, of which something was planned: the last 20, oldest first. */
export function likeShifts(shifts: readonly ShiftFiguresValue[], own: ShiftFiguresValue): readonly ShiftFiguresValue[] {
  return shifts.filter(({ name, from, plannedBusyS }) => name === own.name && from < own.from && plannedBusyS > 0).slice(-LIKE);
}

export function medianOf(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}
