import type { AlarmTick } from "@doppelwerk/ports";
import type { Instant } from "@doppelwerk/world";
import type { Alarm } from "../contract.ts";

/**
 * One tick for the alarms of a priority that became active in the same slice of [from, to): at the last of them as they are listed, with their number.
 * Transitions come newest first; of them no more than one page is held.
 */
export async function ticksOf(
  pages: AsyncIterable<readonly Alarm[]>,
  { from, to, points }: { readonly from: Instant; readonly to: Instant; readonly points: number },
): Promise<readonly AlarmTick[]> {
  if (from >= to) return [];
  const width = (to - from) / points;
  const ticks = new Map<string, AlarmTick>();
  for await (const transitions of pages)
    for (const { state, changed, priority, station } of transitions) {
      if (state !== "unacknowledged") continue;
      const slice = `${Math.floor((changed - from) / width)}/${priority}`;
      const tick = ticks.get(slice);
      if (tick) tick.count++;
      else ticks.set(slice, { at: changed, priority, station, count: 1 });
    }
  return [...ticks.values()].toSorted((a, b) => a.at - b.at);
}
