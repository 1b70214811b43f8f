import type { LimitsOfSignals, Studio, TrendLimit } from "@doppelwerk/kit/studio";
import { inLanguage } from "@doppelwerk/kit/studio";
import { rules } from "../calls.ts";
import { limitsOf } from "./rules/rule-limits.ts";

/** The limits of the alarm rules that hold on the branch entered, for the trends of their signals. */
const limitsOfRules: LimitsOfSignals = async (studio: Studio, signals, language, call) => {
  const { branch } = studio.address.store.get();
  const limits = new Map<string, TrendLimit[]>();
  for (const { fields } of await rules(studio.client, { query: { branch } }, call)) {
    const { condition, enabled, priority, title } = fields;
    if (!enabled || (condition.kind !== "high" && condition.kind !== "low" && condition.kind !== "deviation")) continue;
    if (!signals.includes(condition.signal)) continue;
    limits.set(condition.signal, [...(limits.get(condition.signal) ?? []), ...limitsOf(condition, priority, inLanguage(title, language))]);
  }
  return limits;
};
export default limitsOfRules;
