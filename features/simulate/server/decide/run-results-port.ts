import type { LineModels, RunResults } from "@doppelwerk/ports";
import { forecastRealised } from "./forecast-realised.ts";
import type { RunService } from "./run-service.ts";

/** Results of runs as other features ask for them. */
export function runResultsPort(runs: RunService, line: Pick<LineModels, "closedShifts">): RunResults {
  return {
    hashOf: async (ids) => runs.resultHash(ids),
    ofHash: async (hash) => runs.resultsOfHash(hash),
    async newest(branch) {
      const last = runs.list(branch).findLast(({ state }) => state === "done");
      return last && runs.get(last.id);
    },
    async realised(hash, { at, inEffectSince }) {
      const [result] = runs.resultsOfHash(hash);
      return result === undefined ? undefined : forecastRealised(result, at, inEffectSince, await line.closedShifts());
    },
  };
}
