export { csvConnector } from "./csv-source.ts";
export { replayConnector } from "./replay-connector.ts";
export { delimiterOf, parseCsv } from "./csv.ts";
export { formatOfFile, textOf, unpackedFile } from "./file-text.ts";
