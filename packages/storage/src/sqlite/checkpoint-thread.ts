import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { workerData } from "node:worker_threads";

const { path } = workerData as { readonly path: string };
// The file may be gone with its folder by now, and must not come back.
if (existsSync(path)) {
  const database = new DatabaseSync(path);
  database.exec("PRAGMA synchronous = NORMAL; PRAGMA wal_checkpoint(PASSIVE)");
  database.close();
}
