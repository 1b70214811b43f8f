export { createOpcuaSource, type OpcuaSource, type OpcuaSourceOptions } from "./opcua-source.ts";
export { formatAddress, parseAddress, toNodeIdText, type OpcuaAddress } from "./address.ts";
export type { BackfillResult } from "./backfill.ts";
export { browseServer, type BrowseOptions } from "./browse.ts";
export type { BrowseResult, SignalDraft } from "@doppelwerk/world";
export { opcuaConnector } from "./opcua-connector.ts";
