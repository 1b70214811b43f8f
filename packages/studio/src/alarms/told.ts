import type { AlarmItem } from "@doppelwerk/sync";

/** What people were told: transitions without suppressions by design and the returns from them. `history` comes newest first. */
export function toldTransitions(history: readonly AlarmItem[]): readonly AlarmItem[] {
  const quiet = new Set<AlarmItem>();
  const before = new Map<string, AlarmItem>();
  for (const item of history.toReversed()) {
    const previous = before.get(item.rule);
    if (item.state === "suppressedByDesign" || (item.state === "normal" && previous?.state === "suppressedByDesign")) quiet.add(item);
    before.set(item.rule, item);
  }
  return history.filter((item) => !quiet.has(item));
}
