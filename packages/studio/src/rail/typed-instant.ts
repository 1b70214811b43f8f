import { DAY, HOUR, MINUTE, SECOND } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";
import { fromLocal, toLocal } from "@doppelwerk/ui";
import type { Zone } from "@doppelwerk/ui";

const UNITS: readonly (readonly [unit: RegExp, length: Instant])[] = [
  [/^(?:s|sec|second|seconds|秒|秒钟)$/, SECOND],
  [/^(?:m|min|minute|minutes|分|分钟)$/, MINUTE],
  [/^(?:h|hour|hours|时|小时)$/, HOUR],
  [/^(?:d|day|days|天|日)$/, DAY],
];
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/**
 * The instant that a person types, by the clock of the plant: how long ago (`2 h ago`, `-90 min`, `2小时前`), a time of day (`10:32`, the last time it was
 * that), or a date with a time as the screen writes it (`2026-11-28 10:32`, `Sat 28 Nov, 10:32:07`, `11月28日 10:32`). Undefined: it is none.
 */
export function typedInstant(text: string, now: Instant, zone: Zone): Instant | undefined {
  const words = text.replaceAll("\u202f", " ").trim().toLowerCase();
  return ago(words, now) ?? atClock(words, now, zone);
}

function ago(words: string, now: Instant): Instant | undefined {
  const amount = /^(?:[-−]\s*)?((?:\d+(?:[.,]\d+)?\s*[a-z秒分钟小时天日]+\s*)+?)(?:\s*(?:ago|前|以前))?$/.exec(words)?.[1];
  if (amount === undefined) return undefined;
  let total = 0;
  for (const [, value, unit] of amount.matchAll(/(\d+(?:[.,]\d+)?)\s*([a-z秒分钟小时天日]+?)(?=\s*\d|\s*$)/g)) {
    const length = UNITS.find(([each]) => each.test(unit!))?.[1];
    if (length === undefined) return undefined;
    total += Number(value!.replace(",", ".")) * length;
  }
  return Math.round(now - total);
}

const CLOCK = /^(.*?)[,t\s]*(\d{1,2}):(\d{2})(?::(\d{2}))?$/;

function atClock(words: string, now: Instant, zone: Zone): Instant | undefined {
  const [, day, hour, minute, second = "0"] = CLOCK.exec(words) ?? [];
  if (day === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const ofDay = Number(hour) * HOUR + Number(minute) * MINUTE + Number(second) * SECOND;
  const today = new Date(Math.floor(toLocal(zone, now) / DAY) * (DAY / 1_000));
  const on = (year: number, month: number, date: number): Instant | undefined => {
    const local = new Date(Date.UTC(year, month, date));
    return local.getUTCMonth() === month && local.getUTCDate() === date ? fromLocal(zone, local.getTime() * 1_000 + ofDay) : undefined;
  };
  const [year, month, date] = [today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate()];
  if (day === "") {
    const yesterday = new Date(Date.UTC(year, month, date - 1));
    return notAhead(now, on(year, month, date), on(yesterday.getUTCFullYear(), yesterday.getUTCMonth(), yesterday.getUTCDate()));
  }
  const [, y, m, d] = /^(\d{4})(?:-|年)(\d{1,2})(?:-|月)(\d{1,2})日?$/.exec(day) ?? [];
  if (y !== undefined) return on(Number(y), Number(m) - 1, Number(d));
  const named = namedDay(day);
  return named && notAhead(now, on(year, ...named), on(year - 1, ...named));
}

/** Of a time that is written without its day or year: the last one. */
function notAhead(now: Instant, own: Instant | undefined, before: Instant | undefined): Instant | undefined {
  return own !== undefined && own <= now ? own : before;
}

function namedDay(day: string): readonly [month: number, date: number] | undefined {
  const [, date, name] = /^(?:[a-z]{3},? )?(\d{1,2}) ([a-z]{3})[a-z]*$/.exec(day) ?? [];
  if (name !== undefined) return MONTHS.includes(name) ? [MONTHS.indexOf(name), Number(date)] : undefined;
  const [, m, d] = /^(\d{1,2})月(\d{1,2})日(?: ?周.)?$/.exec(day) ?? [];
  return m === undefined ? undefined : [Number(m) - 1, Number(d)];
}
