import type { RunResult } from "@doppelwerk/client";

/** What a run says of one of its lines; a run of one line as it is. */
export function resultOfLine(result: RunResult, line: string): RunResult {
  const own = result.lines?.find((one) => one.line === line);
  if (own === undefined) return result;
  const { lines: _lines, buffers: _buffers, ...rest } = result;
  const { lines: _ids, verdict: _verdict, ...run } = result.run;
  const verdict = own.kpis.find(({ key }) => key === "throughput")?.verdict;
  const isOwn = ({ station }: { readonly station: string }): boolean => own.stations.includes(station);
  return {
    ...rest,
    run: { ...run, line, ...(verdict && { verdict }) },
    kpis: own.kpis,
    fan: own.fan,
    timeShares: result.timeShares.filter(isOwn),
    bottleneck: result.bottleneck.filter(isOwn),
    parameters: result.parameters.filter(isOwn),
  };
}
