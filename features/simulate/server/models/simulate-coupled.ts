import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { instantiateWasm, readFmuBeside } from "@doppelwerk/engines/fmi";
import { message } from "@doppelwerk/messages";
import { type FlowBatch, type FlowModel, type FlowPlan, type FlowResult, RunError, runFlowExperiment, summarise } from "@doppelwerk/sim";
import { CoupledFlow, type CoupledModel, type CoupledResult, type Coupling, couplingFindings } from "@doppelwerk/sim/models";
import { DoppelwerkError } from "@doppelwerk/world";
import { z } from "zod";
import { faultsOf } from "@doppelwerk/kit";
import { readJson, type SimulateOptions, tableOf } from "../simulate/simulate.ts";

const value = z.union([z.number(), z.boolean(), z.string()]);
const couplingFile = z.strictObject({
  format: z.literal("doppelwerk-coupling/1"),
  models: z
    .array(
      z.strictObject({
        id: z.string().min(1).max(80),
        fmu: z.string().min(1).describe("path of the FMU, from the coupling file"),
        stepS: z.number(),
        parameters: z.record(z.string(), z.union([value, z.array(value)])).optional(),
        inputs: z
          .array(
            z.strictObject({ variable: z.string(), component: z.string(), factor: z.number().optional(), offset: z.number().optional() }),
          )
          .optional(),
        gates: z.array(z.strictObject({ calendar: z.string(), output: z.string(), opensAt: z.number(), shutsAt: z.number() })),
      }),
    )
    .min(1)
    .max(20),
});

/** `doppelwerk simulate LINE.json --couple FILE`: WebAssembly FMUs inside a flow, gating its stations. */
export async function simulateCoupled(
  file: string,
  model: FlowModel,
  plan: FlowPlan,
  options: SimulateOptions & { readonly couple: string },
): Promise<void> {
  const { couple } = options;
  const given = await readJson(couple);
  const parsed = couplingFile.safeParse(given);
  if (!parsed.success)
    throw new DoppelwerkError("DW_INVALID", message("simulate.notCoupling", { couple, error: faultsOf(parsed.error.issues, given) }));
  if (plan.durationS === undefined) throw new DoppelwerkError("DW_INVALID", message("simulate.coupledFlowNeedsRunDurationSOr", { file }));
  const models: CoupledModel[] = [];
  for (const { fmu: path, ...coupling } of parsed.data.models) {
    const from = resolve(dirname(couple), path);
    const { fmu, findings } = await readFmuBeside(await bytesOf(from));
    if (fmu === undefined)
      throw new DoppelwerkError(
        "DW_INVALID",
        message("simulate.noFmuCanRun", { from, reason: findings[0]?.reason ?? findings[0]?.message ?? "" }),
      );
    const fault = couplingFindings(model, coupling as Coupling, fmu.description)[0];
    if (fault !== undefined)
      throw new DoppelwerkError(
        "DW_INVALID",
        message("simulate.couplingFault", {
          file: couple,
          place: `${coupling.id}.${fault.path}`,
          reason: fault.reason ?? fault.message,
        }),
      );
    models.push({ coupling: coupling as Coupling, instantiate: () => instantiateWasm(fmu) });
  }
  const coupled: CoupledResult[] = [];
  const run = async (batch: FlowBatch): Promise<readonly FlowResult[]> =>
    batch.replications.map((replication) => {
      const { seed, warmUpS, durationS, seriesStepS } = batch;
      const flow = CoupledFlow.begin(model, models, { seed, replication, warmUpS, ...(seriesStepS === undefined ? {} : { seriesStepS }) });
      try {
        flow.advanceTo(warmUpS + durationS!);
        const result = flow.result();
        coupled.push(result);
        return result.flow;
      } finally {
        flow.close();
      }
    });
  try {
    const { report } = await runFlowExperiment(model, plan, run);
    const means = coupled[0]!.gates.map((gate, index) => ({
      model: gate.model,
      calendar: gate.calendar,
      openShare: summarise(coupled.map(({ gates }) => gates[index]!.openShare)),
      openings: summarise(coupled.map(({ gates }) => gates[index]!.openings)),
      output: { name: coupled[0]!.outputs[index]!.output, mean: summarise(coupled.map(({ outputs }) => outputs[index]!.mean)).mean },
    }));
    if (options.json) return void process.stdout.write(`${JSON.stringify({ ...report, gates: means })}\n`);
    process.stdout.write(tableOf(report));
    for (const { model: name, calendar, openShare, openings, output } of means)
      process.stdout.write(
        `${name}: gate ${calendar} open ${(100 * openShare.mean).toFixed(1)} % of the time, opened ${openings.mean.toFixed(1)} times; mean ${output.name} ${output.mean.toPrecision(4)}\n`,
      );
  } catch (error) {
    if (error instanceof RunError) throw new DoppelwerkError("DW_INVALID", message("simulate.inFile", { file, reason: error.reason }));
    throw error;
  }
}

async function bytesOf(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    throw new DoppelwerkError("DW_INVALID", message("simulate.cannotRead", { file: path, reason: (error as Error).message }));
  }
}
