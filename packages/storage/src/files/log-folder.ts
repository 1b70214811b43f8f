import { basename, join } from "node:path";
import { DoppelwerkError, type LogEntry } from "@doppelwerk/world";
import { areNotesDamaged } from "./checked-files.ts";
import type { FileLayer } from "./file-layer.ts";
import { HEADER_BYTES, headerAt } from "./frame.ts";
import { namesIn, readCheckpoint, type LogHead } from "./log-checkpoint.ts";
import { hashAt, headProblem, type KnownHead } from "./log-head.ts";
import { LogIndex } from "./log-index.ts";
import { readLines, type LogLine } from "./log-lines.ts";
import { nodeFileLayer } from "./node-file-layer.ts";
import { readEntries } from "./read-entries.ts";
import { FILE_MAGIC, isLogFile, readWhole, scanLogFile } from "./scan-log.ts";

/** Bytes after the last whole entry of a log. */
export interface LogTailBytes {
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
  /** The file ends before they do: a write that was cut short. Otherwise all bytes are there and the checksum is wrong. */
  readonly isShort: boolean;
}

/** A change log that nobody writes to, read to its end without touching it. */
export interface LogFolder {
  readonly lastRevision: number;
  /** Where reading stopped before the end. */
  readonly damage: DoppelwerkError | undefined;
  readonly tail: LogTailBytes | undefined;
  readonly files: readonly string[];
  /** Names in the folder that are no part of the log: tails that were kept aside, what others put there. */
  readonly others: readonly string[];
  /** What the checkpoint beside the folder knows; `damage`: it cannot be read. */
  readonly checkpoint: { readonly head: LogHead | undefined; readonly damage?: string };
  /** The notes of files that were found whole before cannot be read: they are made again. */
  readonly areNotesDamaged: boolean;
  /** Errors: DW_DAMAGED. */
  head(): LogHead | undefined;
  /** What is wrong with the log in the light of a head that it had. Errors: DW_DAMAGED. */
  problemWith(known: KnownHead): string | undefined;
  read(after: number): AsyncIterable<LogEntry>;
  /** The entries as they are written, not parsed. Errors: DW_DAMAGED. */
  lines(after: number): Iterable<LogLine>;
}

/** Reads every file of a log, trusting no notes of earlier readings; changes nothing. Errors: DW_FORMAT_NEWER, DW_UNAVAILABLE. */
export function readLogFolder(directory: string, layer: FileLayer = nodeFileLayer): LogFolder {
  const names = namesIn(layer, directory);
  const files = names.filter(isLogFile);
  const index = new LogIndex();
  let damage: DoppelwerkError | undefined;
  let tail: LogTailBytes | undefined;
  try {
    for (const name of files) {
      const { end, size } = scanLogFile(layer, directory, name, index, name === files.at(-1));
      if (end < size) tail = tailOf(layer, directory, name, end);
    }
  } catch (error) {
    if (!(error instanceof DoppelwerkError) || error.code !== "DW_DAMAGED") throw error;
    damage = error;
  }
  const { lastRevision } = index;
  return {
    lastRevision,
    damage,
    tail,
    files,
    others: names.filter((name) => !isLogFile(name) && name !== "checked.json"),
    checkpoint: readCheckpoint(layer, directory),
    areNotesDamaged: areNotesDamaged(layer, directory),
    head() {
      const hash = lastRevision === 0 ? undefined : hashAt(layer, directory, index, lastRevision);
      return hash === undefined ? undefined : { revision: lastRevision, hash };
    },
    problemWith: (known) => headProblem(layer, directory, index, known),
    read: (after) => readEntries(layer, directory, index, after),
    lines: (after) => readLines(layer, directory, index, after),
  };
}

function tailOf(layer: FileLayer, directory: string, name: string, offset: number): LogTailBytes {
  const bytes = readWhole(layer, join(directory, name));
  const header = headerAt(bytes, offset);
  const rest = bytes.length - offset;
  const isShort =
    bytes.length < FILE_MAGIC.length ||
    rest < HEADER_BYTES ||
    (header !== undefined && offset + HEADER_BYTES + header.length > bytes.length);
  return { file: join(basename(directory), name), offset, bytes: rest, isShort };
}
