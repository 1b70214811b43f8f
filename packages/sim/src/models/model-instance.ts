import type { ModelDescription, ModelValue, ModelVariable } from "./model-description.ts";

/** How far a step came. `timeS` is where the model is now: before the end of the step only after an early return. */
export interface StepOutcome {
  timeS: number;
  /** The model met an event and was taken through its event mode. */
  event: boolean;
  /** The model wants the simulation to end here. */
  terminate: boolean;
}

/**
 * A running model behind the master in `model-run.ts`: the co-simulation interface of FMI 3.0 in its order of calls (3.0.2, 4.2.1). Implemented by room
 * engines over WebAssembly and native code. Everything is synchronous: who wants to be safe from a model runs it, with its master, in another process.
 * Every method throws DW_INVALID with what the model itself said where it refuses.
 */
export interface ModelInstance {
  readonly description: ModelDescription;
  /** Before `initialise` any parameter and start value, afterwards inputs and tunable parameters. An array takes as many values as its size. */
  set(variable: ModelVariable, values: readonly ModelValue[]): void;
  get(variable: ModelVariable): readonly ModelValue[];
  /** Ends the initialisation at this model time. */
  initialise(startS: number, tolerance?: number): void;
  /** A writer of numeric variables, fast enough for every step: takes one number a value, arrays element by element. */
  writer(variables: readonly ModelVariable[]): (values: Float64Array) => void;
  /** The reader to it. */
  reader(variables: readonly ModelVariable[]): (into: Float64Array) => void;
  /** One communication step. The answer is the same object every time. */
  step(timeS: number, stepS: number): StepOutcome;
  /** Why the state cannot be saved, undefined where it can. */
  readonly stateFault: string | undefined;
  /** Between steps: everything the model remembers. Throws where `stateFault` tells why not. */
  saveState(): Uint8Array;
  /** Goes on from a state that an instance of the same model saved; the instance must have been initialised. */
  loadState(state: Uint8Array): void;
  /** What the model logged since the last call, oldest first, at most a hundred lines. */
  takeLog(): readonly string[];
  close(): void;
}
