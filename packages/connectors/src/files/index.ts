export { csvConnector } from "./csv-source.ts";
export { replayConnector } from "./replay-connector.ts";
export { delimiterOf, parseCsv } from "./csv.ts";
export { formatOfFile, textOf } from "./file-text.ts";
