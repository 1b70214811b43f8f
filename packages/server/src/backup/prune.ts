import { statSync } from "node:fs";
import { join } from "node:path";
import { backupsIn, timeOf } from "./backup-folder.ts";
import type { Catalogue } from "./catalogue.ts";
import { keptBackups, type KeepRule } from "./retention.ts";

export interface Pruned {
  /** Ids of backups that are gone. */
  readonly removed: readonly string[];
  readonly freedBytes: number;
  /** Backups of which nothing is known (of an earlier release, or the catalogue was lost): they stay, and all archives with them. */
  readonly unknown: readonly string[];
}

/** Removes what a rule does not keep. Nothing goes that another backup needs. Errors: DW_UNAVAILABLE. */
export function prune(folder: string, catalogue: Catalogue, rule: KeepRule): Pruned {
  const ids = backupsIn(folder);
  const known = ids.filter((id) => catalogue.of(id) !== undefined);
  const backups = ids.map((id) => ({
    id,
    instant: new Date(timeOf(id)).toISOString(),
    isVerified: catalogue.of(id)?.verified !== undefined,
  }));
  const kept = keptBackups(backups, rule);
  const removed = known.filter((id) => !kept.has(id));
  const sizes = new Map(
    removed
      .flatMap((id) => catalogue.of(id)!.archives)
      .map((name) => [name, statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0]),
  );
  const gone = removed.length === 0 ? [] : catalogue.remove(removed);
  return {
    removed,
    freedBytes: gone.reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0),
    unknown: ids.filter((id) => !known.includes(id)),
  };
}
