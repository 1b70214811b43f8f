import type { ObjectClass } from "@doppelwerk/aas/access-rules";
import type { Comparison, Condition, Operand, QuerySubject } from "@doppelwerk/aas/query";

/** Fields that an object has one text in, without its elements. */
export const LISTED_FIELDS = ["id", "idShort", "semanticId"] as const;
export type ListedField = (typeof LISTED_FIELDS)[number];

export interface RequiredTexts {
  readonly field: ListedField;
  /** One of them stands in the field of every object for which the condition holds. */
  readonly texts: readonly string[];
}

/** What a condition requires of an object of a class; undefined where no index can tell. */
export function requiredTexts(condition: Condition, of: ObjectClass): RequiredTexts | undefined {
  switch (condition.kind) {
    case "comparison":
      return ofComparison(condition, of);
    case "and": {
      for (const one of condition.of) {
        const found = requiredTexts(one, of);
        if (found !== undefined) return found;
      }
      return undefined;
    }
    case "or": {
      const all = condition.of.map((one) => requiredTexts(one, of));
      const [first] = all;
      if (first === undefined || all.some((one) => one?.field !== first.field)) return undefined;
      return { field: first.field, texts: all.flatMap((one) => one!.texts) };
    }
    default:
      return undefined;
  }
}

function ofComparison({ operator, left, right }: Comparison, of: ObjectClass): RequiredTexts | undefined {
  if (operator !== "$eq") return undefined;
  const [field, other] = left.kind === "field" ? [left, right] : [right, left];
  const known = requiredField(field, of);
  if (known === undefined || other.kind !== "constant" || other.value.kind !== "str") return undefined;
  return { field: known, texts: [other.value.value] };
}

/** The field that an operand is, where it is one of those. */
export function requiredField(operand: Operand, of: ObjectClass): ListedField | undefined {
  return operand.kind === "field" ? LISTED_FIELDS.find((name) => operand.field.text === `$${of}#${name}`) : undefined;
}

/** The texts of a field of an object, as conditions read it. */
export function textsOf(field: string, subject: QuerySubject): readonly string[] {
  const object = subject.kind === "shell" ? subject.shell : subject.kind === "submodel" ? subject.submodel : subject.value;
  const value = (object as Readonly<Record<string, unknown>>)[field];
  if (typeof value === "string") return [value];
  const [key] = (value as { readonly keys?: readonly { readonly value: string }[] } | undefined)?.keys ?? [];
  return key === undefined ? [] : [key.value];
}
