import { ALARM_ACT, alarmEventOf, alarmSignalId, operatorActionOf, type AlarmRule } from "@doppelwerk/operations";
import { LIVE, type History, type Instant } from "@doppelwerk/world";
import type { RecordedFact } from "@doppelwerk/kit/server";

/**
 * What people did to alarms in [from, to), in order of time, read from the steps that were kept of it. One that a derivation had no place for is there
 * too: a later one may have.
 */
export async function operatorActs(
  history: History,
  rules: readonly AlarmRule[],
  from: Instant,
  to: Instant,
): Promise<readonly RecordedFact[]> {
  const columns = await Promise.all(rules.map(({ id }) => history.raw({ branch: LIVE, signal: alarmSignalId(id) }, from, to)));
  const acts = new Map<string, RecordedFact>();
  for (const { times, texts } of columns)
    for (const [row, text] of texts) {
      const event = alarmEventOf({ text });
      const act = event && event.instant === times[row] ? operatorActionOf(event) : undefined;
      if (!event || !act) continue;
      const id = `${act.rule} ${act.action}`;
      acts.set(`${id} ${event.instant}`, { type: ALARM_ACT, event: act, at: event.instant, id });
    }
  return [...acts.values()].toSorted((a, b) => a.at - b.at);
}
