import { type Message } from "@doppelwerk/messages";
import type { ExperimentFactorInfo, ExperimentRequest } from "@doppelwerk/client";
import type { ExperimentModel, FactorStudy, KeptOutcome, ReplicationOptions, StudyTask } from "@doppelwerk/sim";

/** Everything that an experiment is carried out from: with it a run can be gone on with after a crash, and made again to the same hash. */
export interface ExperimentPlan {
  readonly request: ExperimentRequest;
  readonly study: FactorStudy;
  readonly factors: readonly ExperimentFactorInfo[];
  readonly models: readonly ExperimentModel[];
  readonly options: Omit<ReplicationOptions, "replication" | "drawParameters" | "warmUpS">;
  readonly warnings: readonly string[];
  readonly warningsTold?: readonly Message[];
  readonly code: string;
}

/** An outcome that was reached, beside the task it answers. */
export interface KeptTask extends StudyTask {
  readonly outcome: KeptOutcome;
}
