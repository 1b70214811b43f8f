import { DAY, SECOND, type Instant } from "@doppelwerk/kit";

/** A clock is wrong beyond that: the screen and the record say so. */
export const WRONG_CLOCK_S = 5;
/** Entries that are older are refused: nobody knows any more what they are about. */
export const MAX_AGE: Instant = 90 * DAY;

/** How far the clock of a device is ahead of the server's, in seconds with a decimal; below zero: behind. */
export function clockOffsetS(deviceNow: Instant, now: Instant): number {
  return Math.round((deviceNow - now) / (SECOND / 10)) / 10;
}

/**
 * The instant of an entry by the server's clock: the device's time less the offset of its clock, as it is measured when the entry is received. Never in the
 * future. Undefined where it is older than is taken.
 */
export function instantOfEntry(deviceTime: Instant, deviceNow: Instant, now: Instant): Instant | undefined {
  const at = Math.min(now, deviceTime - (deviceNow - now));
  return at < now - MAX_AGE ? undefined : at;
}

export const isWrongClock = (offsetS: number): boolean => Math.abs(offsetS) > WRONG_CLOCK_S;
