import { newQuickJSWASMModuleFromVariant, newVariant, type QuickJSSyncVariant, type QuickJSWASMModule } from "quickjs-emscripten-core";

/** QuickJS in a WebAssembly memory of its own. */
export type Machine = QuickJSWASMModule;

/** The machine of each pack in this thread: what goes wrong in it goes wrong for that pack alone. `compiled`: where the library does not find its WebAssembly by itself. */
export function machinesOf(compiled?: () => Promise<WebAssembly.Module>): (pack: string) => Promise<Machine> {
  const machines = new Map<string, Promise<Machine>>();
  return (pack) => {
    let machine = machines.get(pack);
    if (machine === undefined) {
      machine = makeMachine(compiled);
      machines.set(pack, machine);
    }
    return machine;
  };
}

async function makeMachine(compiled: (() => Promise<WebAssembly.Module>) | undefined): Promise<Machine> {
  const { default: loaded } = await import("@jitl/quickjs-wasmfile-release-sync");
  const variant = loaded as unknown as QuickJSSyncVariant;
  return newQuickJSWASMModuleFromVariant(compiled === undefined ? variant : newVariant(variant, { wasmModule: await compiled() }));
}
