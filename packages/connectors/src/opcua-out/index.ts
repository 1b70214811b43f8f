export { startOpcuaOut, type OpcuaOut, type OpcuaOutOptions } from "./opcua-out.ts";
export type { OutHistory, OutNode, OutValue } from "./message.ts";
