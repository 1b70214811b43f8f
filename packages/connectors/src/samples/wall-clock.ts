import type { Clock } from "@doppelwerk/world";

/** The wall clock in microseconds. */
export const wallClock: Clock = { now: () => Math.floor((performance.timeOrigin + performance.now()) * 1000) };
