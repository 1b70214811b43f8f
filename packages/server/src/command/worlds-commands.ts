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
    .option("--title <title>", "title that is shown; default: the name")
    .action(async (name: string, options) => (await load()).createWorld(name, options));
  add("rename <name> <next>", "rename a world; its addresses change with its name").action(async (name: string, next: string, options) =>
    (await load()).renameWorld(name, next, options),
  );
  add("archive <name>", "archive a world: its data is kept, and it cannot be used until it is restored").action(
    async (name: string, options) => (await load()).archiveWorld(name, options),
  );
  add("restore <name>", "restore an archived world").action(async (name: string, options) => (await load()).restoreWorld(name, options));
  add("delete <name>", "delete a world and all its data permanently; prints what was deleted").action(async (name: string, options) =>
    (await load()).deleteWorld(name, options),
  );
}
