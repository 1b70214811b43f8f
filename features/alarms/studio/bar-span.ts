import { DAY, HOUR } from "@doppelwerk/world";
import type { ListedOccurrence } from "./occurrences/listed.ts";
import type { ReadOccurrences } from "./occurrences/use-occurrences.ts";
import type { BarSpan } from "./occurrences/time-bar.tsx";

const SPANS = [HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, DAY];

/** Of active alarms: up to now, and back to where nearly all of them were raised; older ones reach in from the left. */
export function activeSpan(rows: readonly ListedOccurrence[], now: number, isNow: boolean): BarSpan {
  const ages = rows.map(({ raised }) => now - raised).toSorted((a, b) => a - b);
  const most = ages[Math.floor((ages.length - 1) * 0.8)] ?? 0;
  const span = SPANS.find((each) => most <= each) ?? DAY;
  return { from: now - span, to: now, isNow };
}

/** Of the journal: a shift that is over ends when it ended, not now. */
export function journalSpan({ from, to, shift }: Pick<ReadOccurrences, "from" | "to" | "shift">, isLive: boolean): BarSpan {
  return { from, to, isNow: isLive && !(shift && shift.to <= to) };
}
