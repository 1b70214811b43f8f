import { Option, type Command } from "commander";
import { jsonOption } from "@doppelwerk/kit/command";
import { sealKeyFile } from "../sealing/seal-key-file.ts";

export const sealKeyOption = (): Option =>
  new Option(
    "--seal-key-file <file>",
    "key that the secrets of the folder are sealed with (also DOPPELWERK_SEAL_KEY_FILE, or the systemd credential doppelwerk-seal-key)",
  );

/** `doppelwerk seal` and `doppelwerk seal-key`. */
export function addSeal(program: Command): void {
  program
    .command("seal")
    .description("seal the secrets in the data folder of a stopped server with a key outside of it, or with another key; or unseal them")
    .requiredOption("--data <dir>", "data folder of a stopped server")
    .addOption(sealKeyOption())
    .option("--old-key-file <file>", "the key that sealed until now, where another one takes its place")
    .option("--unseal", "keep the secrets readable again for whoever reads the folder")
    .addOption(jsonOption())
    .action(async (options) => (await import("./seal.ts")).seal(options));
  program
    .command("seal-key")
    .description("make a key for sealing")
    .requiredOption("--out <file>", "file for the key; it must not exist")
    .addOption(jsonOption())
    .action(async (options) => (await import("./seal.ts")).sealKey(options));
}

/** Commands that read or write secrets of the folder that `--data` names. */
const READERS = new Set(["serve", "evidence", "backup", "accounts", "machines", "witness"]);

/** Before such a command runs, secrets are read and written as the folder says. Errors: those of `useSealing`. */
export function sealBefore(program: Command): void {
  program.hook("preAction", async (_program, action) => {
    const top = action.parent === program || action.parent === null ? action : action.parent;
    const { data, sealKeyFile: named } = action.opts() as { readonly data?: string; readonly sealKeyFile?: string };
    if (!READERS.has(top.name()) || data === undefined) return;
    const { useSealing } = await import("@doppelwerk/storage/sealing");
    const file = sealKeyFile(named);
    const isBirth = top.name() === "serve" || action.name() === "create";
    if (!useSealing(data, file, { sealsNew: isBirth }) && file !== undefined && top.name() === "serve")
      process.stderr.write(
        "doppelwerk: a key is given, but the secrets of this folder are not sealed; stop the server and run doppelwerk seal\n",
      );
  });
}
