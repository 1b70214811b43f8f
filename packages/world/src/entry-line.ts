import type { LogEntry } from "./change.ts";

const lines = new WeakMap<LogEntry, string>();

/** The entry as one line of JSON, as a log stores it. */
export function entryLine(entry: LogEntry): string {
  return lines.get(entry) ?? JSON.stringify(entry);
}

/** Keeps the canonical text that was sealed, so that a log need not write the entry anew. `entry` is never altered afterwards. */
export function rememberLine(entry: LogEntry, sealedText: string): void {
  lines.set(entry, `${sealedText.slice(0, -1)},"hash":${JSON.stringify(entry.hash)}}`);
}
