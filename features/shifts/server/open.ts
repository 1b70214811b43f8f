import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { Open } from "@doppelwerk/kit/server";
import { lineFlow, listTables, shiftAudits, shiftFigures, shiftFold, shiftsWithin, shippedShiftCalendars } from "@doppelwerk/ports";
import type { shifts } from "../feature.ts";
import type {} from "../message-codes.ts";
import { auditedShift } from "./audited-shift.ts";
import { calendarTable } from "./calendar-table.ts";
import { ShiftCalendars } from "./calendars.ts";
import { figuresOf, unplannedWithin } from "../model/figures.ts";

/** What each shift of a line brought, and when shifts are planned. */
export const open: Open<typeof shifts> = async (ctx) => {
  const fold = ctx.use(shiftFold);
  const shipped = ctx.use(shippedShiftCalendars);
  const calendars = new ShiftCalendars(shipped);
  return {
    handlers: {
      "shifts.list": async ({ query }) => {
        const line = await fold.results(undefined, query.line);
        if (line === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("shifts.noLine"));
        return line.shifts.map((shift) => figuresOf(line, shift));
      },
      "shifts.calendars": ({ view, branch }) => calendars.list(view, branch),
      "shifts.storeCalendar": ({ view, branch, params, body }) => calendars.store(view, branch, params.id, body),
      "shifts.removeCalendar": ({ view, branch, params, query }) => calendars.remove(view, branch, params.id, query.reason),
    },
    contributed: [{ key: listTables.key, value: calendarTable(calendars, shipped, (principal) => ctx.view(principal)) }],
    ports: {
      [shiftAudits.key]: {
        of: (question) => auditedShift(question, { fold, flow: ctx.find(lineFlow), view: ctx.view(question.principal) }),
      },
      [shiftFigures.key]: {
        async within(from, to, asOf, id) {
          const line = await fold.results(asOf, id);
          if (line === undefined) return undefined;
          const { constraint, stations, taktS, wip } = line;
          const shifts = shiftsWithin(line, from, to).map((shift) => figuresOf(line, shift));
          return { constraint, stations, taktS, wip, shifts, unplanned: unplannedWithin(line, from, to) };
        },
      },
    },
    close: async () => {},
  };
};
