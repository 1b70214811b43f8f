import type { Command } from "commander";
import { jsonOption } from "@doppelwerk/kit/command";
import type { LoadFeatures } from "./program.ts";

/** `doppelwerk classes …`: the way out where a property class lets nobody in any more. */
export function addClasses(program: Command, loadFeatures: LoadFeatures): void {
  const classes = program.command("classes").description("property classes of a data folder that no server runs on: list, disable");
  const add = (usage: string, description: string): Command =>
    classes
      .command(usage)
      .description(description)
      .requiredOption("--data <dir>", "data folder")
      .option("--world <name>", "of another world than the default one")
      .addOption(jsonOption());
  add("list", "list the property classes of live").action(async (options) =>
    (await import("./classes.ts")).listClasses(options, await loadFeatures()),
  );
  add("disable <class>", "disable a class (name or id) that nobody can change any more; an entry of both logs says so").action(
    async (name: string, options) => (await import("./classes.ts")).disableClass(name, options, await loadFeatures()),
  );
}
