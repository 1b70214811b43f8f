import { InvalidArgumentError, Option, type Command } from "commander";
import { sealKeyOption } from "./seal-commands.ts";
import { countOf, jsonOption } from "@doppelwerk/kit/command";

/** `doppelwerk backup` and `doppelwerk restore`. */
export function addBackup(program: Command, version: string): void {
  const backup = program
    .command("backup")
    .description("back up a data folder, encrypted, also while its server runs; a folder of backups gets only what is new")
    .option("--data <dir>", "data folder (required)")
    .option("--to <path>", "a file whose name ends in .age, or a folder of backups (required)")
    .option("--recipient <key...>", "public keys of age (age1…) that can open it; make one with age-keygen or backup-key")
    .option("--passphrase-file <file>", "instead: a file with a passphrase of at least 12 characters")
    .addOption(sealKeyOption())
    .option("--postgres <url>", "the documents are in this PostgreSQL (also DOPPELWERK_POSTGRES, which no process list shows)")
    .addOption(historyOption("samples and events are in the data folder, or in that PostgreSQL, as the server was told"))
    .option("--full", "send everything, also what the folder of backups has")
    .option("--keep <rule>", "remove others from the folder afterwards: last=N,daily=N,weekly=N,monthly=N,yearly=N, each as wanted")
    .addOption(new Option("--limit <MB>", "megabytes a second that are read while a server runs").default(64).argParser(countOf))
    .addOption(jsonOption())
    .action(async (options, command: Command) => {
      for (const name of ["data", "to"])
        if (options[name] === undefined)
          command.error(`error: required option '--${name}' not specified`, { code: "commander.missingMandatoryOptionValue" });
      await (await import("./backup.ts")).backup(options, version);
    });
  backup
    .command("list")
    .description("list a folder of backups: when each was made, what it takes, whether it is whole, and when it was verified")
    .argument("<folder>", "folder of backups")
    .option("--identity <file...>", "files with secret keys of age, to say what is in each too")
    .option("--passphrase-file <file>", "a file with the passphrase, for the same")
    .option("--key <text>", "verifier key of the server, as it was noted elsewhere")
    .addOption(jsonOption())
    .action(async (folder: string, _options, command: Command) =>
      (await import("./backup-list.ts")).listBackups(folder, command.optsWithGlobals()),
    );
  program
    .command("backup-key")
    .description("make a key for backups: the secret part goes into a new file, the public part (age1…) is printed")
    .requiredOption("--out <file>", "file for the secret part; keep it where the backups are not")
    .addOption(jsonOption())
    .action(async (options) => (await import("./backup.ts")).backupKey(options));
  program
    .command("restore")
    .description("restore a backup into an empty folder and verify it; or, with --drill, only try whether it can be restored")
    .argument("<backup>", "the file, or the folder of backups")
    .option("--data <dir>", "folder to restore into; it must be empty or missing")
    .option("--identity <file...>", "files with secret keys of age (AGE-SECRET-KEY-…)")
    .option("--passphrase-file <file>", "a file with the passphrase")
    .option("--key <text>", "verifier key of the server, as it was noted elsewhere: a backup that another key signed is refused")
    .addOption(new Option("--at <time>", "as the folder was at this ISO 8601 time").argParser(timeOf))
    .addOption(sealKeyOption())
    .option(
      "--postgres [url]",
      "restore documents into this PostgreSQL, which holds no world yet; without an address that of DOPPELWERK_POSTGRES",
    )
    .addOption(historyOption("with --postgres: samples and events stay in the data folder, or go into PostgreSQL too"))
    .option("--replay", "make record caches again of the whole change log, and leave out those that were backed up; slower")
    .option("--with-revoked", "with --at: rights and credentials too that were taken away later")
    .option("--drill", "restore to a temporary folder (TMPDIR), verify, report, and remove it")
    .addOption(jsonOption())
    .action(async (from: string, options) => (await import("./backup.ts")).restoreBackup(from, options, version));
}

function historyOption(description: string): Option {
  return new Option("--history <where>", description).choices(["files", "postgres"]);
}

function timeOf(text: string): number {
  const time = Date.parse(text);
  if (!Number.isFinite(time)) throw new InvalidArgumentError("not an ISO 8601 time");
  return time;
}
