import { HOUR } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";

/** The whole hours of a period, its end left out. */
export function hoursBetween(from: Instant, to: Instant): readonly Instant[] {
  const hours: Instant[] = [];
  for (let at = Math.ceil(from / HOUR) * HOUR; at < to; at += HOUR) hours.push(at);
  return hours;
}
