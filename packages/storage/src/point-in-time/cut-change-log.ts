import { join } from "node:path";
import { GENESIS_HASH, type Instant } from "@doppelwerk/world";
import { encodeFrame, HEADER_BYTES } from "../files/frame.ts";
import { checkpointPath, writeCheckpoint, type LogHead } from "../files/log-checkpoint.ts";
import { readLogFolder } from "../files/log-folder.ts";
import { framesOf, unpacked } from "../files/log-frames.ts";
import { nodeFileLayer } from "../files/node-file-layer.ts";
import { writeAll } from "../files/replace-file.ts";
import { FILE_MAGIC } from "../files/scan-log.ts";

/** Leaves the changes of a log that were committed up to an instant; its new end. Undefined where there are no later ones. Errors: DW_DAMAGED. */
export async function cutChangeLog(directory: string, until: Instant): Promise<LogHead | undefined> {
  const log = readLogFolder(directory);
  if (log.damage !== undefined) throw log.damage;
  let end: LogHead = { revision: 0, hash: GENESIS_HASH };
  let isCut = false;
  // commit times never go back
  for await (const { revision, hash, time } of log.read(0)) {
    if (time > until) {
      isCut = true;
      break;
    }
    end = { revision, hash };
  }
  if (!isCut) return undefined;
  for (const name of log.files.toReversed()) if (!cutFile(join(directory, name), end.revision)) nodeFileLayer.remove(join(directory, name));
  if (end.revision > 0) writeCheckpoint(nodeFileLayer, directory, end);
  else removeIfThere(checkpointPath(directory));
  nodeFileLayer.fsyncDirectory(directory);
  return end;
}

/** False where nothing of a file is left. */
function cutFile(path: string, last: number): boolean {
  const file = nodeFileLayer.open(path, "write");
  try {
    let end = FILE_MAGIC.length;
    for (const { payload, at, header } of framesOf(file, path, FILE_MAGIC.length, file.size())) {
      const { firstRevision, count, epoch } = header;
      const kept = Math.min(count, last - firstRevision + 1);
      if (kept === count) {
        end = at + HEADER_BYTES + payload.length;
        continue;
      }
      if (kept > 0) {
        const lines = unpacked(payload, header, path, at).slice(0, kept).join("\n");
        const frame = encodeFrame(new TextEncoder().encode(lines), { count: kept, epoch, firstRevision });
        writeAll(file, frame, at);
        end = at + frame.length;
      }
      break;
    }
    file.truncate(end);
    file.fsync();
    return end > FILE_MAGIC.length;
  } finally {
    file.close();
  }
}

function removeIfThere(path: string): void {
  try {
    nodeFileLayer.remove(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
