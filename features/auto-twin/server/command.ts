import type { Command } from "commander";
import { jsonOption, keyOption, personOption, secondsToListen, serverOption } from "@doppelwerk/kit/command";

/** `doppelwerk propose`, and `doppelwerk connect --propose`. */
export function addProposeCommand(program: Command): void {
  program
    .command("propose")
    .description("propose a twin from what a plant offers: shells, roles and flow, as a branch with a merge request")
    .argument("[target]", "id or name of a connection, or an address")
    .option("--name <name>", "name of the source")
    .option("--protocol <name>", "protocol, if the address does not determine it")
    .option("--secret <name>", "name of a secret kept by the server")
    .option("--listen <seconds>", "how long to listen to a plant that sends values by itself", secondsToListen)
    .option("--event-log <file>", "CSV or XES with case, activity and time: the flow of the line, also beside an address")
    .option("--file <file>", "AASX, AAS JSON or XML, Devices.xml of MTConnect, or an event log, as on the page Connect")
    .option(
      "--column <what=name...>",
      "columns of an event log, if their names do not identify them: case, activity, start, end, time, resource",
    )
    .option("--answer <question=text...>", "answers to questions of the previous proposal")
    .addOption(serverOption())
    .addOption(personOption())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(async (target: string | undefined, options) => (await import("./propose-command.ts")).propose(target, options));

  program.commands
    .find((command) => command.name() === "connect")
    ?.option("--propose", "then make a proposal: shells, order and flow of what it offers, as a branch with a merge request")
    .hook("postAction", async (command) => {
      const { propose, connection, ...options } = command.opts();
      if (propose === true)
        await (
          await import("./propose-command.ts")
        ).propose(connection, { server: options.server, json: options.json, person: options.person });
    });
}
