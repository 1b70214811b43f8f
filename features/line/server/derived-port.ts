import type { AlarmFold, DerivedSignals } from "@doppelwerk/ports";
import { activeStates } from "@doppelwerk/operations";
import type { LineService } from "./line-service.ts";

/** What the signals say that are concluded: states of the line, and steps of alarms where these are on. */
export function derivedPort(line: Pick<LineService, "readings">, alarms: () => AlarmFold | undefined): DerivedSignals {
  return {
    async current() {
      return line.readings === undefined ? [] : [...activeStates(line.readings), ...((await alarms()?.current()) ?? [])];
    },
  };
}
