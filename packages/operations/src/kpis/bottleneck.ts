import { SECOND, type Instant } from "@doppelwerk/world";
import type { BottleneckShare } from "./kpi-result.ts";

/**
 * Shifting bottleneck by active periods (Roser, Nakano, Tanaka 2002): at each instant the bottleneck is the station whose current
 * uninterrupted active period is the longest. `periods` holds, per station, flat pairs [from, to, from, to …], ascending. Greatest share first.
 */
export function bottlenecks(periods: Readonly<Record<string, readonly number[]>>, from: Instant, to: Instant): readonly BottleneckShare[] {
  const all: { station: string; from: Instant; to: Instant }[] = [];
  for (const [station, times] of Object.entries(periods)) {
    for (let index = 0; index + 1 < times.length; index += 2) all.push({ station, from: times[index]!, to: times[index + 1]! });
  }
  const held = new Map<string, number>();
  // The longest period wins its whole span, the next longest what is left of its own, and so on.
  let free: { from: Instant; to: Instant }[] = [{ from, to }];
  for (const period of all.toSorted((a, b) => b.to - b.from - (a.to - a.from) || a.from - b.from || (a.station < b.station ? -1 : 1))) {
    if (free.length === 0) break;
    const rest: { from: Instant; to: Instant }[] = [];
    for (const gap of free) {
      const start = Math.max(gap.from, period.from);
      const end = Math.min(gap.to, period.to);
      if (end <= start) {
        rest.push(gap);
        continue;
      }
      held.set(period.station, (held.get(period.station) ?? 0) + end - start);
      if (start > gap.from) rest.push({ from: gap.from, to: start });
      if (end < gap.to) rest.push({ from: end, to: gap.to });
    }
    free = rest;
  }
  const span = Math.max(1, to - from);
  return Object.entries(periods)
    .map(([station, times]) => ({ station, share: (held.get(station) ?? 0) / span, meanActiveS: meanLength(times) }))
    .toSorted((a, b) => b.share - a.share || (a.station < b.station ? -1 : 1));
}

function meanLength(times: readonly number[]): number {
  if (times.length < 2) return 0;
  let sum = 0;
  for (let index = 0; index + 1 < times.length; index += 2) sum += times[index + 1]! - times[index]!;
  return sum / (times.length / 2) / SECOND;
}
