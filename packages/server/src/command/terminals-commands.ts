import { Option, type Command } from "commander";
import { countOf, jsonOption } from "@doppelwerk/kit/command";

const dataOption = (): Option => new Option("--data <dir>", "data folder").makeOptionMandatory();

/** `doppelwerk terminals …`: browsers that places share, on a server with accounts, while it does not run. */
export function addTerminals(program: Command): void {
  const terminals = program
    .command("terminals")
    .description("shared terminals, on which people sign in by PIN or badge: list, enrol, revoke");
  const add = (usage: string, description: string): Command =>
    terminals.command(usage).description(description).addOption(dataOption()).addOption(jsonOption());
  const load = () => import("./terminals.ts");
  add("list", "list the terminals of a data folder with their place and since when they have a browser").action(async (options) =>
    (await load()).listTerminals(options),
  );
  add("enrol <name>", "declare a terminal, or another browser for it, and print the link to open there once, within a day")
    .option("--place <text>", "where it stands, as people call it")
    .addOption(new Option("--idle <seconds>", "signs off after so long without a touch").default(90).argParser(countOf))
    .option("--badge-needs-pin", "a badge alone is not enough")
    .option("--sign-off <time...>", "local times of the server at which shifts end: 14:00")
    .action(async (name: string, options) => (await load()).enrolTerminal(name, options));
  add("revoke <name>", "it is a terminal no more, and whoever is signed in on it is signed off").action(async (name: string, options) =>
    (await load()).revokeTerminal(name, options),
  );
}
