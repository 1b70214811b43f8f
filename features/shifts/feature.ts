import { feature } from "@doppelwerk/kit";
import { lineFlow, listTables, shiftAudits, shiftFigures, shiftFold, shippedShiftCalendars } from "@doppelwerk/ports";
import { calendars, list, removeCalendar, storeCalendar } from "./contract.ts";
import type {} from "./message-codes.ts";
import { shiftCalendar } from "./model/calendar-kind.ts";

export const shifts = feature({
  id: "shifts",
  perWorld: true,
  needs: { ports: [shiftFold, shippedShiftCalendars], may: [lineFlow], slots: [listTables] },
  offers: { ports: [shiftAudits, shiftFigures], slots: [] },
  contract: [list, calendars, storeCalendar, removeCalendar],
  topics: [],
  kinds: [shiftCalendar],
  folds: [],
  jobs: [],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});
