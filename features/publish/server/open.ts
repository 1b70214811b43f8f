import { join } from "node:path";
import { opcuaOutSettings, openOutReaders } from "@doppelwerk/connectors/opcua-out";
import { openSecretStore } from "@doppelwerk/connectors/secrets";
import { message, parse } from "@doppelwerk/kit";
import type { Metric, Open } from "@doppelwerk/kit/server";
import { aasEvents, derivedSignals } from "@doppelwerk/ports";
import { DoppelwerkError } from "@doppelwerk/world";
import type { OpcuaServer } from "../contract.ts";
import type { publish } from "../feature.ts";
import { Publication, type PublicationCounts } from "./mqtt/publication.ts";
import { showTwin, type ShownTwin } from "./opcua/show-twin.ts";
import { checkPublication } from "./mqtt/settings.ts";

type Reader = OpcuaServer["readers"][number];

/** The unified namespace on MQTT and the twin as an OPC UA server: opened when the server listens, closed before the world. */
export const open: Open<typeof publish> = async (ctx) => {
  const connectors = ctx.folder("connectors");
  const readers = openOutReaders(connectors);
  const secrets = openSecretStore(connectors);
  let publication: Publication | undefined;
  let twin: ShownTwin | undefined;
  measure(ctx.metric, () => publication?.counts);
  return {
    handlers: {
      "publish.opcuaServer": async () => ({
        ...(twin === undefined ? {} : { url: twin.url, modes: twin.settings.modes, anonymous: twin.settings.anonymous }),
        readers: readers.list() as readonly Reader[],
      }),
      "publish.putOpcuaReader": ({ params, body: { password, role } }) => readers.put(params.name, password, role),
      "publish.removeOpcuaReader": async ({ params: { name } }) => {
        if (!readers.remove(name)) throw new DoppelwerkError("DW_NOT_FOUND", message("publish.nobodyNameMayReadOverOpc", { name }));
      },
    },
    ports: {
      "publish.outlets@1": {
        async show({ port, host, settings }) {
          if (twin !== undefined) throw new DoppelwerkError("DW_CONFLICT", message("publish.serverOpcUaServer"));
          twin = await showTwin(ctx, {
            port,
            host,
            directory: connectors,
            settings: parse(opcuaOutSettings, settings ?? {}, message("publish.settingsOf", { outlet: "OPC UA" })),
            derived: () => ctx.find(derivedSignals)?.current() ?? Promise.resolve([]),
          });
          return twin.url;
        },
        async publish(request) {
          if (publication !== undefined) throw new DoppelwerkError("DW_CONFLICT", message("publish.serverPublishes"));
          const events = ctx.use(aasEvents);
          const { eventQuery } = checkPublication(request);
          if (eventQuery !== undefined) await events.check(eventQuery);
          publication = new Publication({
            ...request,
            placeFile: join(ctx.folder("."), "published.json"),
            readSecret: (name) => secrets.read(name),
            events: (wanted, signal) => events.follow(ctx.own.principal, wanted, signal),
            table: ctx.table,
            view: ctx.own.documents,
            now: () => ctx.now(),
            log: ctx.log,
            world: ctx.world.name,
          });
        },
      },
    },
    async close() {
      await twin?.close();
      await publication?.close();
    },
  };
};

function measure(metric: (metric: Metric) => void, counts: () => PublicationCounts | undefined): void {
  const add = (kind: Metric["kind"], name: string, help: string, value: (counts: PublicationCounts) => number): void =>
    metric({
      kind,
      name: `publish_${name}`,
      help,
      read: () => {
        const now = counts();
        return now === undefined ? [] : [{ value: value(now) }];
      },
    });
  add("gauge", "up", "1 while the broker that is published to is connected", ({ connected }) => Number(connected));
  add("counter", "values_total", "values the broker acknowledged since start", ({ values }) => values);
  add("counter", "events_total", "events the broker acknowledged since start", ({ events }) => events);
  add("gauge", "waiting", "signals whose newest value the broker has not acknowledged", ({ waiting }) => waiting);
  add("counter", "lost_total", "messages with values that were lost with a session of the broker", ({ lost }) => lost);
  add("gauge", "own_echoes", "signals not published because they are read from our own topics", ({ ownEchoes }) => ownEchoes);
}
