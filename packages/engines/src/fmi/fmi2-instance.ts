import { message as messageOf } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { ModelDescription, StepOutcome } from "@doppelwerk/sim/models";
import { FmuInstance } from "./fmu-instance.ts";
import type { Argument, FmiLibrary } from "./library.ts";

const CO_SIMULATION = 1;
const DISCARD = 2;
const LAST_SUCCESSFUL_TIME = 2;
const TERMINATED = 3;

/** The order of calls of FMI 2.0 for co-simulation (4.2.4). */
export class Fmi2Instance extends FmuInstance {
  readonly #doStep: (...given: Argument[]) => Argument;

  constructor(description: ModelDescription, library: FmiLibrary) {
    super(description, library);
    const { nullPointer } = library;
    // logger, allocateMemory, freeMemory, stepFinished, componentEnvironment
    const callbacks = library.block(5 * library.addressBytes);
    const functions = [
      library.logger(2, (status, message) => this.log(status, message)),
      library.calloc,
      library.free,
      nullPointer,
      nullPointer,
    ];
    for (const [index, pointer] of functions.entries())
      if (library.addressBytes === 4) callbacks.view().setUint32(index * 4, Number(pointer), true);
      else callbacks.view().setBigUint64(index * 8, BigInt(pointer), true);
    const instantiate = library.call("fmi2Instantiate", "pointer", "pointer", "i32", "pointer", "pointer", "pointer", "i32", "i32");
    const [name, token, resources] = [description.name, description.token, library.resources].map((text) => library.text(text));
    this.component = instantiate(name!, CO_SIMULATION, token!, resources!, callbacks.pointer, 0, 0);
    if (BigInt(this.component) === 0n) {
      this.component = 0;
      const why = this.takeLog().at(-1);
      library.close();
      throw new DoppelwerkError("DW_INVALID", messageOf("engines.modelCouldNotInstantiated", { why: why === undefined ? "" : `: ${why}` }));
    }
    this.#doStep = library.call("fmi2DoStep", "i32", "pointer", "f64", "f64", "i32");
  }

  initialise(startS: number, tolerance?: number): void {
    const setup = this.statusCall("fmi2SetupExperiment", "pointer", "i32", "f64", "f64", "i32", "f64");
    setup(this.component, tolerance === undefined ? 0 : 1, tolerance ?? 0, startS, 0, 0);
    this.statusCall("fmi2EnterInitializationMode", "pointer")(this.component);
    this.statusCall("fmi2ExitInitializationMode", "pointer")(this.component);
    this.outcome.timeS = startS;
  }

  step(timeS: number, stepS: number): StepOutcome {
    const status = this.#doStep(this.component, timeS, stepS, 1);
    this.outcome.timeS = timeS + stepS;
    if (status === DISCARD) this.#discarded(timeS);
    else if (status !== 0) this.check(status, "fmi2DoStep");
    return this.outcome;
  }

  protected beforeWrite(): void {}
  protected afterWrite(): void {}

  protected free(): void {
    this.library.call("fmi2FreeInstance", "void", "pointer")(this.component);
  }

  /** A step that was not carried out to its end: the model says how far it came, and whether it wants to end (2.1.2 and 4.2.2). */
  #discarded(timeS: number): void {
    const block = this.library.block(8);
    if (this.library.has("fmi2GetBooleanStatus")) {
      this.statusCall("fmi2GetBooleanStatus", "pointer", "i32", "pointer")(this.component, TERMINATED, block.pointer);
      if (block.view().getInt32(0, true) !== 0) {
        this.outcome.terminate = true;
        this.statusCall("fmi2GetRealStatus", "pointer", "i32", "pointer")(this.component, LAST_SUCCESSFUL_TIME, block.pointer);
        this.outcome.timeS = block.view().getFloat64(0, true);
        return;
      }
    }
    throw new DoppelwerkError("DW_INVALID", messageOf("engines.modelDiscardedStep", { timeS }));
  }
}
