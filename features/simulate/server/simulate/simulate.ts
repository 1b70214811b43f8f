import { readFile, stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import {
  type FactorExperiment,
  type FactorReport,
  type FlowBatch,
  type FlowModel,
  type FlowPlan,
  type FlowReport,
  type FlowResult,
  RunError,
  flowFormatTables,
  flowJsonSchema,
  planFlow,
  runFactorExperiment,
  runFlowExperiment,
  validateFactorExperiment,
  validateFlowModel,
} from "@doppelwerk/sim";
import { isMessage, message as messageOf } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { printNotice, visibleText } from "@doppelwerk/kit/command";
import { loadDefinitions, runBatch } from "./flow-batch.ts";
import { FlowPool } from "./flow-pool.ts";
import { simulateLine } from "./simulate-line.ts";

export interface SimulateOptions {
  readonly replications?: number;
  readonly seed?: number;
  readonly duration?: number;
  readonly warmUp?: number | "auto";
  readonly workers?: number;
  readonly maxEvents?: number;
  readonly with?: readonly string[];
  readonly experiment?: string;
  readonly perReplication?: boolean;
  readonly check?: boolean;
  readonly schema?: boolean;
  readonly tables?: boolean;
  readonly step?: number;
  readonly set?: readonly string[];
  readonly input?: string;
  readonly output?: readonly string[];
  readonly native?: boolean;
  readonly utcOffset?: number;
  readonly couple?: string;
  readonly line?: string;
  readonly json?: boolean;
}

const MAX_BYTES = 64 * 1024 * 1024;
const MAX_EVENTS = 500_000_000;

/** Runs a model of a file without a server and prints its KPIs with intervals. Throws DW_INVALID on what it cannot read or run. */
export async function simulate(file: string | undefined, options: SimulateOptions): Promise<void> {
  if (options.schema) return print(flowJsonSchema());
  if (options.tables) return void process.stdout.write(`${flowFormatTables()}\n`);
  if (file === undefined) throw new DoppelwerkError("DW_INVALID", messageOf("simulate.simulateNeedsFileOrSchema"));
  if (/\.fmu$/i.test(file)) return (await import("../models/simulate-fmu.ts")).simulateFmu(file, options);
  if (/\.(csv|xes|tsv)(\.gz)?$/i.test(file)) return (await import("../event-log/simulate-log.ts")).simulateLog(file, options);
  const value = await readJson(file);
  if (isLine(value))
    try {
      return simulateLine(file, value, options);
    } catch (error) {
      throw toldOf(file, error);
    }
  const findings = unknownFormat(value) ?? validateFlowModel(value);
  const errors = findings.filter((finding) => finding.severity === "error");
  for (const { path, severity, message } of findings) printNotice(`${file}: ${severity}: ${path === "" ? "" : `${path} `}${message}`);
  if (errors.length > 0 || options.check) {
    if (options.json) print({ file, valid: errors.length === 0, findings });
    else if (errors.length === 0) process.stdout.write(`${file}: good\n`);
    if (errors.length === 0) return;
    throw new DoppelwerkError(
      "DW_INVALID",
      messageOf("simulate.notModel", { file, count: errors.length, count2: errors.length === 1 ? "error" : "errors" }),
    );
  }
  const model = value as FlowModel;
  const plan = planFlow(model, {
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(options.replications === undefined ? {} : { replications: options.replications }),
    ...(options.warmUp === undefined ? {} : { warmUpS: options.warmUp }),
    ...(options.duration === undefined ? {} : { durationS: options.duration }),
  });
  if (isMessage(plan)) throw new DoppelwerkError("DW_INVALID", messageOf("simulate.inFile", { file, reason: plan }));
  if (options.couple !== undefined)
    return (await import("../models/simulate-coupled.ts")).simulateCoupled(file, model, plan, { ...options, couple: options.couple });
  if (options.experiment !== undefined) return experimentOn(file, model, plan, options);
  const { report, results } = await withRunner(file, model, plan.precision?.maxReplications ?? plan.replications, options, (run) =>
    runFlowExperiment(model, plan, (batch) => run(model, batch)),
  );
  if (options.json) print(options.perReplication ? { ...report, perReplication: results } : report);
  else process.stdout.write(visibleText(tableOf(report)));
}

async function experimentOn(file: string, model: FlowModel, plan: FlowPlan, options: SimulateOptions): Promise<void> {
  const name = options.experiment!;
  const value = await readJson(name);
  const findings = validateFactorExperiment(value, model);
  for (const { path, severity, message } of findings) printNotice(`${name}: ${severity}: ${path === "" ? "" : `${path} `}${message}`);
  if (findings.length > 0) throw new DoppelwerkError("DW_INVALID", messageOf("simulate.notExperiment", { name, file }));
  const experiment = value as FactorExperiment;
  const replications = experiment.select?.firstReplications ?? experiment.replications ?? plan.replications;
  const report = await withRunner(file, model, replications, options, (run) => runFactorExperiment(model, experiment, plan, run));
  if (options.json) print(report);
  else process.stdout.write(visibleText(experimentTable(report)));
}

/** Runs on worker threads where there are several, and tells what a run could not go on with. */
async function withRunner<T>(
  file: string,
  model: FlowModel,
  replications: number,
  options: SimulateOptions,
  use: (run: (model: FlowModel, batch: FlowBatch) => Promise<readonly FlowResult[]>) => Promise<T>,
): Promise<T> {
  const modules = (options.with ?? []).map((module) => resolve(module));
  const definitions = await loadDefinitions(modules);
  for (const component of model.components)
    if (component.type === "custom" && !definitions.some((definition) => definition.model === component.model))
      throw new DoppelwerkError(
        "DW_INVALID",
        messageOf("simulate.componentWantsModelNameModule", { file, id: component.id, model: component.model }),
      );
  const mostEvents = options.maxEvents ?? MAX_EVENTS;
  const workers = Math.min(options.workers ?? availableParallelism(), replications);
  const pool = workers > 1 ? new FlowPool(modules, mostEvents, workers) : undefined;
  try {
    return await use(async (each, batch) => (pool === undefined ? runBatch(each, definitions, batch, mostEvents) : pool.run(each, batch)));
  } catch (error) {
    throw toldOf(file, error);
  } finally {
    await pool?.close();
  }
}

/** What a run could not go on with, as one sentence. */
function toldOf(file: string, error: unknown): unknown {
  return error instanceof RunError
    ? new DoppelwerkError("DW_INVALID", messageOf("simulate.inFile", { file, reason: error.reason }))
    : error;
}

export async function readJson(file: string): Promise<unknown> {
  try {
    const { size } = await stat(file);
    if (size > MAX_BYTES) throw new DoppelwerkError("DW_INVALID", messageOf("simulate.largerBytes", { file, max: MAX_BYTES }));
    return JSON.parse((await readFile(file, "utf8")).replace(/^\uFEFF/, ""));
  } catch (error) {
    if (error instanceof DoppelwerkError) throw error;
    throw new DoppelwerkError(
      "DW_INVALID",
      messageOf("simulate.cannotRead", { file, reason: error instanceof Error ? error.message : String(error) }),
    );
  }
}

/** One finding where the format is none that can be run: a model of another program would have hundreds. */
function unknownFormat(value: unknown): ReturnType<typeof validateFlowModel> | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const format = "format" in value ? value.format : undefined;
  if (format === "doppelwerk-flow/1") return undefined;
  const said = format === undefined ? "is missing" : `is ${JSON.stringify(format)?.slice(0, 60)}`;
  return [
    { path: "format", constraint: "value", severity: "error", message: `${said}: it must be "doppelwerk-flow/1" or "doppelwerk-line/1"` },
  ];
}

function isLine(value: unknown): boolean {
  return typeof value === "object" && value !== null && "format" in value && value.format === "doppelwerk-line/1";
}

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Points, effects and the choice, for people. */
function experimentTable(report: FactorReport): string {
  const lines = report.points.map(
    ({ factors, replications, kpi: { mean, halfWidth } }, index) =>
      `${index === report.best.point ? "*" : " "} ${Object.entries(factors)
        .map(([id, value]) => `${id}=${typeof value === "number" ? Number(value.toPrecision(6)) : value}`)
        .join(" ")
        .padEnd(56)} ${mean.toPrecision(6).padStart(12)}${halfWidth === null ? "" : ` ± ${halfWidth.toPrecision(3)}`}  n ${replications}`,
  );
  for (const { factor, mean, halfWidth } of report.effects)
    lines.push(
      `effect of ${factor.padEnd(48)} ${mean.toPrecision(4).padStart(12)}${halfWidth === null ? "" : ` ± ${halfWidth.toPrecision(3)}`}`,
    );
  if (report.resolution !== undefined) lines.push(`resolution ${report.resolution}`);
  for (const { kpi, difference, halfWidth, verdict } of report.search?.confirmed ?? [])
    lines.push(
      `on fresh replications ${kpi}: ${difference < 0 ? "−" : "+"}${Math.abs(difference).toPrecision(4)}${halfWidth === null ? "" : ` ± ${halfWidth.toPrecision(3)}`}, ${verdict}`,
    );
  if (report.search !== undefined)
    lines.push(
      report.points.length === 1
        ? "nothing better than the model as it stands was found"
        : `* won of ${report.search.judged} variants in ${report.search.spent} replications; the first line is the model as it stands`,
    );
  const { certain, indifference, confidence } = report.best;
  if (indifference !== undefined)
    lines.push(
      certain
        ? `* is the best with probability ${confidence}, where a difference of ${indifference} matters`
        : "* is the best so far; the replications allowed did not make it sure",
    );
  lines.push(`${report.kpi}; conservation and Little's law ${report.balanced ? "hold" : "BROKEN"}`);
  return `${lines.join("\n")}\n`;
}

/** The KPIs a person looks at first; all of them are in --json. */
export function tableOf(report: FlowReport): string {
  const lines = [
    `${report.model || "model"} ${report.modelHash}: ${report.replications} replications, seed ${report.seed}, warm-up ${report.warmUp.seconds} s (${report.warmUp.method}), ${report.durationS === null ? "to the end" : `${report.durationS} s`}`,
  ];
  for (const note of report.notes) lines.push(`note: ${note}`);
  const shown =
    /^(throughputPer|good$|scrap$|lost$|leadTime\.(mean|p95)|wip\.mean|components\..*\.(utilisation|contentMean|stayMeanS|shares\.(blocked|starved|failed|setUp|break)|rejected)$|operators|limits|fleets|tanks|pipes|energy)/;
  for (const [kpi, { mean, halfWidth, min, max }] of Object.entries(report.kpis)) {
    if (!shown.test(kpi) || (min === 0 && max === 0)) continue;
    lines.push(`${kpi.padEnd(56)} ${mean.toPrecision(6).padStart(12)}${halfWidth === null ? "" : ` ± ${halfWidth.toPrecision(3)}`}`);
  }
  const { conservation, littlesLaw } = report.checks;
  lines.push(
    `conservation ${conservation.balanced ? "holds" : "BROKEN"}, Little's law ${littlesLaw.holds ? "holds" : "BROKEN"}, trace hash ${report.traceHash}`,
  );
  return `${lines.join("\n")}\n`;
}
