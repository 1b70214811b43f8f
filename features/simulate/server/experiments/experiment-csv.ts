import type { ExperimentKpi, ExperimentResult } from "@doppelwerk/client";
import { lineKpis } from "@doppelwerk/sim";
import { FRESH_FROM } from "@doppelwerk/sim";
import { csvFieldOfText } from "@doppelwerk/world";
import type { KeptTask } from "./experiment-plan.ts";

/** A row a point: its values, and of each KPI mean, half width of the 95 % interval, quantiles and paired difference. RFC 4180. */
export function pointsCsv(result: ExperimentResult): string {
  const kpis = kpisOf(result);
  const head = [
    "point",
    "as_is",
    "best",
    ...result.factors.map(({ key, unit }) => (unit === "" ? key : `${key} (${unit})`)),
    "replications",
    ...kpis.flatMap((kpi) =>
      ["mean", "half_width_95", "sd", "p05", "p50", "p95", "difference", "difference_half_width_95", "verdict"].map(
        (what) => `${kpi}_${what}`,
      ),
    ),
    "model_hash",
  ];
  const rows = result.points.map((point, index) => [
    index + 1,
    index === result.reference ? 1 : 0,
    index === result.best?.point ? 1 : 0,
    ...point.values,
    point.replications,
    ...kpis.flatMap((kpi) => {
      const own = point.kpis[kpi];
      const difference = own?.difference;
      return [
        own?.mean,
        own?.halfWidth,
        own?.sd,
        ...[0.05, 0.5, 0.95].map((p) => own?.quantiles.find((quantile) => quantile.p === p)?.value),
        difference?.mean,
        difference?.halfWidth,
        difference?.verdict,
      ];
    }),
    point.modelHash,
  ]);
  return table([head, ...rows]);
}

/** A row a replication: the KPIs of that one, and the hash that it can be repeated to. */
export function replicationsCsv(result: ExperimentResult, outcomes: readonly KeptTask[]): string {
  const kpis = lineKpis.filter(({ key }) => kpisOf(result).includes(key));
  const head = [
    "point",
    ...result.factors.map(({ key }) => key),
    "replication",
    "confirmation",
    ...kpis.map(({ key, unit }) => `${key} (${unit})`),
    "trace_hash",
  ];
  const rows = outcomes.map(({ point, replication, outcome }) => [
    point + 1,
    ...(result.points[point]?.values ?? []),
    replication,
    replication >= FRESH_FROM ? 1 : 0,
    ...kpis.map(({ value }) => value(outcome)),
    outcome.traceHash,
  ]);
  return table([head, ...rows]);
}

function kpisOf(result: ExperimentResult): readonly ExperimentKpi[] {
  return lineKpis.map(({ key }) => key).filter((key) => result.points.every(({ kpis }) => kpis[key] !== undefined));
}

type Cell = string | number | undefined;

function table(rows: readonly (readonly Cell[])[]): string {
  return `${rows.map((row) => row.map(field).join(",")).join("\r\n")}\r\n`;
}

/** A text that a spreadsheet would run as a formula begins with an apostrophe; numbers stay numbers. */
function field(cell: Cell): string {
  if (cell === undefined || (typeof cell === "number" && Number.isNaN(cell))) return "";
  return typeof cell === "number" ? String(cell) : csvFieldOfText(cell);
}
