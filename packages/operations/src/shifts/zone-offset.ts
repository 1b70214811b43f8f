import { MINUTE } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";

const QUARTER: Instant = 15 * MINUTE;

/** Minutes that local time of an IANA zone is ahead of UTC, from the runtime's zone data; offsets change on quarter hours only. Unknown zone: UTC. */
export function zoneOffsetOf(timeZone: string): (instant: Instant) => number {
  const known = new Map<number, number>();
  const format = formatOf(timeZone);
  return (instant) => {
    const quarter = Math.floor(instant / QUARTER);
    let offset = known.get(quarter);
    if (offset === undefined) {
      offset = offsetAt(format, (quarter * QUARTER) / 1_000);
      if (known.size > 10_000) known.clear();
      known.set(quarter, offset);
    }
    return offset;
  };
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const options = {
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  } as const;
  try {
    return new Intl.DateTimeFormat("en-GB", { ...options, timeZone });
  } catch {
    return new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" });
  }
}

function offsetAt(format: Intl.DateTimeFormat, milliseconds: number): number {
  const parts = Object.fromEntries(format.formatToParts(milliseconds).map(({ type, value }) => [type, Number(value)]));
  const local = Date.UTC(parts["year"]!, parts["month"]! - 1, parts["day"]!, parts["hour"]!, parts["minute"]!, parts["second"]!);
  return Math.round((local - milliseconds) / 60_000);
}
