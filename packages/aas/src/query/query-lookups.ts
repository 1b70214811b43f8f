import type { Field } from "./field-identifier.ts";
import type { Comparison, Condition, Operand } from "./query.ts";

/** What an index can answer: everything whose attribute is exactly a text. */
export type QueryLookup =
  | {
      readonly of:
        | "aas.id"
        | "aas.idShort"
        | "aas.submodel"
        | "sm.id"
        | "sm.idShort"
        | "sm.semanticId"
        | "sme.semanticId"
        | "cd.id"
        | "cd.idShort";
      readonly value: string;
    }
  /** `name` as AASd-116 has it: the global one is `globalAssetId`. */
  | { readonly of: "aas.assetId"; readonly name: string; readonly value: string }
  | { readonly of: "sme.value"; readonly idShort: string; readonly value: string };

/**
 * Where the results of a condition must be looked for: `all` = in each of them, so any one is enough; `any` = in one of them, so all are needed.
 * Undefined = no index narrows it. What is found there is a superset and is asked again.
 */
export type LookupPlan = { readonly all: readonly LookupPlan[] } | { readonly any: readonly LookupPlan[] } | QueryLookup;

export function lookupPlan(condition: Condition): LookupPlan | undefined {
  switch (condition.kind) {
    case "constant":
      return condition.value ? undefined : { any: [] };
    case "not":
      return undefined;
    case "or": {
      const plans = condition.of.map(lookupPlan);
      return plans.includes(undefined) ? undefined : { any: plans as readonly LookupPlan[] };
    }
    case "and":
      return all(condition.of.map(lookupPlan));
    case "match": {
      const comparisons = condition.of.filter((one) => one.kind === "comparison");
      return all([assetIdOf(comparisons), ...condition.of.map(lookupPlan)]);
    }
    case "comparison": {
      const equal = equalityOf(condition);
      return equal && lookupOf(equal.field, equal.value);
    }
  }
}

function all(plans: readonly (LookupPlan | undefined)[]): LookupPlan | undefined {
  const known = plans.filter((plan) => plan !== undefined);
  return known.length > 1 ? { all: known } : known[0];
}

/** A field that must be exactly a text. */
function equalityOf({ operator, left, right }: Comparison): { readonly field: Field; readonly value: string } | undefined {
  if (operator !== "$eq") return undefined;
  const side = (field: Operand, constant: Operand) =>
    field.kind === "field" && constant.kind === "constant" && constant.value.kind === "str"
      ? { field: field.field, value: constant.value.value }
      : undefined;
  return side(left, right) ?? side(right, left);
}

function lookupOf({ root, path, attribute }: Field, value: string): QueryLookup | undefined {
  const [first, second, third] = attribute;
  const isFirstKey = second?.name === "keys" && third?.name === "value" && (second.index === 0 || second.index === "any");
  if (root === "sme") {
    if (first?.name === "semanticId" && isFirstKey && second.index === 0) return { of: "sme.semanticId", value };
    const last = path.at(-1);
    // What stands in a list may have an idShort or none, and the index knows an element by it.
    if (first?.name !== "value" || last === undefined || last.indexes.length > 0) return undefined;
    return { of: "sme.value", idShort: last.idShort, value };
  }
  if (root === "aas" && first?.name === "assetInformation" && second?.name === "globalAssetId")
    return { of: "aas.assetId", name: "globalAssetId", value };
  if (root === "aas" && first?.name === "submodels" && isFirstKey && second.index === 0) return { of: "aas.submodel", value };
  if (root === "sm" && first?.name === "semanticId" && isFirstKey && second.index === 0) return { of: "sm.semanticId", value };
  if (attribute.length > 1 || (root !== "aas" && root !== "sm" && root !== "cd")) return undefined;
  return first?.name === "id" || first?.name === "idShort" ? { of: `${root}.${first.name}`, value } : undefined;
}

/** Name and value of one specific asset id, asked for together. */
function assetIdOf(comparisons: readonly Comparison[]): QueryLookup | undefined {
  const partOf = (name: string): string | undefined => {
    for (const comparison of comparisons) {
      const equal = equalityOf(comparison);
      const [information, ids, part] = equal?.field.attribute ?? [];
      if (equal?.field.root === "aas" && information?.name === "assetInformation" && ids?.index === "any" && part?.name === name)
        return equal.value;
    }
    return undefined;
  };
  const [name, value] = [partOf("name"), partOf("value")];
  return name === undefined || value === undefined ? undefined : { of: "aas.assetId", name, value };
}
