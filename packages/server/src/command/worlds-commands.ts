import { Option, type Command } from "commander";
import { jsonOption } from "@doppelwerk/kit/command";

const dataOption = (): Option => new Option("--data <dir>", "data folder").makeOptionMandatory();

/** `doppelwerk worlds …`: worlds of a data folder, beside a running server as well; one that the server has open is refused. */
export function addWorlds(program: Command): void {
  const worlds = program.command("worlds").description("worlds of a data folder: create, list, rename, archive, restore, delete");
  const add = (usage: string, description: string): Command =>
    worlds.command(usage).description(description).addOption(dataOption()).addOption(jsonOption());
  const load = () => import("./worlds.ts");
  add("list", "list the worlds with title and state").action(async (options) => (await load()).listWorlds(options));
  add("create <name>", "create an empty world; its name is part of its addresses: a to z, 0 to 9 and hyphens")
    .option("--title <title>", "what people read; without it, the name")
    .action(async (name: string, options) => (await load()).createWorld(name, options));
  add("rename <name> <next>", "give a world another name, and with it other addresses").action(
    async (name: string, next: string, options) => (await load()).renameWorld(name, next, options),
  );
  add("archive <name>", "set a world aside: nothing is lost, and it answers nobody").action(async (name: string, options) =>
    (await load()).archiveWorld(name, options),
  );
  add("restore <name>", "take a world out of the archive").action(async (name: string, options) =>
    (await load()).restoreWorld(name, options),
  );
  add("delete <name>", "remove a world with everything in it, for good; prints what went").action(async (name: string, options) =>
    (await load()).deleteWorld(name, options),
  );
}
