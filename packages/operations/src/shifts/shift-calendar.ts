import { DAY, MINUTE, SECOND, type Instant } from "@doppelwerk/world";

/** Minutes local time is ahead of UTC at an instant. Pure rooms have no time zone data: whoever has passes it in. */
export type ZoneOffset = (instant: Instant) => number;

export interface ShiftDefinition {
  readonly name: string;
  /** Minutes after local midnight. An end at or before the start is on the next day. */
  readonly startMinute: number;
  readonly endMinute: number;
  /** ISO 8601 weekdays on which it starts: 1 = Monday … 7 = Sunday. */
  readonly days: readonly number[];
  readonly breaks: readonly { readonly startMinute: number; readonly minutes: number }[];
  /** Local dates `2026-12-24` on which it does not take place. */
  readonly except?: readonly string[];
  /** Local dates on which it takes place, whatever the weekday. */
  readonly also?: readonly string[];
  /** It holds for shifts that start at or after this instant; absent: from the beginning. */
  readonly from?: Instant;
  /** It holds for shifts that start before this instant; absent: until further notice. */
  readonly until?: Instant;
}

/** One shift of one production day. */
export interface Shift {
  /** `2026-11-24 Early`; a second one of that name on the day is `2026-11-24 Early 2`. */
  readonly id: string;
  readonly name: string;
  /** Production day: the local day on which the shift starts (P13). */
  readonly day: string;
  readonly start: Instant;
  readonly end: Instant;
  /** Planned busy time of ISO 22400-2: the shift without its breaks, seconds. */
  readonly plannedS: number;
}

/** A span of the calendar with one meaning. Without a shift the plant is not planned to work. */
export interface CalendarSegment {
  readonly kind: "planned" | "break" | "off";
  readonly from: Instant;
  readonly to: Instant;
  readonly shift?: Shift;
}

export interface ShiftCalendar {
  /** No shifts are declared: all time is `off`, and nothing is known to be planned. */
  readonly empty: boolean;
  segmentAt(instant: Instant): CalendarSegment;
  shiftAt(instant: Instant): Shift | undefined;
  /** The shift that begins next after the instant, within nine weeks: a plant may be closed for some. */
  nextShift(instant: Instant): Shift | undefined;
  /** Planned seconds between two instants. */
  plannedBetween(from: Instant, to: Instant): number;
  /** Start of the local hour that contains the instant. */
  hourOf(instant: Instant): Instant;
  /** Production day `2026-11-24`: that of the shift, else the local calendar day. */
  productionDay(instant: Instant): string;
}

const NEXT_DAYS = 63;

/** Shift calendar over local time: 23- and 25-hour days come out of the zone, night shifts belong to the day they start. */
export function createShiftCalendar(shifts: readonly ShiftDefinition[], zoneOffset: ZoneOffset): ShiftCalendar {
  const days = new Map<number, readonly CalendarSegment[]>();
  let last: CalendarSegment = { kind: "off", from: 0, to: 0 };

  const localDay = (instant: Instant) => Math.floor((instant + zoneOffset(instant) * MINUTE) / DAY);

  function instantOf(day: number, minute: number): Instant {
    const local = day * DAY + minute * MINUTE;
    const guess = local - zoneOffset(local) * MINUTE;
    return local - zoneOffset(guess) * MINUTE;
  }

  function shiftsStarting(day: number): { shift: Shift; segments: CalendarSegment[] }[] {
    const weekday = weekdayOf(day);
    const date = dateText(day);
    const starting = shifts
      .filter(({ days, except, also }) => (days.includes(weekday) && !except?.includes(date)) || also?.includes(date))
      .map((definition) => ({ definition, ...shiftOf(definition, day, instantOf) }))
      .filter(({ definition: { from = -Infinity, until = Infinity }, shift: { start } }) => start >= from && start < until);
    return starting.length < 2 ? starting : withOwnIds(starting);
  }

  function segmentsOf(day: number): readonly CalendarSegment[] {
    const known = days.get(day);
    if (known) return known;
    const from = instantOf(day, 0);
    const to = instantOf(day + 1, 0);
    const planned = [...shiftsStarting(day - 1), ...shiftsStarting(day)]
      .flatMap((entry) => entry.segments)
      .filter((segment) => segment.to > from && segment.from < to);
    const segments = withGaps(
      planned.toSorted((a, b) => a.from - b.from),
      from,
      to,
    );
    if (days.size > 400) days.clear();
    days.set(day, segments);
    return segments;
  }

  function segmentAt(instant: Instant): CalendarSegment {
    if (instant >= last.from && instant < last.to) return last;
    const segments = segmentsOf(localDay(instant));
    last = segments.find((segment) => instant >= segment.from && instant < segment.to) ?? segments[segments.length - 1]!;
    return last;
  }

  function plannedBetween(from: Instant, to: Instant): number {
    let planned = 0;
    for (let at = from; at < to;) {
      const segment = segmentAt(at);
      const end = Math.min(segment.to, to);
      if (segment.kind === "planned") planned += end - at;
      if (end <= at) break;
      at = end;
    }
    return planned / SECOND;
  }

  function nextShift(instant: Instant): Shift | undefined {
    const today = localDay(instant);
    for (let day = today; day < today + NEXT_DAYS; day++) {
      const starts = shiftsStarting(day)
        .map((entry) => entry.shift)
        .filter((shift) => shift.start > instant);
      if (starts.length > 0) return starts.reduce((first, shift) => (shift.start < first.start ? shift : first));
    }
    return undefined;
  }

  return {
    empty: shifts.length === 0,
    segmentAt,
    shiftAt: (instant) => segmentAt(instant).shift,
    nextShift,
    plannedBetween,
    hourOf: (instant) => {
      const offset = zoneOffset(instant) * MINUTE;
      const hour = 60 * MINUTE;
      return Math.floor((instant + offset) / hour) * hour - offset;
    },
    productionDay: (instant) => segmentAt(instant).shift?.day ?? dateText(localDay(instant)),
  };
}

/** ISO 8601: 1 = Monday, of a day number since 1970-01-01, a Thursday. */
function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/** A calendar that was edited, or an extra shift, may bring a second shift of one name to a day. */
function withOwnIds(starting: readonly { shift: Shift; segments: CalendarSegment[] }[]): { shift: Shift; segments: CalendarSegment[] }[] {
  const counts = new Map<string, number>();
  return starting
    .toSorted((a, b) => a.shift.start - b.shift.start)
    .map(({ shift, segments }) => {
      const count = (counts.get(shift.id) ?? 0) + 1;
      counts.set(shift.id, count);
      if (count === 1) return { shift, segments };
      const own = { ...shift, id: `${shift.id} ${count}` };
      return { shift: own, segments: segments.map((segment) => ({ ...segment, shift: own })) };
    });
}

function shiftOf(
  definition: ShiftDefinition,
  day: number,
  instantOf: (day: number, minute: number) => Instant,
): { shift: Shift; segments: CalendarSegment[] } {
  const night = definition.endMinute <= definition.startMinute;
  const start = instantOf(day, definition.startMinute);
  const end = instantOf(day, definition.endMinute + (night ? 1440 : 0));
  const breaks = definition.breaks
    .map((pause) => {
      const minute = night && pause.startMinute < definition.startMinute ? pause.startMinute + 1440 : pause.startMinute;
      return { from: instantOf(day, minute), to: instantOf(day, minute) + pause.minutes * MINUTE };
    })
    .filter((pause) => pause.from >= start && pause.to <= end)
    .toSorted((a, b) => a.from - b.from);
  const rest = breaks.reduce((sum, pause) => sum + pause.to - pause.from, 0);
  const date = dateText(day);
  const shift: Shift = {
    id: `${date} ${definition.name}`,
    name: definition.name,
    day: date,
    start,
    end,
    plannedS: (end - start - rest) / SECOND,
  };
  const segments: CalendarSegment[] = [];
  let at = start;
  for (const pause of breaks) {
    if (pause.from > at) segments.push({ kind: "planned", from: at, to: pause.from, shift });
    segments.push({ kind: "break", from: pause.from, to: pause.to, shift });
    at = pause.to;
  }
  if (end > at) segments.push({ kind: "planned", from: at, to: end, shift });
  return { shift, segments };
}

function withGaps(planned: readonly CalendarSegment[], from: Instant, to: Instant): readonly CalendarSegment[] {
  const segments: CalendarSegment[] = [];
  let at = from;
  for (const segment of planned) {
    if (segment.to <= at) continue;
    if (segment.from > at) segments.push({ kind: "off", from: at, to: segment.from });
    // Where shifts overlap, the one that began first keeps the time.
    segments.push(segment.from < at ? { ...segment, from: at } : segment);
    at = segment.to;
  }
  if (at < to) segments.push({ kind: "off", from: at, to });
  return segments;
}

/** Proleptic Gregorian date of a day number since 1970-01-01 (Hinnant, days_from_civil). */
export function dateText(day: number): string {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const dayOfMonth = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${year}-${String(month).padStart(2, "0")}-${String(dayOfMonth).padStart(2, "0")}`;
}
