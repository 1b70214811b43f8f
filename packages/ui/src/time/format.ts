import { DAY, HOUR, MINUTE, SECOND } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";
import { toLocal, zoneOf } from "./zone.ts";
import type { Zone } from "./zone.ts";

export type Language = "en" | "zh";

const UTC = zoneOf("UTC");
const THIN = "\u202f";
const days = {
  en: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
  zh: ["周日", "周一", "周二", "周三", "周四", "周五", "周六"],
} as const;
const months = { en: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] } as const;

/** `10:42:07`, or `10:42` without seconds. */
export function clockText(instant: Instant, zone: Zone, seconds = true): string {
  const local = toLocal(zone, instant);
  const ofDay = ((local % DAY) + DAY) % DAY;
  const text = `${two(Math.floor(ofDay / HOUR))}:${two(Math.floor((ofDay % HOUR) / MINUTE))}`;
  return seconds ? `${text}:${two(Math.floor((ofDay % MINUTE) / SECOND))}` : text;
}

/** `UTC+1`, `UTC−3:30`, `UTC`: how far the plant's clock is ahead at the instant, in every language the same. */
export function zoneText(instant: Instant, zone: Zone): string {
  const minutes = Math.round(zone.offsetAt(instant) / MINUTE);
  if (minutes === 0) return "UTC";
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `UTC${minutes < 0 ? "−" : "+"}${hours}${rest === 0 ? "" : `:${two(rest)}`}`;
}

/** `2026-11-30_1052_UTC+8`: a moment of the plant's clock in the name of a file, which has no spaces, colons or signs beyond ASCII. */
export function fileMoment(instant: Instant, zone: Zone): string {
  const local = new Date(Math.floor(toLocal(zone, instant) / 1_000)).toISOString();
  return `${local.slice(0, 10)}_${local.slice(11, 16).replace(":", "")}_${zoneText(instant, zone).replace("−", "-").replace(":", "")}`;
}

/** `history_Line3_….csv`: parts of the name of a file, in any script, each without what shells and file systems take amiss. */
export function fileName(parts: readonly (string | undefined)[], extension: string): string {
  const safe = parts.map((part) => (part ?? "").replaceAll(/[^\p{L}\p{N}+.-]+/gu, "-").replaceAll(/^[-.]+|-+$/gu, ""));
  return `${safe.filter((part) => part !== "").join("_")}.${extension}`;
}

/** `Tue 24`, in Chinese `周二 24日`. */
export function dayText(instant: Instant, zone: Zone, language: Language): string {
  const date = new Date(toLocal(zone, instant) / 1000);
  const day = days[language][date.getUTCDay()]!;
  return language === "zh" ? `${day} ${date.getUTCDate()}日` : `${day} ${date.getUTCDate()}`;
}

/** `24 Nov`, in Chinese `11月24日`. */
export function dateText(instant: Instant, zone: Zone, language: Language): string {
  const date = new Date(toLocal(zone, instant) / 1000);
  return language === "zh" ? `${date.getUTCMonth() + 1}月${date.getUTCDate()}日` : `${date.getUTCDate()} ${months.en[date.getUTCMonth()]!}`;
}

/** `16–30 Nov`, `30 Nov – 2 Dec`, `24 Nov`; in Chinese `11月16日–30日`. */
export function datesText(from: Instant, to: Instant, zone: Zone, language: Language): string {
  const [first, last] = [dateText(from, zone, language), dateText(to, zone, language)];
  if (first === last) return first;
  if (monthText(from, zone, language) !== monthText(to, zone, language)) return `${first} – ${last}`;
  return language === "zh" ? `${first}–${last.replace(/^.*月/u, "")}` : `${first.split(" ")[0]!}–${last}`;
}

export function monthText(instant: Instant, zone: Zone, language: Language): string {
  const date = new Date(toLocal(zone, instant) / 1000);
  return language === "zh"
    ? `${date.getUTCFullYear()}年${date.getUTCMonth() + 1}月`
    : `${months.en[date.getUTCMonth()]!} ${date.getUTCFullYear()}`;
}

/** `Tue 24 Nov, 10:42:07`. */
export function momentText(instant: Instant, zone: Zone, language: Language, seconds = true): string {
  const weekday = dayText(instant, zone, language).split(" ")[0]!;
  const date = dateText(instant, zone, language);
  return language === "zh"
    ? `${date} ${weekday} ${clockText(instant, zone, seconds)}`
    : `${weekday} ${date}, ${clockText(instant, zone, seconds)}`;
}

/**
 * When a plan takes effect: a day stays that day in every zone, `12 Dec`; with a time, the zone's own, `12 Dec, 02:00`. What is neither is shown as it is.
 */
export function plannedDateText(date: string, zone: Zone, language: Language): string {
  const instant = Date.parse(date) * 1000;
  if (Number.isNaN(instant)) return date;
  if (/^\d{4}-\d{2}-\d{2}$/.test(date)) return dateText(instant, UTC, language);
  const day = dateText(instant, zone, language);
  return `${day}${language === "zh" ? " " : ", "}${clockText(instant, zone, false)}`;
}

/** `Tue 24 Nov, 10:42`; of another year than now's the day with its year: `1 Jul 2020`. */
export function datedText(instant: Instant, now: Instant, zone: Zone, language: Language): string {
  const [date, today] = [new Date(toLocal(zone, instant) / 1000), new Date(toLocal(zone, now) / 1000)];
  if (date.getUTCFullYear() === today.getUTCFullYear()) return momentText(instant, zone, language, false);
  const day = dateText(instant, zone, language);
  return language === "zh" ? `${date.getUTCFullYear()}年${day}` : `${day} ${date.getUTCFullYear()}`;
}

/** `10:42` of the same day, `Tue 24 Nov, 10:42` of another one. */
export function nearText(instant: Instant, now: Instant, zone: Zone, language: Language): string {
  const isToday = dateText(instant, zone, language) === dateText(now, zone, language) && Math.abs(now - instant) < 2 * DAY;
  return isToday ? clockText(instant, zone, false) : momentText(instant, zone, language, false);
}

/** `Tue 24 Nov, 10:42 – 18:42`; the second day only where it is another. */
export function periodText(from: Instant, to: Instant, zone: Zone, language: Language): string {
  const isOneDay = dateText(from, zone, language) === dateText(to, zone, language) && to - from < 2 * DAY;
  const end = isOneDay ? clockText(to, zone, false) : momentText(to, zone, language, false);
  return `${momentText(from, zone, language, false)} – ${end}`;
}

/** `2 h 13 min`, `18 min`, `42 s`, `3 d 4 h`; the two largest units that matter. */
export function durationText(duration: Instant, language: Language): string {
  const words = language === "zh" ? { d: "天", h: "小时", min: "分", s: "秒" } : { d: "d", h: "h", min: "min", s: "s" };
  const total = Math.max(0, Math.round(duration / SECOND));
  const part = (value: number, word: string): string => `${value}${THIN}${word}`;
  if (total < 60) return part(total, words.s);
  const minutes = Math.floor(total / 60);
  if (minutes < 10 && total % 60 !== 0) return `${part(minutes, words.min)} ${part(total % 60, words.s)}`;
  if (minutes < 60) return part(minutes, words.min);
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? part(hours, words.h) : `${part(hours, words.h)} ${part(minutes % 60, words.min)}`;
  const wholeDays = Math.floor(hours / 24);
  return hours % 24 === 0 || wholeDays >= 10 ? part(wholeDays, words.d) : `${part(wholeDays, words.d)} ${part(hours % 24, words.h)}`;
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
