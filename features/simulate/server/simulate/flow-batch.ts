import { pathToFileURL } from "node:url";
import {
  type CompiledFlow,
  type ComponentDefinition,
  type FlowBatch,
  type FlowModel,
  type FlowResult,
  checkDefinition,
  prepareFlow,
  runFlow,
} from "@doppelwerk/sim";

/** Carries the replications of a batch out on this thread. Throws what a run cannot go on with. */
export function runBatch(
  model: FlowModel,
  definitions: readonly ComponentDefinition[],
  batch: FlowBatch,
  mostEvents: number,
): readonly FlowResult[] {
  return runPrepared(prepareFlow(model, definitions), batch, mostEvents);
}

/** The same with tables that are made already. */
export function runPrepared(flow: CompiledFlow, batch: FlowBatch, mostEvents: number): readonly FlowResult[] {
  return batch.replications.map((replication) =>
    runFlow(flow, {
      seed: batch.seed,
      replication,
      warmUpS: batch.warmUpS,
      mostEvents,
      ...(batch.durationS === undefined ? {} : { durationS: batch.durationS }),
      ...(batch.seriesStepS === undefined ? {} : { seriesStepS: batch.seriesStepS }),
    }),
  );
}

/** Component models of modules: every export that is one. */
export async function loadDefinitions(modules: readonly string[]): Promise<readonly ComponentDefinition[]> {
  const loaded = await Promise.all(modules.map((module) => import(pathToFileURL(module).href) as Promise<Record<string, unknown>>));
  return loaded.flatMap((exports) => Object.values(exports).filter(isDefinition)).map(checkDefinition);
}

function isDefinition(value: unknown): value is ComponentDefinition {
  return typeof value === "object" && value !== null && "model" in value && "hasRoom" in value;
}
