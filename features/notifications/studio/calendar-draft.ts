import { OnCallFields } from "../model/on-call-kind.ts";
import { clockOf, minuteOf, ownZone } from "./times.ts";

export interface LayerDraft {
  readonly people: readonly string[];
  readonly start: string;
  readonly handover: string;
  readonly everyDays: number;
  /** None: always. */
  readonly days: readonly string[];
  readonly from: string;
  readonly to: string;
  /** What one line of the form does not show stays. */
  readonly further: OnCallFields["layers"][number]["hours"];
}

export interface ExceptionDraft {
  readonly from: string;
  readonly to: string;
  /** Empty: nobody. */
  readonly person: string;
  /** Empty: whoever is on call. */
  readonly instead: string;
}

export interface CalendarDraft {
  readonly name: string;
  readonly timeZone: string;
  readonly layers: readonly LayerDraft[];
  readonly exceptions: readonly ExceptionDraft[];
}

const dateOf = (instant: number): string => new Date(instant / 1_000).toISOString().slice(0, 10);

export const emptyLayer = (now: number): LayerDraft => ({
  people: [],
  start: dateOf(now),
  handover: "06:00",
  everyDays: 7,
  days: [],
  from: "00:00",
  to: "00:00",
  further: [],
});

export const emptyException = (now: number): ExceptionDraft => ({
  from: `${dateOf(now)}T06:00`,
  to: `${dateOf(now + 86_400e6)}T06:00`,
  person: "",
  instead: "",
});

export function calendarDraft(fields: OnCallFields | undefined, now: number): CalendarDraft {
  if (fields === undefined) return { name: "", timeZone: ownZone(), layers: [emptyLayer(now)], exceptions: [] };
  return {
    name: fields.name,
    timeZone: fields.timeZone,
    layers: fields.layers.map(({ people, start, handover, everyDays, hours: [first, ...further] }) => ({
      people,
      start,
      handover: clockOf(handover),
      everyDays,
      days: (first?.days ?? []).map(String),
      from: clockOf(first?.from ?? 0),
      to: clockOf(first?.to ?? 0),
      further,
    })),
    exceptions: fields.exceptions.map(({ from, to, person = "", instead = "" }) => ({ from, to, person, instead })),
  };
}

/** Undefined while something is missing or cannot be. */
export function calendarFields({ name, timeZone, layers, exceptions }: CalendarDraft): OnCallFields | undefined {
  const whole = {
    name,
    timeZone,
    layers: layers.map(({ people, start, handover, everyDays, days, from, to, further }) => ({
      people,
      start,
      handover: minuteOf(handover),
      everyDays,
      hours: [...(days.length === 0 ? [] : [{ days: days.map(Number).toSorted(), from: minuteOf(from), to: minuteOf(to) }]), ...further],
    })),
    exceptions: exceptions.map(({ from, to, person, instead }) => ({
      from,
      to,
      ...(person !== "" && { person }),
      ...(instead !== "" && { instead }),
    })),
  };
  const parsed = OnCallFields.safeParse(whole);
  return parsed.success ? parsed.data : undefined;
}
