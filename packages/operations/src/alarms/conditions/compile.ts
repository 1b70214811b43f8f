import { MAX_LENGTH, needsOf, parseExpression, partsOf, type Expression, type ExpressionFault } from "../../expressions/expression.ts";

/** Operands, operators and functions of one expression: what one evaluation may cost. */
export const MAX_NODES = 400;
/** Signals of one expression. */
export const MAX_SIGNALS = 32;

/** Why a text is no expression of a rule, with the position of the first character that is wrong. */
export type ConditionFault =
  | ExpressionFault
  | {
      readonly kind: "name" | "aggregate" | "tooCostly" | "tooManySignals" | "needsNumber" | "needsTruth" | "noInput";
      readonly at: number;
      readonly found?: string;
      readonly expected?: undefined;
    };

/** Why a condition has no truth value at an instant. `at` is a position in the expression that is computed. */
export type UnknownCondition =
  | { readonly kind: "dividedByZero" | "rootOfNegative" | "overflow"; readonly at: number }
  /** A signal has no value yet, one of bad quality, a text where a number has to be, or is gone; the state of a station is not known. */
  | { readonly kind: "noValue" | "badQuality" | "notANumber" | "gone" | "noState"; readonly of: string }
  /** The span of the condition is not over since its first value. */
  | { readonly kind: "tooShort" };

/** The last values of signals by slot, and the states of stations. Values are numbers; a text makes the number NaN. */
export interface ConditionInputs {
  numbers: Float64Array;
  texts: (string | undefined)[];
  slotOf(signal: string): number;
  /** Why the number of a slot is NaN. */
  whyOf(slot: number): UnknownCondition;
  stateOf(station: string): string | undefined;
}

/** One evaluation: NaN where it is unknown, and then `why`. Truth is 1 or 0. It takes no memory. */
export interface CompiledExpression {
  readonly of: "number" | "truth";
  run(): number;
  why(): UnknownCondition;
}

export type CheckedExpression = { readonly expression: Expression; readonly fault?: undefined } | { readonly fault: ConditionFault };

/**
 * An expression of a rule: numbers, `last("signal:…")`, `is("signal:…", …)`, `state("STATION", …)`, arithmetic, comparisons, `and or not`, `min max abs sqrt if`.
 * Everything that can be known before it runs is a fault here: what is unknown later is division by zero and values that are not there.
 */
export function checkedExpression(text: string, of: "number" | "truth"): CheckedExpression {
  const parsed = parseExpression(text, { withTexts: true });
  if (parsed.fault) return parsed;
  const fault = faultOf(parsed.expression, of);
  return fault ? { fault } : parsed;
}

/** Longest text of an expression. */
export const MAX_EXPRESSION = MAX_LENGTH;

function faultOf(expression: Expression, of: "number" | "truth"): ConditionFault | undefined {
  let nodes = 0;
  const inputs = new Set<string>();
  const visit = (each: Expression): ConditionFault | undefined => {
    nodes++;
    if (each.kind === "name") return { kind: "name", at: each.at, found: each.name.slice(0, 60) };
    if (each.kind === "signal" && each.aggregate !== "last") return { kind: "aggregate", at: each.at, found: each.aggregate };
    if (each.kind === "signal") inputs.add(each.signal);
    if (each.kind === "is") inputs.add(each.name);
    for (const part of partsOf(each)) {
      const fault = visit(part);
      if (fault) return fault;
    }
    return undefined;
  };
  const own = visit(expression) ?? typeFault(expression, of);
  if (own) return own;
  if (nodes > MAX_NODES) return { kind: "tooCostly", at: 0, found: String(nodes) };
  if (inputs.size > MAX_SIGNALS) return { kind: "tooManySignals", at: 0, found: String(inputs.size) };
  return inputs.size === 0 ? { kind: "noInput", at: expression.at } : undefined;
}

const COMPARES: ReadonlySet<string> = new Set(["<", "<=", ">", ">=", "=", "!="]);

function typeOf(expression: Expression): "number" | "truth" {
  switch (expression.kind) {
    case "is":
      return "truth";
    case "unary":
      return expression.operator === "not" ? "truth" : "number";
    case "binary":
      return COMPARES.has(expression.operator) || expression.operator === "and" || expression.operator === "or" ? "truth" : "number";
    case "call":
      return expression.of === "if" ? typeOf(expression.args[1]!) : "number";
    default:
      return "number";
  }
}

/** The first place where a truth value is and a number has to be, or the other way round. */
function typeFault(expression: Expression, of: "number" | "truth"): ConditionFault | undefined {
  if (typeOf(expression) !== of) return { kind: of === "number" ? "needsNumber" : "needsTruth", at: expression.at };
  const wanted = (part: number): "number" | "truth" => {
    if (expression.kind === "unary") return expression.operator === "not" ? "truth" : "number";
    if (expression.kind === "binary") return expression.operator === "and" || expression.operator === "or" ? "truth" : "number";
    if (expression.kind === "call" && expression.of === "if") return part === 0 ? "truth" : of;
    return "number";
  };
  for (const [part, each] of partsOf(expression).entries()) {
    const fault = typeFault(each, wanted(part));
    if (fault) return fault;
  }
  return undefined;
}

/** The signals and stations that an expression reads; none where it is no expression. */
export function inputsOfExpression(text: string): { readonly signals: readonly string[]; readonly stations: readonly StationAsked[] } {
  const parsed = parseExpression(text, { withTexts: true });
  if (parsed.fault) return { signals: [], stations: [] };
  const signals = new Set(needsOf(parsed.expression).signals.map(({ signal }) => signal));
  const stations: StationAsked[] = [];
  const visit = (each: Expression): void => {
    if (each.kind === "is" && each.of === "signal") signals.add(each.name);
    if (each.kind === "is" && each.of === "station") stations.push({ station: each.name, states: each.values });
    for (const part of partsOf(each)) visit(part);
  };
  visit(parsed.expression);
  return { signals: [...signals], stations };
}

/** A station whose state is asked for, and the states that count. */
export interface StationAsked {
  readonly station: string;
  readonly states: readonly string[];
}

/** Undefined where the text is no expression of that type. */
export function compileExpression(text: string, of: "number" | "truth", inputs: ConditionInputs): CompiledExpression | undefined {
  const checked = checkedExpression(text, of);
  if (checked.fault) return undefined;
  const cause: Cause = { kind: "tooShort", at: 0, slot: -1, station: "" };
  const run = compiled(checked.expression, inputs, cause);
  return { of, run, why: () => whyOf(cause, inputs) };
}

/** What made an evaluation unknown, kept without an object of its own. */
interface Cause {
  kind: "dividedByZero" | "rootOfNegative" | "overflow" | "slot" | "noState" | "tooShort";
  at: number;
  slot: number;
  station: string;
}

function whyOf(cause: Cause, inputs: ConditionInputs): UnknownCondition {
  if (cause.kind === "slot") return inputs.whyOf(cause.slot);
  if (cause.kind === "noState") return { kind: "noState", of: cause.station };
  return cause.kind === "tooShort" ? { kind: "tooShort" } : { kind: cause.kind, at: cause.at };
}

type Run = () => number;

function compiled(expression: Expression, inputs: ConditionInputs, cause: Cause): Run {
  switch (expression.kind) {
    case "number": {
      const { value } = expression;
      return () => value;
    }
    case "signal": {
      const slot = inputs.slotOf(expression.signal);
      return () => {
        const value = inputs.numbers[slot]!;
        if (value !== value) {
          cause.kind = "slot";
          cause.slot = slot;
        }
        return value;
      };
    }
    case "is":
      return expression.of === "signal" ? compiledIs(expression, inputs, cause) : compiledState(expression, inputs, cause);
    case "unary": {
      const of = compiled(expression.of, inputs, cause);
      return expression.operator === "not" ? () => 1 - of() : () => -of();
    }
    case "binary":
      return compiledBinary(expression, inputs, cause);
    case "call":
      return compiledCall(expression, inputs, cause);
    case "name":
      throw new Error("an expression was not checked");
  }
}

function compiledIs({ name, values }: Extract<Expression, { kind: "is" }>, inputs: ConditionInputs, cause: Cause): Run {
  const slot = inputs.slotOf(name);
  const texts = new Set(values);
  const numbers = new Set(values.filter((value) => value.trim() !== "").map(Number));
  return () => {
    const text = inputs.texts[slot];
    if (text !== undefined) return texts.has(text) ? 1 : 0;
    const value = inputs.numbers[slot]!;
    if (value === value) return numbers.has(value) ? 1 : 0;
    cause.kind = "slot";
    cause.slot = slot;
    return Number.NaN;
  };
}

function compiledState({ name, values }: Extract<Expression, { kind: "is" }>, inputs: ConditionInputs, cause: Cause): Run {
  const states = new Set(values);
  return () => {
    const state = inputs.stateOf(name);
    if (state !== undefined) return states.has(state) ? 1 : 0;
    cause.kind = "noState";
    cause.station = name;
    return Number.NaN;
  };
}

function compiledBinary(expression: Extract<Expression, { kind: "binary" }>, inputs: ConditionInputs, cause: Cause): Run {
  const { operator, at, right: denominator } = expression;
  const left = compiled(expression.left, inputs, cause);
  const right = compiled(expression.right, inputs, cause);
  // NaN is carried on by arithmetic; in a comparison it would become false
  const compare = (holds: (a: number, b: number) => boolean): Run => {
    return () => {
      const a = left();
      if (a !== a) return a;
      const b = right();
      return b !== b ? b : holds(a, b) ? 1 : 0;
    };
  };
  const compute = (of: (a: number, b: number) => number): Run => {
    return () => {
      const a = left();
      if (a !== a) return a;
      const b = right();
      return b !== b ? b : bounded(of(a, b), at, cause);
    };
  };
  switch (operator) {
    case "and":
      return decided(left, right, 0);
    case "or":
      return decided(left, right, 1);
    case "+":
      return compute((a, b) => a + b);
    case "-":
      return compute((a, b) => a - b);
    case "*":
      return compute((a, b) => a * b);
    case "/":
      return compiledDivision(left, right, { at, denominator: denominator.at, cause });
    case "<":
      return compare((a, b) => a < b);
    case "<=":
      return compare((a, b) => a <= b);
    case ">":
      return compare((a, b) => a > b);
    case ">=":
      return compare((a, b) => a >= b);
    case "=":
      return compare((a, b) => a === b);
    case "!=":
      return compare((a, b) => a !== b);
  }
}

function compiledDivision(
  left: Run,
  right: Run,
  { at, denominator, cause }: { readonly at: number; readonly denominator: number; readonly cause: Cause },
): Run {
  return () => {
    const a = left();
    if (a !== a) return a;
    const b = right();
    if (b !== b) return b;
    if (b !== 0) return bounded(a / b, at, cause);
    cause.kind = "dividedByZero";
    cause.at = denominator;
    return Number.NaN;
  };
}

/** "false and ?" is false, "true or ?" is true: an unknown part says nothing where the other one decides. */
function decided(left: Run, right: Run, decides: 0 | 1): Run {
  return () => {
    const a = left();
    if (a === decides) return a;
    const b = right();
    return b === decides || a === a ? b : a;
  };
}

function bounded(value: number, at: number, cause: Cause): number {
  if (Number.isFinite(value)) return value;
  cause.kind = "overflow";
  cause.at = at;
  return Number.NaN;
}

function compiledCall(expression: Extract<Expression, { kind: "call" }>, inputs: ConditionInputs, cause: Cause): Run {
  const args = expression.args.map((arg) => compiled(arg, inputs, cause));
  const [first, second, third] = args as [Run, Run, Run];
  switch (expression.of) {
    case "abs":
      return () => Math.abs(first());
    case "sqrt": {
      const { at } = expression.args[0]!;
      return () => {
        const value = first();
        if (!(value < 0)) return Math.sqrt(value);
        cause.kind = "rootOfNegative";
        cause.at = at;
        return Number.NaN;
      };
    }
    case "if":
      return () => {
        const which = first();
        if (which !== which) return which;
        return which === 1 ? second() : third();
      };
    default:
      return compiledExtreme(args, expression.of === "min" ? -1 : 1);
  }
}

/** The least or the greatest; unknown where one of them is. */
function compiledExtreme(args: readonly Run[], sign: 1 | -1): Run {
  return () => {
    let found = args[0]!();
    for (let at = 1; at < args.length && found === found; at++) {
      const value = args[at]!();
      if (value !== value || value * sign > found * sign) found = value;
    }
    return found;
  };
}
