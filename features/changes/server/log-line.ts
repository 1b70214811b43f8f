import { messageOfEntry } from "@doppelwerk/world";
import type { LogEntry, RecordReader } from "@doppelwerk/world";
import type { LogLine } from "../contract.ts";
import { linesOfChange } from "./diff-line.ts";
import { isDescription, writtenWhy } from "./given-reason.ts";

/** Lines shown of one entry; an import has thousands. */
const MAX_LINES = 20;

/** An entry of the log as people read it; `reader` sees the records as the entry left them. */
export function logLine(reader: RecordReader, entry: LogEntry, nameOf: (actor: string) => string): LogLine {
  const message = messageOfEntry(entry);
  const lines = entry.changes.slice(0, MAX_LINES).flatMap((change) => linesOfChange(reader, change));
  const why = message === undefined ? undefined : writtenWhy(reader, entry);
  return {
    revision: entry.revision,
    at: entry.time,
    actor: entry.actor,
    name: nameOf(entry.actor),
    branch: entry.branch,
    reason: entry.reason,
    ...(message === undefined ? {} : { message, told: message }),
    ...(why === undefined ? {} : { why }),
    ...(message === undefined && isDescription(entry.reason, lines) ? { described: true as const } : {}),
    kind: entry.fork ? "fork" : entry.merge ? "merge" : entry.actor === "system:import" ? "import" : "edit",
    changes: entry.changes.length,
    lines,
    hash: entry.hash,
  };
}
