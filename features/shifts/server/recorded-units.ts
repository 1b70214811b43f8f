import { message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { AuditItem, FigureAudit } from "@doppelwerk/ports";
import { LIVE } from "@doppelwerk/world";
import type {} from "../message-codes.ts";

/** Figures that are counts of units of which the event log says when each left the line. */
const EVENTS: Readonly<Record<string, { readonly type: string; isOne(payload: Readonly<Record<string, unknown>>): boolean }>> = {
  "output.scrap": { type: "part.scrapped", isOne: () => true },
  "output.reworked": { type: "part.completed", isOne: ({ reworked }) => reworked === true },
};
const PAGE = 1_000;
/** Pages that are read for one figure. */
const MAX_PAGES = 20;

/** The figures with the units that they count, one by one with serial number, station and time; where the event log has others a note says how many. */
export function withUnits(
  figures: readonly FigureAudit[],
  view: PlantView,
  stations: ReadonlySet<string>,
): Promise<readonly FigureAudit[]> {
  return Promise.all(
    figures.map(async (figure) => {
      const counted = EVENTS[figure.id];
      if (counted === undefined || figure.value === undefined || figure.to <= figure.from) return figure;
      const items: AuditItem[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < MAX_PAGES; page++) {
        const { from, to } = figure;
        const { events, next } = await view.events.query({
          branch: LIVE,
          types: [counted.type],
          from,
          to,
          limit: PAGE,
          ...(cursor !== undefined && { cursor }),
        });
        for (const { at, payload } of events) {
          const { serial, station } = payload;
          if (typeof station !== "string" || !stations.has(station) || !counted.isOne(payload)) continue;
          const title = message("shifts.audit.unit", { serial: String(serial), station });
          items.push({ title, from: at, to: at, value: 1, unit: "units", isCounted: true });
        }
        cursor = next;
        if (cursor === undefined) break;
      }
      const isWhole = items.length === figure.value;
      const notes = isWhole
        ? figure.notes
        : [...figure.notes, message("shifts.audit.unitsRecorded", { recorded: items.length, count: figure.value })];
      return { ...figure, items, notes };
    }),
  );
}
