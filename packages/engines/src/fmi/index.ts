export { binaryOf, readFmu, wasmPlatforms, type Fmu, type FmuBinary, type FmuContent } from "./read-fmu.ts";
export { readFmuBeside } from "./read-fmu-beside.ts";
export { readModelDescription } from "./read-model-description.ts";
export { instantiateWasm } from "./load-fmu.ts";
export { runFmu, type FmuRunOptions, type FmuRunOutcome } from "./run-fmu.ts";
