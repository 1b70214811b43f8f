import { message } from "@doppelwerk/messages";
import { replicate, type AnyExperimentModel, type Outcome, type ReplicationOptions } from "@doppelwerk/sim";
import { DoppelwerkError } from "@doppelwerk/world/error";

export interface SimulationTask {
  /** Index into the models of the work. */
  readonly model: number;
  readonly options: ReplicationOptions;
}

/** One replication of a model: a line, or several that run at once. */
export function perform(models: readonly AnyExperimentModel[], { model, options }: SimulationTask): Outcome {
  try {
    return replicate(models[model]!, options);
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    throw new DoppelwerkError("DW_INVALID", message("simulate.modelCannotSimulated", { failure }));
  }
}
