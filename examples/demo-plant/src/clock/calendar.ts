import { DAY, HOUR, MINUTE, type Instant } from "@doppelwerk/world";

/** One shift that is, was or will be worked. */
export interface PlantShift {
  readonly id: string;
  readonly start: Instant;
  readonly end: Instant;
  readonly breaks: readonly { readonly start: Instant; readonly end: Instant }[];
  /** Worked, but in no plan: an overtime Saturday. */
  readonly unplanned?: boolean;
}

/** A line of the shift plan as the engineering file states it, local time. */
export interface ShiftPlan {
  readonly name: string;
  readonly start: string;
  readonly end: string;
  readonly days: string;
  readonly breaks: string;
}

/** Chosen once, at the first start, and kept: where on earth it is late morning, and on which local day the demo began. */
export interface CalendarAnchor {
  /** Whole hours ahead of UTC. */
  readonly utcOffsetHours: number;
  /** Local midnight of the first day the demo ran. */
  readonly anchorDay: Instant;
}

const early = { name: "Early", startH: 6, breaks: ["07:45/10", "09:30/30", "12:15/10"] } as const;
const late = { name: "Late", startH: 14, breaks: ["15:45/10", "17:30/30", "20:15/10"] } as const;
const dayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;
const shiftsBefore = 22;

/**
 * The plant works 06–14 and 14–22 from Monday to Friday, net 430 min a shift. So that a newcomer meets a running line at any hour, the plant
 * stands in the whole-hour time zone where it is between 10:10 and 11:10 now; if it is a weekend there, that day is planned as an extra working day.
 */
export function anchorCalendar(now: Instant): CalendarAnchor {
  const minuteOfDay = Math.floor((now % DAY) / MINUTE);
  const hours = Math.ceil((610 - minuteOfDay) / 60);
  const utcOffsetHours = ((((hours + 11) % 24) + 24) % 24) - 11;
  const local = now + utcOffsetHours * HOUR;
  return { utcOffsetHours, anchorDay: local - (local % DAY) - utcOffsetHours * HOUR };
}

/** IANA name; the sign of Etc/GMT zones is reversed (POSIX). */
export function timeZone(anchor: CalendarAnchor): string {
  const hours = anchor.utcOffsetHours;
  return hours === 0 ? "Etc/UTC" : `Etc/GMT${hours > 0 ? "-" : "+"}${Math.abs(hours)}`;
}

export function shiftPlans(anchor: CalendarAnchor): readonly ShiftPlan[] {
  const days = ["Mon", "Tue", "Wed", "Thu", "Fri"];
  const first = dayName(anchor, anchor.anchorDay);
  if (!days.includes(first)) days.push(first);
  return [early, late].map((shift) => ({
    name: shift.name,
    start: `${String(shift.startH).padStart(2, "0")}:00`,
    end: `${String(shift.startH + 8).padStart(2, "0")}:00`,
    days: days.join(" "),
    breaks: shift.breaks.join(" "),
  }));
}

/** Every shift from at least 22 before the anchor day to 60 days after it, ascending; overtime Saturdays among those before. */
export function plantShifts(anchor: CalendarAnchor, extra: readonly PlantShift[] = []): readonly PlantShift[] {
  const planned = new Set(shiftPlans(anchor)[0]!.days.split(" "));
  const before: PlantShift[] = [];
  let saturdays = 0;
  for (let day = anchor.anchorDay - DAY; before.length < shiftsBefore; day -= DAY) {
    const name = dayName(anchor, day);
    if (isWorkday(name)) before.unshift(shiftOf(early, day), shiftOf(late, day));
    else if (name === "Sat" && saturdays++ % 2 === 0) before.unshift({ ...shiftOf(early, day), unplanned: true });
  }
  const after: PlantShift[] = [];
  for (let i = 0; i < 60; i++) {
    const day = anchor.anchorDay + i * DAY;
    if (planned.has(dayName(anchor, day))) after.push(shiftOf(early, day), shiftOf(late, day));
  }
  return [...before, ...after, ...extra].toSorted((a, b) => a.start - b.start);
}

/** Shifts that the small plant has recorded, the current one included. */
const SHIFTS_OF_SMALL_PLANT = 4;

/**
 * Where the record begins: at the second shift of the calendar, as the line fills up in the first; of the small plant at the last shifts, which lie within
 * two days, or before a weekend.
 */
export function recordedFrom(shifts: readonly PlantShift[], isSmall: boolean, now: Instant): Instant {
  const begun = shifts.filter(({ start }) => start <= now);
  return ((isSmall ? begun.at(-SHIFTS_OF_SMALL_PLANT) : undefined) ?? shifts[1]!).start;
}

export function shiftAt(shifts: readonly PlantShift[], time: Instant): PlantShift | undefined {
  return shifts.find((shift) => shift.start <= time && time < shift.end);
}

function isWorkday(name: string): boolean {
  return name !== "Sat" && name !== "Sun";
}

function dayName(anchor: CalendarAnchor, day: Instant): string {
  return dayNames[new Date((day + anchor.utcOffsetHours * HOUR) / 1000).getUTCDay()]!;
}

function shiftOf(shift: typeof early | typeof late, day: Instant): PlantShift {
  return {
    id: shift.name,
    start: day + shift.startH * HOUR,
    end: day + (shift.startH + 8) * HOUR,
    breaks: shift.breaks.map((text) => {
      const [clock, minutes] = text.split("/") as [string, string];
      const [hour, minute] = clock.split(":") as [string, string];
      const start = day + Number(hour) * HOUR + Number(minute) * MINUTE;
      return { start, end: start + Number(minutes) * MINUTE };
    }),
  };
}
