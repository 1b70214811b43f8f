export { s7Connector } from "./s7-source.ts";
