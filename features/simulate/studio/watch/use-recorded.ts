import { useMemo } from "react";
import type { LineInfo, Snapshot } from "@doppelwerk/client";
import { SECOND } from "@doppelwerk/world";
import { useStudio } from "@doppelwerk/kit/studio";
import { Rewind } from "@doppelwerk/kit/studio/rewind";

/** What was recorded reaches to now, less what is still on its way. */
const ON_ITS_WAY = 3 * SECOND;

export interface Recorded {
  /** Undefined until it has been read. */
  readonly at: (instant: number, line: LineInfo) => Snapshot | undefined;
  /** Whether nothing is recorded of the instant yet. */
  readonly isAhead: (instant: number) => boolean;
}

/** What the plant did, as recorded. */
export function useRecorded(): Recorded {
  const studio = useStudio();
  const rewind = useMemo(() => new Rewind(studio.client, (index) => studio.signals.idOf(index) ?? ""), [studio]);
  return {
    at: (instant, line) => {
      // Alarms and vehicles of that instant are not folded here; those of now would be wrong.
      const base = studio.snapshot.get();
      return rewind.at(Math.min(instant, studio.now() - ON_ITS_WAY), line, base && { ...base, alarms: [], agvs: [] });
    },
    isAhead: (instant) => instant > studio.now() - ON_ITS_WAY,
  };
}
