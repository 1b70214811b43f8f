import type { AlarmFold, DerivedSignals } from "@doppelwerk/ports";
import { activeStates } from "@doppelwerk/operations";
import type { Lines } from "./lines.ts";

/** What the signals say that are concluded: states of the lines, and steps of alarms where these are on. */
export function derivedPort(lines: Lines, alarms: () => AlarmFold | undefined): DerivedSignals {
  return {
    async current() {
      const readings = lines.all().flatMap((line) => line.readings ?? []);
      return readings.length === 0 ? [] : [...readings.flatMap(activeStates), ...((await alarms()?.current()) ?? [])];
    },
  };
}
