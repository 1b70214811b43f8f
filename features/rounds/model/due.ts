import { DAY, MINUTE, type Instant } from "@doppelwerk/world";
import type { Schedule } from "./round-kind.ts";
import type { Walk } from "./walks.ts";

/** Minutes that the clocks of a place are ahead of UTC. */
type ZoneOffset = (instant: Instant) => number;

export interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

/** `due`: it may still be walked in time; `late`: it was finished after its span; `missed`: it was not, and the span is over. */
export const DUE_STATES = ["done", "late", "due", "missed"] as const;

export interface DueSpan extends Span {
  readonly state: (typeof DUE_STATES)[number];
  readonly walk?: string;
}

/** Spans of a schedule by days or weeks that begin in [from, to), oldest first. A clock that is turned moves them as clocks on the wall. */
export function plannedSpans(schedule: Schedule, from: Instant, to: Instant, zoneOffset: ZoneOffset): readonly Span[] {
  if (schedule.kind !== "day" && schedule.kind !== "week") return [];
  const spans: Span[] = [];
  const first = Math.floor((from + zoneOffset(from) * MINUTE) / DAY) - 1;
  const last = Math.floor((to + zoneOffset(to) * MINUTE) / DAY) + 1;
  for (let day = first; day <= last; day++) {
    const weekday = ((((day + 3) % 7) + 7) % 7) + 1;
    if (schedule.kind === "week" ? weekday !== 1 : !schedule.days.includes(weekday)) continue;
    const span = schedule.kind === "week" ? weekOf(day, zoneOffset) : dayOf(day, schedule, zoneOffset);
    if (span.from >= from && span.from < to) spans.push(span);
  }
  return spans;
}

const weekOf = (day: number, zoneOffset: ZoneOffset): Span => ({
  from: instantOf(day, 0, zoneOffset),
  to: instantOf(day + 7, 0, zoneOffset),
});

function dayOf(day: number, { from, to }: Extract<Schedule, { kind: "day" }>, zoneOffset: ZoneOffset): Span {
  const [begin, end] = [minuteOf(from), minuteOf(to)];
  return { from: instantOf(day, begin, zoneOffset), to: instantOf(end > begin ? day : day + 1, end, zoneOffset) };
}

const minuteOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

/** One that comes twice is the first of the two; one that is skipped is counted on from the hour before (RFC 5545). */
function instantOf(day: number, minute: number, zoneOffset: ZoneOffset): Instant {
  const local = day * DAY + minute * MINUTE;
  const [before, after] = [zoneOffset(local - DAY), zoneOffset(local + DAY)];
  const found = [local - before * MINUTE, local - after * MINUTE].filter((instant) => instant + zoneOffset(instant) * MINUTE === local);
  return found.length === 0 ? local - before * MINUTE : Math.min(...found);
}

/** What became of each span at an instant: a walk belongs to the last span that had begun when it was started, the first finished one counts. */
export function dueSpans(spans: readonly Span[], walks: readonly Walk[], now: Instant): readonly DueSpan[] {
  return spans.map((span, at) => {
    const end = spans[at + 1]?.from ?? Infinity;
    const own = walks.filter(({ startedAt }) => startedAt >= span.from && startedAt < end);
    const done = own.filter(({ finishedAt }) => finishedAt !== undefined).toSorted((a, b) => a.finishedAt! - b.finishedAt!)[0];
    if (done !== undefined) return { ...span, state: done.finishedAt! <= span.to ? "done" : "late", walk: done.walk };
    const begun = own[0] === undefined ? {} : { walk: own[0].walk };
    return { ...span, state: now < span.to ? "due" : "missed", ...begun };
  });
}
