import { startCommander } from "@doppelwerk/connectors/command";
import { toldAs } from "@doppelwerk/connectors/sentences";
import type { Open } from "@doppelwerk/kit/server";
import { connections } from "@doppelwerk/ports";
import type { Command } from "../contract.ts";
import type { commands } from "../feature.ts";
import { CommandService } from "./command-service.ts";

/** Values to machines: requested, confirmed, written, read back. */
export const open: Open<typeof commands> = async (ctx) => {
  const plants = ctx.use(connections);
  const service = new CommandService({
    journal: ctx.journal<Command>("commands"),
    commander: startCommander({ dataDir: ctx.folder("connectors") }),
    live: (signal) => ctx.own.live(signal),
    mayRead: ({ principal }, signal) => ctx.view(principal).mayReadSignal(signal),
    connected: async () => new Set((await plants.list()).filter(({ state }) => state === "connected").map(({ id }) => id)),
    clock: ctx.clock,
    ids: ctx.ids,
    log: ctx.log,
  });
  const told = (command: Command): Command => {
    const why = command.withdrawnBy === undefined ? command.why : `by ${ctx.nameOf(command.withdrawnBy)}`;
    return why === undefined ? command : { ...command, why, ...(toldAs("whyTold", why) as object) };
  };
  const named = (command: Command): Command => ({
    ...told(command),
    requestedByName: ctx.nameOf(command.requestedBy),
    ...(command.confirmedBy === undefined ? {} : { confirmedByName: ctx.nameOf(command.confirmedBy) }),
  });
  return {
    handlers: {
      "commands.list": async ({ view, query }) =>
        service
          .list(query.limit)
          .filter((command) => service.mayRead(view.documents, command))
          .map(named),
      "commands.targets": async ({ view, query: { search, limit } }) => [...(await service.targets(view.documents, search, limit))],
      "commands.request": ({ view, body }) => service.request(view.documents, body),
      "commands.requestCall": ({ view, body }) => service.requestCall(view.documents, body),
      "commands.confirm": async ({ view, params, body }) => told(await service.confirm(view.documents, params.id, body.value)),
      "commands.withdraw": async ({ view, params }) => told(service.withdraw(view.documents, params.id)),
    },
    ports: {},
    close: () => service.close(),
  };
};
