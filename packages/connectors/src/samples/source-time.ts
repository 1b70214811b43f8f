import type { Instant } from "@doppelwerk/world";

/** 1990 and 2200: what lies outside is a clock that was never set, or lost its mind. */
export const OLDEST: Instant = 631_152_000_000_000;
export const NEWEST: Instant = 7_258_118_400_000_000;

export function isCredible(time: Instant | undefined): time is Instant {
  return time !== undefined && time > OLDEST && time < NEWEST;
}

/**
 * A time as devices write it: ISO 8601 (with any fraction, `,` or `.`), or a number of seconds, milliseconds, microseconds or nanoseconds since 1970,
 * distinguished by size (the ranges of credible times do not overlap). Undefined when it is none of these or outside 1990 to 2200.
 * A text without offset is taken in `timeZone` (IANA name, default UTC).
 */
export function instantOf(value: unknown, timeZone = "UTC"): Instant | undefined {
  const time =
    typeof value === "number" ? instantOfNumber(value) : typeof value === "string" ? instantOfText(value.trim(), timeZone) : undefined;
  return isCredible(time) ? time : undefined;
}

function instantOfNumber(value: number): Instant | undefined {
  for (const toMicroseconds of [1_000_000, 1_000, 1, 0.001]) {
    const time = Math.floor(value * toMicroseconds);
    if (isCredible(time)) return time;
  }
  return undefined;
}

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,12}))?)?)?\s*(Z|z|[+-]\d{2}(?::?\d{2})?)?$/;

function instantOfText(text: string, timeZone: string): Instant | undefined {
  if (/^\d+(?:\.\d+)?$/.test(text)) return instantOfNumber(Number(text));
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", offset] = match;
  const milliseconds = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Math.min(59, Number(second)));
  const read = new Date(milliseconds);
  // 30 February and 25 o'clock roll over in a Date
  if (read.getUTCMonth() !== Number(month) - 1 || read.getUTCDate() !== Number(day) || Number(hour) > 23 || Number(minute) > 59)
    return undefined;
  const shiftMs = offset === undefined ? zoneShiftMs(milliseconds, timeZone) : offsetMs(offset);
  return (milliseconds - shiftMs) * 1000 + Number(fraction.padEnd(6, "0").slice(0, 6));
}

function offsetMs(offset: string): number {
  if (offset === "Z" || offset === "z") return 0;
  const sign = offset.startsWith("-") ? -1 : 1;
  const digits = offset.slice(1).replace(":", "");
  return sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || 0)) * 60_000;
}

const formats = new Map<string, Intl.DateTimeFormat>();

export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    const parts = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" } as const;
    format = new Intl.DateTimeFormat("en-GB", { timeZone, hourCycle: "h23", ...parts });
    formats.set(timeZone, format);
  }
  return format;
}

/** How far the zone's clock was ahead of UTC when it showed this. In the repeated hour of autumn the first pass is taken. */
function zoneShiftMs(shown: number, timeZone: string): number {
  if (timeZone === "UTC") return 0;
  const shiftAt = (utc: number): number => {
    const parts = Object.fromEntries(
      formatOf(timeZone)
        .formatToParts(utc)
        .map(({ type, value }) => [type, Number(value)]),
    );
    return Date.UTC(parts["year"]!, parts["month"]! - 1, parts["day"]!, parts["hour"]!, parts["minute"]!, parts["second"]!) - utc;
  };
  const early = shiftAt(shown - 86_400_000);
  return shiftAt(shown - early) === early ? early : shiftAt(shown - shiftAt(shown));
}
