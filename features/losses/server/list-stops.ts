import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { LineFlow } from "@doppelwerk/ports";
import type { BranchId, Instant } from "@doppelwerk/world";
import type { GoneCoding, Stop } from "../contract.ts";
import type {} from "../message-codes.ts";
import type { z } from "zod";
import type { Codings } from "./codings.ts";
import { shownStop, stopsWithin } from "./stops.ts";

/** Stops and waits of a period as they are answered. Errors: DW_NOT_FOUND. */
export async function listStops(
  { flow, codings, now }: { readonly flow: LineFlow; readonly codings: Codings; readonly now: Instant },
  view: PlantView,
  branch: BranchId,
  query: { readonly from: Instant; readonly to: Instant; readonly line?: string | undefined; readonly station?: string | undefined },
): Promise<{ readonly stops: Stop[]; readonly gone: z.output<typeof GoneCoding>[] }> {
  const { from, to, line, station } = query;
  const found = await stopsWithin(flow, (begin, end) => codings.within(view, branch, begin, end), { from, to, line, station, now });
  if (found === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("losses.noLine"));
  if (station !== undefined && from < now && found.stations.length === 0)
    throw new DoppelwerkError("DW_NOT_FOUND", message("losses.noStation", { station }));
  const said = new Map(codings.within(view, branch, 0, Number.MAX_SAFE_INTEGER, station).map((coding) => [coding.id, coding]));
  return {
    stops: found.stations
      .flatMap((own) => own.stops.map((stop) => shownStop(own.station, stop, said, (actor) => codings.nameOf(actor))))
      .map((stop) => (stop.to >= found.end ? { ...stop, lasts: true } : stop))
      .toSorted((a, b) => a.from - b.from),
    gone: found.stations.flatMap((own) =>
      own.gone.map(({ id, from: begin, to: end, parts }) => ({ id, station: own.station, from: begin, to: end, parts })),
    ),
  };
}
