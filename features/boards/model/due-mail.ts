import { MINUTE, type Instant } from "@doppelwerk/world";
import type { MailFields } from "./board-kind.ts";

const DAY: Instant = 86_400_000_000;

/** The last instant at or before `now` that a mail is due at; undefined: none in the last eight days. `offset` answers minutes of the zone. */
export function lastDue({ at, days }: MailFields, now: Instant, offset: (instant: Instant) => number): Instant | undefined {
  const [hours, minutes] = at.split(":").map(Number) as [number, number];
  const today = Math.floor((now + offset(now) * MINUTE) / DAY);
  for (let day = today; day > today - 8; day--) {
    // the first of January 1970 was a Thursday
    if (!days.includes((((day + 4) % 7) + 7) % 7)) continue;
    const local = day * DAY + (hours * 60 + minutes) * MINUTE;
    const guess = local - offset(local) * MINUTE;
    const due = local - offset(guess) * MINUTE;
    if (due <= now) return due;
  }
  return undefined;
}
