export { mtconnectConnector } from "./mtconnect-source.ts";
export { offerOfDevices, readDevices, type DataItem, type DeviceDescription } from "./devices.ts";
