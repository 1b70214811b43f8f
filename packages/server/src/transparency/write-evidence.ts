import { existsSync } from "node:fs";
import { join } from "node:path";
import { message } from "@doppelwerk/messages";
import { holdOff, nodeFileLayer } from "@doppelwerk/storage/files";
import { createLogHash, TileLog, verifyEd25519 } from "@doppelwerk/storage/tile-log";
import { keyText } from "@doppelwerk/trust/log";
import { DoppelwerkError, type Instant } from "@doppelwerk/world";
import { entryOf } from "./entry.ts";
import { OutsideRecords } from "./outside-records.ts";
import { checkCount, evidenceText } from "./evidence.ts";
import { partsOf, readLogKey } from "./folder.ts";
import { Salts } from "./salts.ts";

export type EvidenceOf = { readonly entry: number } | { readonly from: Instant; readonly to: Instant };

/**
 * Evidence of the log of a stopped server's data folder: one entry, or those of a period. Entries that nobody signed yet are signed.
 * Errors: DW_UNAVAILABLE while a server runs on it, DW_NOT_FOUND (no log, no such entry), DW_DAMAGED, DW_INVALID for too many.
 */
export function evidenceOfFolder(data: string, which: EvidenceOf): { readonly text: string; readonly count: number } {
  const { log: directory, salts, outside: outsideFile } = partsOf(data);
  if (!existsSync(directory)) throw new DoppelwerkError("DW_NOT_FOUND", message("server.transparencyNone"));
  const lease = existsSync(join(data, "lease.sqlite")) ? holdOff(join(data, "lease.sqlite")) : undefined;
  try {
    const { key, sign } = readLogKey(data);
    const log = new TileLog({ layer: nodeFileLayer, directory, hash: createLogHash(), key, sign, verify: verifyEd25519 });
    try {
      const indexes = indexesOf(log, which);
      checkCount(indexes.length);
      const checkpoint = log.checkpoint();
      const outside = new OutsideRecords(outsideFile)
        .covering(indexes.at(-1)! + 1)
        .filter(({ size }) => size <= log.size)
        .map((record) => ({ record, consistency: record.size === log.size ? [] : log.consistency(record.size) }));
      const entries = indexes.map((index) => ({ index, bytes: log.entry(index)!, path: log.inclusion(index) }));
      return { text: evidenceText({ key: keyText(key), checkpoint, salts: new Salts(salts), entries, outside }), count: entries.length };
    } finally {
      log.close();
    }
  } finally {
    lease?.release();
  }
}

function indexesOf(log: TileLog, which: EvidenceOf): readonly number[] {
  if ("entry" in which) {
    if (which.entry >= log.size)
      throw new DoppelwerkError("DW_NOT_FOUND", message("server.transparencyNoEntry", { index: which.entry, size: log.size }));
    return [which.entry];
  }
  const indexes: number[] = [];
  for (let index = 0; index < log.size; index++) {
    const time = entryOf(log.entry(index)!)?.time;
    if (time !== undefined && time >= which.from && time < which.to) indexes.push(index);
  }
  return indexes;
}
