import { message as messageOf } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import {
  isNumeric,
  type ModelDescription,
  type ModelInstance,
  type ModelValue,
  type ModelVariable,
  type StepOutcome,
} from "@doppelwerk/sim/models";
import { layoutOf, type Argument, type Block, type CType, type FmiLibrary, type Pointer } from "./library.ts";

const STATUS = ["OK", "warning", "discard", "error", "fatal", "pending"] as const;
const MAX_LOGGED = 100;

/** What FMI 2.0 and 3.0 have in common: access to variables by type, status, log, state. The order of calls is theirs. */
export abstract class FmuInstance implements ModelInstance {
  readonly description: ModelDescription;
  protected readonly library: FmiLibrary;
  protected readonly standard: 2 | 3;
  protected component: Pointer = 0;
  protected readonly outcome: StepOutcome = { timeS: 0, event: false, terminate: false };
  #log: string[] = [];
  #isClosed = false;
  readonly #accessors = new Map<string, (...given: Argument[]) => Argument>();

  protected constructor(description: ModelDescription, library: FmiLibrary) {
    this.description = description;
    this.library = library;
    this.standard = description.standard === "FMI 2.0" ? 2 : 3;
  }

  abstract initialise(startS: number, tolerance?: number): void;
  abstract step(timeS: number, stepS: number): StepOutcome;
  protected abstract beforeWrite(variables: readonly ModelVariable[]): void;
  protected abstract afterWrite(variables: readonly ModelVariable[]): void;
  protected abstract free(): void;

  set(variable: ModelVariable, values: readonly ModelValue[]): void {
    if (values.length !== variable.size)
      throw new DoppelwerkError(
        "DW_INVALID",
        messageOf("engines.takesValues", { name: JSON.stringify(variable.name), count: variable.size, count2: values.length }),
      );
    this.beforeWrite([variable]);
    if (variable.type === "String") this.#setTexts(variable, values);
    else if (variable.type === "Binary") this.#setBinaries(variable, values);
    else if (variable.type === "Clock") throw new DoppelwerkError("DW_INVALID", messageOf("engines.clocksNotSet", { name: variable.name }));
    else {
      const group = this.#group([variable], "Set");
      const view = group.values.view();
      for (const [index, value] of values.entries())
        group.layout.write(view, index * group.layout.bytes, typeof value === "bigint" ? value : Number(value));
      group.call();
    }
    this.afterWrite([variable]);
  }

  get(variable: ModelVariable): readonly ModelValue[] {
    if (variable.type === "String") return this.#getTexts(variable);
    if (variable.type === "Binary") return this.#getBinaries(variable);
    if (variable.type === "Clock") throw new DoppelwerkError("DW_INVALID", messageOf("engines.clocksNoValue", { name: variable.name }));
    const group = this.#group([variable], "Get");
    group.call();
    const view = group.values.view();
    return Array.from({ length: variable.size }, (_, index) => {
      const value = group.layout.read(view, index * group.layout.bytes);
      if (variable.type === "Boolean") return value !== 0;
      return variable.type === "Enumeration" ? Number(value) : value;
    });
  }

  writer(variables: readonly ModelVariable[]): (values: Float64Array) => void {
    const groups = this.#groups(variables, "Set");
    return (values) => {
      this.beforeWrite(variables);
      for (const {
        layout: { write, bytes },
        values: block,
        places,
        call,
      } of groups) {
        const view = block.view();
        for (let index = 0; index < places.length; index++) write(view, index * bytes, values[places[index]!]!);
        call();
      }
      this.afterWrite(variables);
    };
  }

  reader(variables: readonly ModelVariable[]): (into: Float64Array) => void {
    const groups = this.#groups(variables, "Get");
    const [only] = groups;
    // One group of doubles in order is what most models have, and what a step a microsecond needs.
    if (groups.length === 1 && only!.isPlain) {
      const { values: block, call, places } = only!;
      const count = places.length;
      return (into) => {
        call();
        const view = block.view();
        for (let index = 0; index < count; index++) into[index] = view.getFloat64(index * 8, true);
      };
    }
    return (into) => {
      for (const {
        layout: { read, bytes },
        values: block,
        places,
        call,
      } of groups) {
        call();
        const view = block.view();
        for (let index = 0; index < places.length; index++) into[places[index]!] = Number(read(view, index * bytes));
      }
    };
  }

  get stateFault(): string | undefined {
    const { stateSaved, stateSerialised } = this.description.capabilities;
    if (this.library.memoryFault === undefined || (stateSaved && stateSerialised)) return undefined;
    const flag = stateSaved ? "canSerializeFMUState" : "canGetAndSetFMUState";
    return `it does not offer ${flag}, and ${this.library.memoryFault}`;
  }

  saveState(): Uint8Array {
    if (this.library.memoryFault === undefined) {
      const memory = this.library.saveMemory();
      const state = new Uint8Array(8 + memory.length);
      new DataView(state.buffer).setBigUint64(0, BigInt(this.component), true);
      state.set(memory, 8);
      return state;
    }
    this.#mustSaveState();
    const [P, S] = ["pointer", "size"] as const;
    const [holder, size] = [this.library.block(8), this.library.block(8)];
    this.#stateCall("Get", this.component, holder.pointer, [P, P]);
    const state = this.library.readPointer(holder, 0);
    const sizeName = this.standard === 2 ? "fmi2SerializedFMUstateSize" : "fmi3SerializedFMUStateSize";
    this.check(this.library.call(sizeName, "i32", P, P, P)(this.component, state, size.pointer), sizeName);
    const length = Number(this.library.readPointer(size, 0));
    const bytes = this.library.block(length);
    const serialise = this.standard === 2 ? "fmi2SerializeFMUstate" : "fmi3SerializeFMUState";
    this.check(this.library.call(serialise, "i32", P, P, P, S)(this.component, state, bytes.pointer, this.library.size(length)), serialise);
    this.#stateCall("Free", this.component, holder.pointer, [P, P]);
    const view = bytes.view();
    return new Uint8Array(view.buffer, view.byteOffset, length).slice();
  }

  loadState(saved: Uint8Array): void {
    if (this.library.memoryFault === undefined) {
      if (saved.length < 8) throw new DoppelwerkError("DW_INVALID", messageOf("engines.savedStateNotModel"));
      this.library.loadMemory(saved.subarray(8));
      this.component = new DataView(saved.buffer, saved.byteOffset, 8).getUint32(0, true);
      return;
    }
    this.#mustSaveState();
    const [P, S] = ["pointer", "size"] as const;
    const [holder, bytes] = [this.library.block(8), this.library.block(saved.length)];
    const view = bytes.view();
    new Uint8Array(view.buffer, view.byteOffset, saved.length).set(saved);
    const deserialise = this.standard === 2 ? "fmi2DeSerializeFMUstate" : "fmi3DeserializeFMUState";
    const length = this.library.size(saved.length);
    this.check(this.library.call(deserialise, "i32", P, P, S, P)(this.component, bytes.pointer, length, holder.pointer), deserialise);
    this.#stateCall("Set", this.component, this.library.readPointer(holder, 0), [P, P]);
    this.#stateCall("Free", this.component, holder.pointer, [P, P]);
  }

  takeLog(): readonly string[] {
    const taken = this.#log;
    this.#log = [];
    return taken;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      if (this.component !== 0) this.free();
    } finally {
      this.library.close();
    }
  }

  protected log(status: number, message: string): void {
    if (this.#log.length < MAX_LOGGED) this.#log.push(`${STATUS[status] ?? status}: ${message.trim().slice(0, 500)}`);
  }

  /** A status above warning ends the run with what the model said last. */
  protected check(status: Argument, name: string): void {
    if (status === 0 || status === 1) return;
    const said = this.#log.at(-1);
    throw new DoppelwerkError(
      "DW_INVALID",
      messageOf("engines.modelRefused", {
        name,
        status: STATUS[Number(status)] ?? String(status),
        said: said === undefined ? "" : ` (${said})`,
      }),
    );
  }

  /** A function of FMI that answers a status, checked. */
  protected statusCall(name: string, ...parameters: CType[]): (...given: Argument[]) => void {
    const call = this.library.call(name, "i32", ...parameters);
    return (...given) => {
      const status = call(...given);
      if (status !== 0) this.check(status, name);
    };
  }

  #stateCall(what: "Get" | "Set" | "Free", component: Pointer, argument: Pointer, parameters: CType[]): void {
    const name = this.standard === 2 ? `fmi2${what}FMUstate` : `fmi3${what}FMUState`;
    this.check(this.library.call(name, "i32", ...parameters)(component, argument), name);
  }

  #mustSaveState(): void {
    if (this.stateFault !== undefined)
      throw new DoppelwerkError("DW_INVALID", messageOf("engines.stateModelCannotSaved", { stateFault: this.stateFault }));
  }

  #groups(variables: readonly ModelVariable[], what: "Get" | "Set") {
    let place = 0;
    const placed = variables.map((variable) => ({ variable, place: (place += variable.size) - variable.size }));
    const byAccessor = Map.groupBy(placed, ({ variable }) => {
      if (!isNumeric(variable))
        throw new DoppelwerkError("DW_INVALID", messageOf("engines.holdsNoNumber", { name: JSON.stringify(variable.name) }));
      return layoutOf(this.standard, variable.type).accessor;
    });
    return [...byAccessor.values()].map((members) => {
      const group = this.#group(
        members.map(({ variable }) => variable),
        what,
      );
      const places = members.flatMap(({ variable, place: first }) => Array.from({ length: variable.size }, (_, i) => first + i));
      return {
        ...group,
        places,
        isPlain: group.layout.accessor === (this.standard === 2 ? "Real" : "Float64") && places.every((p, i) => p === i),
      };
    });
  }

  /** Variables of one type with memory for their references and values, and the call that moves the values. */
  #group(variables: readonly ModelVariable[], what: "Get" | "Set") {
    const layout = layoutOf(this.standard, variables[0]!.type);
    const count = variables.reduce((sum, { size }) => sum + size, 0);
    const references = this.#references(variables);
    const values = this.library.block(count * layout.bytes);
    const name = `fmi${this.standard}${what}${layout.accessor}`;
    const access = this.#accessor(name);
    const { library } = this;
    const [number, total] = [library.size(variables.length), library.size(count)];
    // Component and places are read again each time: a state that was loaded has moved them.
    const call =
      this.standard === 2
        ? () => {
            const status = access(this.component, references.pointer, number, values.pointer);
            if (status !== 0) this.check(status, name);
          }
        : () => {
            const status = access(this.component, references.pointer, number, values.pointer, total);
            if (status !== 0) this.check(status, name);
          };
    return { layout, values, call };
  }

  #accessor(name: string): (...given: Argument[]) => Argument {
    const known = this.#accessors.get(name);
    if (known !== undefined) return known;
    const parameters: CType[] =
      this.standard === 2
        ? ["pointer", "pointer", "size", "pointer"]
        : name.endsWith("Binary")
          ? ["pointer", "pointer", "size", "pointer", "pointer", "size"]
          : ["pointer", "pointer", "size", "pointer", "size"];
    const made = this.library.call(name, "i32", ...parameters);
    this.#accessors.set(name, made);
    return made;
  }

  #references(variables: readonly ModelVariable[]): Block {
    const block = this.library.block(variables.length * 4);
    for (const [index, { reference }] of variables.entries()) block.view().setUint32(index * 4, reference, true);
    return block;
  }

  #pointers(pointers: readonly Pointer[]): Block {
    const { addressBytes } = this.library;
    const block = this.library.block(pointers.length * addressBytes);
    for (const [index, pointer] of pointers.entries())
      if (addressBytes === 4) block.view().setUint32(index * 4, Number(pointer), true);
      else block.view().setBigUint64(index * 8, BigInt(pointer), true);
    return block;
  }

  #setTexts(variable: ModelVariable, values: readonly ModelValue[]): void {
    const block = this.#pointers(values.map((value) => this.library.text(String(value))));
    const name = `fmi${this.standard}SetString`;
    const given = [this.component, this.#references([variable]).pointer, this.library.size(1), block.pointer];
    this.check(this.#accessor(name)(...given, ...(this.standard === 3 ? [this.library.size(values.length)] : [])), name);
  }

  #getTexts(variable: ModelVariable): readonly string[] {
    const block = this.#pointers(Array.from({ length: variable.size }, () => this.library.nullPointer));
    const name = `fmi${this.standard}GetString`;
    const given = [this.component, this.#references([variable]).pointer, this.library.size(1), block.pointer];
    this.check(this.#accessor(name)(...given, ...(this.standard === 3 ? [this.library.size(variable.size)] : [])), name);
    return Array.from({ length: variable.size }, (_, index) => this.library.textAt(this.library.readPointer(block, index)));
  }

  #setBinaries(variable: ModelVariable, values: readonly ModelValue[]): void {
    const { library } = this;
    const blobs = values.map((value) => {
      const bytes = value instanceof Uint8Array ? value : new TextEncoder().encode(String(value));
      const block = library.block(bytes.length);
      const view = block.view();
      new Uint8Array(view.buffer, view.byteOffset, bytes.length).set(bytes);
      return { block, length: bytes.length };
    });
    const sizes = this.#pointers(blobs.map(({ length }) => length));
    const pointers = this.#pointers(blobs.map(({ block }) => block.pointer));
    const count = library.size(values.length);
    const references = this.#references([variable]);
    const name = "fmi3SetBinary";
    this.check(this.#accessor(name)(this.component, references.pointer, library.size(1), sizes.pointer, pointers.pointer, count), name);
  }

  #getBinaries(variable: ModelVariable): readonly Uint8Array[] {
    const { library } = this;
    const empty = Array.from({ length: variable.size }, () => library.nullPointer);
    const [sizes, pointers] = [this.#pointers(empty), this.#pointers(empty)];
    const count = library.size(variable.size);
    const references = this.#references([variable]);
    const name = "fmi3GetBinary";
    this.check(this.#accessor(name)(this.component, references.pointer, library.size(1), sizes.pointer, pointers.pointer, count), name);
    return empty.map((_, index) =>
      library.bytesAt(library.readPointer(pointers, index), Math.min(Number(library.readPointer(sizes, index)), 1 << 20)),
    );
  }
}
