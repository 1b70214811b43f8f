import type { AlarmRule } from "@doppelwerk/operations";
import type { RecordId, WorldRecord } from "@doppelwerk/world";
import { signalOfOutput } from "./fold-of-pack.ts";
import { signalsOfRule } from "./set-up-faults.ts";
import type { AlarmRuleTemplate } from "./set-up-shape.ts";

type SignalOfRule = ReturnType<typeof signalsOfRule>[number];

/**
 * The alarm rules that a template makes of documents: the same ones give the same rules. One whose document lacks a signal or a number is left out;
 * `isSignal` answers for those that fields name: an output of a fold may come later.
 */
export function rulesOfTemplate(
  template: AlarmRuleTemplate,
  documents: readonly WorldRecord[],
  isSignal: (id: RecordId) => boolean,
): readonly AlarmRule[] {
  return documents.flatMap((record) => {
    const { id, kind: _, shell, condition, ...rest } = template;
    const signals = signalsOfRule(template).map((signal) => signalIn(record, signal, isSignal));
    const filled = filledCondition(condition, record, signals);
    if (filled === undefined) return [];
    const owner = shell === undefined ? undefined : record[shell];
    const texts = (["title", "cause", "consequence", "response"] as const).map((name) => [
      name,
      { en: filledText(rest[name].en, record, "en"), zh: filledText(rest[name].zh, record, "zh") },
    ]);
    const rule = {
      ...rest,
      ...Object.fromEntries(texts),
      id: `alarmRule:${id}-${record.id}`,
      kind: "alarmRule",
      condition: filled,
      suppressedIn: [],
      enabled: true,
      ...(typeof owner === "string" && { shell: owner }),
    };
    return [rule as unknown as AlarmRule];
  });
}

function signalIn(record: WorldRecord, signal: SignalOfRule, isSignal: (id: RecordId) => boolean): RecordId | undefined {
  if (typeof signal === "object") return signalOfOutput(signal.fold, record.id, signal.output);
  const id = record[signal];
  return typeof id === "string" && isSignal(id) ? id : undefined;
}

function filledCondition(
  condition: AlarmRuleTemplate["condition"],
  record: WorldRecord,
  signals: readonly (RecordId | undefined)[],
): object | undefined {
  if (condition.kind === "noData") {
    const present = signals.filter((signal) => signal !== undefined);
    return present.length === 0 ? undefined : { ...condition, signals: present };
  }
  const [signal, reference] = signals;
  if (signal === undefined) return undefined;
  if (condition.kind === "value") return { ...condition, signal };
  const [limit, deadband] = [condition.limit, condition.deadband].map((number) => numberIn(record, number));
  if (limit === undefined || deadband === undefined) return undefined;
  if (condition.kind !== "deviation" || condition.reference === undefined) return { ...condition, signal, limit, deadband };
  return reference === undefined ? undefined : { ...condition, signal, reference, limit, deadband };
}

function numberIn(record: WorldRecord, number: number | { readonly field: string; readonly factor: number }): number | undefined {
  if (typeof number === "number") return number;
  const value = record[number.field];
  return typeof value === "number" ? Number((value * number.factor).toPrecision(6)) : undefined;
}

/** A field that is a text in both languages is taken in that of the sentence. */
function filledText(text: string, record: WorldRecord, language: "en" | "zh"): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = record[name];
    if (typeof value === "string" || typeof value === "number") return String(value);
    const own = (value as Readonly<Record<string, unknown>> | null | undefined)?.[language];
    return typeof own === "string" ? own : "–";
  });
}
