import type { DerivedSignals } from "@doppelwerk/ports";
import { standingDerived } from "@doppelwerk/operations";
import type { LineService } from "./line-service.ts";

/** States and alarms of today's one fold, as signals. */
export function derivedPort(line: Pick<LineService, "engine">): DerivedSignals {
  return {
    async current() {
      if (line.engine === undefined) return [];
      return Array.from(standingDerived(line.engine), ([signal, { value, since }]) => ({ signal, value, since }));
    },
  };
}
