import type { RunSummary } from "@doppelwerk/client";
import type { LineModels, RunResults } from "@doppelwerk/ports";
import type { BranchId } from "@doppelwerk/world";
import { forecastRealised } from "./forecast-realised.ts";
import { resultOfLine } from "./result-of-line.ts";
import type { RunService } from "./run-service.ts";
import type { ShiftForecasts } from "./shift-forecasts.ts";

/** Results of runs as other features ask for them. */
export function runResultsPort(
  runs: RunService,
  line: Pick<LineModels, "closedShifts" | "lines">,
  shiftForecasts: Pick<ShiftForecasts, "of">,
): RunResults {
  const newestOf = async (branch: BranchId, named: string): Promise<RunSummary | undefined> => {
    const [first] = await line.lines();
    return (await runs.list(branch)).findLast(
      ({ state, line: own, lines }) => state === "done" && (lines === undefined ? (own ?? first) === named : lines.includes(named)),
    );
  };
  return {
    hashOf: (ids) => runs.resultHash(ids),
    ofHash: (hash) => runs.resultsOfHash(hash),
    async newest(branch) {
      const last = (await runs.list(branch)).findLast(({ state }) => state === "done");
      return last && runs.get(last.id);
    },
    async newestOfLine(branch, named) {
      const own = named ?? (await line.lines())[0];
      const last = own === undefined ? undefined : await newestOf(branch, own);
      return last && resultOfLine(await runs.get(last.id), own!);
    },
    ofShift: (named, shift, stops) => shiftForecasts.of(named, shift, stops),
    async course(branch, request, signal) {
      if (request.run !== undefined || request.line === undefined) return runs.course(branch, request, signal);
      const last = await newestOf(branch, request.line);
      return last && runs.course(branch, { ...request, run: last.id }, signal);
    },
    async realised(hash, { at, inEffectSince }) {
      const [result] = await runs.resultsOfHash(hash);
      return result === undefined ? undefined : forecastRealised(result, at, inEffectSince, await line.closedShifts(result.run.line));
    },
  };
}
