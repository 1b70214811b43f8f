import type { RecordId } from "@doppelwerk/world";
import type { StationState } from "../definition/station-state.ts";

/** A text in the languages of the product. */
export type LocalText = { readonly en: string; readonly zh: string };

/** 1 urgent … 3 low, 4 diagnostic (ISA-18.2: no more than four). */
export type AlarmPriority = 1 | 2 | 3 | 4;

/** When a rule is in alarm. Limits are in the signal's unit; a deadband widens the way back. */
export type AlarmCondition =
  | { readonly kind: "high"; readonly signal: RecordId; readonly limit: number; readonly deadband: number }
  | { readonly kind: "low"; readonly signal: RecordId; readonly limit: number; readonly deadband: number }
  /** Farther than `limit` from `target`, or from the last value of the signal `reference`. */
  | {
      readonly kind: "deviation";
      readonly signal: RecordId;
      readonly target?: number;
      readonly reference?: RecordId;
      readonly limit: number;
      readonly deadband: number;
    }
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
  if (condition?.kind === "deviation" && condition.target === undefined && condition.reference === undefined)
    problems.push("a deviation needs a target or a reference signal");
  return problems;
}

/**
 * Whether a record can be judged at all: every field that the engine reads has its type. A record that some other program wrote may lack them, and would
 * throw when it is judged. Whether it may annunciate is asked of `alarmRuleProblems`.
 */
export function isAlarmRule(record: Readonly<Record<string, unknown>>): boolean {
  const { id, title, condition, onDelayS, offDelayS, suppressedIn } = record;
  return (
    typeof id === "string" &&
    isText(title) &&
    isNumber(onDelayS) &&
    isNumber(offDelayS) &&
    isTexts(suppressedIn) &&
    isObject(condition) &&
    isCondition(condition)
  );
}

function isCondition(condition: Readonly<Record<string, unknown>>): boolean {
  const { kind, signal, limit, deadband, target, reference } = condition;
  switch (kind) {
    case "high":
    case "low":
      return isName(signal) && isNumber(limit) && isNumber(deadband);
    case "deviation":
      return (
        isName(signal) && isNumber(limit) && isNumber(deadband) && (isName(reference) || (reference === undefined && isNumber(target)))
      );
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
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((item) => typeof item === "string");
const isText = (value: unknown): boolean => isObject(value) && typeof value["en"] === "string" && typeof value["zh"] === "string";

/** The signals that a condition is judged by; a state of a station has none of its own. */
export function signalsOfCondition(condition: AlarmCondition): readonly RecordId[] {
  switch (condition.kind) {
    case "state":
      return [];
    case "noData":
      return condition.signals;
    case "deviation":
      return condition.reference === undefined ? [condition.signal] : [condition.signal, condition.reference];
    default:
      return [condition.signal];
  }
}
