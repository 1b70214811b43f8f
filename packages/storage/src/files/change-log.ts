import { entryLine, type ChangeLog, type LogEntry } from "@doppelwerk/world";
import { checkConsecutive } from "../memory/change-log.ts";
import type { FileLayer } from "./file-layer.ts";
import type { KnownHead } from "./log-head.ts";
import type { LogIndex } from "./log-index.ts";
import { LogWriter, type Group, type LogWriterOptions, type TornTail } from "./log-writer.ts";
import { nodeFileLayer } from "./node-file-layer.ts";
import { readEntries } from "./read-entries.ts";
import { startWriterThread } from "./writer-thread-client.ts";

export interface FileChangeLogOptions {
  readonly directory: string;
  /** A layer to write through in this thread, for tests; without it a thread of its own writes to the machine's files. */
  readonly layer?: FileLayer;
  /** Default 64 MiB. */
  readonly rotateBytes?: number;
  /** What others remember of this log, such as the record cache. */
  readonly known?: readonly KnownHead[];
  /** Its writer shares a thread with those of other worlds. */
  readonly sharesThread?: boolean;
}

export interface FileChangeLog extends ChangeLog {
  /** Present when opening cut off a write that a power loss had torn; worth a line in the server's log. */
  readonly tornTail: TornTail | undefined;
  /** Present when the checkpoint could not be read; it was written again. */
  readonly checkpointDamage: string | undefined;
}

/**
 * The change log as append-only files. Errors: DW_DAMAGED names file and offset, or what is missing of what was written, and leaves everything
 * untouched; DW_UNAVAILABLE when the disk refuses, and then the refused entries are gone for good; DW_FENCED, DW_CONFLICT as the port says.
 */
export async function openFileChangeLog({
  directory,
  layer,
  rotateBytes = 64 * 2 ** 20,
  known,
  sharesThread,
}: FileChangeLogOptions): Promise<FileChangeLog> {
  const options = { directory, rotateBytes, known };
  const writer = layer === undefined ? await startWriterThread(options, sharesThread) : writerHere({ ...options, layer });
  const { index } = writer;
  return {
    tornTail: writer.tornTail,
    checkpointDamage: writer.checkpointDamage,
    lastRevision: () => writer.lastRevision(),
    async append(entries, options) {
      if (entries.length === 0) return;
      checkConsecutive(entries, options.expectedRevision);
      const { hash } = entries.at(-1)!;
      await writer.append({ lines: entries.map(entryLine).join("\n"), count: entries.length, hash, ...options });
    },
    read: (after): AsyncIterable<LogEntry> => readEntries(layer ?? nodeFileLayer, directory, index, after),
    close: () => writer.close(),
  };
}

/** The writer as the log sees it, here or in its thread. `index` grows with every acknowledged group. */
export interface WriterClient {
  readonly index: LogIndex;
  readonly tornTail: TornTail | undefined;
  readonly checkpointDamage: string | undefined;
  lastRevision(): Promise<number>;
  append(group: Group): Promise<void>;
  close(): Promise<void>;
}

function writerHere(options: LogWriterOptions): WriterClient {
  const writer = new LogWriter(options);
  return {
    index: writer.index,
    tornTail: writer.tornTail,
    checkpointDamage: writer.checkpointDamage,
    lastRevision: async () => writer.lastRevision,
    async append(group) {
      writer.append(group);
      writer.checkpoint();
    },
    close: async () => writer.close(),
  };
}
