import { type Message } from "@doppelwerk/messages";
import type { FittedParameter, RunResult } from "@doppelwerk/client";
import type { ExperimentKind, ExperimentModel } from "@doppelwerk/sim";
import type { Instant, RecordId } from "@doppelwerk/world";

/** Both sides of a run, made from shells and history by the line service. */
export interface Experiment {
  readonly live: ExperimentModel;
  readonly branch: ExperimentModel;
  /** The branch changes nothing that the model knows. */
  readonly same: boolean;
  readonly kind: ExperimentKind;
  readonly start: Instant;
  readonly horizonS: number;
  readonly diffHash: string;
  readonly initialState: RunResult["initialState"];
  readonly parameters: readonly FittedParameter[];
  readonly warnings: readonly string[];
  /** The same in the same order as codes with values. */
  readonly warningsTold: readonly Message[];
  /** The branch if, besides, these properties (by element id) held these numbers. */
  variant(values: ReadonlyMap<RecordId, number>): ExperimentModel;
}
