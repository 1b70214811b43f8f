export { sqlConnector } from "./sql-source.ts";
