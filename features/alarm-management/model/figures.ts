import { DAY, HOUR, type Instant } from "@doppelwerk/world";
import type { Performance } from "./performance.ts";

/** Figures of an alarm system, with the clause of ISA-18.2-2016 that they are of; the same subjects are in IEC 62682. */
export const FIGURES = {
  rate: { clause: "16.5.2", unit: "per10Min", most: 1, tolerated: 2 },
  peak: { clause: "16.5.3", unit: "alarms", most: 10, tolerated: 10 },
  windowsOver: { clause: "16.5.3", unit: "share", most: 0.01, tolerated: 0.01 },
  floodShare: { clause: "16.5.4", unit: "share", most: 0.01, tolerated: 0.01 },
  topShare: { clause: "16.5.5", unit: "share", most: 0.01, tolerated: 0.05 },
  chattering: { clause: "16.5.6", unit: "alarms", most: 0, tolerated: 0 },
  fleeting: { clause: "16.5.6", unit: "alarms", most: 0, tolerated: 0 },
  stale: { clause: "16.5.7", unit: "alarms", most: 4, tolerated: 4 },
} as const;
export type FigureId = keyof typeof FIGURES;
export const FIGURE_IDS = Object.keys(FIGURES) as readonly FigureId[];

export interface Figure {
  readonly id: FigureId;
  readonly clause: string;
  readonly unit: "per10Min" | "alarms" | "share";
  readonly value: number;
  readonly most: number;
  readonly verdict: "within" | "tolerated" | "beyond";
  /** What it was computed of: the number above and below the line; `below` is in `base`. */
  readonly count: number;
  readonly below?: number;
  readonly base: "windows" | "alarms" | "hours" | "rules" | "span";
}

/** Each figure with its counts and what it is compared with. */
export function figuresOf(found: Performance, from: Instant, to: Instant): readonly Figure[] {
  const top = found.top.reduce((sum, { count }) => sum + count, 0);
  const values: Record<FigureId, Pick<Figure, "value" | "count" | "base" | "below">> = {
    rate: { value: found.per10Min, count: found.raised, below: (to - from) / (DAY / 144), base: "windows" },
    peak: { value: found.peak.count, count: found.peak.count, base: "span" },
    windowsOver: { value: found.windowsOver / found.windows, count: found.windowsOver, below: found.windows, base: "windows" },
    floodShare: { value: found.floodShare, count: (found.floodShare * (to - from)) / HOUR, below: (to - from) / HOUR, base: "hours" },
    topShare: { value: found.topShare, count: top, below: found.raised, base: "alarms" },
    chattering: { value: found.chatteringCount, count: found.chatteringCount, base: "rules" },
    fleeting: { value: found.fleetingCount, count: found.fleetingCount, base: "rules" },
    stale: { value: found.mostStale, count: found.mostStale, base: "span" },
  };
  return FIGURE_IDS.map((id) => {
    const { clause, unit, most, tolerated } = FIGURES[id];
    const { value } = values[id];
    const verdict = value <= most ? "within" : value <= tolerated ? "tolerated" : "beyond";
    return { id, clause, unit, most, verdict, ...values[id] };
  });
}

/** What the standard recommends of priorities 1 to 3 (16.5.8). */
export const SPLIT = { 1: 0.05, 2: 0.15, 3: 0.8 } as const;
