export { shdrConnector } from "./shdr-source.ts";
export { LineSplitter, parseShdrLine, type ShdrLine } from "./shdr-line.ts";
