import { useWords } from "@doppelwerk/kit/studio";

/** The usual names of shifts in the reader's language, any other as it was written. */
export function useShiftNames(): (name: string) => string {
  const { t } = useWords();
  return (name) => t.or(`shift.${name.toLowerCase()}`, name);
}

/** `Mon` of 1. 1970-01-05 was a Monday. */
export function weekdayText(day: number, language: string, form: "short" | "long" = "short"): string {
  return new Intl.DateTimeFormat(language, { weekday: form, timeZone: "UTC" }).format(new Date(Date.UTC(1970, 0, 4 + day)));
}

/** `Thu, 24 Dec 2026` of `2026-12-24`. */
export function localDateText(date: string, language: string): string {
  const day = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(day)) return date;
  const form = { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, form).format(day);
}
