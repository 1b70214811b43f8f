import type { Field } from "./field-identifier.ts";

/** A query of IDTA-01002 3.1 in the form it is run in. */
export interface Query {
  /** Only ids are asked for (`$select: id`). */
  readonly idsOnly: boolean;
  readonly condition: Condition;
}

export type Condition =
  | { readonly kind: "and" | "or"; readonly of: readonly Condition[] }
  | { readonly kind: "not"; readonly of: Condition }
  | { readonly kind: "constant"; readonly value: boolean }
  | Match
  | Comparison;

/** All conditions hold for the same elements of the lists they name with `[]`. */
export interface Match {
  readonly kind: "match";
  readonly of: readonly MatchPart[];
}

export type MatchPart = Match | Comparison | { readonly kind: "constant"; readonly value: boolean };

export const COMPARISONS = ["$eq", "$ne", "$gt", "$ge", "$lt", "$le"] as const;
export const TEXT_COMPARISONS = ["$contains", "$starts-with", "$ends-with", "$regex"] as const;
export type Operator = (typeof COMPARISONS)[number] | (typeof TEXT_COMPARISONS)[number];

export interface Comparison {
  readonly kind: "comparison";
  readonly operator: Operator;
  readonly left: Operand;
  readonly right: Operand;
  /** Of `$regex` with a constant pattern: whether a text holds it somewhere, in time linear in the text. */
  readonly finds?: (text: string) => boolean;
}

export type Operand =
  | { readonly kind: "field"; readonly field: Field }
  | { readonly kind: "constant"; readonly value: Value }
  | { readonly kind: "attribute"; readonly attribute: Attribute }
  | { readonly kind: "cast"; readonly to: ValueKind; readonly of: Operand }
  | { readonly kind: "part"; readonly part: "dayOfWeek" | "dayOfMonth" | "month" | "year"; readonly of: Operand };

/** What a condition of an access rule knows of who asks and when (IDTA-01004 3.0.2). */
export type Attribute =
  | { readonly kind: "claim"; readonly name: string }
  | { readonly kind: "global"; readonly name: "LOCALNOW" | "UTCNOW" | "CLIENTNOW" | "ANONYMOUS" }
  /** The value of an element as it is now. */
  | { readonly kind: "element"; readonly submodel: string; readonly path: string };

export type ValueKind = "str" | "num" | "hex" | "bool" | "dateTime" | "time";

/** A value with its kind. `dateTime` in microseconds since the epoch, `time` in microseconds since midnight, `hex` as upper-case digits. */
export type Value =
  | { readonly kind: "str"; readonly value: string }
  | { readonly kind: "num"; readonly value: number }
  | { readonly kind: "hex"; readonly value: string }
  | { readonly kind: "bool"; readonly value: boolean }
  /** `offset`: minutes that the clock it was read from is ahead of UTC; its time of day, day and text are those of that clock. */
  | { readonly kind: "dateTime"; readonly value: number; readonly offset?: number }
  | { readonly kind: "time"; readonly value: number };
