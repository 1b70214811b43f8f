import { type LineModel, modelHashOf, runLine, summarise, validateLineModel } from "@doppelwerk/sim";
import { DoppelwerkError, said } from "@doppelwerk/world";
import type { SimulateOptions } from "./simulate.ts";

/** A line as the twin keeps it (`doppelwerk-line/1`), run from its beginning: KPIs by path with intervals, as for a flow model. */
export function simulateLine(file: string, value: unknown, options: SimulateOptions): void {
  const findings = validateLineModel(value);
  const errors = findings.filter((finding) => finding.severity === "error");
  for (const { path, severity, message } of findings) process.stderr.write(`${file}: ${severity}: ${path} ${message}\n`);
  if (errors.length > 0 || options.check) {
    if (options.json) process.stdout.write(`${JSON.stringify({ file, valid: errors.length === 0, findings })}\n`);
    if (errors.length === 0) return;
    throw new DoppelwerkError("DW_INVALID", said`${file} is not a line that can be run: ${errors.length} errors, nothing was run`);
  }
  const model = value as LineModel;
  if (options.duration === undefined) throw new DoppelwerkError("DW_INVALID", said`${file}: a line needs --duration SECONDS`);
  if (options.warmUp === "auto") throw new DoppelwerkError("DW_INVALID", said`${file}: a line needs its warm-up in seconds`);
  const seed = options.seed ?? 1;
  const results = Array.from({ length: options.replications ?? 10 }, (_, replication) =>
    runLine(model, { seed, replication, startInstant: 0, horizonS: options.duration!, warmUpS: Number(options.warmUp ?? 0) }),
  );
  const columns = new Map<string, number[]>();
  for (const result of results)
    for (const [kpi, figure] of figuresOf({
      good: result.good,
      scrap: result.scrap,
      rework: result.rework,
      throughputPerHour: result.throughputPerHour,
      leadTime: result.leadTime,
      wip: result.wip,
      oee: result.oee?.oee,
      stations: Object.fromEntries(result.stations.map((station) => [station.station, { cycles: station.cycles, shares: station.shares }])),
      buffers: Object.fromEntries(
        result.buffers.map((buffer) => [`${buffer.station}.${buffer.input}`, { mean: buffer.mean, waitS: buffer.waitS }]),
      ),
    }))
      columns.set(kpi, [...(columns.get(kpi) ?? []), figure]);
  const report = {
    format: "doppelwerk-line-result/1",
    model: model.id,
    modelHash: modelHashOf(model),
    seed,
    replications: results.length,
    kpis: Object.fromEntries([...columns].map(([kpi, values]) => [kpi, summarise(values)])),
    checks: { conservation: { balanced: results.every((result) => result.conservation.balanced) } },
    traceHashes: results.map((result) => result.traceHash),
  };
  if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else
    for (const [kpi, { mean, halfWidth }] of Object.entries(report.kpis))
      process.stdout.write(`${kpi.padEnd(56)} ${mean.toPrecision(6).padStart(12)} ± ${halfWidth.toPrecision(3)}\n`);
}

function figuresOf(value: unknown, path = ""): [string, number][] {
  if (typeof value === "number") return [[path, value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => figuresOf(inner, path === "" ? name : `${path}.${name}`));
}
