import { DAY, HOUR } from "@doppelwerk/kit/studio";

/** Lengths up to the instant shown. */
export const SPANS = { "8h": 8 * HOUR, "1d": DAY, "7d": 7 * DAY, "30d": 30 * DAY, "365d": 365 * DAY } as const;
export type SpanName = keyof typeof SPANS;
export const SPAN_NAMES = Object.keys(SPANS) as readonly SpanName[];

/** A length up to the instant shown, or two days of the calendar with all between them. */
export type ChosenSpan = { readonly name: SpanName } | { readonly from: string; readonly to: string };

const DATES = /^(\d{4}-\d\d-\d\d)~(\d{4}-\d\d-\d\d)$/;

/** Reads a step of a link: `7d`, `2026-11-01~2026-11-30`; what it cannot mean is a week. */
export function parseSpan(text: string | undefined): ChosenSpan {
  const name = SPAN_NAMES.find((each) => each === text);
  if (name !== undefined) return { name };
  const [, from, to] = DATES.exec(text ?? "") ?? [];
  return from !== undefined && to !== undefined && from <= to && !Number.isNaN(Date.parse(from) + Date.parse(to))
    ? { from, to }
    : { name: "7d" };
}

export function formatSpan(span: ChosenSpan): string {
  return "name" in span ? span.name : `${span.from}~${span.to}`;
}

/** The instants of a span; days begin at midnight of the plant. */
export function instantsOf(
  span: ChosenSpan,
  now: number,
  midnightOf: (date: string) => number,
): { readonly from: number; readonly to: number } {
  if ("name" in span) return { from: now - SPANS[span.name], to: now };
  const after = new Date(Date.parse(span.to) + 86_400_000).toISOString().slice(0, 10);
  return { from: midnightOf(span.from), to: Math.max(midnightOf(span.from) + 1, Math.min(midnightOf(after), now)) };
}

/** The list of alarms over the shortest of its lengths that reaches from an instant to `from`. */
export function journalSpan(from: number, to: number): string {
  const lengths = [
    ["1h", HOUR],
    ["8h", 8 * HOUR],
    ["1d", DAY],
    ["7d", 7 * DAY],
    ["30d", 30 * DAY],
  ] as const;
  return (lengths.find(([, length]) => to - from <= length) ?? lengths.at(-1)!)[0];
}
