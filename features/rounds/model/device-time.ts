import { SECOND, type Instant } from "@doppelwerk/world";

/** A device whose clock is this near is taken at its word. */
const NEAR: Instant = 2 * SECOND;

export interface DeviceTime {
  readonly at: Instant;
  /** How far the clock of the device was behind, where it was not near. */
  readonly offset?: Instant;
}

/**
 * When something happened, from when the device says that it did and what its clock shows as it sends. What the sending takes counts as offset: it is less than
 * what is near. Never an instant to come.
 */
export function timeOfDevice(said: Instant, deviceNow: Instant, now: Instant): DeviceTime {
  const offset = now - deviceNow;
  if (Math.abs(offset) <= NEAR) return { at: Math.min(said, now) };
  return { at: Math.min(said + offset, now), offset };
}
