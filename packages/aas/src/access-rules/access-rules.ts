import type { Attribute, Condition } from "../query/query.ts";

/** Access rules of IDTA-01004 3.0.2 with their definitions put in place of their names: what they permit adds up, and what none permits is denied. */
export interface AccessRules {
  readonly rules: readonly AccessRule[];
}

export interface AccessRule {
  /** What has to be known of who asks: where one of them is missing the rule permits nothing. */
  readonly attributes: readonly Attribute[];
  readonly rights: ReadonlySet<Right>;
  readonly objects: readonly RuleObject[];
  readonly formula: Condition;
  readonly filters: readonly Filter[];
}

/** Of a list (`$aasdesc#specificAssetIds[]`) the items for which the condition holds are shown, of another fragment all of it or nothing. */
export interface Filter {
  readonly fragment: string;
  readonly condition: Condition;
}

export const RIGHTS = ["CREATE", "READ", "UPDATE", "DELETE", "EXECUTE", "VIEW"] as const;
export type Right = (typeof RIGHTS)[number];

/** Classes of identifiable objects and of descriptors, as fields begin with them. */
export type ObjectClass = "aas" | "sm" | "cd" | "aasdesc" | "smdesc";

/** What a rule is about. In a route `*` is any text; an id that is absent is that of any object. */
export type RuleObject =
  | { readonly kind: "route"; readonly route: string }
  | { readonly kind: "object"; readonly class: ObjectClass; readonly id?: string }
  /** An element, and what is below it; a path that is absent is any. */
  | { readonly kind: "element"; readonly submodel?: string; readonly path?: string };
