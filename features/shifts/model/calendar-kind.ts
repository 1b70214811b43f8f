import type { KindDeclaration } from "@doppelwerk/kit";
import { z } from "@doppelwerk/kit";
import { SHIFT_CALENDAR_KIND } from "@doppelwerk/operations";

const name = z.string().trim().min(1).max(60);
const date = z.iso.date();
/** Minutes after local midnight. */
const startMinute = z.int().min(0).max(1_439);
const span = {
  name,
  startMinute,
  /** At or before the start: on the next day. */
  endMinute: z.int().min(0).max(1_440),
  breaks: z
    .array(z.object({ startMinute, minutes: z.int().min(1).max(720) }))
    .max(20)
    .readonly(),
};
const title = z.string().trim().max(200).optional();

/** The shifts of a line by weekday, and the dates that differ. Weekdays are those of ISO 8601: 1 = Monday. */
export const CalendarFields = z.object({
  shifts: z
    .array(z.object({ ...span, days: z.array(z.int().min(1).max(7)).max(7).readonly() }))
    .max(50)
    .readonly(),
  exceptions: z
    .array(
      z.discriminatedUnion("kind", [
        z.object({ kind: z.literal("closed"), date, title }),
        z.object({ kind: z.literal("extra"), date, title, ...span }),
      ]),
    )
    .max(1_000)
    .readonly(),
  /** First and last local day on which its shifts start. */
  validFrom: date.optional(),
  validUntil: date.optional(),
});
export type CalendarFields = z.output<typeof CalendarFields>;

/** One document a line, its id made from the shell of the line. */
export const shiftCalendar = {
  id: "shifts.calendar",
  record: SHIFT_CALENDAR_KIND,
  version: 1,
  schema: CalendarFields.extend({ shell: z.string().min(1).max(2_000) }),
  upcast: {},
} satisfies KindDeclaration;
