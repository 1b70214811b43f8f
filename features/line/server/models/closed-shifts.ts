import type { LineReadings, ShiftResult } from "@doppelwerk/operations";
import type { ClosedShift } from "@doppelwerk/ports";

/** Parts a shift of each station, over the closed shifts in which it made any. */
export function partsAShift(engine: LineReadings): ReadonlyMap<string, number> {
  const made = new Map<string, { parts: number; shifts: number }>();
  for (const { stations } of closedPlanned(engine))
    for (const { station, produced } of stations) {
      if (produced <= 0) continue;
      const before = made.get(station) ?? { parts: 0, shifts: 0 };
      made.set(station, { parts: before.parts + produced, shifts: before.shifts + 1 });
    }
  return new Map([...made].map(([station, { parts, shifts }]) => [station, parts / shifts]));
}

/** Closed shifts as a forecast is held against them. */
export function closedShifts(engine: LineReadings): readonly ClosedShift[] {
  return closedPlanned(engine).map(({ name, from, to, line, oee }) => ({
    name,
    from,
    to,
    good: line.completed,
    plannedBusyS: oee?.plannedBusyS ?? 0,
    unknownS: oee?.unknownS ?? 0,
  }));
}

function closedPlanned(engine: LineReadings): readonly ShiftResult[] {
  return engine.shiftIds().flatMap((id) => {
    const shift = engine.shift(id);
    return shift?.planned && shift.closed ? [shift] : [];
  });
}
