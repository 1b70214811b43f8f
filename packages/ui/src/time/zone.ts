import { DAY, HOUR, MINUTE } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";

/** Wall time of one place: P13 says the plant's, not the viewer's. */
export interface Zone {
  readonly name: string;
  /** Local minus universal, µs, at the instant. */
  offsetAt(instant: Instant): Instant;
}

const cache = new Map<string, Zone>();

/** The zone of an IANA name; an unknown name falls back to universal time. */
export function zoneOf(name: string): Zone {
  const known = cache.get(name);
  if (known !== undefined) return known;
  const zone = makeZone(name);
  cache.set(name, zone);
  return zone;
}

function makeZone(name: string): Zone {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: name,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch {
    return { name: "UTC", offsetAt: () => 0 };
  }
  // Offsets change on the quarter hour at the earliest, so one look-up a quarter is exact.
  const quarter = 15 * MINUTE;
  const offsets = new Map<number, Instant>();
  return {
    name,
    offsetAt(instant) {
      const key = Math.floor(instant / quarter);
      const held = offsets.get(key);
      if (held !== undefined) return held;
      const base = key * quarter;
      const fields: Record<string, number> = {};
      for (const part of format.formatToParts(base / 1000)) if (part.type !== "literal") fields[part.type] = Number(part.value);
      const local = Date.UTC(fields.year!, fields.month! - 1, fields.day!, fields.hour!, fields.minute!, fields.second!) * 1000;
      const offset = local - base;
      if (offsets.size > 20_000) offsets.clear();
      offsets.set(key, offset);
      return offset;
    },
  };
}

export function toLocal(zone: Zone, instant: Instant): Instant {
  return instant + zone.offsetAt(instant);
}

/** The instant of a local time; in the hour that a zone skips or repeats, the later reading. */
export function fromLocal(zone: Zone, local: Instant): Instant {
  const guess = local - zone.offsetAt(local);
  return local - zone.offsetAt(guess);
}

/** Start of the local day that contains the instant. */
export function dayStart(zone: Zone, instant: Instant): Instant {
  return fromLocal(zone, Math.floor(toLocal(zone, instant) / DAY) * DAY);
}

/** Start of the next local day: 23, 24 or 25 hours on. */
export function nextDay(zone: Zone, start: Instant): Instant {
  return dayStart(zone, start + DAY + 2 * HOUR);
}
