import { upcastEntry, type LogEntry } from "@doppelwerk/world";
import type { FileLayer } from "./file-layer.ts";
import type { LogIndex } from "./log-index.ts";
import { readLines, textOfLine } from "./log-lines.ts";

/** The entries after a revision, read up to what is known to be on disk. Errors: DW_DAMAGED (file and offset), DW_FORMAT_NEWER. */
export async function* readEntries(layer: FileLayer, directory: string, index: LogIndex, after: number): AsyncGenerator<LogEntry> {
  for (const { line } of readLines(layer, directory, index, after)) yield upcastEntry(JSON.parse(textOfLine(line)));
}
