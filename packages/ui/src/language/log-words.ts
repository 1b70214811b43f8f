import { DAY, HOUR, MINUTE } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";

/** What had to be assumed to read a log, told by the server in English: the sentence without its figures → the word for it. */
const notes: Readonly<Record<string, string>> = {
  "# rows end before they start: taken as of no length": "turned",
  "# rows without start or end are left out": "incomplete",
  "# rows of another step than start or complete are left out": "otherStep",
  "no row says start or complete: each is taken as an end": "noStep",
  "# ends have no start: taken as of no length": "alone",
  "# starts have no end and are left out": "unended",
  "the log has one time a row: work is taken to have begun when its case and its resource had finished what came before": "endsOnly",
  "days and months could be either way round in every row: the month is taken to come first": "dayOrder",
  "the log has starts only: work is taken to end when its case or its resource begins the next": "startsOnly",
};

/** Undefined where a newer server says what this page does not know. */
export function noteCode(note: string): { readonly code: string; readonly count: number } | undefined {
  const code = notes[note.replace(/^\d+/, "#")];
  return code === undefined ? undefined : { code, count: Number.parseInt(note, 10) || 0 };
}

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
