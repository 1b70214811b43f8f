import { documentChange, isSameJson, message, textsOf } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import { calendarDocumentId } from "@doppelwerk/operations";
import type { ListFault, ListTable, ShippedShiftCalendars } from "@doppelwerk/ports";
import type { Change, Principal } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { shiftCalendar } from "../model/calendar-kind.ts";
import { calendarWith, ROW_KINDS, rowsOfCalendar, type CalendarRow } from "../model/calendar-rows.ts";
import type { ShiftCalendars } from "./calendars.ts";

const titleOf = (key: string) => textsOf(message(`shifts.column.${key}` as "shifts.column.id"));

/** The calendars of all lines: a row a shift, a date that differs, or the days on which the calendar applies. */
export function calendarTable(
  calendars: ShiftCalendars,
  shipped: ShippedShiftCalendars,
  viewOf: (principal: Principal) => PlantView,
): ListTable {
  return {
    id: "shiftCalendars",
    title: textsOf(message("shifts.list.title")),
    key: "id",
    columns: [
      { key: "id", title: titleOf("id"), kind: "text", isRequired: true },
      { key: "kind", title: titleOf("kind"), kind: "choice", choices: ROW_KINDS, isRequired: true },
      { key: "days", title: titleOf("days"), kind: "text" },
      { key: "start", title: titleOf("start"), kind: "text" },
      { key: "end", title: titleOf("end"), kind: "text" },
      { key: "breaks", title: titleOf("breaks"), kind: "text" },
      { key: "title", title: titleOf("title"), kind: "text" },
    ],
    async rows(principal, branch) {
      return (await calendars.list(viewOf(principal), branch)).flatMap(({ line, fields }) => rowsOfCalendar(line, fields));
    },
    async changes(principal, branch, rows) {
      const view = viewOf(principal);
      const known = await calendars.list(view, branch);
      const shells = new Map((await shipped.of(branch)).map(({ line, shell }) => [line, shell]));
      const ofLine = new Map<string, CalendarRow[]>(known.map(({ line }) => [line, []]));
      const [changes, faults]: [Change[], ListFault[]] = [[], []];
      for (const [row, values] of rows.entries()) {
        const id = String(values["id"]);
        const found = known.find(({ line }) => id.startsWith(`${line}/`));
        if (found === undefined) faults.push({ row, column: "id", message: message("shifts.list.noLine", { id: id.slice(0, 100) }) });
        else ofLine.get(found.line)!.push({ row, name: id.slice(found.line.length + 1), values });
      }
      for (const { line, fields } of known) {
        const own = ofLine.get(line)!;
        const [next, shell] = [calendarWith(fields, own), shells.get(line)];
        faults.push(...next.faults);
        if (shell === undefined || next.faults.length > 0 || isSameJson(next.fields, fields)) continue;
        const id = calendarDocumentId(shell);
        const change = documentChange(shiftCalendar, id, view.documents.reader(branch).get(id), { ...next.fields, shell });
        if (change) changes.push(change);
      }
      return { changes, faults };
    },
  };
}
