import { shiftPlans, type CalendarAnchor } from "../clock/calendar.ts";
import type { Instant } from "@doppelwerk/world";
import type { FloorHeader } from "./floor-record.ts";

/** The first line of `floor.ndjson`. A life is that of one plant, calendar and record. */
export function floorHeader(plant: { readonly seed: number; readonly anchor: CalendarAnchor; readonly recordFrom: Instant }): FloorHeader {
  const { seed, anchor, recordFrom } = plant;
  const day = new Date((anchor.anchorDay + anchor.utcOffsetHours * 3_600_000_000) / 1000).toISOString().slice(0, 10);
  return {
    format: 1,
    life: `${day}-${seed}-${Math.round(recordFrom / 1_000_000)}`,
    seed,
    utcOffsetHours: anchor.utcOffsetHours,
    anchorDay: anchor.anchorDay / 1000,
    recordFrom: recordFrom / 1000,
    shifts: shiftPlans(anchor).map(({ name, start, end, days }) => ({ name, start, end, days })),
  };
}
