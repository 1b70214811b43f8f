import { join } from "node:path";
import { opcuaOutSettings, openOutReaders, type OutReaders } from "@doppelwerk/connectors/opcua-out";
import { openSecretStore } from "@doppelwerk/connectors/secrets";
import { message, parse } from "@doppelwerk/kit";
import type { FeatureContext, Metric, Open } from "@doppelwerk/kit/server";
import { aasEvents, alarmFold, derivedSignals, type Outlets, type PublishRequest, type ShowRequest } from "@doppelwerk/ports";
import type { Role } from "@doppelwerk/trust";
import { DoppelwerkError } from "@doppelwerk/world";
import type { OpcuaServer } from "../contract.ts";
import type { publish } from "../feature.ts";
import { Publication, type PublicationCounts } from "./mqtt/publication.ts";
import { showTwin, type ShownTwin } from "./opcua/show-twin.ts";
import { checkPublication } from "./mqtt/settings.ts";
import { KeptOutlet } from "./kept-outlet.ts";

type Reader = OpcuaServer["readers"][number];
type Context = FeatureContext<typeof publish>;

/** The unified namespace on MQTT and the twin as an OPC UA server: opened when the server listens, closed before the world. */
export const open: Open<typeof publish> = async (ctx) => {
  const connectors = ctx.folder("connectors");
  const readers = openOutReaders(connectors);
  const mqtt = new KeptOutlet("mqtt", (request: PublishRequest) => publicationOf(ctx, connectors, request));
  const opcua = new KeptOutlet("opcua", (request: ShowRequest) => twinOf(ctx, { directory: connectors, readers }, request));
  measure(ctx.metric, () => mqtt.opened?.counts);
  return {
    handlers: {
      "publish.opcuaServer": async () => {
        const twin = opcua.opened;
        return {
          ...(twin === undefined ? {} : { url: twin.url, modes: twin.settings.modes, anonymous: twin.settings.anonymous }),
          readers: readers.list() as readonly Reader[],
        };
      },
      "publish.putOpcuaReader": ({ params, body: { password, role } }) => readers.put(params.name, password, role),
      "publish.removeOpcuaReader": async ({ params: { name } }) => {
        if (!readers.remove(name)) throw new DoppelwerkError("DW_NOT_FOUND", message("publish.nobodyNameMayReadOverOpc", { name }));
      },
    },
    ports: { "publish.outlets@1": outletsPort(mqtt, opcua) },
    async close() {
      await opcua.close();
      await mqtt.close();
    },
  };
};

function outletsPort(mqtt: KeptOutlet<PublishRequest, Publication>, opcua: KeptOutlet<ShowRequest, ShownTwin>): Outlets {
  return {
    async show(request) {
      if (opcua.opened !== undefined) throw new DoppelwerkError("DW_CONFLICT", message("publish.serverOpcUaServer"));
      const { url } = await opcua.open(request);
      return url;
    },
    async publish(request) {
      if (mqtt.opened !== undefined) throw new DoppelwerkError("DW_CONFLICT", message("publish.serverPublishes"));
      await mqtt.open(request);
    },
    hold: (name: "opcua" | "mqtt", request: ShowRequest | PublishRequest) =>
      name === "mqtt" ? mqtt.hold(request as PublishRequest) : opcua.hold(request as ShowRequest),
    list: () => [
      ...opcua.listed(({ url }) => ({ url: url ?? `opc.tcp://${opcua.request!.host}:${opcua.request!.port}`, isThere: true })),
      ...mqtt.listed(({ counts }) => ({
        url: mqtt.request!.url,
        isThere: counts?.connected === true,
        hasSecret: mqtt.request!.secret !== undefined,
        heardMs: counts?.heardMs,
      })),
    ],
    turn: (name, isOpen) => (name === "mqtt" ? mqtt : opcua).turn(isOpen),
  };
}

function twinOf(
  ctx: Context,
  { directory, readers }: { readonly directory: string; readonly readers: OutReaders },
  { port, host, settings }: ShowRequest,
): Promise<ShownTwin> {
  return showTwin(ctx, {
    port,
    host,
    directory,
    settings: parse(opcuaOutSettings, settings ?? {}, message("publish.settingsOf", { outlet: "OPC UA" })),
    fold: () => ctx.find(alarmFold),
    roleOf: (user) => readers.list().find(({ name }) => name === user)?.role as Role | undefined,
    derived: () => ctx.find(derivedSignals)?.current() ?? Promise.resolve([]),
  });
}

async function publicationOf(ctx: Context, connectors: string, request: PublishRequest): Promise<Publication> {
  const secrets = openSecretStore(connectors);
  const events = ctx.use(aasEvents);
  const { eventQuery } = checkPublication(request);
  if (eventQuery !== undefined) await events.check(eventQuery);
  return new Publication({
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
}

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
