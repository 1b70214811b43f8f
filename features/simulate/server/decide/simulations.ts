import type { PerformJobWork } from "@doppelwerk/kit/server";
import type { AnyExperimentModel, Outcome } from "@doppelwerk/sim";
import type { SimulationTask } from "../../jobs/replication.ts";

export type { SimulationTask } from "../../jobs/replication.ts";

export interface SimulationJob<Model extends AnyExperimentModel = AnyExperimentModel> {
  readonly models: readonly Model[];
  readonly tasks: readonly SimulationTask[];
  /** Lower goes first; a person who waits is 0, a backtest 1. */
  readonly priority: number;
}

/** Replications on the worker threads that all simulations of a world share. */
export interface Simulations {
  /** Outcomes in the order of the tasks; `onDone` receives each as it comes. Errors: DW_CANCELLED, DW_INVALID where the model cannot be simulated, DW_UNAVAILABLE. */
  run(
    job: SimulationJob,
    onDone?: (done: number, total: number, task: number, outcome: Outcome) => void,
    signal?: AbortSignal,
  ): Promise<readonly Outcome[]>;
}

export function simulationsOf(perform: PerformJobWork): Simulations {
  return {
    run: ({ models, tasks, priority }, onDone, signal) =>
      perform<readonly AnyExperimentModel[], SimulationTask, Outcome>(
        {
          kind: "simulate.run",
          shared: models,
          tasks,
          priority,
          ...(onDone && { onResult: (outcome, task, done) => onDone(done, tasks.length, task, outcome) }),
        },
        signal,
      ),
  };
}
