import type { Clock, Instant } from "@doppelwerk/world";

/** Where a wall clock takes its time from: milliseconds since 1970, and milliseconds of a clock that only goes on. */
export interface ClockTicks {
  wallMs(): number;
  steadyMs(): number;
}

/** `Date.now` shows whole milliseconds; between them the steady clock goes on. */
const RESOLUTION: Instant = 2_000;

const TICKS: ClockTicks = { wallMs: () => Date.now(), steadyMs: () => performance.now() };

/**
 * The machine's clock in microseconds, never going back within the process. Set forward, it follows at once, and it is never behind what `Date.now` shows
 * anywhere else on this machine: else a value would look as if it came from the future, and lose its time. Set back, it goes on at half the pace until
 * it is right again, so that what comes later has a later time.
 */
export function createWallClock(ticks: ClockTicks = TICKS): Clock {
  let last: Instant = 0;
  let steadyLast = Math.round(ticks.steadyMs() * 1_000);
  return {
    now() {
      const steady = Math.round(ticks.steadyMs() * 1_000);
      // read after the steady clock: whoever is interrupted between the two is behind for no longer than this call
      const wall = Math.floor(ticks.wallMs() * 1_000);
      const passed = Math.max(0, steady - steadyLast);
      steadyLast = steady;
      if (last + passed < wall) last = wall;
      else last += last + passed <= wall + RESOLUTION ? passed : passed >> 1;
      return last;
    },
  };
}

export const wallClock: Clock = createWallClock();
