export { startOpcuaOut, type OpcuaOut, type OpcuaOutOptions } from "./opcua-out.ts";
export { openOutReaders, type OutReader, type OutReaders } from "./readers.ts";
export { opcuaOutSettings, type OpcuaOutSettings } from "./settings.ts";
export type { AlarmActed, AlarmActWanted, OutAlarm, OutHistory, OutNode, OutValue } from "./message.ts";
