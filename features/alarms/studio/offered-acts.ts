import type { AlarmItem } from "@doppelwerk/sync";

export const ACTS = ["acknowledge", "reset", "unshelve", "returnToService", "shelve", "takeOutOfService"] as const;
export type Act = (typeof ACTS)[number];

/** What people may do to an alarm in this state (ISA-18.2); *suppressed by design* comes and goes by logic alone. */
export function offeredActs(state: AlarmItem["state"]): readonly Act[] {
  switch (state) {
    case "unacknowledged":
    case "returnedUnacknowledged":
      return ["acknowledge", "shelve", "takeOutOfService"];
    case "latched":
      return ["reset", "shelve", "takeOutOfService"];
    case "shelved":
      return ["unshelve", "takeOutOfService"];
    case "outOfService":
      return ["returnToService"];
    default:
      return ["shelve", "takeOutOfService"];
  }
}
