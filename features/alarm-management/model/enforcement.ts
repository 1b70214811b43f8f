import type { AlarmRule } from "@doppelwerk/operations";
import type { EntryFields } from "./entry-kind.ts";

/** What a rule may have that the database decides. */
export const DECIDED = [
  "priority",
  "setpoint",
  "deadband",
  "onDelayS",
  "offDelayS",
  "timeToRespondS",
  "cause",
  "consequence",
  "response",
  "enabled",
] as const;
export type Decided = (typeof DECIDED)[number];

type Shown = string | number | boolean | { readonly en: string; readonly zh: string };

/** A value of a rule that is not what was decided. */
export interface Difference {
  readonly field: Decided;
  readonly decided?: Shown;
  readonly running?: Shown;
}

/** The decisions that a rule as it runs embodies. */
export function runningFields(rule: AlarmRule): Pick<EntryFields, "setpoint" | "deadband"> & Omit<Running, "setpoint" | "deadband"> {
  const { condition, priority, onDelayS, offDelayS, timeToRespondS, cause, consequence, response, enabled } = rule;
  const { limit, deadband } = condition as { readonly limit?: unknown; readonly deadband?: unknown };
  return {
    priority,
    onDelayS,
    offDelayS,
    timeToRespondS,
    cause,
    consequence,
    response,
    enabled,
    ...(typeof limit === "number" && { setpoint: limit }),
    ...(typeof deadband === "number" && { deadband }),
  };
}

interface Running {
  readonly priority: EntryFields["priority"];
  readonly setpoint?: number;
  readonly deadband?: number;
  readonly onDelayS: number;
  readonly offDelayS: number;
  readonly timeToRespondS: number;
  readonly cause: EntryFields["cause"];
  readonly consequence: EntryFields["cause"];
  readonly response: EntryFields["cause"];
  readonly enabled: boolean;
}

/** Where a rule as it runs is not what was decided: a rule that is switched off too, for what was decided is an alarm. */
export function differencesOf(fields: EntryFields, rule: AlarmRule): readonly Difference[] {
  const running: Running = runningFields(rule);
  const decided: Running = { ...fields, enabled: true } as Running;
  return DECIDED.flatMap((field) => {
    const [want, is] = [decided[field], running[field]];
    // a rule whose condition has no limit or deadband cannot have another one
    if ((field === "setpoint" || field === "deadband") && is === undefined) return [];
    if (isSame(want, is) || (field === "deadband" && want === undefined)) return [];
    return [{ field, ...(want !== undefined && { decided: want }), ...(is !== undefined && { running: is }) }];
  });
}

function isSame(a: Shown | undefined, b: Shown | undefined): boolean {
  if (typeof a === "object" && typeof b === "object") return a.en.trim() === b.en.trim() && a.zh.trim() === b.zh.trim();
  return a === b;
}

/** The values that make a rule what was decided. */
export function enforcedValues(fields: EntryFields, rule: AlarmRule): Partial<AlarmRule> {
  const { priority, onDelayS, offDelayS, timeToRespondS, cause, consequence, response, setpoint, deadband } = fields;
  const condition = {
    ...rule.condition,
    ...("limit" in rule.condition && setpoint !== undefined && { limit: setpoint }),
    ...("deadband" in rule.condition && deadband !== undefined && { deadband }),
  } as AlarmRule["condition"];
  return { priority, onDelayS, offDelayS, timeToRespondS, cause, consequence, response, condition, enabled: true };
}

/** Where an alarm is in its life: nothing decided, decided and not approved, approved and running so, approved and running otherwise, without a rule. */
export const ENTRY_STATES = ["notRationalised", "draft", "approved", "changed", "gone"] as const;
export type EntryState = (typeof ENTRY_STATES)[number];

export function entryState(
  hasEntry: boolean,
  approved: boolean,
  rule: AlarmRule | undefined,
  differences: readonly Difference[],
): EntryState {
  if (!hasEntry) return "notRationalised";
  if (rule === undefined) return "gone";
  if (!approved) return "draft";
  return differences.length > 0 ? "changed" : "approved";
}
