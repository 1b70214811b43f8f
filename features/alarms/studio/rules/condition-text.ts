import type { Translate } from "@doppelwerk/kit/studio";
import type { AlarmRuleFields } from "../../contract.ts";

export interface Naming {
  /** A signal with its station. */
  signal(id: string): string;
  /** A number with its name at the plant, or with the unit of the signal. */
  value(signal: string, value: number): string;
  duration(seconds: number): string;
  readonly t: Translate;
}

/** When a rule is in alarm, as a sentence. */
export function conditionText(condition: AlarmRuleFields["condition"], naming: Naming): string {
  const { t } = naming;
  switch (condition.kind) {
    case "expression":
      return t("alarms.rule.is.expression", { expression: namedExpression(condition.expression, naming) });
    case "sequence": {
      const { first, next, withinS, isMissing } = condition;
      const values = { first: namedExpression(first, naming), next: namedExpression(next, naming), within: naming.duration(withinS) };
      return t(isMissing === true ? "alarms.rule.is.notFollowed" : "alarms.rule.is.followed", values);
    }
    case "nOfM": {
      const conditions = condition.conditions.map((text) => namedExpression(text, naming)).join("; ");
      return t("alarms.rule.is.nOfM", { least: condition.atLeast, conditions });
    }
    case "repeated": {
      const { expression, times, withinS } = condition;
      return t("alarms.rule.is.repeated", { expression: namedExpression(expression, naming), times, within: naming.duration(withinS) });
    }
    case "value":
      return t("alarms.rule.is.value", { signal: naming.signal(condition.signal), values: valuesText(condition, naming) });
    case "condition":
      return t("alarms.rule.is.condition", { signal: naming.signal(condition.signal) });
    case "state": {
      const states = condition.states.map((state) => t(`machineState.${state}`)).join(", ");
      return t(condition.of === "anyPlace" ? "alarms.rule.is.placeState" : "alarms.rule.is.state", { station: condition.station, states });
    }
    case "noData": {
      const [first] = condition.signals;
      const more = condition.signals.length - 1;
      return t("alarms.rule.is.noData", { signal: naming.signal(first!), more, after: naming.duration(condition.afterS) });
    }
    default:
      return measuredText(condition, naming);
  }
}

type Measured = Extract<AlarmRuleFields["condition"], { limit: number }>;

/** A value beside its limit. */
function measuredText(condition: Measured, naming: Naming): string {
  const { t } = naming;
  const { signal, expression, limit, deadband } = condition;
  const what = signal === undefined ? namedExpression(expression ?? "", naming) : naming.signal(signal);
  const value = (number: number): string => naming.value(signal ?? "", number);
  switch (condition.kind) {
    case "high":
    case "highHigh":
    case "low":
    case "lowLow": {
      const side = condition.kind === "high" || condition.kind === "highHigh" ? "high" : "low";
      const back = side === "high" ? limit - deadband : limit + deadband;
      return t(deadband === 0 ? `alarms.rule.is.${side}` : `alarms.rule.is.${side}Back`, {
        signal: what,
        limit: value(limit),
        back: value(back),
      });
    }
    case "rate": {
      const { windowS, direction } = condition;
      return t("alarms.rule.is.rate", { signal: what, limit: value(limit), within: naming.duration(windowS), direction });
    }
    case "model":
      return t("alarms.rule.is.model", { signal: what, limit: value(limit), expected: namedExpression(condition.expected, naming) });
    case "deviation": {
      const { target, reference, usualS } = condition;
      if (usualS !== undefined) return t("alarms.rule.is.usual", { signal: what, limit: value(limit), over: naming.duration(usualS) });
      const from = reference === undefined ? value(target ?? 0) : naming.signal(reference);
      return t("alarms.rule.is.deviation", { signal: what, limit: value(limit), from });
    }
  }
}

/** An expression with the names of its signals in place of their ids. */
export function namedExpression(text: string, naming: Pick<Naming, "signal">): string {
  return text.replaceAll(/\b(last|is)\("((?:[^"\\]|\\["\\])*)"(\)|,)/gu, (_, of: string, id: string, end: string) => {
    const name = naming.signal(id.replaceAll(/\\(["\\])/gu, "$1"));
    return of === "last" ? `“${name}”` : `is(“${name}”${end}`;
  });
}

function valuesText({ signal, values }: Extract<AlarmRuleFields["condition"], { kind: "value" }>, naming: Naming): string {
  return values.map((value) => (typeof value === "number" ? naming.value(signal, value) : value)).join(", ");
}

/** What the rule does from the moment it holds, for the foot of the form. */
export function ruleText(fields: AlarmRuleFields, naming: Naming): string {
  const { t, duration } = naming;
  const { condition, priority, onDelayS, offDelayS, latching, suppressedIn, suppressedWhen, firstOut, enabled } = fields;
  if (!enabled) return t("alarms.rule.preview.off");
  return [
    t("alarms.rule.preview.when", { condition: conditionText(condition, naming), delay: duration(onDelayS), priority }),
    latching ? t("alarms.rule.preview.latching") : t("alarms.rule.preview.returns", { delay: duration(offDelayS) }),
    ...(suppressedIn.length === 0
      ? []
      : [t("alarms.rule.preview.suppressed", { states: suppressedIn.map((state) => t(`machineState.${state}`)).join(", ") })]),
    ...(suppressedWhen === undefined
      ? []
      : [t("alarms.rule.preview.suppressedWhen", { expression: namedExpression(suppressedWhen, naming) })]),
    ...(firstOut === undefined ? [] : [t("alarms.rule.preview.firstOut", { group: firstOut.group, within: duration(firstOut.withinS) })]),
  ].join(" ");
}
