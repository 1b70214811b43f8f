import { printAnswer } from "@doppelwerk/kit/command";
import { keysFrom } from "../backup/encryption.ts";
import { listFolder, type ListedBackup } from "../backup/list-folder.ts";

export interface BackupListOptions {
  readonly identity?: readonly string[];
  readonly passphraseFile?: string;
  readonly key?: string;
  readonly json?: boolean;
}

const MB = 1e6;

/** What a folder of backups holds. Without a key nothing is opened. Exit 1 where one of them cannot be restored. */
export async function listBackups(folder: string, options: BackupListOptions): Promise<void> {
  const isOpened = options.identity !== undefined || options.passphraseFile !== undefined;
  const backups = await listFolder({
    folder,
    ...(isOpened && { keys: keysFrom(options) }),
    ...(options.key !== undefined && { expectedKey: options.key }),
  });
  printAnswer(options, backups, [...backups.map(lineOf), `${backups.length} backups`].join("\n"));
  if (backups.some(({ problem }) => problem !== undefined)) process.exitCode = 1;
}

function lineOf({ id, instant, bytes, needs, verified, worlds, problem }: ListedBackup): string {
  return [
    `${id}  ${instant}  ${(bytes / MB).toFixed(1)} MB`,
    ...(needs > 1 ? [`needs ${needs - 1} earlier`] : []),
    ...(worlds ?? []).map(({ name, revision }) => `world ${name}: revision ${revision}`),
    verified === undefined ? "never verified" : `verified ${verified}`,
    ...(problem === undefined ? [] : [problem]),
  ].join(", ");
}
