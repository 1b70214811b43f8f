import { HOUR, MINUTE, type Instant } from "@doppelwerk/world";
import type { EffectModel } from "@doppelwerk/sim";
import type { Line4Id } from "./line-4-table.ts";

/** Stops of the first day, local time. */
const incidents: readonly { readonly station: Line4Id; readonly from: string; readonly to: string }[] = [
  { station: "L4-R10", from: "10:02", to: "11:18" },
  { station: "L4-050", from: "10:46", to: "11:14" },
  { station: "L4-030", from: "11:23", to: "11:30" },
  { station: "L4-070", from: "11:35", to: "11:41" },
  { station: "L4-R10", from: "11:45", to: "12:16" },
  { station: "L4-R10", from: "12:22", to: "12:56" },
  { station: "L4-050", from: "12:26", to: "12:54" },
  { station: "L4-030", from: "13:01", to: "13:08" },
  { station: "L4-070", from: "13:12", to: "13:18" },
];

/**
 * A bad forenoon: on the day of the first start, which is always between 10:10 and 11:10, Line 4 is troubled until the early afternoon. The rework benches
 * are out for long, which costs the line little; the press stops twice for so long that the function test, the constraint, runs dry. So whoever opens a fresh
 * demonstration meets an alarm that lasts, and within two hours a constraint that waits. The days before and after know nothing of it.
 */
export function line4Incidents(anchorDay: Instant): readonly EffectModel[] {
  return incidents.map(({ station, from, to }, index) => ({
    kind: "outage",
    id: `incident-${index + 1}`,
    stations: [station],
    cause: "other",
    when: { kind: "intervals", intervals: [{ start: at(anchorDay, from), end: at(anchorDay, to) }] },
  }));
}

function at(day: Instant, clock: string): Instant {
  const [hour, minute] = clock.split(":").map(Number) as [number, number];
  return day + hour * HOUR + minute * MINUTE;
}
