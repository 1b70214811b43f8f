export { createOpcuaSource, type OpcuaSource, type OpcuaSourceOptions } from "./opcua-source.ts";
export { formatAddress, parseAddress, toNodeIdText, type OpcuaAddress } from "./address.ts";
export type { BackfillResult } from "./backfill.ts";
