import type { LineModels, RunResults } from "@doppelwerk/ports";
import { forecastRealised } from "./forecast-realised.ts";
import type { RunService } from "./run-service.ts";

/** Results of runs as other features ask for them. */
export function runResultsPort(runs: RunService, line: Pick<LineModels, "closedShifts">): RunResults {
  return {
    hashOf: (ids) => runs.resultHash(ids),
    ofHash: (hash) => runs.resultsOfHash(hash),
    async newest(branch) {
      const last = (await runs.list(branch)).findLast(({ state }) => state === "done");
      return last && runs.get(last.id);
    },
    course: (branch, request, signal) => runs.course(branch, request, signal),
    async realised(hash, { at, inEffectSince }) {
      const [result] = await runs.resultsOfHash(hash);
      return result === undefined ? undefined : forecastRealised(result, at, inEffectSince, await line.closedShifts(result.run.line));
    },
  };
}
