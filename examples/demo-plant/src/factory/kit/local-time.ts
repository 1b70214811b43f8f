export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

const dayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;

/** Clock and calendar of the plant: whole hours ahead of UTC, no summer time. */
export class LocalTime {
  readonly #offset: number;

  constructor(utcOffsetHours: number) {
    this.#offset = utcOffsetHours * HOUR;
  }

  /** `2026-11-24T06:12:05.000-05:00`. */
  iso(ms: number): string {
    const hours = this.#offset / HOUR;
    const zone = `${hours < 0 ? "-" : "+"}${String(Math.abs(hours)).padStart(2, "0")}:00`;
    return `${new Date(ms + this.#offset).toISOString().slice(0, -1)}${zone}`;
  }

  /** `2026-11-24`. */
  date(ms: number): string {
    return new Date(ms + this.#offset).toISOString().slice(0, 10);
  }

  /** `0612`. */
  clock(ms: number): string {
    return new Date(ms + this.#offset).toISOString().slice(11, 16).replace(":", "");
  }

  /** Local midnight before. */
  midnight(ms: number): number {
    return Math.floor((ms + this.#offset) / DAY) * DAY - this.#offset;
  }

  /** The instant at which the local day `2026-11-24` begins; NaN for a text that is no day. */
  dayBegin(day: string): number {
    return /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00Z`) - this.#offset : Number.NaN;
  }

  /** Days since 1970-01-01, of the local calendar. */
  dayNumber(ms: number): number {
    return Math.floor((ms + this.#offset) / DAY);
  }

  /** Hours since local midnight. */
  hour(ms: number): number {
    return (ms - this.midnight(ms)) / HOUR;
  }

  weekday(ms: number): (typeof dayNames)[number] {
    return dayNames[new Date(ms + this.#offset).getUTCDay()]!;
  }
}
