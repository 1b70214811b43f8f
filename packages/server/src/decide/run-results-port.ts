import type { RunResults } from "@doppelwerk/ports";
import type { LineService } from "../line/line-service.ts";
import { forecastRealised, type RealisedShift } from "./forecast-realised.ts";
import type { RunService } from "./run-service.ts";

/** Results of runs as other features ask for them. */
export function runResultsPort(runs: RunService, line: Pick<LineService, "engine">): RunResults {
  return {
    hashOf: async (ids) => runs.resultHash(ids),
    ofHash: async (hash) => runs.resultsOfHash(hash),
    async realised(hash, { at, inEffectSince }) {
      const [result] = runs.resultsOfHash(hash);
      return result === undefined ? undefined : forecastRealised(result, at, inEffectSince, closedShifts(line));
    },
  };
}

function closedShifts({ engine }: Pick<LineService, "engine">): readonly RealisedShift[] {
  return (engine?.shiftIds() ?? []).flatMap((id) => {
    const shift = engine!.shift(id);
    if (!shift?.planned || !shift.closed) return [];
    const { name, from, to, line, oee } = shift;
    return [{ name, from, to, good: line.completed, plannedBusyS: oee?.plannedBusyS ?? 0, unknownS: oee?.unknownS ?? 0 }];
  });
}
