import type { ObjectClass } from "@doppelwerk/aas/access-rules";
import type { Comparison, Condition, QuerySubject } from "@doppelwerk/aas/query";
import { requiredField, textsOf } from "./required-texts.ts";

export type Quick = (subject: QuerySubject) => boolean;

const COMPARES: Readonly<Record<string, (text: string, other: string) => boolean>> = {
  $eq: (text, other) => text === other,
  "$starts-with": (text, other) => text.startsWith(other),
  "$ends-with": (text, other) => text.endsWith(other),
  $contains: (text, other) => text.includes(other),
};

/**
 * A condition on ids, names and meanings of an object alone as a function; undefined where more is asked. These comparisons always have a result, so
 * nothing of it can be invalid.
 */
export function quickCondition(condition: Condition, of: ObjectClass): Quick | undefined {
  switch (condition.kind) {
    case "constant":
      return () => condition.value;
    case "comparison":
      return ofComparison(condition, of);
    case "not": {
      const inner = quickCondition(condition.of, of);
      return inner && ((subject) => !inner(subject));
    }
    case "and":
    case "or": {
      const parts = condition.of.map((one) => quickCondition(one, of));
      if (parts.includes(undefined)) return undefined;
      const all = parts as readonly Quick[];
      return condition.kind === "and" ? (subject) => all.every((part) => part(subject)) : (subject) => all.some((part) => part(subject));
    }
    default:
      return undefined;
  }
}

function ofComparison({ operator, left, right }: Comparison, of: ObjectClass): Quick | undefined {
  const compare = Object.hasOwn(COMPARES, operator) ? COMPARES[operator] : undefined;
  if (compare === undefined) return undefined;
  const field = requiredField(left, of);
  if (field === undefined || right.kind !== "constant" || right.value.kind !== "str") return undefined;
  const other = right.value.value;
  return (subject) => textsOf(field, subject).some((text) => compare(text, other));
}
