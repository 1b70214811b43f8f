import { alarmEventOf, alarmSignalId, operatorActionOf } from "@doppelwerk/operations";
import type { AlarmEvent, AlarmRule } from "@doppelwerk/operations";
import { LIVE } from "@doppelwerk/world";
import type { History, Instant } from "@doppelwerk/world";
import type { OperatorAct } from "../../../line/server/fold/derivation.ts";

/**
 * What people did to alarms in [from, to), in order of time, read from the steps that were kept of it. One that a derivation had no place for is there
 * too: a later one may have.
 */
export async function operatorActs(
  history: History,
  rules: readonly AlarmRule[],
  from: Instant,
  to: Instant,
): Promise<readonly OperatorAct[]> {
  const columns = await Promise.all(rules.map(({ id }) => history.raw({ branch: LIVE, signal: alarmSignalId(id) }, from, to)));
  const acts = new Map<string, OperatorAct>();
  for (const { times, texts } of columns)
    for (const [row, text] of texts) {
      const event = alarmEventOf({ text });
      const act = event && event.instant === times[row] ? actOf(event) : undefined;
      if (act) acts.set(`${act.action.rule} ${act.action.action} ${act.instant}`, act);
    }
  return [...acts.values()].toSorted((a, b) => a.instant - b.instant);
}

/** Undefined for what the process, the design or the end of a shelving did. */
export function actOf(event: AlarmEvent): OperatorAct | undefined {
  const action = operatorActionOf(event);
  return action && { instant: event.instant, action };
}
