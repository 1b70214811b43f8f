import type { Instant } from "@doppelwerk/world";
import type { Language } from "../time/format.ts";
import { railTicks, type RailTick } from "../time/ticks.ts";
import type { Zone } from "../time/zone.ts";

/** Pixels between two ticks. */
const SPACING = 72;

/** Ticks of a time axis of so many pixels on round times of the plant; midnight is named by its day. */
export function timeTicks({
  from,
  to,
  width,
  zone,
  language,
}: {
  readonly from: Instant;
  readonly to: Instant;
  readonly width: number;
  readonly zone: Zone;
  readonly language: Language;
}): readonly RailTick[] {
  if (!(to > from) || width <= 0) return [];
  return railTicks({ from, to: to + 1, scale: (to - from) / width, zone, language, spacing: SPACING });
}
