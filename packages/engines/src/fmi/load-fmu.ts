import { isMessage, message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { ModelInstance } from "@doppelwerk/sim/models";
import { Fmi2Instance } from "./fmi2-instance.ts";
import { Fmi3Instance } from "./fmi3-instance.ts";
import type { FmiLibrary } from "./library.ts";
import { binaryOf, type Fmu } from "./read-fmu.ts";
import { WasmLibrary } from "./wasm-library.ts";

/** A new instance of a model that carries WebAssembly, in this process. Throws DW_INVALID where the model has none, or does not load. */
export function instantiateWasm(fmu: Fmu): ModelInstance {
  const binary = binaryOf(fmu);
  if (isMessage(binary)) throw new DoppelwerkError("DW_INVALID", message("engines.modelCannotRun", { name: fmu.description.name, binary }));
  if (binary.kind !== "wasm") throw new DoppelwerkError("DW_INVALID", message("engines.modelNativeCode", { name: fmu.description.name }));
  return instanceOf(fmu, new WasmLibrary(binary.bytes, fmu.description.standard === "FMI 2.0" ? 2 : 3, resourcesOf(fmu)));
}

export function instanceOf({ description }: Pick<Fmu, "description">, library: FmiLibrary): ModelInstance {
  return description.standard === "FMI 2.0" ? new Fmi2Instance(description, library) : new Fmi3Instance(description, library);
}

/** Before a run whose state is to be kept: hours of computing are not spent on what cannot be saved in the end. */
export function mustSave({ stateFault }: ModelInstance): void {
  if (stateFault !== undefined) throw new DoppelwerkError("DW_INVALID", message("engines.stateModelCannotSaved", { stateFault }));
}

function resourcesOf({ files }: Fmu): ReadonlyMap<string, Uint8Array> {
  const folder = "/resources";
  return new Map(
    [...files].flatMap(([name, bytes]) => (name.startsWith(`${folder}/`) ? [[name.slice(folder.length), bytes] as const] : [])),
  );
}
