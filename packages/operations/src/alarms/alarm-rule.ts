import type { RecordId } from "@doppelwerk/world";
import type { StationState } from "../definition/station-state.ts";
import { checkedExpression, inputsOfExpression, type ConditionFault, type StationAsked } from "./conditions/compile.ts";

/** A text in the languages of the product. */
export type LocalText = { readonly en: string; readonly zh: string };

/** 1 urgent … 3 low, 4 diagnostic (ISA-18.2: no more than four). */
export type AlarmPriority = 1 | 2 | 3 | 4;

/** What is measured: a signal, or an expression with a number as its value. Exactly one of them. */
type Limited = {
  readonly signal?: RecordId;
  readonly expression?: string;
  readonly limit: number;
  readonly deadband: number;
};

/** Conditions that may have an expression or remember what was. Expressions are those of `checkedExpression`. */
export type ComputedCondition =
  | (Limited & { readonly kind: "high" | "highHigh" | "low" | "lowLow" })
  /** Farther than `limit` from `target`, from the last value of the signal `reference`, or from its usual value over `usualS` seconds. */
  | (Limited & { readonly kind: "deviation"; readonly target?: number; readonly reference?: RecordId; readonly usualS?: number })
  /** It changed by more than `limit` within `windowS` seconds. */
  | (Limited & { readonly kind: "rate"; readonly windowS: number; readonly direction: "rising" | "falling" | "either" })
  /** Farther than `limit` from what an expression over other signals expects; smoothed over `smoothS` seconds. */
  | (Limited & { readonly kind: "model"; readonly expected: string; readonly smoothS?: number })
  /** An expression is true. */
  | { readonly kind: "expression"; readonly expression: string }
  /** `next` begins to be true within `withinS` seconds after `first` did; with `isMissing` it did not become true in that time. */
  | { readonly kind: "sequence"; readonly first: string; readonly next: string; readonly withinS: number; readonly isMissing?: boolean }
  /** At least so many of the expressions are true. */
  | { readonly kind: "nOfM"; readonly conditions: readonly string[]; readonly atLeast: number }
  /** The expression began to be true so many times within `withinS` seconds. */
  | { readonly kind: "repeated"; readonly expression: string; readonly times: number; readonly withinS: number };

/** When a rule is in alarm. Limits are in the signal's unit; a deadband widens the way back. */
export type AlarmCondition =
  | ComputedCondition
  /** A signal has one of these values or texts. */
  | { readonly kind: "value"; readonly signal: RecordId; readonly values: readonly (number | string)[] }
  /**
   * The plant's own condition (OPC UA Part 9), whose signal tells its state in bits: 1 active, 2 unacknowledged, 4 unconfirmed, 8 disabled.
   * An acknowledgement there is one here too.
   */
  | { readonly kind: "condition"; readonly signal: RecordId }
  /** The station, or with `of: "anyPlace"` any of its places that tell their own state, is in one of these states. */
  | { readonly kind: "state"; readonly station: string; readonly states: readonly StationState[]; readonly of?: "station" | "anyPlace" }
  /** None of the signals has been heard with good quality for `afterS` seconds (P14). */
  | { readonly kind: "noData"; readonly signals: readonly RecordId[]; readonly afterS: number };

/**
 * The record kind `alarmRule` (IEC 62682 master alarm database), plain JSON. Nothing annunciates without cause, consequence and response (P24):
 * a rule that lacks one is named by `alarmRuleProblems` and never evaluated.
 */
export type AlarmRule = {
  readonly id: RecordId;
  readonly kind: "alarmRule";
  readonly title: LocalText;
  /** AAS id of the equipment's shell: what a click selects. */
  readonly shell?: string;
  readonly station?: string;
  readonly condition: AlarmCondition;
  readonly priority: AlarmPriority;
  /** The condition must last this long before it annunciates, and be gone this long before it returns, seconds. */
  readonly onDelayS: number;
  readonly offDelayS: number;
  readonly cause: LocalText;
  readonly consequence: LocalText;
  readonly response: LocalText;
  readonly timeToRespondS: number;
  /** Stays until it is reset, even when the condition has gone. */
  readonly latching: boolean;
  /** Suppressed by design while its station, or `suppressedBy` where that is another one, is in one of these states. */
  readonly suppressedIn: readonly StationState[];
  readonly suppressedBy?: string;
  /** Suppressed by design while this expression is true; while it is unknown the rule is not suppressed. */
  readonly suppressedWhen?: string;
  /** Of the rules of a group the one that is raised first is marked, until none was raised for `withinS` seconds. */
  readonly firstOut?: { readonly group: string; readonly withinS: number };
  readonly enabled: boolean;
};

/** Why a rule may not annunciate; empty when it may. For `RecordKind.validate` and for the engine. */
export function alarmRuleProblems(rule: Partial<AlarmRule>): readonly string[] {
  const problems: string[] = [];
  for (const field of ["title", "cause", "consequence", "response"] as const) {
    const text = rule[field] as Partial<LocalText> | undefined;
    if (!text?.en?.trim() || !text.zh?.trim()) problems.push(`an alarm rule needs its ${field} in English and Chinese`);
  }
  if (![1, 2, 3, 4].includes(rule.priority as number)) problems.push("an alarm rule needs a priority from 1 to 4");
  if (!((rule.timeToRespondS as number) > 0)) problems.push("an alarm rule needs a time to respond");
  if (!rule.condition) problems.push("an alarm rule needs a condition");
  const condition = rule.condition;
  if (condition !== undefined) problems.push(...conditionProblems(condition));
  for (const { field, fault } of expressionFaults(rule)) problems.push(`${field} is no expression: ${fault.kind} at ${fault.at}`);
  return problems;
}

function conditionProblems(condition: AlarmCondition): readonly string[] {
  if (condition.kind === "deviation" && [condition.target, condition.reference, condition.usualS].every((each) => each === undefined))
    return ["a deviation needs a target or a reference signal"];
  const isMeasured = "limit" in condition;
  if (isMeasured && (condition.signal === undefined) === (condition.expression === undefined))
    return ["a limit needs a signal or an expression"];
  return [];
}

/** An expression of a rule by the name of its field, and what type its value has to be of. */
export interface RuleExpression {
  readonly field: string;
  readonly text: string;
  readonly of: "number" | "truth";
}

export function expressionsOf({
  condition,
  suppressedWhen,
}: Partial<Pick<AlarmRule, "condition" | "suppressedWhen">>): readonly RuleExpression[] {
  const when = suppressedWhen === undefined ? [] : [{ field: "suppressedWhen", text: suppressedWhen, of: "truth" } as const];
  return [...(condition === undefined ? [] : expressionsOfCondition(condition)), ...when];
}

function expressionsOfCondition(condition: AlarmCondition): readonly RuleExpression[] {
  switch (condition.kind) {
    case "expression":
    case "repeated":
      return [{ field: "expression", text: condition.expression, of: "truth" }];
    case "sequence":
      return (["first", "next"] as const).map((field) => ({ field, text: condition[field], of: "truth" }));
    case "nOfM":
      return condition.conditions.map((text, at) => ({ field: `conditions.${at}`, text, of: "truth" }));
    default: {
      const measured = "expression" in condition ? condition.expression : undefined;
      const own: readonly RuleExpression[] = measured === undefined ? [] : [{ field: "expression", text: measured, of: "number" }];
      return condition.kind === "model" ? [...own, { field: "expected", text: condition.expected, of: "number" }] : own;
    }
  }
}

/** What of a rule is no expression, and where. */
export function expressionFaults(
  rule: Partial<Pick<AlarmRule, "condition" | "suppressedWhen">>,
): readonly { readonly field: string; readonly fault: ConditionFault }[] {
  return expressionsOf(rule).flatMap(({ field, text, of }) => {
    const { fault } = checkedExpression(text, of);
    return fault === undefined ? [] : [{ field, fault }];
  });
}

/** What an engine reads of one rule has no more than this many expressions that count, or so many times that something began. */
export const MAX_CONDITIONS = 20;
export const MAX_TIMES = 100;

/**
 * Whether a record can be judged at all: every field that the engine reads has its type. A record that some other program wrote may lack them, and would
 * throw when it is judged. Whether it may annunciate is asked of `alarmRuleProblems`.
 */
export function isAlarmRule(record: Readonly<Record<string, unknown>>): boolean {
  const { id, title, condition, onDelayS, offDelayS, suppressedIn, suppressedWhen, firstOut } = record;
  return (
    typeof id === "string" &&
    isText(title) &&
    isNumber(onDelayS) &&
    isNumber(offDelayS) &&
    isTexts(suppressedIn) &&
    (suppressedWhen === undefined || isName(suppressedWhen)) &&
    (firstOut === undefined || (isObject(firstOut) && isName(firstOut["group"]) && isNumber(firstOut["withinS"]))) &&
    isObject(condition) &&
    isCondition(condition) &&
    expressionFaults(record as Partial<Pick<AlarmRule, "condition" | "suppressedWhen">>).length === 0
  );
}

function isCondition(condition: Readonly<Record<string, unknown>>): boolean {
  const { kind, signal, expression, limit, deadband, target, reference, withinS } = condition;
  const isMeasured = (): boolean => (isName(signal) || isName(expression)) && isNumber(limit) && isNumber(deadband);
  switch (kind) {
    case "high":
    case "highHigh":
    case "low":
    case "lowLow":
      return isMeasured();
    case "deviation":
      return isMeasured() && (isName(reference) || (reference === undefined && (isNumber(target) || isPositive(condition["usualS"]))));
    case "rate":
      return isMeasured() && isPositive(condition["windowS"]) && isName(condition["direction"]);
    case "model":
      return isMeasured() && isName(condition["expected"]);
    case "expression":
      return isName(expression);
    case "sequence":
      return isName(condition["first"]) && isName(condition["next"]) && isNumber(withinS);
    case "nOfM":
      return isTexts(condition["conditions"], MAX_CONDITIONS) && isNumber(condition["atLeast"]);
    case "repeated":
      return isName(expression) && isCount(condition["times"]) && isNumber(withinS);
    case "value":
      return isName(signal) && Array.isArray(condition["values"]);
    case "condition":
      return isName(signal);
    case "state":
      return isName(condition["station"]) && isTexts(condition["states"]);
    case "noData":
      return isTexts(condition["signals"]) && isNumber(condition["afterS"]);
    default:
      return false;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null;
const isName = (value: unknown): boolean => typeof value === "string" && value !== "";
const isNumber = (value: unknown): boolean => typeof value === "number" && Number.isFinite(value);
const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_TIMES;
const isPositive = (value: unknown): boolean => isNumber(value) && (value as number) > 0;
const isTexts = (value: unknown, max = Number.POSITIVE_INFINITY): boolean =>
  Array.isArray(value) && value.length <= max && value.every((item) => typeof item === "string");
const isText = (value: unknown): boolean => isObject(value) && typeof value["en"] === "string" && typeof value["zh"] === "string";

/** The signals that a condition is judged by; a state of a station has none of its own. */
export function signalsOfCondition(condition: AlarmCondition): readonly RecordId[] {
  switch (condition.kind) {
    case "state":
      return [];
    case "noData":
      return condition.signals;
    case "value":
    case "condition":
      return [condition.signal];
    default: {
      const own = "signal" in condition && condition.signal !== undefined ? [condition.signal] : [];
      const reference = "reference" in condition && condition.reference !== undefined ? [condition.reference] : [];
      const computed = expressionsOfCondition(condition).flatMap(({ text }) => inputsOfExpression(text).signals);
      return computed.length === 0 ? [...own, ...reference] : [...new Set([...own, ...reference, ...computed])];
    }
  }
}

/** The signals that a rule is judged by, those of its suppression among them. */
export function signalsOfRule({ condition, suppressedWhen }: Pick<AlarmRule, "condition" | "suppressedWhen">): readonly RecordId[] {
  const own = signalsOfCondition(condition);
  return suppressedWhen === undefined ? own : [...new Set([...own, ...inputsOfExpression(suppressedWhen).signals])];
}

/** The stations whose states a rule asks for, each with those that count. */
export function stationsOfRule(
  rule: Pick<AlarmRule, "condition" | "suppressedWhen" | "suppressedIn" | "suppressedBy" | "station">,
): readonly StationAsked[] {
  const { condition, suppressedIn, suppressedBy, station } = rule;
  const by = suppressedBy ?? station;
  return [
    ...(condition.kind === "state" ? [{ station: condition.station, states: condition.states }] : []),
    ...expressionsOf(rule).flatMap(({ text }) => inputsOfExpression(text).stations),
    ...(suppressedIn.length > 0 && by !== undefined ? [{ station: by, states: suppressedIn }] : []),
  ];
}
