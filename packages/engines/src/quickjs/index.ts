export { machineOf, type Machine } from "./machine.ts";
export { Sandbox, SandboxStopped, type SandboxOptions } from "./sandbox.ts";
export { sourceOfFile } from "./source-of-file.ts";
