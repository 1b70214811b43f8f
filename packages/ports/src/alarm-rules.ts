import type { AlarmRule } from "@doppelwerk/operations";
import type { BranchId } from "@doppelwerk/world";
import { port } from "./token.ts";

/** The alarm rules that the product ships for a plant. What people stored is in the documents, and takes the place of one of the same id. */
export interface ShippedAlarmRules {
  of(branch: BranchId): Promise<readonly AlarmRule[]>;
}

export const shippedAlarmRules = port<ShippedAlarmRules>("line.alarmRules", 1);
