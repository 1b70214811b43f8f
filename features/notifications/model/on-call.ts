import { DAY, MINUTE, type Instant } from "@doppelwerk/world";
import type { OnCallFields } from "./on-call-kind.ts";

/** Minutes that the clocks of a place are ahead of UTC. */
export type ZoneOffset = (instant: Instant) => number;

export interface OnCall {
  /** Undefined: nobody. */
  readonly person: string | undefined;
  /** Position of the layer that decides; undefined where none holds. */
  readonly layer: number | undefined;
  /** By an exception of the calendar. */
  readonly isException: boolean;
}

export interface OnCallSpan extends OnCall {
  readonly from: Instant;
  readonly to: Instant;
}

type Layer = OnCallFields["layers"][number];

/**
 * The instant of a time of the clock. One that comes twice (a day of 25 hours) is the first of the two, so that a handover happens once; one that is skipped
 * (23 hours) is counted on from the hour before, as RFC 5545 has it.
 */
export function instantOfClock(day: number, minute: number, zoneOffset: ZoneOffset): Instant {
  const local = day * DAY + minute * MINUTE;
  const [before, after] = [zoneOffset(local - DAY), zoneOffset(local + DAY)];
  const found = [local - before * MINUTE, local - after * MINUTE].filter((instant) => instant + zoneOffset(instant) * MINUTE === local);
  return found.length === 0 ? local - before * MINUTE : Math.min(...found);
}

/** Days since 1970 of `2026-12-24`. */
export const dayOf = (date: string): number => Date.parse(`${date.slice(0, 10)}T00:00:00Z`) / 86_400_000;

const localDay = (instant: Instant, zoneOffset: ZoneOffset): number => Math.floor((instant + zoneOffset(instant) * MINUTE) / DAY);
/** 1 = Monday; 1970 began on a Thursday. */
const weekdayOf = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1;
const minuteOf = (localTime: string): number => Number(localTime.slice(11, 13)) * 60 + Number(localTime.slice(14, 16));

/** Who is on call at an instant. */
export function onCallAt(calendar: OnCallFields, instant: Instant, zoneOffset: ZoneOffset): OnCall {
  const layer = calendar.layers.findIndex((each) => holds(each, instant, zoneOffset));
  const person = layer < 0 ? undefined : turnOf(calendar.layers[layer]!, instant, zoneOffset);
  // one that was added later counts before those of before
  const exception = calendar.exceptions.findLast(
    ({ from, to, instead }) =>
      instantOfLocalTime(from, zoneOffset) <= instant &&
      instant < instantOfLocalTime(to, zoneOffset) &&
      (instead === undefined || instead === person),
  );
  const decided = { layer: layer < 0 ? undefined : layer };
  return exception === undefined ? { ...decided, person, isException: false } : { ...decided, person: exception.person, isException: true };
}

/** Who is on call in [from, to), one after another. */
export function onCallSpans(calendar: OnCallFields, from: Instant, to: Instant, zoneOffset: ZoneOffset): readonly OnCallSpan[] {
  const spans: OnCallSpan[] = [];
  const changes = changesBetween(calendar, from, to, zoneOffset);
  for (const [at, begin] of changes.entries()) {
    const found = onCallAt(calendar, begin, zoneOffset);
    const end = changes[at + 1] ?? to;
    const last = spans.at(-1);
    if (last !== undefined && last.person === found.person && last.layer === found.layer && last.isException === found.isException)
      spans[spans.length - 1] = { ...last, to: end };
    else spans.push({ ...found, from: begin, to: end });
  }
  return spans;
}

/** Every person whom a calendar names. */
export function peopleOfCalendar({ layers, exceptions }: OnCallFields): readonly string[] {
  return [...new Set([...layers.flatMap(({ people }) => people), ...exceptions.flatMap(({ person }) => person ?? [])])];
}

export const instantOfLocalTime = (text: string, zoneOffset: ZoneOffset): Instant =>
  instantOfClock(dayOf(text), minuteOf(text), zoneOffset);

/** Instants from `from` on at which somebody else may be on call. */
function changesBetween({ layers, exceptions }: OnCallFields, from: Instant, to: Instant, zoneOffset: ZoneOffset): readonly Instant[] {
  const found = new Set<Instant>();
  for (let day = localDay(from, zoneOffset) - 1; day <= localDay(to, zoneOffset) + 1; day++)
    for (const { handover, hours } of layers)
      for (const minute of [handover, ...hours.flatMap((each) => [each.from, each.to])]) found.add(instantOfClock(day, minute, zoneOffset));
  for (const each of exceptions) for (const text of [each.from, each.to]) found.add(instantOfLocalTime(text, zoneOffset));
  return [from, ...[...found].filter((instant) => instant > from && instant < to).toSorted((a, b) => a - b)];
}

function holds({ start, handover, hours }: Layer, instant: Instant, zoneOffset: ZoneOffset): boolean {
  if (instant < instantOfClock(dayOf(start), handover, zoneOffset)) return false;
  if (hours.length === 0) return true;
  const today = localDay(instant, zoneOffset);
  return [today - 1, today].some((day) =>
    hours.some(({ days, from, to }) => {
      if (!days.includes(weekdayOf(day))) return false;
      const end = instantOfClock(to <= from ? day + 1 : day, to, zoneOffset);
      return instantOfClock(day, from, zoneOffset) <= instant && instant < end;
    }),
  );
}

/** Whose turn it is. Days are counted from handover to handover, however many hours they have. */
function turnOf({ people, start, handover, everyDays }: Layer, instant: Instant, zoneOffset: ZoneOffset): string {
  const today = localDay(instant, zoneOffset);
  // in an hour that comes twice the day of the clock can be behind or ahead by one
  const day = [today + 1, today, today - 1].find((each) => instantOfClock(each, handover, zoneOffset) <= instant) ?? today - 1;
  return people[Math.floor((day - dayOf(start)) / everyDays) % people.length]!;
}
