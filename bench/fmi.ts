import { readFileSync } from "node:fs";
import { instantiateWasm, readFmu, type Fmu } from "@doppelwerk/engines/fmi";
import { runModel } from "@doppelwerk/sim/models";
import { type Report, reportMedian } from "./report.ts";

const STEPS = 400_000;
const ROUNDS = 9;

/**
 * Step and get of a WebAssembly model (van der Pol, FMI 3.0, one step of its solver a communication step, one output): through the port of `sim`, checked
 * and with its events looked at; through a whole recorded run with the event kernel as master; and as the baseline the bare functions of the same module in
 * a loop that looks at nothing. Bar: 3 M steps with get a second.
 */
export async function bench(report: Report): Promise<void> {
  const file = new URL("../packages/engines/src/fmi/fixtures/fmu/VanDerPol.3.fmu", import.meta.url);
  const fmu = readFmu(new Uint8Array(readFileSync(file))).fmu!;
  const port: Taken[] = [];
  const run: Taken[] = [];
  const bare: Taken[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    port.push(taken(() => stepPort(fmu)));
    bare.push(taken(await bareLoop(fmu)));
    run.push(taken(() => runModel(instantiateWasm(fmu), { stepS: 0.01, durationS: STEPS / 100, outputs: ["x0"] })));
  }
  // On a shared machine the clock tells of the others; the processor tells of us.
  for (const [name, values] of [
    ["step and get through the port", port],
    ["step and get, bare WebAssembly", bare],
    ["recorded run, event kernel as master", run],
  ] as const) {
    reportMedian(
      report,
      "fmi",
      name,
      "steps/cpu-s",
      values.map(({ processorS }) => STEPS / processorS),
    );
    reportMedian(
      report,
      "fmi",
      `${name}, by the clock`,
      "steps/s",
      values.map(({ clockS }) => STEPS / clockS),
    );
  }
  const ratios = port.map(({ processorS }, round) => bare[round]!.processorS / processorS);
  reportMedian(report, "fmi", "port ÷ bare", "ratio", ratios);
}

interface Taken {
  readonly processorS: number;
  readonly clockS: number;
}

function taken(work: () => unknown): Taken {
  const [clock, processor] = [performance.now(), process.cpuUsage()];
  work();
  const { user, system } = process.cpuUsage(processor);
  return { processorS: (user + system) / 1e6, clockS: (performance.now() - clock) / 1e3 };
}

function stepPort(fmu: Fmu): number {
  const instance = instantiateWasm(fmu);
  instance.initialise(0);
  const read = instance.reader([instance.description.variables[1]!]);
  const into = new Float64Array(1);
  for (let step = 0; step < STEPS; step++) {
    instance.step(step / 100, 0.01);
    read(into);
  }
  instance.close();
  return into[0]!;
}

/** The same model by its exported functions: what a loop could reach that asks for nothing but speed. */
async function bareLoop(fmu: Fmu): Promise<() => number> {
  const bytes = fmu.files.get("/binaries/wasm32-wasip1/VanDerPol.wasm")!;
  const module = new WebAssembly.Module(bytes.slice());
  const stubs = Object.fromEntries(WebAssembly.Module.imports(module).map(({ name }) => [name, () => 0]));
  const { exports } = new WebAssembly.Instance(module, { wasi_snapshot_preview1: stubs });
  const call = (name: string) => exports[name] as unknown as (...given: number[]) => number;
  call("_initialize")();
  const { buffer } = exports["memory"] as WebAssembly.Memory;
  const place = call("malloc")(256);
  new Uint8Array(buffer).set(new TextEncoder().encode(`doppelwerk-van-der-pol\0`), place);
  const model = call("fmi3InstantiateCoSimulation")(place, place, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  call("fmi3EnterInitializationMode")(model, 0, 0, 0, 0, 0);
  call("fmi3ExitInitializationMode")(model);
  new DataView(buffer).setUint32(place, 1, true);
  const [step, get] = [call("fmi3DoStep"), call("fmi3GetFloat64")];
  const value = new Float64Array(buffer, place + 16, 1);
  return () => {
    for (let at = 0; at < STEPS; at++) {
      step(model, at / 100, 0.01, 1, place + 32, place + 33, place + 34, place + 40);
      get(model, place, 1, place + 16, 1);
    }
    return value[0]!;
  };
}
