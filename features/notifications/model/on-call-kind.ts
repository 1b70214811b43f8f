import { fault, message, z, type KindDeclaration } from "@doppelwerk/kit";
import type {} from "../message-codes.ts";

const name = z.string().trim().min(1).max(60);
const person = z.string().min(1).max(200);
/** Minutes after local midnight. */
const minute = z.int().min(0).max(1_439);
/** By the clock of the calendar: `2026-12-24T06:00`. */
const localTime = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d$/, fault(message("notifications.faultLocalTime")));

/** Hours of the week; `to` at or before `from`: until then on the next day. Weekdays are those of ISO 8601: 1 = Monday. */
const hours = z.object({ days: z.array(z.int().min(1).max(7)).min(1).max(7).readonly(), from: minute, to: minute });

/** People who take turns: each for `everyDays` days from the handover on, in this order and again from the beginning. */
const layer = z.object({
  name: name.optional(),
  people: z.array(person).min(1).max(50).readonly(),
  /** Local day on which the first one begins. */
  start: z.iso.date(),
  handover: minute,
  everyDays: z.int().min(1).max(366),
  /** When it holds; none: always. */
  hours: z.array(hours).max(50).readonly().default([]),
});

/** Somebody else, or nobody, in a span; with `instead` only where that person would be on call. */
const exception = z
  .object({ from: localTime, to: localTime, person: person.optional(), instead: person.optional() })
  .refine(({ from, to }) => from < to, fault(message("messages.fromBeforeTo")));

function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

/** Who is on call when. Of the layers the first one that holds at an instant decides; people are named by their ids. */
export const OnCallFields = z.object({
  name,
  /** IANA name. */
  timeZone: z
    .string()
    .max(100)
    .refine(isTimeZone, fault(message("notifications.faultTimeZone"))),
  layers: z.array(layer).min(1).max(10).readonly(),
  exceptions: z.array(exception).max(1_000).readonly().default([]),
});
export type OnCallFields = z.output<typeof OnCallFields>;

export const onCallKind = {
  id: "notifications.onCall",
  record: "onCallCalendar",
  version: 1,
  schema: OnCallFields,
  upcast: {},
} satisfies KindDeclaration;
