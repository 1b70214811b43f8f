/** Integer microseconds since 1970-01-01T00:00:00Z in a JS number (safe until the year 2255). */
export type Instant = number;

export const SECOND: Instant = 1_000_000;
export const MINUTE: Instant = 60 * SECOND;
export const HOUR: Instant = 60 * MINUTE;
export const DAY: Instant = 24 * HOUR;
