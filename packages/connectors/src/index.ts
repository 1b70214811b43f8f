// Light on purpose: importing this loads no protocol library. They live in the process that `startConnectorHost` starts.
export * from "./host/index.ts";
export type { ConnectionTarget } from "./host/connector.ts";
export type { BrowseResult, FoundCondition, FoundMethod, FoundObject, MethodArgument, PresentValue, SignalDraft } from "@doppelwerk/world";
export * from "./interfaces/index.ts";
export * from "./protocols/index.ts";
export * from "./secrets/index.ts";
export * from "./trust/index.ts";
export { createWallClock } from "./samples/wall-clock.ts";
