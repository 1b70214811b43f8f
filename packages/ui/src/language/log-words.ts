import { DAY, HOUR, MINUTE } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";

/** `2012-01-30 04:24` at so many minutes ahead of UTC: logs are of other years. */
export function dateOfLog(instant: Instant, utcOffset: number): string {
  return new Date((instant + utcOffset * MINUTE) / 1000).toISOString().slice(0, 16).replace("T", " ");
}

/** The word for a period and how many of it. */
export function periodOf(periodS: number): { readonly unit: "days" | "hours" | "minutes"; readonly count: number } {
  const micros = periodS * 1e6;
  if (micros % DAY === 0) return { unit: "days", count: micros / DAY };
  if (micros >= HOUR) return { unit: "hours", count: Math.round((micros / HOUR) * 100) / 100 };
  return { unit: "minutes", count: Math.round((micros / MINUTE) * 100) / 100 };
}
