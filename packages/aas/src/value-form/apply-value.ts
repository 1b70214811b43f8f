import type { Finding } from "../finding.ts";
import type { Submodel, SubmodelElement } from "../metamodel.ts";
import type { ValueOnly } from "./value-text.ts";

export type Applied<E> = { readonly kind: "applied"; readonly element: E } | { readonly kind: "refused"; readonly findings: readonly Finding[] };

/** The element with the values of a value-only form in it (PATCH $value): all or nothing. Never throws. */
export function applyValue<E extends Submodel | SubmodelElement>(element: E, value: ValueOnly): Applied<E> {
  throw new Error(`not built yet: ${element.modelType} ${typeof value}`);
}
