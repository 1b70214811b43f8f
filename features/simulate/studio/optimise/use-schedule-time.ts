import { SECOND } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";
import { clockText, dayText, momentText, useWords } from "@doppelwerk/kit/studio";
import { ganttTicks, type GanttScale } from "./gantt-scale.ts";

export interface ScheduleTick {
  readonly at: number;
  readonly text: string;
  readonly isDay: boolean;
}

/** Times of a schedule in words: moments where its unit is the second, the bare number else. `start` is the instant of its time 0. */
export function useScheduleTime(
  unit: "s" | "1",
  start: Instant,
): { readonly timeText: (at: number) => string; readonly ticks: (scale: GanttScale) => readonly ScheduleTick[] } {
  const { language, zone } = useWords();
  const zoneOffsetS = unit === "s" ? zone.offsetAt(start) / SECOND : 0;
  const tick = (at: number): ScheduleTick => {
    if (unit !== "s") return { at, text: String(at), isDay: false };
    const isDay = Math.abs((start / SECOND + zoneOffsetS + at) % 86_400) < 1;
    const instant = start + at * SECOND;
    return { at, text: isDay ? dayText(instant, zone, language) : clockText(instant, zone, false), isDay };
  };
  return {
    timeText: (at) => (unit === "s" ? momentText(start + at * SECOND, zone, language, false) : String(Math.round(at))),
    ticks: (scale) => ganttTicks(scale, unit, start, zoneOffsetS).map(tick),
  };
}
