import { readFile, stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import {
  type FlowBatch,
  type FlowModel,
  type FlowPlan,
  type FlowReport,
  type FlowResult,
  FlowRunError,
  flowFormatTables,
  flowJsonSchema,
  planFlow,
  runFlowExperiment,
  validateFlowModel,
} from "@doppelwerk/sim";
import { DoppelwerkError } from "@doppelwerk/world";
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
  readonly perReplication?: boolean;
  readonly check?: boolean;
  readonly schema?: boolean;
  readonly tables?: boolean;
  readonly step?: number;
  readonly set?: readonly string[];
  readonly input?: string;
  readonly output?: readonly string[];
  readonly native?: boolean;
  readonly json?: boolean;
}

const MOST_BYTES = 64 * 1024 * 1024;
const MOST_EVENTS = 500_000_000;

/** Runs a model of a file without a server and prints its KPIs with intervals. Throws DW_INVALID on what it cannot read or run. */
export async function simulate(file: string | undefined, options: SimulateOptions): Promise<void> {
  if (options.schema) return print(flowJsonSchema());
  if (options.tables) return void process.stdout.write(`${flowFormatTables()}\n`);
  if (file === undefined) throw new DoppelwerkError("DW_INVALID", "simulate needs a file (or --schema)");
  if (/\.fmu$/i.test(file)) return (await import("../models/simulate-fmu.ts")).simulateFmu(file, options);
  const value = await readJson(file);
  if (isLine(value)) return simulateLine(file, value, options);
  const findings = validateFlowModel(value);
  const errors = findings.filter((finding) => finding.severity === "error");
  for (const { path, severity, message } of findings)
    process.stderr.write(`${file}: ${severity}: ${path === "" ? "" : `${path} `}${message}\n`);
  if (errors.length > 0 || options.check) {
    if (options.json) print({ file, valid: errors.length === 0, findings });
    else if (errors.length === 0) process.stdout.write(`${file}: good\n`);
    if (errors.length === 0) return;
    throw new DoppelwerkError(
      "DW_INVALID",
      `${file} is not a model that can be run: ${errors.length} ${errors.length === 1 ? "error" : "errors"}, nothing was run`,
    );
  }
  const model = value as FlowModel;
  const plan = planFlow(model, {
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(options.replications === undefined ? {} : { replications: options.replications }),
    ...(options.warmUp === undefined ? {} : { warmUpS: options.warmUp }),
    ...(options.duration === undefined ? {} : { durationS: options.duration }),
  });
  if (typeof plan === "string") throw new DoppelwerkError("DW_INVALID", `${file}: ${plan}`);
  const { report, results } = await experiment(file, model, plan, options);
  if (options.json) print(options.perReplication ? { ...report, perReplication: results } : report);
  else process.stdout.write(tableOf(report));
}

async function experiment(
  file: string,
  model: FlowModel,
  plan: FlowPlan,
  options: SimulateOptions,
): Promise<{ readonly report: FlowReport; readonly results: readonly FlowResult[] }> {
  const modules = (options.with ?? []).map((module) => resolve(module));
  const definitions = await loadDefinitions(modules);
  for (const component of model.components)
    if (component.type === "custom" && !definitions.some((definition) => definition.model === component.model))
      throw new DoppelwerkError(
        "DW_INVALID",
        `${file}: component "${component.id}" wants the model "${component.model}": name its module with --with`,
      );
  const mostEvents = options.maxEvents ?? MOST_EVENTS;
  const workers = Math.min(options.workers ?? availableParallelism(), plan.precision?.maxReplications ?? plan.replications);
  const pool = workers > 1 ? new FlowPool(model, modules, mostEvents, workers) : undefined;
  const execute = async (batch: FlowBatch): Promise<readonly FlowResult[]> =>
    pool === undefined ? runBatch(model, definitions, batch, mostEvents) : pool.run(batch);
  try {
    return await runFlowExperiment(model, plan, execute);
  } catch (error) {
    if (error instanceof FlowRunError) throw new DoppelwerkError("DW_INVALID", `${file}: ${error.message}`);
    throw error;
  } finally {
    await pool?.close();
  }
}

async function readJson(file: string): Promise<unknown> {
  try {
    const { size } = await stat(file);
    if (size > MOST_BYTES) throw new DoppelwerkError("DW_INVALID", `${file} is larger than ${MOST_BYTES} bytes`);
    return JSON.parse((await readFile(file, "utf8")).replace(/^\uFEFF/, ""));
  } catch (error) {
    if (error instanceof DoppelwerkError) throw error;
    throw new DoppelwerkError("DW_INVALID", `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function isLine(value: unknown): boolean {
  return typeof value === "object" && value !== null && "format" in value && value.format === "doppelwerk-line/1";
}

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
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
