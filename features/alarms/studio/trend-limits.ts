import type { LimitsOfSignals, Studio, TrendLimit } from "@doppelwerk/kit/studio";
import { inLanguage } from "@doppelwerk/kit/studio";
import { rules } from "../calls.ts";
import { hasLimit, limitsOf } from "./rules/rule-limits.ts";

/** The limits of the alarm rules that hold on the branch entered, for the trends of their signals. */
const limitsOfRules: LimitsOfSignals = async (studio: Studio, signals, language, call) => {
  const { branch } = studio.address.store.get();
  const limits = new Map<string, TrendLimit[]>();
  for (const { fields } of await rules(studio.client, { query: { branch } }, call)) {
    const { condition, enabled, priority, title } = fields;
    if (!enabled || !hasLimit(condition)) continue;
    const { signal } = condition;
    if (signal === undefined || !signals.includes(signal)) continue;
    limits.set(signal, [...(limits.get(signal) ?? []), ...limitsOf(condition, priority, inLanguage(title, language))]);
  }
  return limits;
};
export default limitsOfRules;
