export { modbusConnector } from "./modbus-source.ts";
