export { mtconnectConnector } from "./mtconnect-source.ts";
export { readDevices, type DataItem, type DeviceDescription } from "./devices.ts";
