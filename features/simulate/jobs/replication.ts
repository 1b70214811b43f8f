import type { JobTools } from "@doppelwerk/kit";
import { message } from "@doppelwerk/messages";
import { componentsOf, replicate, RunError, type AnyExperimentModel, type Outcome, type ReplicationOptions } from "@doppelwerk/sim";
import { DoppelwerkError } from "@doppelwerk/world/error";

export interface SimulationTask {
  /** Index into the models of the work. */
  readonly model: number;
  readonly options: ReplicationOptions;
}

/** One replication of a model: a line, or several that run at once. Components of packs run in a sandbox of this thread. */
export async function perform(
  models: readonly AnyExperimentModel[],
  { model, options }: SimulationTask,
  { openComponents }: Pick<JobTools, "openComponents">,
): Promise<Outcome> {
  const codes = componentsOf(models[model]!);
  if (codes.length === 0) return outcomeOf(models[model]!, options);
  const components = await openComponents(codes);
  try {
    return replicate(models[model]!, options, components);
  } catch (error) {
    // says already which component of which pack it was, or that the model is at fault
    if (error instanceof RunError) throw error;
    throw unsimulated(error);
  } finally {
    components.dispose();
  }
}

function outcomeOf(model: AnyExperimentModel, options: ReplicationOptions): Outcome {
  try {
    return replicate(model, options);
  } catch (error) {
    throw unsimulated(error);
  }
}

function unsimulated(error: unknown): DoppelwerkError {
  const failure = error instanceof Error ? error.message : String(error);
  return new DoppelwerkError("DW_INVALID", message("simulate.modelCannotSimulated", { failure }));
}
