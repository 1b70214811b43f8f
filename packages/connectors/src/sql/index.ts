export { sqlConnector } from "./sql-source.ts";
export { orderedRows, type OrderedQuery } from "./ordered-rows.ts";
