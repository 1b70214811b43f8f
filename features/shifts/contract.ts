import { endpoint, instant, localText, z } from "@doppelwerk/kit";
import { shiftFiguresShape } from "@doppelwerk/ports";
import { CalendarFields } from "./model/calendar-kind.ts";

export const list = endpoint({
  id: "shifts.list",
  route: "GET /shifts",
  summary: "Planned shifts of a line that were recorded, with their figures, oldest first; without a line those of the first",
  action: "read",
  query: z.object({ line: z.string().max(200).optional() }),
  answer: z.array(shiftFiguresShape),
  errors: ["DW_NOT_FOUND"],
});

// #region knownCalendar
/** The calendar of a line as it holds. `shipped` is that of its engineering file; `isStored` says that somebody stored one over it. */
export const KnownCalendar = z.object({
  id: z.string(),
  line: z.string(),
  title: localText,
  /** IANA name of the zone that its times are of. */
  timeZone: z.string(),
  fields: CalendarFields,
  isStored: z.boolean(),
  shipped: CalendarFields,
  /** From when the newest version holds: the shift that ran when it was stored ended as it began. Absent where nobody stored one. */
  holdsFrom: instant.optional(),
});
export type KnownCalendar = z.output<typeof KnownCalendar>;
// #endregion

const branch = z.object({ branch: z.string().max(200).default("live") });
const edit = { action: "edit", subject: "params.id", branch: "query.branch" } as const;

export const calendars = endpoint({
  id: "shifts.calendars",
  route: "GET /shift-calendars",
  summary: "The shift calendar of each line of a branch, with what is shipped and what is stored",
  action: "read",
  branch: "query.branch",
  query: branch,
  answer: z.array(KnownCalendar),
});

export const storeCalendar = endpoint({
  id: "shifts.storeCalendar",
  route: "PUT /shift-calendars/:id",
  summary: "Store a shift calendar in place of the shipped one or of an earlier one; it holds from then on",
  ...edit,
  query: branch,
  /** With `expected` it is refused when another calendar holds by then. */
  body: z.object({ fields: CalendarFields, expected: CalendarFields.optional(), reason: z.string().trim().max(500).optional() }),
  answer: KnownCalendar,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

export const removeCalendar = endpoint({
  id: "shifts.removeCalendar",
  route: "DELETE /shift-calendars/:id",
  summary: "Remove the stored shift calendar; the shipped one holds again from then on",
  ...edit,
  query: branch.extend({ reason: z.string().trim().max(500).optional() }),
  answer: undefined,
  errors: ["DW_NOT_FOUND"],
});
