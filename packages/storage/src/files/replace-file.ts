import { basename, dirname } from "node:path";
import type { FileLayer, OpenFile } from "./file-layer.ts";

/** Writes a file beside and renames it, so that it is there whole or not. Errors: as the layer throws them. */
export function replaceFile(layer: FileLayer, path: string, bytes: Uint8Array): void {
  const next = `${path}.next`;
  if (layer.list(dirname(path)).includes(basename(next))) layer.remove(next);
  const file = layer.open(next, "create");
  try {
    writeAll(file, bytes, 0);
    file.fsync();
  } finally {
    file.close();
  }
  layer.rename(next, path);
}

export function writeAll(file: OpenFile, bytes: Uint8Array, position: number): void {
  for (let written = 0; written < bytes.length;) {
    const step = file.write(bytes.subarray(written), position + written);
    if (step <= 0) throw new Error("nothing was written");
    written += step;
  }
}
