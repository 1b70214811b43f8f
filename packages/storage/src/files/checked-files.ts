import { join } from "node:path";
import type { FileLayer } from "./file-layer.ts";
import type { LogIndexPoint } from "./log-index.ts";
import { replaceFile } from "./replace-file.ts";

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
const VERSION = 1;

/**
 * What is known of the files that are full, so that opening reads the last one only. A cache: missing, torn or foreign, it costs one reading of
 * everything. Rot that changes neither length nor time of a file is found when its entries are read, and by `verify`.
 */
export function readChecked(layer: FileLayer, directory: string): ReadonlyMap<string, CheckedFile> {
  try {
    const file = layer.open(join(directory, NAME), "read");
    try {
      const bytes = new Uint8Array(file.size());
      const read = file.read(bytes, 0);
      const { version, files } = JSON.parse(new TextDecoder().decode(bytes.subarray(0, read))) as {
        version?: number;
        files?: readonly CheckedFile[];
      };
      return new Map(version === VERSION ? files!.map((checked) => [checked.name, checked]) : []);
    } finally {
      file.close();
    }
  } catch {
    return new Map();
  }
}

/** A disk that refuses costs the next opening a reading, nothing else. */
export function writeChecked(layer: FileLayer, directory: string, files: Iterable<CheckedFile>): void {
  try {
    replaceFile(layer, join(directory, NAME), new TextEncoder().encode(JSON.stringify({ version: VERSION, files: [...files] })));
  } catch {
    // Nothing depends on it but the time of the next opening.
  }
}
