import { startCommander } from "@doppelwerk/connectors/command";
import { message, textOf } from "@doppelwerk/kit";
import type { Open } from "@doppelwerk/kit/server";
import { connections } from "@doppelwerk/ports";
import type { Command } from "../contract.ts";
import type { commands } from "../feature.ts";
import { CommandService } from "./command-service.ts";

/** A command waits no longer for its confirmation. */
const CONFIRM_PRESENCE_S = 60;

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
  const withWhy = (command: Command): Command => {
    if (command.withdrawnBy === undefined) return command;
    const why = message("commands.withdrawnBy", { name: ctx.nameOf(command.withdrawnBy) });
    return { ...command, why: textOf(why), whyTold: why };
  };
  const named = (stored: Command): Command => {
    const command = withWhy(stored);
    return { ...command, ...(command.whyTold && { message: command.whyTold }), ...namesOf(command) };
  };
  const namesOf = (command: Command): Partial<Command> => ({
    ...(command.confirmations && { confirmations: command.confirmations.map((one) => ({ ...one, name: ctx.nameOf(one.by) })) }),
    requestedByName: ctx.nameOf(command.requestedBy),
    ...(command.confirmedBy === undefined ? {} : { confirmedByName: ctx.nameOf(command.confirmedBy) }),
  });
  return {
    handlers: {
      "commands.list": async ({ view, query }) =>
        service
          .list(query.limit)
          .filter((command) => service.mayRead(view.documents, command))
          .map((command) => named(service.shown(view.documents, command))),
      "commands.waiting": async ({ view }) => service.waiting(view.documents).map(named),
      "commands.targets": async ({ view, query: { search, limit } }) => [...(await service.targets(view.documents, search, limit))],
      "commands.request": async ({ view, body }) => named(service.shown(view.documents, await service.request(view.documents, body))),
      "commands.requestCall": async ({ view, body }) =>
        named(service.shown(view.documents, await service.requestCall(view.documents, body))),
      "commands.confirm": async ({ view, params, body, requirePresence }) => {
        if (service.needsPresence(view.documents, params.id)) requirePresence(CONFIRM_PRESENCE_S);
        return named(service.shown(view.documents, await service.confirm(view.documents, params.id, body.value)));
      },
      "commands.withdraw": async ({ view, params }) => withWhy(service.withdraw(view.documents, params.id)),
    },
    ports: {},
    close: () => service.close(),
  };
};
