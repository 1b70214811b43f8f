import { SECOND, type Instant } from "@doppelwerk/world/instant";
import type { CalendarModel } from "./line-model.ts";

const WEEK = 7 * 86_400 * SECOND;
/** 1970-01-05, a Monday. */
const FIRST_MONDAY = 4 * 86_400 * SECOND;
const ENDLESS_SHIFT = 8 * 3600 * SECOND;

export interface Shift {
  readonly id: string;
  readonly start: Instant;
  readonly end: Instant;
  readonly breaks: readonly { readonly start: Instant; readonly end: Instant }[];
}

/** Shifts by ordinal, a whole number that names the same shift whenever a run starts. */
export interface Calendar {
  /** Undefined past the end of a listed calendar. */
  shift(ordinal: number): Shift | undefined;
  /** The first shift that ends after `instant`; undefined when there is none. */
  ordinalAfter(instant: Instant): number | undefined;
}

/** Without a model, endless shifts of 8 h from `start`. */
export function calendarOf(model: CalendarModel | undefined, start: Instant): Calendar {
  if (model === undefined)
    return {
      shift: (ordinal) => ({
        id: `${ordinal + 1}`,
        start: start + ordinal * ENDLESS_SHIFT,
        end: start + (ordinal + 1) * ENDLESS_SHIFT,
        breaks: [],
      }),
      ordinalAfter: (instant) => Math.floor((instant - start) / ENDLESS_SHIFT),
    };
  if (model.kind === "list") {
    const shifts = model.shifts.map((shift) => ({ ...shift, breaks: shift.breaks ?? [] }));
    return {
      shift: (ordinal) => shifts[ordinal],
      ordinalAfter: (instant) => {
        const found = shifts.findIndex((shift) => shift.end > instant);
        return found < 0 ? undefined : found;
      },
    };
  }
  return weekly(model);
}

function weekly(model: Extract<CalendarModel, { kind: "weekly" }>): Calendar {
  const origin = FIRST_MONDAY - (model.utcOffsetS ?? 0) * SECOND;
  const week = model.shifts
    .flatMap((shift) => shift.days.map((day) => ({ shift, midnight: (day - 1) * 86_400 })))
    .toSorted((a, b) => a.midnight + a.shift.startS - b.midnight - b.shift.startS);
  const shiftAt = (ordinal: number): Shift => {
    const number = Math.floor(ordinal / week.length);
    const { shift, midnight } = week[ordinal - number * week.length]!;
    const base = origin + number * WEEK + midnight * SECOND;
    return {
      id: shift.id,
      start: base + shift.startS * SECOND,
      end: base + shift.endS * SECOND,
      breaks: (shift.breaks ?? []).map((pause) => ({
        start: base + pause.startS * SECOND,
        end: base + (pause.startS + pause.durationS) * SECOND,
      })),
    };
  };
  return {
    shift: (ordinal) => (week.length === 0 ? undefined : shiftAt(ordinal)),
    ordinalAfter: (instant) => {
      if (week.length === 0) return undefined;
      let ordinal = Math.floor((instant - origin) / WEEK) * week.length;
      // a shift that began last week may reach into this one
      while (shiftAt(ordinal - 1).end > instant) ordinal--;
      while (shiftAt(ordinal).end <= instant) ordinal++;
      return ordinal;
    },
  };
}
