import { writeFileSync } from "node:fs";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { printAnswer } from "@doppelwerk/kit/command";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { keysFrom, recipientsFrom } from "../backup/encryption.ts";
import type { Pruned } from "../backup/prune.ts";
import { drill, restore, type RestoreReport } from "../backup/restore.ts";
import { parseKeepRule } from "../backup/retention.ts";
import { sealKeyFile } from "../sealing/seal-key-file.ts";
import type { SharedOptions } from "../backup/shared-stores.ts";
import { writeBackup } from "../backup/write-backup.ts";

export interface BackupCommandOptions {
  readonly data: string;
  readonly to: string;
  readonly recipient?: readonly string[];
  readonly passphraseFile?: string;
  readonly full?: boolean;
  readonly keep?: string;
  readonly limit: number;
  readonly postgres?: string;
  readonly history?: "files" | "postgres";
  readonly json?: boolean;
}

const MB = 1e6;

export async function backup(options: BackupCommandOptions, version: string): Promise<void> {
  const { data, to, full = false, limit } = options;
  const keep = options.keep === undefined ? undefined : parseKeepRule(options.keep);
  const shared = sharedOf(options, process.env["DOPPELWERK_POSTGRES"]);
  const report = await writeBackup({
    data,
    to,
    full,
    version,
    recipients: recipientsFrom(options),
    bytesPerSecond: limit * MB,
    ...(keep !== undefined && { keep }),
    ...(shared && { shared }),
  });
  const { id, instant, worlds, files, bytes, sentBytes, isIncremental, isOnline, key, pruned } = report;
  printAnswer(
    options,
    report,
    [
      `backup ${id} of ${isOnline ? "a running" : "a stopped"} server: everything acknowledged before ${instant}`,
      ...worlds.map(({ name, revision, hash }) => `world ${name}: revision ${revision}${hash === undefined ? "" : `, hash ${hash}`}`),
      `${files} files of ${(bytes / MB).toFixed(1)} MB; ${isIncremental ? `new since the last backup: ${(sentBytes / MB).toFixed(1)} MB` : "all sent"}`,
      `signed with the key ${key}; note it where the backups are not`,
      ...(pruned === undefined ? [] : prunedLines(pruned)),
    ].join("\n"),
  );
}

/** Errors: DW_INVALID. */
function sharedOf(
  { postgres, history }: { readonly postgres?: string | true; readonly history?: "files" | "postgres" },
  otherwise: string | undefined,
): SharedOptions | undefined {
  const url = typeof postgres === "string" ? postgres : otherwise;
  if (url === undefined || url === "") {
    if (postgres === true || history === "postgres") throw new DoppelwerkError("DW_INVALID", message("server.backupPostgresNotNamed"));
    return undefined;
  }
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url))
    throw new DoppelwerkError("DW_INVALID", message("server.backupPostgresNotNamed"));
  return { url, history };
}

function prunedLines({ removed, freedBytes, unknown }: Pruned): readonly string[] {
  return [
    `removed by the rule: ${removed.length === 0 ? "none" : `${removed.join(", ")}, ${(freedBytes / MB).toFixed(1)} MB`}`,
    ...(unknown.length === 0 ? [] : [`kept, because it is not known what they need: ${unknown.join(", ")}`]),
  ];
}

export interface RestoreCommandOptions {
  readonly data?: string;
  readonly identity?: readonly string[];
  readonly passphraseFile?: string;
  readonly key?: string;
  readonly at?: number;
  readonly drill?: boolean;
  readonly postgres?: string | true;
  readonly history?: "files" | "postgres";
  readonly replay?: boolean;
  readonly withRevoked?: boolean;
  readonly sealKeyFile?: string;
  readonly json?: boolean;
}

export async function restoreBackup(from: string, options: RestoreCommandOptions, version: string): Promise<void> {
  const { data, key, at } = options;
  const seal = sealKeyFile(options.sealKeyFile);
  if ((data === undefined) === (options.drill !== true)) throw new DoppelwerkError("DW_INVALID", message("server.restoreDataOrDrill"));
  const shared = sharedOf(options, options.postgres === true ? process.env["DOPPELWERK_POSTGRES"] : undefined);
  const source = {
    from,
    version,
    keys: keysFrom(options),
    ...(key !== undefined && { expectedKey: key }),
    ...(at !== undefined && { atMs: at }),
    ...(options.replay === true && { replay: true }),
    ...(options.withRevoked === true && { withRevoked: true }),
    ...(seal !== undefined && { sealKeyFile: seal }),
    ...(shared && { shared }),
  };
  const report = data === undefined ? await drill(source) : await restore({ ...source, data });
  printAnswer(options, report, textOf(report, data, key !== undefined));
}

function textOf(
  { backup: id, instant, at, key, files, worlds, verified, identities, jobs }: RestoreReport,
  data: string | undefined,
  isKnown: boolean,
): string {
  return [
    data === undefined ? `backup ${id} can be restored; what was restored for the test is removed` : `backup ${id} is restored to ${data}`,
    `it has everything acknowledged before ${at ?? instant}: ${files} files, ${verified.samples} samples of the default world`,
    ...worlds.map(({ name, revision, hash }) => `world ${name}: revision ${revision}${hash === undefined ? "" : `, hash ${hash}`}`),
    `signed with the key ${key} (${isKnown ? "the key that was given" : "compare it with the key that you noted"})`,
    ...(identities === undefined ? [] : identityLines(identities)),
    ...(jobs === undefined || jobs.length === 0 ? [] : [`jobs that had not ended by then are gone: ${jobs.length}`]),
    ...cacheLines(verified.caches),
    ...verified.notices.map(({ file, message: text }) => `note on ${file}: ${text}`),
    verified.caches.length === 0
      ? "good: the state equals the fold of the log, the hash chain holds, and every checksum matches"
      : "good: every part is the one that was signed, the hash chain holds, and every checksum matches",
  ].join("\n");
}

function identityLines({ removed, reduced, returned }: NonNullable<RestoreReport["identities"]>): readonly string[] {
  const line = (what: string, all: readonly string[]): readonly string[] => (all.length === 0 ? [] : [`${what}: ${all.join(", ")}`]);
  return [
    ...line("added later, and not there", removed),
    ...line("with less than when it was backed up", reduced),
    ...line("as before, also what was taken away later", returned),
  ];
}

/** What a restore did not make again of the log. */
function cacheLines(caches: RestoreReport["verified"]["caches"]): readonly string[] {
  return caches.map(
    ({ world, revision, compared }) =>
      `world ${world}: record cache of revision ${revision} restored as it was signed, its hashes and ${compared} changes compared with the log; --replay makes it again of the whole log`,
  );
}

/** Makes a key pair of age; the file is one that the tool `age` reads too. */
export async function backupKey(options: { readonly out: string; readonly json?: boolean }): Promise<void> {
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  try {
    writeFileSync(options.out, `# public key: ${recipient}\n${identity}\n`, { mode: 0o600, flag: "wx", flush: true });
  } catch (error) {
    throw new DoppelwerkError(
      "DW_UNAVAILABLE",
      message("server.fileCannotWritten", { code: (error as NodeJS.ErrnoException).code ?? "", out: options.out }),
    );
  }
  printAnswer(options, { recipient }, recipient);
}
