import type { FieldRoot } from "./field-identifier.ts";
import type { Comparison, Condition } from "./query.ts";

const TEXT_SEARCHES = new Set(["$contains", "$starts-with", "$ends-with"]);

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
      return condition.of.map((one) => neededTexts(one, root)).find((texts) => texts !== undefined);
    case "comparison":
      return textOf(condition, root);
  }
}

function textOf({ operator, left, right }: Comparison, root: FieldRoot): readonly string[] | undefined {
  const isSearch = TEXT_SEARCHES.has(operator) && left.kind === "field" && left.field.root === root;
  return isSearch && right.kind === "constant" && right.value.kind === "str" ? [right.value.value] : undefined;
}
