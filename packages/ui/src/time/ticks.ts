import { DAY, HOUR, MINUTE, SECOND } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";
import { clockText, dateText, dayText, monthText } from "./format.ts";
import type { Language } from "./format.ts";
import { dayStart, fromLocal, nextDay, toLocal } from "./zone.ts";
import type { Zone } from "./zone.ts";

export interface RailTick {
  readonly at: Instant;
  readonly label: string;
  /** A day or month boundary among finer ticks. */
  readonly major: boolean;
}

const subDay: readonly Instant[] = [
  ...[1, 2, 5, 10, 15, 30].map((value) => value * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((value) => value * MINUTE),
  ...[1, 2, 3, 4, 6, 8, 12].map((value) => value * HOUR),
];
const dayCounts: readonly number[] = [1, 2, 7, 14];

/** Labelled instants in [from, to) at least `spacing` pixels apart, on round local times (days of 23 and 25 hours included). */
export function railTicks(options: {
  readonly from: Instant;
  readonly to: Instant;
  readonly scale: number;
  readonly zone: Zone;
  readonly language: Language;
  readonly spacing?: number;
}): readonly RailTick[] {
  const least = (options.spacing ?? 72) * options.scale;
  const step = subDay.find((candidate) => candidate >= least);
  if (step !== undefined) return clockTicks(options, step);
  const count = dayCounts.find((candidate) => candidate * DAY >= least);
  return count === undefined ? monthTicks(options, least) : dayTicks(options, count);
}

type Range = Parameters<typeof railTicks>[0];

function clockTicks({ from, to, zone, language }: Range, step: Instant): readonly RailTick[] {
  const ticks: RailTick[] = [];
  let day = dayStart(zone, from);
  while (day < to) {
    const next = nextDay(zone, day);
    if (day >= from) ticks.push({ at: day, label: dayText(day, zone, language), major: true });
    // Local multiples of the step within this day; in a 23- or 25-hour day a reading may be skipped or repeat.
    const localStart = toLocal(zone, day);
    const firstOffset = Math.max(step, Math.ceil((toLocal(zone, Math.max(from, day)) - localStart) / step) * step);
    for (let offset = firstOffset; offset < DAY; offset += step) {
      const at = fromLocal(zone, localStart + offset);
      if (at >= to || at >= next) break;
      if (at >= from) ticks.push({ at, label: clockText(at, zone, step < MINUTE), major: false });
    }
    day = next;
  }
  return ticks;
}

function dayTicks({ from, to, zone, language }: Range, count: number): readonly RailTick[] {
  const ticks: RailTick[] = [];
  for (let day = dayStart(zone, from); day < to; day = nextDay(zone, day)) {
    // Counted from a Monday, so that weeks begin where people expect them.
    const number = Math.floor(toLocal(zone, day) / DAY) + 3;
    if (day < from || number % count !== 0) continue;
    ticks.push({
      at: day,
      label: count === 1 ? dayText(day, zone, language) : dateText(day, zone, language),
      major: number % 7 === 0 && count === 1,
    });
  }
  return ticks;
}

function monthTicks({ from, to, zone, language }: Range, least: Instant): readonly RailTick[] {
  const every = Math.max(1, Math.ceil(least / (30 * DAY)));
  const first = new Date(toLocal(zone, from) / 1000);
  const ticks: RailTick[] = [];
  for (let month = first.getUTCFullYear() * 12 + first.getUTCMonth(); ; month += 1) {
    const at = fromLocal(zone, Date.UTC(Math.floor(month / 12), month % 12, 1) * 1000);
    if (at >= to) return ticks;
    if (at >= from && month % every === 0) ticks.push({ at, label: monthText(at, zone, language), major: month % 12 === 0 });
  }
}
