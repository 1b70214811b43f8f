import { jsonOption } from "@doppelwerk/kit/command";
import { Option, type Command } from "commander";

const dataOption = () => new Option("--data <dir>", "data folder, of a running server too").makeOptionMandatory();

/** `doppelwerk pack`; what it does is loaded when it runs. */
export function addPackCommand(program: Command): void {
  const pack = program.command("pack").description("packs of a data folder: add, list, remove; and write, build or sign one");
  pack
    .command("new")
    .description("write a pack that works, with tests, into a new folder of this name")
    .argument("<name>", "name in kebab case, as dye-house")
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
    .description("list the packs of a data folder and check their files; exit 1 when one is not as it was added")
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (options) => (await import("./pack.ts")).list(options));
  pack
    .command("remove")
    .description("remove a pack; documents and values that were recorded with it stay readable")
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
}
