import type { Instant } from "@doppelwerk/world";

/** Pixels of a time. */
export interface GanttScale {
  readonly perUnit: number;
  readonly end: number;
}

const STEPS_S = [60, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400, 172_800, 604_800];
const LEAST_PX = 70;

/** Where the axis has its marks: whole clock times where the unit is the second, else 1, 2 or 5 times a power of ten. */
export function ganttTicks(scale: GanttScale, unit: "s" | "1", start: Instant, zoneOffsetS: number): number[] {
  const wanted = LEAST_PX / scale.perUnit;
  const power = 10 ** Math.floor(Math.log10(Math.max(wanted, 1e-9)));
  const step =
    unit === "s"
      ? (STEPS_S.find((candidate) => candidate >= wanted) ?? STEPS_S.at(-1)!)
      : Math.max(1, power * ([1, 2, 5, 10].find((factor) => factor * power >= wanted) ?? 10));
  const local = start / 1_000_000 + zoneOffsetS;
  const first = unit === "s" ? Math.ceil(local / step) * step - local : 0;
  const ticks: number[] = [];
  for (let at = first; at <= scale.end && ticks.length < 2_000; at += step) ticks.push(at);
  return ticks;
}

/** `3 h 20 min` for seconds, the bare number else. */
export function spanText(value: number, unit: "s" | "1"): string {
  if (unit === "1") return String(Math.round(value));
  const sign = value < 0 ? "−" : "";
  const minutes = Math.round(Math.abs(value) / 60);
  const [days, hours, rest] = [Math.floor(minutes / 1_440), Math.floor((minutes % 1_440) / 60), minutes % 60];
  const parts = days > 0 ? [`${days} d`, `${hours} h`] : hours > 0 ? [`${hours} h`, `${rest} min`] : [`${rest} min`];
  return sign + parts.join(" ").replaceAll(" ", "\u202f");
}

/** A change with its sign; `±0` where there is none. */
export function deltaText(value: number, unit: "s" | "1"): string {
  return Math.round(value) === 0 ? "±0" : value > 0 ? `+${spanText(value, unit)}` : spanText(value, unit).replace("-", "−");
}
