import {
  holds,
  type Attribute,
  type AttributeValues,
  type Comparison,
  type Condition,
  type Operand,
  type QuerySubject,
  type Value,
} from "@doppelwerk/aas/query";

/** No field is asked of it. */
const NOTHING: QuerySubject = { kind: "conceptDescription", value: {} };

/**
 * A condition with what depends on the asker alone decided; `valuesOf` is undefined for attributes that depend on more. Undefined = a part of it has
 * no result, which makes all of it invalid.
 */
export function forAsker(condition: Condition, valuesOf: (attribute: Attribute) => readonly Value[] | undefined): Condition | undefined {
  switch (condition.kind) {
    case "constant":
      return condition;
    case "comparison":
      return decided(condition, valuesOf);
    case "not": {
      const of = forAsker(condition.of, valuesOf);
      if (of === undefined) return undefined;
      return of.kind === "constant" ? { kind: "constant", value: !of.value } : { kind: "not", of };
    }
    case "and":
    case "or": {
      const parts = condition.of.map((one) => forAsker(one, valuesOf));
      if (parts.includes(undefined)) return undefined;
      return joined(condition.kind, parts as readonly Condition[]);
    }
    // its parts are about one element of a list
    case "match":
      return condition;
  }
}

function joined(kind: "and" | "or", parts: readonly Condition[]): Condition {
  const deciding = kind === "or";
  const open = parts.filter((part) => part.kind !== "constant");
  // a part without a result still makes the whole invalid: it stays, and what is decided beside it too
  if (open.length === 0)
    return { kind: "constant", value: parts.some((part) => part.kind === "constant" && part.value === deciding) === deciding };
  if (parts.some((part) => part.kind === "constant" && part.value === deciding)) return { kind, of: parts };
  return open.length === 1 ? open[0]! : { kind, of: open };
}

function decided(comparison: Comparison, valuesOf: (attribute: Attribute) => readonly Value[] | undefined): Condition | undefined {
  const isOfAsker = (operand: Operand): boolean => {
    if (operand.kind === "constant") return true;
    if (operand.kind === "attribute") return valuesOf(operand.attribute) !== undefined;
    return operand.kind !== "field" && isOfAsker(operand.of);
  };
  if (!isOfAsker(comparison.left) || !isOfAsker(comparison.right)) return comparison;
  const values: AttributeValues = (attribute) => valuesOf(attribute)!;
  const value = holds(comparison, NOTHING, values);
  // neither it nor its opposite holds where it has no result
  if (!value && !holds({ kind: "not", of: comparison }, NOTHING, values)) return undefined;
  return { kind: "constant", value };
}
