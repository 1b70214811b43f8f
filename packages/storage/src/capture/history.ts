import { join } from "node:path";
import { spanOf } from "../segments/segment-file.ts";
import { logNumberOf, wholeBytes } from "../segments/write-ahead-log.ts";
import { firstBytes } from "./change-log.ts";
import type { CapturedFile, Staging } from "./staging.ts";

/** Not finished, or found again of the rest. */
const LEFT_OUT = /\.(new|next)$|\.torn-\d+$/;

/** Segments, what no segment holds yet, and what was noted beside them. Of the newest log its whole groups. */
export function captureHistory(world: string, staging: Staging): readonly CapturedFile[] {
  const files = staging.folder(join(world, "history"), (name) =>
    LEFT_OUT.test(name) ? undefined : { grows: logNumberOf(name) !== undefined },
  );
  const newest = files.findLast(({ grows }) => grows);
  return files.map((file) => (file === newest ? { ...file, length: wholeBytes(firstBytes(file.source, file.length)) } : file));
}

/** Which files of the history would be replaced under the same name: of these the transparency log has another hash then. */
export function segmentStamps(files: readonly CapturedFile[]): ReadonlyMap<string, string> {
  return new Map(files.flatMap(({ path, stamp }) => (spanOf(path.slice(path.lastIndexOf("/") + 1)) === undefined ? [] : [[path, stamp]])));
}
