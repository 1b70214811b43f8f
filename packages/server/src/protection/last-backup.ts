import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What is known of the last backup of a data folder. */
export interface LastBackup {
  readonly id: string;
  /** Everything that was acknowledged before is in it: ISO 8601. */
  readonly instant: string;
  readonly finished: string;
  readonly to: string;
  readonly files: number;
  readonly bytes: number;
  /** What was new since the backup before. */
  readonly sentBytes: number;
  readonly isIncremental: boolean;
  readonly worlds: readonly { readonly name: string; readonly revision: number; readonly hash?: string }[];
  /** Verifier key of the server. */
  readonly key: string;
}

export const LAST_BACKUP = "last.json";

/** Where a data folder keeps what is known of its backups. It is in none of them. */
export const stateFolder = (data: string): string => join(data, "backup");

/** Undefined where none was made, or what is said of it cannot be read. */
export function lastBackup(data: string): LastBackup | undefined {
  try {
    return JSON.parse(readFileSync(join(stateFolder(data), LAST_BACKUP), "utf8")) as LastBackup;
  } catch {
    return undefined;
  }
}
