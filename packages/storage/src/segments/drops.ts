import { join } from "node:path";
import type { FileLayer } from "../files/file-layer.ts";
import { readAll, writeAll } from "./segment-file.ts";

/** Rows of a series that are no more: those with time < `before` in segments whose span ends at or before `upTo`. */
export interface Drop {
  readonly before: number;
  readonly upTo: number;
}

export type Drops = ReadonlyMap<number, Drop>;

const FILE = "dropped.json";

/** A list that cannot be read is an empty one: what is still on disk of the dropped rows shows again, and the next thinning drops it again. */
export function readDrops(layer: FileLayer, directory: string): Drops {
  if (!layer.list(directory).includes(FILE)) return new Map();
  const path = join(directory, FILE);
  const file = layer.open(path, "read");
  try {
    const bytes = new Uint8Array(file.size());
    readAll(file, bytes, 0, path);
    const { drops } = JSON.parse(new TextDecoder().decode(bytes)) as { readonly drops: readonly (readonly [number, number, number])[] };
    return new Map(drops.map(([series, before, upTo]) => [series, { before, upTo }]));
  } catch {
    return new Map();
  } finally {
    file.close();
  }
}

/** Replaces the list at once. */
export function writeDrops(layer: FileLayer, directory: string, drops: Drops): void {
  const path = join(directory, FILE);
  if (layer.list(directory).includes(`${FILE}.new`)) layer.remove(`${path}.new`);
  const file = layer.open(`${path}.new`, "create");
  try {
    const rows = [...drops].map(([series, { before, upTo }]) => [series, before, upTo]);
    writeAll(file, new TextEncoder().encode(JSON.stringify({ drops: rows })), 0);
    file.fsync();
  } finally {
    file.close();
  }
  layer.rename(`${path}.new`, path);
  layer.fsyncDirectory(directory);
}

/** Rows before it are no more in a segment of this span; -Infinity: all are there. */
export function droppedBefore(drops: Drops, series: number, span: { readonly to: number }): number {
  const drop = drops.get(series);
  return drop !== undefined && span.to <= drop.upTo ? drop.before : Number.NEGATIVE_INFINITY;
}
