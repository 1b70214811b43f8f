import type { Instant } from "@doppelwerk/world";
import { dayStart, fromLocal, type Zone } from "@doppelwerk/kit/studio";

export const LOG_SPANS = ["today", "yesterday", "week", "all"] as const;

/** Since when the log is listed: one of the buttons, or a day, `2026-11-27`. */
export type LogSpan = (typeof LOG_SPANS)[number] | `${number}-${number}-${number}`;

const DAYS_BACK = { today: 0, yesterday: 1, week: 6 } as const;
const HOUR = 3_600_000_000;

/** `since:yesterday`, `since:2026-11-27`; what cannot be read so is the whole log. */
export function logSpanOf(detail: string | undefined): LogSpan {
  const text = detail?.startsWith("since:") === true ? detail.slice("since:".length) : "all";
  if ((LOG_SPANS as readonly string[]).includes(text)) return text as LogSpan;
  return isDay(text) ? text : "all";
}

/** The detail of the address; undefined for the whole log. */
export function logSpanDetail(span: LogSpan): string | undefined {
  return span === "all" ? undefined : `since:${span}`;
}

/** The first instant of a span, by the days of the site; undefined for the whole log. */
export function beginOf(span: LogSpan, now: Instant, zone: Zone): Instant | undefined {
  if (span === "all") return undefined;
  if (isDay(span)) return fromLocal(zone, Date.parse(`${span}T00:00:00Z`) * 1_000);
  let start = dayStart(zone, now);
  // a day back, however long it was where the clocks change
  for (let day = 0; day < DAYS_BACK[span]; day++) start = dayStart(zone, start - HOUR);
  return start;
}

export function isDay(text: string): text is `${number}-${number}-${number}` {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
}
