import { HOUR, type Instant } from "@doppelwerk/kit";
import { dayAfter } from "./qualified.ts";
import type { RosterFields } from "./roster-kind.ts";

/** Directive 2003/88/EC: daily rest (article 3) and weekly working time with overtime (article 6), in hours. */
export const REST_HOURS = 11;
export const WEEK_HOURS = 48;

/** A hint, not a verdict: law of a country and agreements may say otherwise, and article 6 is of an average. */
export type WorkingTimeHint =
  | { readonly kind: "rest"; readonly worker: string; readonly hours: number; readonly from: Instant; readonly to: Instant }
  | { readonly kind: "week"; readonly worker: string; readonly hours: number; readonly monday: string };

interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

/** Monday of the week of a day. */
export function mondayOf(day: string): string {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return dayAfter(day, -((weekday + 6) % 7));
}

/** Work of each worker as it is on the roster, without breaks being taken off; what overlaps or follows at once is one span. */
export function workOf(shifts: readonly RosterFields[]): ReadonlyMap<string, readonly Span[]> {
  const spans = new Map<string, Span[]>();
  for (const { from, to, places } of shifts)
    for (const { worker, from: begin = from, to: end = to } of places)
      if (worker !== undefined) spans.set(worker, [...(spans.get(worker) ?? []), { from: begin, to: end }]);
  return new Map([...spans].map(([worker, own]) => [worker, joined(own)]));
}

/** Breaks within a shift are no rest: what is less than two hours apart is one span. */
function joined(spans: readonly Span[]): readonly Span[] {
  const result: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last !== undefined && span.from <= last.to + 2 * HOUR)
      result[result.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else result.push(span);
  }
  return result;
}

/** Rests that are too short and weeks that are too long, of the shifts given: those of the day before and of the whole week have to be among them. */
export function workingTimeHints(shifts: readonly RosterFields[]): readonly WorkingTimeHint[] {
  const hints: WorkingTimeHint[] = [];
  for (const [worker, spans] of workOf(shifts))
    for (const [at, span] of spans.entries()) {
      const before = spans[at - 1];
      const hours = before === undefined ? undefined : (span.from - before.to) / HOUR;
      if (hours !== undefined && hours < REST_HOURS) hints.push({ kind: "rest", worker, hours, from: before!.to, to: span.from });
    }
  for (const monday of new Set(shifts.map(({ date }) => mondayOf(date)))) {
    const ofWeek = shifts.filter(({ date }) => mondayOf(date) === monday);
    for (const [worker, spans] of workOf(ofWeek)) {
      const hours = spans.reduce((sum, { from, to }) => sum + (to - from), 0) / HOUR;
      if (hours > WEEK_HOURS) hints.push({ kind: "week", worker, hours, monday });
    }
  }
  return hints;
}
