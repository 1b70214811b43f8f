import { DAY, DoppelwerkError, message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { StationStates } from "@doppelwerk/ports";
import { stateSignalId } from "@doppelwerk/operations";
import { LIVE, type BranchId, type Instant } from "@doppelwerk/world";
import type { StationReliability } from "../contract.ts";
import type {} from "../message-codes.ts";
import { reliabilityOf } from "../model/reliability.ts";
import { isOver } from "../model/work-order.ts";
import type { Opening } from "./opened-orders.ts";
import { stationsOf } from "./shown-order.ts";

export const MAX_SPAN = 400 * DAY;
/** Stations that are read at once. */
const AT_ONCE = 8;

export interface Asked {
  readonly from: Instant;
  readonly to: Instant;
  readonly line?: string | undefined;
}

/** Of each station whose states the view may read. On a branch what was recorded up to its fork. Errors: DW_INVALID of a span that is none, or too long. */
export async function stationReliability(
  { book, flow }: Opening,
  states: StationStates | undefined,
  view: PlantView,
  branch: BranchId,
  { from, to: end, line }: Asked,
): Promise<StationReliability[]> {
  const to = branch === LIVE ? end : Math.min(end, view.documents.branch(branch).instant);
  if (to <= from || to - from > MAX_SPAN) throw new DoppelwerkError("DW_INVALID", message("maintenance.span", { days: MAX_SPAN / DAY }));
  const places = (await stationsOf(flow, view, branch)).filter(
    (place) => (line === undefined || place.line === line) && view.mayReadSignal(stateSignalId(place.station)),
  );
  const held = (await book.list(view, branch, to)).map(({ order }) => order);
  const rows: StationReliability[] = [];
  for (let at = 0; at < places.length; at += AT_ONCE) {
    const read = places.slice(at, at + AT_ONCE).map(async ({ line: ofLine, station, title }) => {
      const figures = reliabilityOf((await states?.concluded(station, from, to)) ?? [], from, to);
      const own = held.filter(
        (order) => order.station === station && order.state !== "cancelled" && order.openedAt < to && order.openedAt >= from,
      );
      const preventive = own.filter(({ source }) => source.kind === "plan").length;
      const late = own.filter((order) => order.due !== undefined && (order.finished?.at ?? to) > order.due).length;
      const orders = { preventive, corrective: own.length - preventive, open: own.filter((order) => !isOver(order)).length, late };
      return { line: ofLine, station, title, ...figures, orders };
    });
    rows.push(...(await Promise.all(read)));
  }
  return rows;
}
