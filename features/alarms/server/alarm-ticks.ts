import { alarmSignalId, raisedEventsOf, type AlarmRule } from "@doppelwerk/operations";
import type { AlarmTick } from "@doppelwerk/ports";
import { LIVE, type History, type Instant } from "@doppelwerk/world";

/** Alarms that are read in one go: the process answers others in between. */
const AT_ONCE = 16;

/**
 * One tick for the alarms of a priority that became active in the same slice of [from, to): at the last of them as they are listed, with their number.
 * Each alarm is read once; of what was read no more than the ticks is held.
 */
export async function ticksOf(
  history: Pick<History, "raw">,
  rules: readonly Pick<AlarmRule, "id">[],
  { from, to, points }: { readonly from: Instant; readonly to: Instant; readonly points: number },
): Promise<readonly AlarmTick[]> {
  if (from >= to) return [];
  const width = (to - from) / points;
  const ticks = new Map<string, AlarmTick>();
  for (const [at, { id }] of rules.entries()) {
    if (at % AT_ONCE === AT_ONCE - 1) await new Promise((resolve) => setImmediate(resolve));
    for (const { instant, priority, station = "" } of raisedEventsOf(
      await history.raw({ branch: LIVE, signal: alarmSignalId(id) }, from, to),
    )) {
      const slice = `${Math.floor((instant - from) / width)}/${priority}`;
      const tick = ticks.get(slice);
      const count = (tick?.count ?? 0) + 1;
      ticks.set(slice, tick !== undefined && tick.at > instant ? { ...tick, count } : { at: instant, priority, station, count });
    }
  }
  return [...ticks.values()].toSorted((a, b) => a.at - b.at);
}
