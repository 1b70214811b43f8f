import { useState } from "react";
import { toLocal, useScope, useStore, useWords, type Zone } from "@doppelwerk/kit/studio";
import type { Instant } from "@doppelwerk/world";

export const KINDS = ["skill", "skillQualification", "stationSkill", "rosterShift"] as const;
const DAY_MS = 86_400_000;

export const dayOf = (zone: Zone, instant: Instant): string => new Date(toLocal(zone, instant) / 1_000).toISOString().slice(0, 10);

export const dayBeside = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** The day that is looked at, today until another is chosen, and the instant that it is looked at from: what is known later is not in it. */
export function useDay(): { readonly day: string; readonly at: Instant | undefined; readonly choose: (day: string | undefined) => void } {
  const { time } = useScope();
  const { zone } = useWords();
  const shown = useStore(time.shown);
  const at = shown === undefined ? undefined : Math.round(shown / 60_000_000) * 60_000_000;
  const [chosen, choose] = useState<string | undefined>(undefined);
  return { day: chosen ?? dayOf(zone, shown ?? time.instant()), at, choose };
}
