import type { ObjectClass } from "@doppelwerk/aas/access-rules";
import type { Condition } from "@doppelwerk/aas/query";
import { quickCondition, type Quick } from "./quick-condition.ts";

/**
 * What id, name and meaning of an object have to be where a condition holds: it may be true of others, but is never false of one for which the condition
 * holds. Undefined where they say nothing.
 */
export function necessaryCondition(condition: Condition, of: ObjectClass): Quick | undefined {
  const exact = quickCondition(condition, of);
  if (exact !== undefined) return exact;
  switch (condition.kind) {
    case "and": {
      const parts = condition.of.map((one) => necessaryCondition(one, of)).filter((one) => one !== undefined);
      return parts.length === 0 ? undefined : (subject) => parts.every((part) => part(subject));
    }
    case "or": {
      const parts = condition.of.map((one) => necessaryCondition(one, of));
      return parts.includes(undefined) ? undefined : (subject) => parts.some((part) => part!(subject));
    }
    default:
      return undefined;
  }
}
