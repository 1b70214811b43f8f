import { documentChange, message, textsOf, type Message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { ListColumn, ListFault, ListRow, ListTable } from "@doppelwerk/ports";
import type { Change, Principal } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { gridDay, GridDayFields, Zone } from "../model/carbon-kinds.ts";
import { gridDayId, gridDaysOf, gridOf } from "./documents.ts";

const titleOf = (key: string) => textsOf(message(`footprint.column.${key}` as "footprint.column.zone"));

const columnsOf = (): readonly ListColumn[] => [
  { key: "hour", title: titleOf("hour"), kind: "text", isRequired: true },
  { key: "zone", title: titleOf("zone"), kind: "text" },
  { key: "gCO2ePerKWh", title: titleOf("intensity"), kind: "number", unit: "g/kWh", isRequired: true },
  { key: "source", title: titleOf("source"), kind: "text", isRequired: true },
];

/**
 * Carbon intensity of the grid that the plant draws from as a table of the lists, a row an hour of UTC; hours that a file does not have stay as they are. A row
 * that names another grid is stored for that.
 */
export function gridTable(viewOf: (principal: Principal) => PlantView): ListTable {
  return {
    id: "gridCarbon",
    title: textsOf(message("footprint.gridList")),
    columns: columnsOf(),
    key: "hour",
    rows: async (principal, branch) =>
      ownDays(viewOf(principal), branch).flatMap(({ zone, day, hours, source }) =>
        hours.flatMap((grams, hour): ListRow[] => {
          if (grams === null) return [];
          const at = `${day}T${String(hour).padStart(2, "0")}:00:00Z`;
          return [{ hour: at, zone, gCO2ePerKWh: grams, source }];
        }),
      ),
    async changes(principal, branch, rows) {
      const view = viewOf(principal);
      const faults: ListFault[] = [];
      const grid = gridOf(view, branch)?.zone ?? "";
      const days = new Map<string, { zone: string; day: string; hours: (number | null)[]; source: string }>();
      for (const known of gridDaysOf(view, branch)) days.set(`${known.zone} ${known.day}`, { ...known, hours: [...known.hours] });
      const touched = new Set<string>();
      for (const [row, given] of rows.entries()) {
        const read = hourOf(given, grid);
        if ("fault" in read) {
          faults.push({ row, column: read.column, message: read.fault });
          continue;
        }
        const { zone, day, hour, grams, source } = read;
        const key = `${zone} ${day}`;
        const own = days.get(key) ?? { zone, day, hours: Array.from<null>({ length: 24 }).fill(null), source };
        own.hours[hour] = grams;
        own.source = source;
        days.set(key, own);
        touched.add(key);
      }
      const reader = view.documents.reader(branch);
      const changes = [...touched].flatMap((key): Change[] => {
        const fields = days.get(key)!;
        const id = gridDayId(fields.zone, fields.day);
        const change = documentChange(gridDay, id, reader.get(id), fields);
        return change ? [change] : [];
      });
      return { changes, faults };
    },
  };
}

function ownDays(view: PlantView, branch: string): ReturnType<typeof gridDaysOf> {
  const grid = gridOf(view, branch)?.zone;
  return gridDaysOf(view, branch).filter(({ zone }) => zone === grid);
}

type ReadHour =
  | { readonly zone: string; readonly day: string; readonly hour: number; readonly grams: number; readonly source: string }
  | { readonly fault: Message; readonly column: string };

/** A whole hour with its zone of time: `2026-11-30T13:00Z`, `2026-11-30T14:00+01:00`. */
function hourOf(row: ListRow, grid: string): ReadHour {
  const textOf = (key: string): string => String(row[key] ?? "").trim();
  const [zone, text, source] = [textOf("zone") || grid, textOf("hour"), textOf("source")];
  if (!Zone.safeParse(zone).success) return { fault: message("footprint.fault.zone", { zone: zone.slice(0, 40) }), column: "zone" };
  const at = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.0+)?)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text.replace(" ", "T")) : Number.NaN;
  if (!Number.isFinite(at) || at % 3_600_000 !== 0)
    return { fault: message("footprint.fault.hour", { hour: text.slice(0, 40) }), column: "hour" };
  const grams = Number(row["gCO2ePerKWh"]);
  const iso = new Date(at).toISOString();
  const [day, hour] = [iso.slice(0, 10), Number(iso.slice(11, 13))];
  const hours = Array.from<number | null>({ length: 24 }).fill(null).with(hour, grams);
  const parsed = GridDayFields.safeParse({ zone, day, hours, source });
  if (parsed.success) return { zone, day, hour, grams, source };
  const isSource = parsed.error.issues.some(({ path }) => path[0] === "source");
  return isSource
    ? { fault: message("footprint.fault.source"), column: "source" }
    : { fault: message("footprint.fault.intensity"), column: "gCO2ePerKWh" };
}
