import { join } from "node:path";
import { upcastEntry, type LogEntry } from "@doppelwerk/world";
import type { FileLayer } from "./file-layer.ts";
import { framesOf, unpacked } from "./log-frames.ts";
import type { LogIndex } from "./log-index.ts";

/** The entries after a revision, read up to what is known to be on disk. Errors: DW_DAMAGED (file and offset), DW_FORMAT_NEWER. */
export async function* readEntries(layer: FileLayer, directory: string, index: LogIndex, after: number): AsyncGenerator<LogEntry> {
  for (const { name, start, end } of Array.from(index.stretchesAfter(after))) {
    const path = join(directory, name);
    const file = layer.open(path, "read");
    try {
      for (const { payload, at, header } of framesOf(file, path, start, end)) {
        const { count, firstRevision } = header;
        if (firstRevision + count - 1 <= after) continue;
        const lines = unpacked(payload, header, path, at);
        for (let i = 0; i < lines.length; i++) if (firstRevision + i > after) yield upcastEntry(JSON.parse(lines[i]!));
      }
    } finally {
      file.close();
    }
  }
}
