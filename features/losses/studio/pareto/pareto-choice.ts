import { DAY, dayStart, fromLocal, nextDay, toLocal, type Zone } from "@doppelwerk/kit/studio";
import type { Instant } from "@doppelwerk/world";
import { PARETO_BY, type ParetoBy } from "../../model/pareto.ts";

/** Days before the instant shown. */
export const SPANS = { day: 1, week: 7, month: 30 } as const;
export type SpanName = keyof typeof SPANS;

/** What the page shows; it is the detail of its address. */
export interface ParetoChoice {
  readonly by: ParetoBy;
  /** A name, or the first and the last day of an own span: `2026-11-01`. */
  readonly span: SpanName | { readonly first: string; readonly last: string };
}

const DEFAULT: ParetoChoice = { by: "reason", span: "week" };
const OWN = /^(\d{4}-\d\d-\d\d)_(\d{4}-\d\d-\d\d)$/;

/** `week.reason`, `2026-11-01_2026-11-20.station`. */
export function choiceOf(detail: string | undefined): ParetoChoice {
  const [span = "", by = ""] = (detail ?? "").split(".");
  const [, first, last] = OWN.exec(span) ?? [];
  return {
    by: PARETO_BY.find((each) => each === by) ?? DEFAULT.by,
    span:
      first !== undefined && last !== undefined && first <= last && isDay(first) && isDay(last)
        ? { first, last }
        : span in SPANS
          ? (span as SpanName)
          : DEFAULT.span,
  };
}

export function detailOf({ by, span }: ParetoChoice): string {
  return `${typeof span === "string" ? span : `${span.first}_${span.last}`}.${by}`;
}

/** Of a named span up to the instant; of an own one whole days by the clock of the plant. */
export function spanOf({ span }: ParetoChoice, at: Instant, zone: Zone): { readonly from: Instant; readonly to: Instant } {
  if (typeof span === "string") return { from: at - SPANS[span] * DAY, to: at };
  return { from: dayOf(span.first, zone), to: nextDay(zone, dayOf(span.last, zone)) };
}

/** Beginning of a day by the clock of the plant. */
export function dayOf(day: string, zone: Zone): Instant {
  return dayStart(zone, fromLocal(zone, Date.parse(`${day}T12:00:00Z`) * 1_000));
}

export function dayNameOf(at: Instant, zone: Zone): string {
  return new Date(toLocal(zone, at) / 1_000).toISOString().slice(0, 10);
}

const isDay = (day: string): boolean => !Number.isNaN(Date.parse(`${day}T12:00:00Z`));
