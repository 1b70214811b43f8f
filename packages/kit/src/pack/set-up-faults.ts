import { message, type Message } from "@doppelwerk/messages";
import type { PackFeature } from "./manifest-shape.ts";
import type { AlarmRuleTemplate } from "./set-up-shape.ts";

/** Rules are of kinds, fields and outputs that their feature declares; the operation needs nothing but a branch. */
export function setUpFaults(features: readonly PackFeature[]): Message[] {
  return features.flatMap((feature) => {
    const { setUp } = feature;
    if (setUp === undefined) return [];
    const twice = setUp.alarmRules.map(({ id }) => id).filter((id, at, ids) => ids.indexOf(id) !== at);
    return [
      ...(setUp.operation === undefined || isSetUp(feature, setUp.operation)
        ? []
        : [message("packs.setUpOperation", { operation: setUp.operation })]),
      ...setUp.alarmRules.flatMap((rule) => ruleFaults(feature, rule)),
      ...twice.map((id) => message("packs.declaredTwice", { name: `alarm rule ${id}` })),
      ...(feature.module === undefined ? [] : [message("packs.setUpOfModule", { feature: feature.id })]),
    ];
  });
}

function isSetUp({ endpoints }: PackFeature, operation: string): boolean {
  const declared = endpoints.find(({ id }) => id === operation);
  return (
    declared !== undefined &&
    declared.action === "edit" &&
    declared.branch === "query.branch" &&
    declared.route.startsWith("POST ") &&
    !declared.route.includes(":") &&
    ((declared.query?.["required"] ?? []) as readonly string[]).every((name) => name === "branch") &&
    ((declared.body?.["required"] ?? []) as readonly string[]).length === 0
  );
}

function ruleFaults({ kinds, folds }: PackFeature, rule: AlarmRuleTemplate): Message[] {
  const fields = kinds.find(({ id }) => id === rule.kind)?.schema["properties"] as object | undefined;
  if (fields === undefined) return [message("packs.ruleWithoutKind", { id: rule.id, kind: rule.kind })];
  const missing = fieldsOfRule(rule).filter((name) => !Object.hasOwn(fields, name));
  const outputs = signalsOfRule(rule).filter((signal) => typeof signal === "object");
  const isThere = ({ fold, output }: (typeof outputs)[number]): boolean =>
    folds.some(({ id, kind, outputs: declared }) => id === fold && kind === rule.kind && declared.some(({ type }) => type === output));
  const { condition } = rule;
  const isEither = condition.kind !== "deviation" || (condition.target === undefined) !== (condition.reference === undefined);
  return [
    ...missing.map((name) => message("packs.ruleFieldMissing", { id: rule.id, field: name, kind: rule.kind })),
    ...outputs
      .filter((output) => !isThere(output))
      .map(({ fold, output }) => message("packs.ruleOutputMissing", { id: rule.id, fold, output, kind: rule.kind })),
    ...(isEither ? [] : [message("packs.ruleDeviation", { id: rule.id })]),
  ];
}

type SignalOfRule = string | { readonly fold: string; readonly output: string };

export function signalsOfRule({ condition }: AlarmRuleTemplate): readonly SignalOfRule[] {
  if (condition.kind === "noData") return condition.signals;
  if (condition.kind === "deviation" && condition.reference !== undefined) return [condition.signal, condition.reference];
  return [condition.signal];
}

function fieldsOfRule(rule: AlarmRuleTemplate): readonly string[] {
  const { condition, title, cause, consequence, response, shell } = rule;
  const numbers = "limit" in condition ? [condition.limit, condition.deadband] : [];
  const named = [title, cause, consequence, response].flatMap(({ en, zh }) => [...`${en} ${zh}`.matchAll(/\{(\w+)\}/g)]);
  return [
    ...(shell === undefined ? [] : [shell]),
    ...signalsOfRule(rule).filter((signal) => typeof signal === "string"),
    ...numbers.flatMap((number) => (typeof number === "number" ? [] : [number.field])),
    ...new Set(named.map(([, name]) => name!)),
  ];
}
