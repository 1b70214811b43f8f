import { join } from "node:path";
import { crc32c } from "./crc32c.ts";
import type { FileLayer } from "./file-layer.ts";
import { namesIn } from "./log-checkpoint.ts";
import type { LogIndexPoint } from "./log-index.ts";
import { replaceFile } from "./replace-file.ts";
import { readWhole } from "./scan-log.ts";

/** A log file that was read to its end and found whole, and that nothing is written to any more. */
export interface CheckedFile {
  readonly name: string;
  /** What `FileLayer.stamp` said then: as long as it says so, the file is the one that was checked. */
  readonly stamp: string;
  readonly end: number;
  readonly firstRevision: number;
  readonly lastRevision: number;
  readonly epoch: number;
  readonly points: readonly LogIndexPoint[];
}

const NAME = "checked.json";
const VERSION = 2;

/**
 * What is known of the files that are full, so that opening reads the last one only. A cache: missing, torn or foreign, it costs one reading of
 * everything. Rot that changes neither length nor time of a file is found when its entries are read, and by `verify`.
 */
export function readChecked(layer: FileLayer, directory: string): ReadonlyMap<string, CheckedFile> {
  const files = readNotes(layer, directory);
  return new Map(Array.isArray(files) ? files.map((checked) => [checked.name, checked]) : []);
}

/** Whether the notes are there and cannot be read; those of an older release have no check and are made again. */
export function areNotesDamaged(layer: FileLayer, directory: string): boolean {
  return readNotes(layer, directory) === "damaged";
}

function readNotes(layer: FileLayer, directory: string): readonly CheckedFile[] | "none" | "damaged" {
  if (!namesIn(layer, directory).includes(NAME)) return "none";
  try {
    const { version, files, check } = JSON.parse(new TextDecoder().decode(readWhole(layer, join(directory, NAME)))) as {
      readonly version?: number;
      readonly files?: readonly CheckedFile[];
      readonly check?: number;
    };
    if (version === 1 && check === undefined) return "none";
    // A flipped bit in a cache must not make a whole log look damaged.
    return version === VERSION && check === checkOf(files) ? files! : "damaged";
  } catch {
    return "damaged";
  }
}

function checkOf(files: readonly CheckedFile[] | undefined): number {
  return crc32c(new TextEncoder().encode(JSON.stringify(files)));
}

/** A disk that refuses costs the next opening a reading, nothing else. */
export function writeChecked(layer: FileLayer, directory: string, files: Iterable<CheckedFile>): void {
  try {
    const listed = [...files];
    const content = { version: VERSION, files: listed, check: checkOf(listed) };
    replaceFile(layer, join(directory, NAME), new TextEncoder().encode(JSON.stringify(content)));
  } catch {
    // Nothing depends on it but the time of the next opening.
  }
}
