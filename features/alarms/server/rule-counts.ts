import type { AlarmRule } from "@doppelwerk/operations";
import type { History, Instant, RecordId } from "@doppelwerk/world";
import { newestSteps } from "./fold/newest-steps.ts";
import { occurrencesOf } from "./fold/occurrences.ts";

/** Rules that are read at the same time. */
const AT_ONCE = 16;

export interface RuleCount {
  readonly rule: RecordId;
  /** Occurrences that were raised in the last 24 hours and in the last seven days. */
  readonly day: number;
  readonly week: number;
  /** When it was raised last within them. */
  readonly last?: Instant;
}

export interface CountSpan {
  readonly week: Instant;
  readonly day: Instant;
  readonly to: Instant;
}

/** How often each rule raised, as the history of alarms has it: what `GET /alarm-occurrences` would list, without a limit. Rules that raised nothing are counted as 0. */
export async function countRaises(
  history: Pick<History, "raw">,
  rules: readonly Pick<AlarmRule, "id">[],
  { week, day, to }: CountSpan,
): Promise<readonly RuleCount[]> {
  const counts: RuleCount[] = [];
  const of = async (rule: Pick<AlarmRule, "id">): Promise<RuleCount> => {
    const steps = await newestSteps(history, [rule], { from: week, to, count: Number.POSITIVE_INFINITY });
    const raised = occurrencesOf(steps.toReversed()).map(({ raise }) => raise.instant);
    const last = raised.at(-1);
    return { rule: rule.id, day: raised.filter((at) => at >= day).length, week: raised.length, ...(last !== undefined && { last }) };
  };
  for (let at = 0; at < rules.length; at += AT_ONCE) counts.push(...(await Promise.all(rules.slice(at, at + AT_ONCE).map(of))));
  return counts;
}
