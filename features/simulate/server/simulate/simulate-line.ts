import {
  type Conservation,
  type LineModel,
  littlesLawOfAll,
  kpiSummary,
  type KpiSummary,
  modelHashOf,
  PILOT_REPLICATIONS,
  runLine,
  type RunResult,
  traceHashOfAll,
  validateLineModel,
  warmUpSecondsOf,
} from "@doppelwerk/sim";
import { message as messageOf } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { printNotice, visibleText } from "@doppelwerk/kit/command";
import type { SimulateOptions } from "./simulate.ts";

/** What `simulate` says of a `doppelwerk-line/1`; the same fields as for a flow model where both have them. */
interface LineReport {
  readonly format: "doppelwerk-line-result/1";
  readonly model: string;
  readonly modelHash: string;
  readonly seed: number;
  readonly replications: number;
  readonly confidence: number;
  readonly warmUp: { readonly seconds: number; readonly method: "given" | "mser5" | "none" };
  readonly durationS: number;
  /** What to know before the figures: fields that were ignored, runs in which nothing came out. */
  readonly notes: readonly string[];
  readonly kpis: Readonly<Record<string, KpiSummary>>;
  /** Station → share of replications in which it was active longest. */
  readonly bottlenecks: Readonly<Record<string, number>>;
  readonly checks: {
    /** Sums over all replications, warm-up included. */
    readonly conservation: Conservation;
    readonly littlesLaw: ReturnType<typeof littlesLawOfAll>;
  };
  readonly traceHash: string;
  readonly traceHashes: readonly string[];
  readonly events: number;
}

/** Pilots of the warm-up draw from replications that no experiment uses. */
const PILOT_FROM = 1_000_000_000;
const MAX_S = 1e10;
const MAX_EVENTS = 500_000_000;
/** Of the course of the output, which only the warm-up looks at. */
const OUTPUT_STEPS = 500;

/** A line as the twin keeps it (`doppelwerk-line/1`), run from its beginning: KPIs by path with intervals, as for a flow model. */
export function simulateLine(file: string, value: unknown, options: SimulateOptions): void {
  const findings = validateLineModel(value);
  const errors = findings.filter((finding) => finding.severity === "error");
  for (const { path, severity, message } of findings) printNotice(`${file}: ${severity}: ${path} ${message}`);
  if (errors.length > 0 || options.check) {
    if (options.json) process.stdout.write(`${JSON.stringify({ file, valid: errors.length === 0, findings })}\n`);
    else if (errors.length === 0) process.stdout.write(`${file}: good\n`);
    if (errors.length === 0) return;
    throw new DoppelwerkError(
      "DW_INVALID",
      messageOf("simulate.notLineCanRun", { file, count: errors.length, count2: errors.length === 1 ? "error" : "errors" }),
    );
  }
  const model = value as LineModel;
  const run = model.run ?? {};
  const durationS = options.duration ?? run.durationS;
  if (durationS === undefined)
    throw new DoppelwerkError("DW_INVALID", messageOf("simulate.runDurationSRequiredOrDurationSeconds", { file }));
  const asked = options.warmUp ?? run.warmUpS ?? 0;
  if (durationS > MAX_S || (asked !== "auto" && asked > MAX_S))
    throw new DoppelwerkError("DW_INVALID", messageOf("simulate.runLastsMostSeconds", { file, max: MAX_S }));
  const seed = options.seed ?? run.seed ?? 1;
  const replications = Math.max(1, options.replications ?? run.replications ?? 10);
  const confidence = run.confidence ?? 0.95;
  const one = (replication: number, warmUpS: number): RunResult =>
    runLine(model, {
      seed,
      replication,
      startInstant: run.start ?? 0,
      horizonS: durationS,
      warmUpS,
      outputStepS: Math.max(0.001, durationS / OUTPUT_STEPS),
      mostEvents: options.maxEvents ?? MAX_EVENTS,
    });
  const warmUp: LineReport["warmUp"] =
    asked === "auto"
      ? { seconds: warmUpSecondsOf(Array.from({ length: PILOT_REPLICATIONS }, (_, i) => one(PILOT_FROM + i, 0))), method: "mser5" }
      : { seconds: asked, method: asked > 0 ? "given" : "none" };
  const results = Array.from({ length: replications }, (_, replication) => one(replication, warmUp.seconds));
  const notes = findings.map(({ path, message }) => `${path} ${message}`);
  if (results.every(({ good, scrap }) => good === 0 && scrap === 0)) notes.push("nothing left the line in any replication");
  const report: LineReport = {
    format: "doppelwerk-line-result/1",
    model: model.id,
    modelHash: modelHashOf(model),
    seed,
    replications,
    confidence,
    warmUp,
    durationS,
    notes,
    kpis: summaries(results, confidence),
    bottlenecks: bottlenecksOf(results),
    checks: { conservation: conservationOfAll(results), littlesLaw: littlesLawOfAll(results.map((result) => result.littlesLaw)) },
    traceHash: traceHashOfAll(results),
    traceHashes: results.map((result) => result.traceHash),
    events: results.reduce((sum, { events }) => sum + events, 0),
  };
  if (options.json) process.stdout.write(`${JSON.stringify(options.perReplication ? { ...report, perReplication: results } : report)}\n`);
  else process.stdout.write(tableOf(report));
}

function summaries(results: readonly RunResult[], confidence: number): Record<string, KpiSummary> {
  const columns = new Map<string, number[]>();
  for (const result of results)
    for (const [kpi, figure] of figuresOf({
      good: result.good,
      scrap: result.scrap,
      rework: result.rework,
      started: result.started,
      goodByProduct: result.goodByProduct,
      throughputPerS: result.measuredS > 0 ? result.good / result.measuredS : 0,
      throughputPerHour: result.throughputPerHour,
      plannedS: result.plannedS,
      leadTime: result.leadTime,
      wip: result.wip,
      oee: result.oee?.oee,
      availability: result.oee?.availability,
      effectiveness: result.oee?.effectiveness,
      qualityRatio: result.oee?.qualityRatio,
      stations: Object.fromEntries(
        result.stations.map(({ station, cycles, rejects, scrap, shares }) => [station, { cycles, rejects, scrap, shares }]),
      ),
      buffers: Object.fromEntries(
        result.buffers.map(({ station, input, mean, max, waitS }) => [`${station}.${input}`, { mean, max, waitS }]),
      ),
    })) {
      const column = columns.get(kpi);
      if (column) column.push(figure);
      else columns.set(kpi, [figure]);
    }
  return Object.fromEntries([...columns].map(([kpi, values]) => [kpi, kpiSummary(values, confidence)]));
}

function bottlenecksOf(results: readonly RunResult[]): Record<string, number> {
  const shares: Record<string, number> = {};
  for (const { bottlenecks } of results) {
    const first = bottlenecks[0]?.station;
    if (first !== undefined) shares[first] = (shares[first] ?? 0) + 1 / results.length;
  }
  return shares;
}

function conservationOfAll(results: readonly RunResult[]): Conservation {
  const sum = (name: Exclude<keyof Conservation, "balanced">): number =>
    results.reduce((total, { conservation }) => total + conservation[name], 0);
  return {
    entered: sum("entered"),
    good: sum("good"),
    scrapped: sum("scrapped"),
    joined: sum("joined"),
    inside: sum("inside"),
    balanced: results.every(({ conservation }) => conservation.balanced),
  };
}

function figuresOf(value: unknown, path = ""): [string, number][] {
  if (typeof value === "number") return [[path, value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => figuresOf(inner, path === "" ? name : `${path}.${name}`));
}

function tableOf(report: LineReport): string {
  const { warmUp, checks } = report;
  const lines = [
    `${report.model} ${report.modelHash}: ${report.replications} replications, seed ${report.seed}, warm-up ${warmUp.seconds} s (${warmUp.method}), ${report.durationS} s`,
    ...report.notes.map((note) => `note: ${note}`),
  ];
  for (const [kpi, { mean, halfWidth, min, max }] of Object.entries(report.kpis))
    if (min !== 0 || max !== 0)
      lines.push(`${kpi.padEnd(56)} ${mean.toPrecision(6).padStart(12)}${halfWidth === null ? "" : ` ± ${halfWidth.toPrecision(3)}`}`);
  lines.push(
    `conservation ${checks.conservation.balanced ? "holds" : "BROKEN"}, Little's law ${checks.littlesLaw.holds ? "holds" : "BROKEN"}, trace hash ${report.traceHash}`,
  );
  return visibleText(`${lines.join("\n")}\n`);
}
