import { message } from "@doppelwerk/messages";
import { DoppelwerkError, upcastEntry, type ChangeLog, type LogEntry } from "@doppelwerk/world";

/** The log in memory: nothing survives the process. Entries are kept as text, so a reader can never alter what was logged. */
export function createMemoryChangeLog(): ChangeLog {
  const lines: string[] = [];
  let newestEpoch = 0;
  return {
    lastRevision: async () => lines.length,
    async append(entries, { expectedRevision, leaseEpoch }) {
      if (leaseEpoch < newestEpoch)
        throw new DoppelwerkError("DW_FENCED", message("storage.anotherProcessOwnsWorldSinceLease", { epoch: newestEpoch }));
      if (expectedRevision !== lines.length)
        throw new DoppelwerkError("DW_CONFLICT", message("storage.logRevision", { lastRevision: lines.length, expectedRevision }));
      checkConsecutive(entries, expectedRevision);
      newestEpoch = leaseEpoch;
      lines.push(...entries.map((entry) => JSON.stringify(entry)));
    },
    async *read(after) {
      for (let i = Math.max(0, after); i < lines.length; i++) yield upcastEntry(JSON.parse(lines[i]!));
    },
    async close() {},
  };
}

/** A gap in revisions is a bug of the writer, never stored. */
export function checkConsecutive(entries: readonly LogEntry[], expectedRevision: number): void {
  entries.forEach((entry, i) => {
    if (entry.revision !== expectedRevision + 1 + i) throw new Error(`revision ${entry.revision} does not follow ${expectedRevision + i}`);
  });
}
