import type { Aggregate, Expression, Operator } from "./expression.ts";

/** Why a formula has no value: an input that is not known, or a denominator that is zero, with its text position. */
export type UnknownReason =
  | { readonly kind: "missing"; readonly name: string }
  | { readonly kind: "dividedByZero"; readonly at: number }
  | { readonly kind: "rootOfNegative"; readonly at: number }
  | { readonly kind: "notANumber"; readonly at: number }
  /** Beyond what a double holds. */
  | { readonly kind: "overflow"; readonly at: number }
  | { readonly kind: "cycle"; readonly names: readonly string[] };

export type Value = { readonly value: number; readonly unknown?: undefined } | { readonly unknown: readonly UnknownReason[] };

/** Gives what a formula names; `unknown` where it is not known. */
export interface Scope {
  name(name: string): Value;
  signal(aggregate: Aggregate, signal: string): Value;
}

type Result = { readonly value: number | boolean; readonly unknown?: undefined } | { readonly unknown: readonly UnknownReason[] };

/**
 * The value of a formula. It is unknown where an input is that it depends on: `if`, `and` and `or` depend on no more than decides them. Never NaN and never
 * infinite. Every reason is given, not the first alone.
 */
export function evaluate(expression: Expression, scope: Scope): Value {
  const result = resultOf(expression, scope);
  if (result.unknown !== undefined) return result;
  return typeof result.value === "number" ? { value: result.value } : { unknown: [{ kind: "notANumber", at: expression.at }] };
}

function resultOf(expression: Expression, scope: Scope): Result {
  switch (expression.kind) {
    case "number":
      return { value: expression.value };
    case "name":
      return scope.name(expression.name);
    case "signal":
      return scope.signal(expression.aggregate, expression.signal);
    // of alarm conditions, which are compiled
    case "is":
      return { unknown: [{ kind: "missing", name: expression.name }] };
    case "unary": {
      const of = resultOf(expression.of, scope);
      if (of.unknown !== undefined) return of;
      if (expression.operator === "not") return typeof of.value === "boolean" ? { value: !of.value } : notANumber(expression.of);
      return typeof of.value === "number" ? { value: -of.value } : notANumber(expression.of);
    }
    case "binary":
      return binary(expression, scope);
    case "call":
      return call(expression, scope);
  }
}

function binary({ operator, left, right, at }: Extract<Expression, { kind: "binary" }>, scope: Scope): Result {
  const a = resultOf(left, scope);
  // "false and ?" is false, "true or ?" is true
  const decides = operator === "or";
  const isLogical = operator === "and" || operator === "or";
  if (isLogical && a.unknown === undefined && a.value === decides) return a;
  const b = resultOf(right, scope);
  if (isLogical && b.unknown === undefined && b.value === decides) return b;
  if (a.unknown !== undefined || b.unknown !== undefined) return together([a, b]);
  if (isLogical) {
    if (typeof a.value !== "boolean") return notANumber(left);
    return typeof b.value === "boolean" ? b : notANumber(right);
  }
  if (typeof a.value !== "number") return notANumber(left);
  if (typeof b.value !== "number") return notANumber(right);
  if (operator === "/" && b.value === 0) return { unknown: [{ kind: "dividedByZero", at: right.at }] };
  return finite(computed(operator, a.value, b.value), at);
}

function computed(operator: Operator, a: number, b: number): number | boolean {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
    case "=":
      return a === b;
    default:
      return a !== b;
  }
}

function call({ of, args, at }: Extract<Expression, { kind: "call" }>, scope: Scope): Result {
  if (of === "if") {
    const which = resultOf(args[0]!, scope);
    if (which.unknown !== undefined) return which;
    return typeof which.value === "boolean" ? resultOf(which.value ? args[1]! : args[2]!, scope) : notANumber(args[0]!);
  }
  const results = args.map((arg) => resultOf(arg, scope));
  if (results.some(({ unknown }) => unknown !== undefined)) return together(results);
  const values = results.map((result) => (result as { readonly value: number | boolean }).value);
  const other = values.findIndex((value) => typeof value !== "number");
  if (other >= 0) return notANumber(args[other]!);
  const numbers = values as readonly number[];
  const [first = 0] = numbers;
  if (of === "sqrt" && first < 0) return { unknown: [{ kind: "rootOfNegative", at: args[0]!.at }] };
  if (of === "sqrt") return { value: Math.sqrt(first) };
  if (of === "abs") return { value: Math.abs(first) };
  return finite(of === "min" ? Math.min(...numbers) : Math.max(...numbers), at);
}

function finite(value: number | boolean, at: number): Result {
  return typeof value === "boolean" || Number.isFinite(value) ? { value } : { unknown: [{ kind: "overflow", at }] };
}

/** A truth value where a number has to be, or the other way round. */
function notANumber({ at }: Expression): Result {
  return { unknown: [{ kind: "notANumber", at }] };
}

function together(results: readonly Result[]): Result {
  const reasons = new Map(results.flatMap(({ unknown = [] }) => unknown.map((reason) => [JSON.stringify(reason), reason])));
  return { unknown: [...reasons.values()] };
}
