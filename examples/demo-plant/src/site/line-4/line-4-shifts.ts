import { MINUTE } from "@doppelwerk/world";
import type { PlantShift, ShiftPlan } from "../../clock/calendar.ts";

/** Line 4 rests before Line 3, so that the canteen holds everybody. */
const earlier = [15, 30, 15] as const;

/** The shifts of Line 4: those of the plant, with breaks of their own. */
export function line4Shifts(shifts: readonly PlantShift[]): readonly PlantShift[] {
  return shifts.map((shift) => ({
    ...shift,
    breaks: shift.breaks.map(({ start, end }, index) => {
      const moved = (earlier[index] ?? 0) * MINUTE;
      return { start: start - moved, end: end - moved };
    }),
  }));
}

/** The same as the engineering file states it. */
export function line4ShiftPlans(plans: readonly ShiftPlan[]): readonly ShiftPlan[] {
  return plans.map((plan) => ({ ...plan, breaks: plan.breaks.split(" ").map(moveBreak).join(" ") }));
}

function moveBreak(text: string, index: number): string {
  const [clock, minutes] = text.split("/") as [string, string];
  const [hour, minute] = clock.split(":").map(Number) as [number, number];
  const moved = hour * 60 + minute - (earlier[index] ?? 0);
  return `${String(Math.floor(moved / 60)).padStart(2, "0")}:${String(moved % 60).padStart(2, "0")}/${minutes}`;
}
