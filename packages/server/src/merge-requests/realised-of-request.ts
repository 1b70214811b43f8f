import type { MergeRequestDetail } from "@doppelwerk/client";
import type { DiffItem, MergeRequestRecord, WorldView } from "@doppelwerk/world";
import type { Site } from "../compose/site.ts";
import { forecastRealised, inEffectSince } from "../decide/forecast-realised.ts";
import type { RealisedShift } from "../decide/forecast-realised.ts";

/** The first run of a merged request against the shifts since. */
export function realisedOfRequest(
  site: Pick<Site, "runs" | "line">,
  view: WorldView,
  request: MergeRequestRecord,
  changed: readonly DiffItem[],
): Pick<MergeRequestDetail, "realised"> {
  const closed = view.branches().find(({ id }) => id === request.branch)?.closed;
  const [result] = site.runs.resultsOfHash(request.resultHash);
  if (request.status !== "merged" || closed?.as !== "merged" || result === undefined) return {};
  const ids = changed.map(({ id }) => id);
  const realised = forecastRealised(result, closed.at, inEffectSince(view, request.id, ids), closedShifts(site));
  return realised === undefined ? {} : { realised };
}

function closedShifts({ line: { engine } }: Pick<Site, "line">): readonly RealisedShift[] {
  return (engine?.shiftIds() ?? []).flatMap((id) => {
    const shift = engine!.shift(id);
    if (!shift?.planned || !shift.closed) return [];
    const { name, from, to, line, oee } = shift;
    return [{ name, from, to, good: line.completed, plannedBusyS: oee?.plannedBusyS ?? 0, unknownS: oee?.unknownS ?? 0 }];
  });
}
