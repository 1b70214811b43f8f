import type { OutAlarm } from "@doppelwerk/connectors/opcua-out";
import type { AlarmItem } from "@doppelwerk/sync";

type ConditionStates = Pick<OutAlarm, "active" | "acknowledged" | "confirmed" | "shelved" | "suppressed" | "outOfService" | "retain">;

const NORMAL: ConditionStates = {
  active: false,
  acknowledged: true,
  confirmed: true,
  shelved: false,
  suppressed: false,
  outOfService: false,
  retain: false,
};
const OPEN: ConditionStates = { ...NORMAL, retain: true };

/**
 * States of ISA-18.2 as those of Part 9. A latched alarm waits for its reset, which is the confirmation there; what is set aside says nothing of its
 * condition, so that it counts as inactive.
 */
export const CONCLUDED_STATES: Readonly<Record<AlarmItem["state"], ConditionStates>> = {
  normal: NORMAL,
  unacknowledged: { ...OPEN, active: true, acknowledged: false },
  acknowledged: { ...OPEN, active: true },
  returnedUnacknowledged: { ...OPEN, acknowledged: false },
  latched: { ...OPEN, confirmed: false },
  shelved: { ...OPEN, shelved: true },
  suppressedByDesign: { ...OPEN, suppressed: true },
  outOfService: { ...OPEN, outOfService: true },
};

/** In the middle of what the priorities are read from where conditions are taken (800, 600, 200). */
export const SEVERITIES: Readonly<Record<AlarmItem["priority"], number>> = { 1: 900, 2: 700, 3: 400, 4: 100 };
