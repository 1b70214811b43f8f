import { LIVE, type ConnectionRecord, type SignalRecord, type WorldView } from "@doppelwerk/world";
import type { Open } from "@doppelwerk/kit/server";
import { connections } from "@doppelwerk/ports";
import type { Entry, EntrySignal } from "../contract.ts";
import type { entries } from "../feature.ts";
import { EntryService } from "./entry-service.ts";

/** Values that people type in, and what corrected them. */
export const open: Open<typeof entries> = async (ctx) => {
  const plants = ctx.use(connections);
  const service = new EntryService({
    journal: ctx.journal<Entry>("entries"),
    push: (connection, values) => plants.bring(connection, values),
    clock: ctx.clock,
    ids: ctx.ids,
    log: ctx.log,
  });
  const reader = ctx.own.documents.reader(LIVE);
  await service.resend((signal) => (reader.get(signal) as SignalRecord | undefined)?.address);
  const named = (entry: Entry): Entry => ({ ...entry, enteredByName: ctx.nameOf(entry.enteredBy) });
  return {
    handlers: {
      "entries.list": async ({ view, query: { limit, signal } }) =>
        service
          .list(limit, signal)
          .filter((entry) => view.mayReadSignal(entry.signal))
          .map(named),
      "entries.signals": async ({ view }) => signalsOf(view.documents),
      "entries.enter": async ({ view, body }) => named(await service.enter(view.documents, body)),
    },
    ports: {},
    close: async () => service.close(),
  };
};

function signalsOf(documents: WorldView): EntrySignal[] {
  const reader = documents.reader(LIVE);
  return (reader.query({ kind: "connection" }) as readonly ConnectionRecord[])
    .filter(({ protocol }) => protocol === "entered")
    .flatMap((connection) =>
      (reader.query({ kind: "signal", index: { name: "connection", value: connection.id } }) as readonly SignalRecord[]).map(
        ({ id, name, names, unit, valueType, low, high }) => ({
          id,
          name,
          ...(names === undefined ? {} : { names: { ...names } }),
          ...(unit === undefined ? {} : { unit }),
          ...(low === undefined ? {} : { low }),
          ...(high === undefined ? {} : { high }),
          valueType,
          connection: connection.id,
          connectionName: connection.name,
          open: connection.enabled,
        }),
      ),
    );
}
