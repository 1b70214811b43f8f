import type { Submodel, SubmodelElement } from "../metamodel.ts";
import type { ValueOnly } from "./value-text.ts";

export interface ValueOfOptions {
  /** `core`: collections below come as `{}`, lists as `[]`. Default deep. */
  readonly level?: "core" | "deep";
  /** Blob values are left out unless asked for. */
  readonly withBlobValue?: boolean;
  /** What to use instead of the property's own value: a lexical string, or undefined for "no value". Absent: the own value. */
  readonly live?: (element: SubmodelElement) => { readonly value: string | undefined } | undefined;
}

/** The value-only form; undefined when there is no value (operation, capability, empty). */
export function valueOf(element: Submodel | SubmodelElement, options?: ValueOfOptions): ValueOnly | undefined {
  throw new Error(`not built yet: ${element.modelType} ${options?.level}`);
}
