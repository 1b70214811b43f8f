import { message as messageOf } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { ModelDescription, ModelVariable, StepOutcome } from "@doppelwerk/sim/models";
import { FmuInstance } from "./fmu-instance.ts";
import type { Argument, Block, FmiLibrary, Pointer } from "./library.ts";

/** Rounds of event iteration (3.0.2, 2.3.5) after which a model is given up. */
const MAX_ROUNDS = 1_000;

/** The order of calls of FMI 3.0 for co-simulation (4.2.1), with event mode and early return where the model offers them. */
export class Fmi3Instance extends FmuInstance {
  readonly #flags: Block;
  readonly #doStep: (...given: Argument[]) => Argument;
  readonly #answers: Block;
  readonly #usesEvents: boolean;
  #isStepping = false;

  constructor(description: ModelDescription, library: FmiLibrary) {
    super(description, library);
    const { capabilities } = description;
    this.#usesEvents = capabilities.eventMode;
    const { nullPointer } = library;
    const logger = library.logger(3, (status, message) => this.log(status, message));
    const instantiate = library.call(
      "fmi3InstantiateCoSimulation",
      "pointer",
      ...(["pointer", "pointer", "pointer", "bool", "bool", "bool", "bool", "pointer", "size", "pointer", "pointer", "pointer"] as const),
    );
    const [name, token, resources] = [description.name, description.token, library.resources].map((text) => library.text(text));
    const [events, early] = [this.#usesEvents ? 1 : 0, this.#usesEvents && capabilities.earlyReturn ? 1 : 0];
    this.component = instantiate(
      name!,
      token!,
      resources!,
      0,
      0,
      events,
      early,
      nullPointer,
      library.size(0),
      nullPointer,
      logger,
      nullPointer,
    );
    if (BigInt(this.component) === 0n) {
      this.component = 0;
      const why = this.takeLog().at(-1);
      library.close();
      throw new DoppelwerkError("DW_INVALID", messageOf("engines.modelCouldNotInstantiated", { why: why === undefined ? "" : `: ${why}` }));
    }
    this.#flags = library.block(24);
    this.#answers = library.block(24);
    this.#doStep = library.call(
      "fmi3DoStep",
      "i32",
      ...(["pointer", "f64", "f64", "bool", "pointer", "pointer", "pointer", "pointer"] as const),
    );
  }

  initialise(startS: number, tolerance?: number): void {
    const enter = this.statusCall("fmi3EnterInitializationMode", "pointer", "bool", "f64", "f64", "bool", "f64");
    enter(this.component, tolerance === undefined ? 0 : 1, tolerance ?? 0, startS, 0, 0);
    this.statusCall("fmi3ExitInitializationMode", "pointer")(this.component);
    this.outcome.timeS = startS;
    if (this.#usesEvents) this.#iterate();
    this.#isStepping = true;
  }

  step(timeS: number, stepS: number): StepOutcome {
    const { outcome } = this;
    const at = this.#flags.pointer;
    const status =
      typeof at === "number"
        ? this.#doStep(this.component, timeS, stepS, 1, at + 8, at + 9, at + 10, at)
        : this.#doStep(this.component, timeS, stepS, 1, at + 8n, at + 9n, at + 10n, at);
    if (status !== 0) this.check(status, "fmi3DoStep");
    const flags = this.#flags.view();
    // three flags in one look: nothing happened in most steps
    const some = flags.getUint32(8, true) & 0xffffff;
    outcome.terminate = (some & 0xff00) !== 0;
    outcome.event = (some & 0xff) !== 0;
    outcome.timeS = (some & 0xff0000) !== 0 || outcome.terminate ? flags.getFloat64(0, true) : timeS + stepS;
    if (outcome.event && !outcome.terminate) this.#handleEvent();
    return outcome;
  }

  /** With event mode, discrete inputs change in it only. */
  protected beforeWrite(variables: readonly ModelVariable[]): void {
    if (this.#needsEvent(variables)) this.#enterEventMode();
  }

  protected afterWrite(variables: readonly ModelVariable[]): void {
    if (this.#needsEvent(variables)) this.#iterate();
  }

  protected free(): void {
    this.library.call("fmi3FreeInstance", "void", "pointer")(this.component);
  }

  #needsEvent(variables: readonly ModelVariable[]): boolean {
    return this.#usesEvents && this.#isStepping && variables.some(({ variability }) => variability !== "continuous");
  }

  #enterEventMode(): void {
    this.statusCall("fmi3EnterEventMode", "pointer")(this.component);
  }

  #handleEvent(): void {
    if (!this.#usesEvents) return;
    this.#enterEventMode();
    this.#iterate();
  }

  /** Event iteration until nothing changes any more, then step mode. */
  #iterate(): void {
    const answers = this.#answers;
    const at = (offset: number): Pointer =>
      typeof answers.pointer === "bigint" ? answers.pointer + BigInt(offset) : answers.pointer + offset;
    const update = this.statusCall(
      "fmi3UpdateDiscreteStates",
      ...(["pointer", "pointer", "pointer", "pointer", "pointer", "pointer", "pointer"] as const),
    );
    for (let round = 0; ; round++) {
      if (round >= MAX_ROUNDS) throw new DoppelwerkError("DW_INVALID", messageOf("engines.modelDoesNotEndEventIteration"));
      update(this.component, at(8), at(9), at(10), at(11), at(12), at(0));
      if (answers.view().getUint8(9) !== 0) this.outcome.terminate = true;
      if (answers.view().getUint8(8) === 0) break;
    }
    this.statusCall("fmi3EnterStepMode", "pointer")(this.component);
  }
}
