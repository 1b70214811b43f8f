import { DAY, MINUTE, SECOND, type Instant } from "@doppelwerk/kit";

/** A clock is wrong beyond that: the screen and the record say so. */
export const WRONG_CLOCK_S = 5;
/** Entries that are older are refused: nobody knows any more what they are about. */
export const MAX_AGE: Instant = 90 * DAY;
/** A request is not longer on its way: what the device measured before is of another time then. */
const MAX_LATENCY: Instant = 2 * MINUTE;

/** What the device measured of its own clock by an exchange with the server: how far it is ahead, and within which distance that is right. */
export interface MeasuredOffset {
  readonly offset: Instant;
  readonly within: Instant;
}

/**
 * How far the clock of a device is ahead; below zero: behind. A request takes time, so what it says is at most that; what the device measured before is
 * believed where it fits to a request that was on its way for a while.
 */
export function deviceOffset(deviceNow: Instant, received: Instant, measured: MeasuredOffset | undefined): MeasuredOffset {
  const direct = deviceNow - received;
  if (measured === undefined || direct > measured.offset + measured.within || measured.offset - direct > MAX_LATENCY)
    return { offset: direct, within: 0 };
  return { offset: Math.max(direct, measured.offset), within: measured.within };
}

/** Seconds with a decimal. */
export const secondsOf = (offset: Instant): number => Math.round(offset / (SECOND / 10)) / 10;

/**
 * The instant of an entry by the server's clock: the device's time less the offset of its clock, as it is when the entry is received. Never in the future.
 * Undefined where it is older than is taken.
 */
export function instantOfEntry(deviceTime: Instant, offset: Instant, now: Instant): Instant | undefined {
  const at = Math.min(now, deviceTime - offset);
  return at < now - MAX_AGE ? undefined : at;
}

/** What is within the error of its measurement is not called wrong. */
export const isWrongClock = ({ offset, within }: MeasuredOffset): boolean => Math.abs(offset) - within > WRONG_CLOCK_S * SECOND;
