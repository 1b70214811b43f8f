import { appendFileSync, closeSync, existsSync, fsyncSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import { HOME_WORLD } from "@doppelwerk/client";
import { message } from "@doppelwerk/messages";
import { nodeFileLayer, openDataFolder, readLogFolder, writeCheckpoint, type DataFolder, type KnownHead } from "@doppelwerk/storage/files";
import { readCacheHead } from "@doppelwerk/storage/sqlite";
import { DoppelwerkError, GENESIS_HASH } from "@doppelwerk/world";

/** A line of `accepted-losses.jsonl`: what the log lacked when somebody decided to go on without it. */
export interface AcceptedLoss {
  readonly time: string;
  /** Where the log ended that was accepted. */
  readonly endsAt: number;
  readonly hash: string;
  /** What remembered more, or something else. */
  readonly known: readonly KnownHead[];
}

export const ACCEPTED_LOSSES = "accepted-losses.jsonl";

export interface AcceptLossOptions {
  /** The revision at which the log ends; who names it has read what is missing. */
  readonly endsAt: number | undefined;
  /** The log is in this PostgreSQL, not in the folder. */
  readonly postgres?: string;
}

/**
 * Goes on with a log that lacks what the checkpoint or the record cache knows: writes down what is lost, then drops the cache and sets the checkpoint back.
 * Errors: DW_NOT_FOUND (no data folder), DW_INVALID (nothing is missing, or `endsAt` is not where the log ends), DW_DAMAGED (damage inside the log).
 */
export async function acceptLoss(directory: string, options: AcceptLossOptions): Promise<AcceptedLoss> {
  if (!existsSync(join(directory, "format.json")))
    throw new DoppelwerkError("DW_NOT_FOUND", message("server.noDataFolderDoppelwerk", { directory }));
  const folder = await openDataFolder(directory, { owner: `accept-loss ${process.pid}` });
  try {
    const { head, missing } = options.postgres === undefined ? missingInFolder(folder) : await missingInPostgres(folder, options.postgres);
    if (missing.length === 0) throw new DoppelwerkError("DW_INVALID", message("server.nothingMissing", { revision: head.revision }));
    if (options.endsAt !== head.revision)
      throw new DoppelwerkError(
        "DW_INVALID",
        message("server.goWithout", { missing: missing.map(({ problem }) => problem).join("; "), directory, revision: head.revision }),
      );
    const known = missing.map(({ known: { revision, hash, from } }) => ({ revision, hash, from }));
    const loss: AcceptedLoss = { time: new Date().toISOString(), endsAt: head.revision, hash: head.hash, known };
    record(join(folder.directory, ACCEPTED_LOSSES), loss);
    for (const end of ["", "-wal", "-shm"]) rmSync(folder.paths.records + end, { force: true });
    if (options.postgres === undefined) writeCheckpoint(nodeFileLayer, folder.paths.changes, head);
    return loss;
  } finally {
    await folder.close();
  }
}

interface Missing {
  readonly head: { readonly revision: number; readonly hash: string };
  readonly missing: readonly { readonly known: KnownHead; readonly problem: string }[];
}

function missingInFolder(folder: DataFolder): Missing {
  const log = readLogFolder(folder.paths.changes);
  if (log.damage !== undefined) throw log.damage;
  const { head: checkpoint } = log.checkpoint;
  const known = [...(checkpoint === undefined ? [] : [{ ...checkpoint, from: "the checkpoint" }]), ...cacheHead(folder)];
  return {
    head: log.head() ?? { revision: 0, hash: GENESIS_HASH },
    missing: known.flatMap((head) => {
      const problem = log.problemWith(head);
      return problem === undefined ? [] : [{ known: head, problem }];
    }),
  };
}

async function missingInPostgres(folder: DataFolder, url: string): Promise<Missing> {
  const { openPostgres, openPostgresChangeLog } = await import("@doppelwerk/storage/postgres");
  const database = await openPostgres(url);
  try {
    const log = await openPostgresChangeLog({ database, world: HOME_WORLD });
    const revision = await log.lastRevision();
    const hashAt = async (at: number): Promise<string> => {
      for await (const entry of log.read(at - 1)) return entry.hash;
      return GENESIS_HASH;
    };
    const missing: Missing["missing"][number][] = [];
    for (const known of cacheHead(folder)) {
      if (known.revision > revision)
        missing.push({ known, problem: `the change log ends at revision ${revision}, but ${known.from} knows revision ${known.revision}` });
      else if ((await hashAt(known.revision)) !== known.hash)
        missing.push({ known, problem: `revision ${known.revision} of the change log is not the one that ${known.from} knows` });
    }
    return { head: { revision, hash: revision === 0 ? GENESIS_HASH : await hashAt(revision) }, missing };
  } finally {
    await database.close();
  }
}

function cacheHead(folder: DataFolder): readonly KnownHead[] {
  const cached = readCacheHead(folder.paths.records);
  return cached === undefined ? [] : [{ ...cached, from: "the record cache" }];
}

/** On disk before anything is dropped. */
function record(path: string, loss: AcceptedLoss): void {
  appendFileSync(path, `${JSON.stringify(loss)}\n`);
  const file = openSync(path, "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
