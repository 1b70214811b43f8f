import { hash } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { openDataFolder, openFileChangeLog } from "@doppelwerk/storage/files";
import { openSqliteRecordStore } from "@doppelwerk/storage/sqlite";
import { verifyWorld } from "@doppelwerk/storage/verify";
import type { Verified } from "@doppelwerk/storage/verify";
import { createSeal } from "@doppelwerk/trust";
import { coreKinds, DoppelwerkError, said } from "@doppelwerk/world";

/** Checks the data folder of a stopped server: DW_UNAVAILABLE while one runs on it, DW_NOT_FOUND where there is none (and none is made). */
export async function verifyDataFolder(directory: string): Promise<Verified> {
  if (!existsSync(join(directory, "format.json")))
    throw new DoppelwerkError("DW_NOT_FOUND", said`no data folder of Doppelwerk: ${directory}`);
  const folder = await openDataFolder(directory, { owner: `verify ${process.pid}` });
  try {
    const log = await openFileChangeLog({ directory: folder.paths.changes });
    const cache = openSqliteRecordStore({ path: folder.paths.records, kinds: coreKinds });
    // In a file, because a large world does not fit into memory; what an earlier verification that was killed left is of no use.
    const replayed = `${folder.paths.records}.verify`;
    removeDatabase(replayed);
    try {
      return await verifyWorld({
        log,
        cache,
        seal: createSeal((text) => hash("sha256", text, "hex")),
        openStore: () => openSqliteRecordStore({ path: replayed, kinds: coreKinds }),
      });
    } finally {
      cache.close();
      await log.close();
      removeDatabase(replayed);
    }
  } finally {
    await folder.close();
  }
}

function removeDatabase(path: string): void {
  for (const end of ["", "-wal", "-shm"]) rmSync(path + end, { force: true });
}
