import { alarmEventsOf, alarmSignalId, type AlarmEvent, type AlarmRule } from "@doppelwerk/operations";
import { LIVE, type History, type Instant, type RecordId } from "@doppelwerk/world";

/** Alarms that are read at the same time. */
const AT_ONCE = 16;
/** A reading of fewer rows costs as much. */
const MIN_ROWS = 1_000;

/**
 * The newest `count` steps of alarms in [from, to), newest first; of one instant the last one first. Never holds more than that of what was read before,
 * and of `AT_ONCE` alarms, however many there are.
 */
export async function newestSteps(
  history: Pick<History, "raw">,
  rules: readonly Pick<AlarmRule, "id">[],
  { from, to, count }: { readonly from: Instant; readonly to: Instant; readonly count: number },
): Promise<readonly AlarmEvent[]> {
  let newest: readonly AlarmEvent[] = [];
  for (let at = 0; at < rules.length; at += AT_ONCE) {
    const own = await Promise.all(rules.slice(at, at + AT_ONCE).map(({ id }) => newestOfRule(history, id, { from, to, count })));
    newest = [...own.flat().toReversed(), ...newest].toSorted((a, b) => b.instant - a.instant).slice(0, count);
  }
  return newest;
}

/** In order of time. The historian reads from the beginning of a span: what is too much is read again in shorter spans, from the end. */
async function newestOfRule(
  history: Pick<History, "raw">,
  rule: RecordId,
  { from, to, count }: { readonly from: Instant; readonly to: Instant; readonly count: number },
): Promise<readonly AlarmEvent[]> {
  const key = { branch: LIVE, signal: alarmSignalId(rule) };
  const rows = Math.max(MIN_ROWS, count + 1);
  let steps: readonly AlarmEvent[] = [];
  let width = to - from;
  for (let end = to; end > from && steps.length < count;) {
    const start = Math.max(from, end - width);
    const columns = await history.raw(key, start, end, Number.isFinite(rows) ? rows : undefined);
    if (columns.times.length >= rows && end - start > 1) {
      width = Math.ceil((end - start) / 2);
      continue;
    }
    steps = [...alarmEventsOf(columns), ...steps];
    end = start;
    width *= 4;
  }
  return steps.length > count ? steps.slice(-count) : steps;
}
