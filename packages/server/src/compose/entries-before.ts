import { setImmediate } from "node:timers/promises";
import type { ChangeLog, LogEntry } from "@doppelwerk/world";

/**
 * The entries with revisions below `before` that are shown, newest first, of at most `limit` looked at. An entry may be an import of megabytes: no more are
 * read than asked for, and between two of them others are answered.
 */
export async function entriesBefore(
  log: Pick<ChangeLog, "read">,
  before: number,
  limit: number,
  shown: (entry: LogEntry) => LogEntry | undefined,
): Promise<readonly LogEntry[]> {
  const entries: LogEntry[] = [];
  for await (const entry of log.read(Math.max(0, before - 1 - limit))) {
    if (entry.revision >= before) break;
    const visible = shown(entry);
    if (visible !== undefined) entries.push(visible);
    if (entry.revision === before - 1) break;
    await setImmediate();
  }
  return entries.reverse();
}
