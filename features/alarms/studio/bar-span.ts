import { DAY, HOUR } from "@doppelwerk/world";
import type { ListedOccurrence } from "./occurrences/listed.ts";
import type { BarSpan } from "./occurrences/time-bar.tsx";

const SPANS = [HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, DAY];

/** Of active alarms: up to now, and back to where nearly all of them were raised; older ones reach in from the left. */
export function activeSpan(rows: readonly ListedOccurrence[], now: number, isNow: boolean): BarSpan {
  const ages = rows.map(({ raised }) => now - raised).toSorted((a, b) => a - b);
  const most = ages[Math.floor((ages.length - 1) * 0.8)] ?? 0;
  const span = SPANS.find((each) => most <= each) ?? DAY;
  return { from: now - span, to: now, isNow };
}

export function journalSpan({ from, to }: { readonly from: number; readonly to: number }, isNow: boolean): BarSpan {
  return { from, to, isNow };
}
