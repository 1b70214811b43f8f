import type { Instant } from "@doppelwerk/world";

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?$/;

/** An instant of ISO 8601 with its offset; without one it is UTC. A number is milliseconds since 1970, as JSON of many systems has it. */
export function readTime(raw: unknown): Instant | undefined {
  if (typeof raw === "number") return Number.isFinite(raw) && raw >= 0 && raw <= 8e12 ? Math.round(raw * 1_000) : undefined;
  if (typeof raw !== "string") return undefined;
  const found = ISO.exec(raw.trim());
  if (found === null) return undefined;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", zone = "Z"] = found;
  const parts = [year, month, day, hour, minute, second].map(Number) as [number, number, number, number, number, number];
  const ms = Date.UTC(parts[0], parts[1] - 1, parts[2], parts[3], parts[4], parts[5]);
  const date = new Date(ms);
  // the 31st of a month of 30 days, or 24 o'clock, is another day: it is not guessed
  if (date.getUTCMonth() !== parts[1] - 1 || date.getUTCDate() !== parts[2] || parts[3] > 23 || parts[4] > 59 || parts[5] > 59)
    return undefined;
  const micros = Math.trunc(Number(`0.${fraction || "0"}`) * 1e6);
  const at = ms * 1_000 + micros - offsetOf(zone);
  return at >= 0 ? at : undefined;
}

function offsetOf(zone: string): number {
  if (zone === "Z") return 0;
  const sign = zone.startsWith("-") ? -1 : 1;
  const digits = zone.slice(1).replace(":", "").padEnd(4, "0");
  return sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * 60_000_000;
}
