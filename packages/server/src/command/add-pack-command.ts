import { jsonOption } from "@doppelwerk/kit/command";
import { Option, type Command } from "commander";

const dataOption = () => new Option("--data <dir>", "data folder, of a running server too").makeOptionMandatory();

/** `doppelwerk pack`; what it does is loaded when it runs. */
export function addPackCommand(program: Command): void {
  const pack = program.command("pack").description("packs of a data folder: add, list, remove, trusted keys; create, build or sign a pack");
  pack
    .command("new")
    .description("write a pack that works, with tests, into a new folder of this name")
    .argument("<name>", "name in kebab case, for example craft-brewery")
    .addOption(jsonOption())
    .action(async (name: string, options) => (await import("./pack.ts")).create(name, options));
  pack
    .command("add")
    .description(
      "add a pack to a data folder: shows what it asks for, and asks; a running server has it within seconds. Nothing of the pack runs here",
    )
    .argument("<pack>", "archive of npm pack (.tgz), or a folder")
    .addOption(dataOption())
    .option("--yes", "do not ask")
    .addOption(jsonOption())
    .action(async (path: string, options) => (await import("./pack.ts")).add(path, options));
  pack
    .command("list")
    .description("list the packs of a data folder and check their files; exit 1 if one was changed after it was added")
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (options) => (await import("./pack.ts")).list(options));
  pack
    .command("remove")
    .description("remove a pack; documents and values that were recorded with it remain readable")
    .argument("<name>", "name of the package")
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (name: string, options) => (await import("./pack.ts")).remove(name, options));
  pack
    .command("build")
    .description("compile what the views of a pack load to JavaScript beside its sources, before npm pack")
    .argument("<folder>")
    .addOption(jsonOption())
    .action(async (folder: string, options) => (await import("./pack.ts")).build(folder, options));
  pack
    .command("sign")
    .description("sign the files of a pack with an Ed25519 key (openssl genpkey -algorithm ed25519), before npm pack")
    .argument("<folder>")
    .requiredOption("--key <file>", "private key, PEM")
    .addOption(jsonOption())
    .action(async (folder: string, options) => (await import("./pack.ts")).sign(folder, options));
  addKeyCommands(pack);
}

function addKeyCommands(pack: Command): void {
  const keys = pack.command("keys").description("keys whose packs are trusted in a data folder: list, add, remove");
  keys
    .command("list")
    .description("list the trusted keys")
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (options) => (await import("./pack-keys.ts")).list(options));
  keys
    .command("add")
    .description("trust a key: packs signed with it are shown with its name")
    .argument("<key>", "fingerprint (SHA256:…) as pack add and pack sign show it, or a PEM file of the key")
    .requiredOption("--name <name>", "owner of the key")
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (key: string, options) => (await import("./pack-keys.ts")).add(key, options));
  keys
    .command("remove")
    .description("remove a trusted key; packs signed with it remain, and are shown as not trusted")
    .argument("<key>", "fingerprint or name")
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (key: string, options) => (await import("./pack-keys.ts")).remove(key, options));
}
