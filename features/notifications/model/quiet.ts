import { DAY, MINUTE, type Instant } from "@doppelwerk/world";
import { instantOfClock, type ZoneOffset } from "./on-call.ts";
import type { Priority, QuietHours } from "./rule-kind.ts";

/** When what is quiet at an instant ends; undefined where it is not quiet then. */
export function quietUntil(
  quiet: QuietHours | undefined,
  priority: Priority,
  instant: Instant,
  zoneOffset: ZoneOffset,
): Instant | undefined {
  if (quiet === undefined || !quiet.priorities.includes(priority)) return undefined;
  const today = Math.floor((instant + zoneOffset(instant) * MINUTE) / DAY);
  for (const day of [today - 1, today]) {
    const end = instantOfClock(quiet.to <= quiet.from ? day + 1 : day, quiet.to, zoneOffset);
    if (instantOfClock(day, quiet.from, zoneOffset) <= instant && instant < end) return end;
  }
  return undefined;
}
