import type { AlarmItem } from "@doppelwerk/sync";

/**
 * What was annunciated: transitions without suppressions by design and the returns from them. Of a return that nobody had to acknowledge, because it was
 * before recording began, only the end is shown. `history` comes newest first.
 */
export function annunciatedTransitions(history: readonly AlarmItem[]): readonly AlarmItem[] {
  const quiet = new Set<AlarmItem>();
  const before = new Map<string, AlarmItem>();
  for (const item of history.toReversed()) {
    const previous = before.get(item.rule);
    if (item.state === "suppressedByDesign" || (item.state === "normal" && previous?.state === "suppressedByDesign")) quiet.add(item);
    const unattended = previous?.state === "returnedUnacknowledged" || previous?.state === "latched";
    if (item.state === "normal" && unattended && previous.changed === item.changed) quiet.add(previous);
    before.set(item.rule, item);
  }
  return history.filter((item) => !quiet.has(item));
}
