import { DAY, HOUR, MINUTE } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";

export const spans = { "10m": 10 * MINUTE, "1h": HOUR, "8h": 8 * HOUR, "1d": DAY, "7d": 7 * DAY, "30d": 30 * DAY } as const;
export type Span = keyof typeof spans;

/** The period that is laid under the one shown: as long, and so much earlier. */
export const earlier = { none: 0, before: undefined, "1d": DAY, "7d": 7 * DAY } as const;
/** Also the same time so many days ago: the last one that has values. */
export type Versus = keyof typeof earlier | `${number}d`;
/** Days that are looked through for one with values. */
export const MAX_DAYS_BACK = 14;

/** What band a trend has: lowest to highest, or 5 % to 95 % of the time with the median. */
export type Band = "range" | "percentiles";

/** What the Trends view shows; it travels in the link. */
export interface TrendChoice {
  readonly signals: readonly string[];
  readonly span: Span;
  readonly band: Band;
  readonly versus: Versus;
  /** A stretch that was zoomed into; else the span up to the instant shown. */
  readonly range?: { readonly from: Instant; readonly to: Instant };
  readonly table: boolean;
  /** All in one chart, an axis for each unit. */
  readonly overlaid?: true | undefined;
}

/** More charts on one page are none. */
export const MAX_SIGNALS = 8;

export function formatChoice({ signals, span, band, versus, range, table, overlaid }: TrendChoice): string {
  const words = new URLSearchParams();
  if (signals.length > 0) words.set("s", signals.join(","));
  if (span !== "8h") words.set("w", span);
  if (band !== "range") words.set("b", band);
  if (versus !== "none") words.set("v", versus);
  if (range !== undefined) words.set("r", `${range.from}-${range.to}`);
  if (table) words.set("t", "1");
  if (overlaid) words.set("o", "1");
  return words.toString();
}

/** Reads what a link says; what it cannot mean falls back field by field. */
export function parseChoice(text: string | undefined): TrendChoice {
  const words = new URLSearchParams(text ?? "");
  const [from, to] = (/^(\d{1,16})-(\d{1,16})$/.exec(words.get("r") ?? "")?.slice(1) ?? []).map(Number);
  const choice = {
    signals: [...new Set((words.get("s") ?? "").split(",").filter((id) => id !== ""))].slice(0, MAX_SIGNALS),
    span: oneOf(spans, words.get("w"), "8h"),
    band: words.get("b") === "percentiles" ? ("percentiles" as const) : ("range" as const),
    versus: versusOf(words.get("v")),
    table: words.get("t") === "1",
    ...(words.get("o") === "1" && { overlaid: true as const }),
  };
  return from !== undefined && to !== undefined && from < to ? { ...choice, range: { from, to } } : choice;
}

/** The earlier period to compare with, undefined when there is none. */
export function earlierPeriod(
  { from, to }: { readonly from: Instant; readonly to: Instant },
  versus: Versus,
): { readonly from: Instant; readonly to: Instant } | undefined {
  const back = versus === "before" ? to - from : isNamed(versus) ? earlier[versus] : daysBack(versus) * DAY;
  return back === undefined || back === 0 ? undefined : { from: from - back, to: to - back };
}

/** Whether it is one of those that are always offered. */
export function isNamed(versus: Versus): versus is keyof typeof earlier {
  return Object.hasOwn(earlier, versus);
}

export function daysBack(versus: Versus): number {
  return versus.endsWith("d") ? Number(versus.slice(0, -1)) : 0;
}

function versusOf(word: string | null): Versus {
  const days = Number(/^(\d{1,2})d$/.exec(word ?? "")?.[1] ?? 0);
  return days >= 1 && days <= MAX_DAYS_BACK ? `${days}d` : oneOf(earlier, word, "none");
}

function oneOf<Name extends string>(known: Readonly<Record<Name, unknown>>, word: string | null, otherwise: Name): Name {
  return word !== null && Object.hasOwn(known, word) ? (word as Name) : otherwise;
}
