import type { Instant } from "@doppelwerk/world";
import type { PlannedOrder } from "./line-model.ts";

/** A plant that is further from its plan than this does not follow it. */
const FARTHEST: Instant = 12 * 3600 * 1_000_000;

/**
 * Where a line stands in its plan. What is being made tells it better than the clock, because plants are early and late: of the orders of
 * that product the one planned nearest to now is under way, if any is planned within twelve hours. Without one the plan goes on with what is
 * still to begin.
 */
export function placeInPlan(
  planned: readonly PlannedOrder[],
  now: Instant,
  product: string | undefined,
): { readonly current: PlannedOrder | undefined; readonly next: number } {
  let current = -1;
  let nearest = FARTHEST;
  planned.forEach((order, index) => {
    const distance = Math.max(0, order.start - now, now - order.end);
    if (order.product !== product || distance > nearest || (distance === nearest && current >= 0)) return;
    current = index;
    nearest = distance;
  });
  if (current >= 0) return { current: planned[current], next: current + 1 };
  const upcoming = planned.findIndex(({ start, end }) => (product === undefined ? end > now : start >= now));
  return { current: undefined, next: upcoming < 0 ? planned.length : upcoming };
}
