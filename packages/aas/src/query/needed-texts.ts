import type { Field, FieldRoot } from "./field-identifier.ts";
import { literalsOf } from "./pattern-literals.ts";
import type { Comparison, Condition } from "./query.ts";

const TEXT_SEARCHES = new Set(["$contains", "$starts-with", "$ends-with", "$eq"]);

/**
 * Texts of which at least one must stand in an attribute of the root (`aas`, `sm`, `cd`) wherever the condition holds. Undefined = the condition
 * does not tell; an empty list = it never holds. A look for them spares asking the condition of what cannot be a result.
 */
export function neededTexts(condition: Condition, root: FieldRoot): readonly string[] | undefined {
  switch (condition.kind) {
    case "constant":
      return condition.value ? undefined : [];
    case "not":
      return undefined;
    case "or": {
      const each = condition.of.map((one) => neededTexts(one, root));
      return each.includes(undefined) ? undefined : each.flatMap((texts) => texts!);
    }
    case "and":
    case "match":
      return condition.of
        .map((one) => neededTexts(one, root))
        .filter((texts) => texts !== undefined)
        .reduce<readonly string[] | undefined>(
          (best, texts) => (best !== undefined && shortest(best) >= shortest(texts) ? best : texts),
          undefined,
        );
    case "comparison":
      return textOf(condition, root);
  }
}

function textOf({ operator, left, right }: Comparison, root: FieldRoot): readonly string[] | undefined {
  const [field, other] = operator === "$eq" && right.kind === "field" ? [right, left] : [left, right];
  if (
    field.kind !== "field" ||
    field.field.root !== root ||
    isWrittenOut(field.field) ||
    other.kind !== "constant" ||
    other.value.kind !== "str"
  )
    return undefined;
  if (operator === "$regex") return literalsOf(other.value.value);
  return TEXT_SEARCHES.has(operator) ? [other.value.value] : undefined;
}

/** A shell's references to submodels are kept as the ids they name; their types are made when it is read. */
function isWrittenOut({ root, attribute }: Field): boolean {
  return root === "aas" && attribute[0]?.name === "submodels" && attribute.at(-1)?.name === "type";
}

/** The longer the text, the fewer hold it; of several the shortest decides. */
function shortest(texts: readonly string[]): number {
  return texts.reduce((least, { length }) => Math.min(least, length), Infinity);
}
