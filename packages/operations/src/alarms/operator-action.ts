import type { Instant } from "@doppelwerk/world";
import type { AlarmEvent } from "./alarm-list.ts";

/** What people do to an alarm (ISA-18.2); everything else is the process, the design or the end of a shelving. */
const OPERATOR_ACTIONS = ["acknowledge", "reset", "shelve", "unshelve", "suppress", "unsuppress", "takeOut", "putBack"] as const;

/** Who does what the plant of a condition says. */
export const AT_SOURCE = "plant";

/** What a person does to an alarm. Shelving needs a reason and an end; acknowledging is per alarm, never all at once. */
export interface OperatorAction {
  readonly rule: string;
  readonly action: (typeof OPERATOR_ACTIONS)[number];
  readonly actor: string;
  readonly reason?: string;
  readonly until?: Instant;
}

/** The act of a person that a step was; undefined for every other step. What a plant says follows from its values. */
export function operatorActionOf({ rule, action, actor, reason, until }: AlarmEvent): OperatorAction | undefined {
  const own = OPERATOR_ACTIONS.find((each) => each === action);
  if (own === undefined || actor === undefined || actor === "system" || actor === AT_SOURCE) return undefined;
  return { rule, action: own, actor, ...(reason !== undefined && { reason }), ...(until !== undefined && { until }) };
}
