/** Integer microseconds since 1970-01-01T00:00:00Z in a JS number (safe until the year 2255). */
export type Instant = number;

export const SECOND: Instant = 1_000_000;
export const MINUTE: Instant = 60 * SECOND;
export const HOUR: Instant = 60 * MINUTE;
export const DAY: Instant = 24 * HOUR;

const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/;

/** A date and time of RFC 3339, with its zone; undefined for another text, not a number for a date that is none. Digits beyond microseconds are left out. */
export function instantOfRfc3339(text: string): Instant | undefined {
  if (!RFC_3339.test(text)) return undefined;
  // Date reads milliseconds: what follows them is added
  const beyond = Number((/\.\d{3}(\d{1,3})/.exec(text)?.[1] ?? "").padEnd(3, "0"));
  return Date.parse(text.replace(" ", "T")) * 1_000 + beyond;
}
