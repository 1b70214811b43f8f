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
    case "high":
    case "low": {
      const { kind, signal, limit, deadband } = condition;
      const back = kind === "high" ? limit - deadband : limit + deadband;
      const values = { signal: naming.signal(signal), limit: naming.value(signal, limit), back: naming.value(signal, back) };
      return t(deadband === 0 ? `alarms.rule.is.${kind}` : `alarms.rule.is.${kind}Back`, values);
    }
    case "deviation": {
      const { signal, limit, target, reference } = condition;
      const from = reference === undefined ? naming.value(signal, target ?? 0) : naming.signal(reference);
      return t("alarms.rule.is.deviation", { signal: naming.signal(signal), limit: naming.value(signal, limit), from });
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
  }
}

function valuesText({ signal, values }: Extract<AlarmRuleFields["condition"], { kind: "value" }>, naming: Naming): string {
  return values.map((value) => (typeof value === "number" ? naming.value(signal, value) : value)).join(", ");
}

/** What the rule does from the moment it holds, for the foot of the form. */
export function ruleText(fields: AlarmRuleFields, naming: Naming): string {
  const { t, duration } = naming;
  const { condition, priority, onDelayS, offDelayS, latching, suppressedIn, enabled } = fields;
  if (!enabled) return t("alarms.rule.preview.off");
  return [
    t("alarms.rule.preview.when", { condition: conditionText(condition, naming), delay: duration(onDelayS), priority }),
    latching ? t("alarms.rule.preview.latching") : t("alarms.rule.preview.returns", { delay: duration(offDelayS) }),
    ...(suppressedIn.length === 0
      ? []
      : [t("alarms.rule.preview.suppressed", { states: suppressedIn.map((state) => t(`machineState.${state}`)).join(", ") })]),
  ].join(" ");
}
