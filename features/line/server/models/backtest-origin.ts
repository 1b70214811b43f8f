import type { LineReadings, ShiftResult } from "@doppelwerk/operations";
import type { BacktestOrigin } from "@doppelwerk/ports";
import { HOUR, SECOND } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";

/** Shifts before the first origin: fits need something to stand on. */
const TRAINING_SHIFTS = 5;
/** Seconds after the start of a shift at which its forecasts are made: on the full hour, because hours are what was counted. */
const ORIGIN_HOURS = 2;

/** One origin in every closed shift after the training ones, at its start plus two hours. */
export function backtestOrigins(engine: LineReadings): readonly BacktestOrigin[] {
  const shifts = engine.shiftIds().flatMap((id) => {
    const shift = engine.shift(id);
    return shift && shift.planned && shift.closed ? [shift] : [];
  });
  return shifts.slice(TRAINING_SHIFTS).map((shift, index): BacktestOrigin => {
    const before = shifts.slice(0, index + TRAINING_SHIFTS);
    const next = shifts[index + TRAINING_SHIFTS + 1];
    const instant = shift.from + ORIGIN_HOURS * HOUR;
    const hourOf = (candidate: ShiftResult) =>
      completedBetween(candidate, candidate.from + ORIGIN_HOURS * HOUR, candidate.from + (ORIGIN_HOURS + 1) * HOUR);
    const restOf = (candidate: ShiftResult) => completedBetween(candidate, candidate.from + ORIGIN_HOURS * HOUR, Number.POSITIVE_INFINITY);
    return {
      instant,
      shift: { start: shift.from, end: shift.to },
      nextShift: next && { start: next.from, end: next.to },
      realised: { "1 h": hourOf(shift), "this shift": restOf(shift), ...(next ? { "next shift": next.line.completed } : {}) },
      reference: {
        "1 h": before.map(hourOf),
        "this shift": before.map(restOf),
        "next shift": before.map((candidate) => candidate.line.completed),
      },
    };
  });
}

function completedBetween(shift: ShiftResult, from: Instant, to: Instant): number {
  return shift.hours.filter((hour) => hour.from >= from - SECOND && hour.from < to - SECOND).reduce((sum, hour) => sum + hour.completed, 0);
}
