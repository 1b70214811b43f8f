import { checkConnection, protocols, secretShape, wholeAddress, type ConnectorHost } from "@doppelwerk/connectors";
import { canBeDescribed, writeAssetInterfaces } from "@doppelwerk/connectors/interfaces";
import { canBeCommanded } from "@doppelwerk/connectors/command";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, importChanges, LIVE, recordOfAasId, SECOND, shellOf } from "@doppelwerk/world";
import type { Change, ConnectionProtocol, ConnectionRecord, Json, SignalRecord, WorldRecord } from "@doppelwerk/world";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Site } from "../../../../packages/server/src/compose/site.ts";
import { parse } from "../../../../packages/server/src/http/query.ts";
import { originOfConnection } from "../../../../packages/server/src/live/signal-directory.ts";
import { interfaceFindings, writtenInterfaceId } from "@doppelwerk/connectors/interfaces";
import { alarmsBody, conditionChanges } from "./take-conditions.ts";
import { findPlant, protocolOf, recordsOf, type FoundPlant } from "./connection-target.ts";
import { applyOnNewest } from "@doppelwerk/kit/until-written";
import { declareSignal, signalPatch } from "./signal-declaration.ts";

const setting: z.ZodType<Readonly<Record<string, Json>>> = z.record(z.string().max(100), z.json());

export const browseBody = z.strictObject({
  url: z.string().min(1).max(2_000),
  /** Only where the address does not say it: `sparkplug` on a broker, `http` or `mtconnect`. */
  protocol: z.enum(protocols.map(({ protocol }) => protocol) as [ConnectionProtocol, ...ConnectionProtocol[]]).optional(),
  settings: setting.optional(),
  /** Name of a secret that was put before. */
  secret: z.string().max(64).optional(),
  /** Seconds to listen where a plant speaks by itself. */
  listenS: z.number().min(0.1).max(120).optional(),
});
export const connectBody = browseBody.extend({
  name: z.string().trim().min(1).max(120),
  /** Only these of what the plant offers become signals; absent = all. */
  addresses: z.array(z.string().max(2_000)).min(1).max(100_000).optional(),
});
export const connectionPatch = z
  .strictObject({
    name: z.string().trim().min(1).max(120).optional(),
    enabled: z.boolean().optional(),
    settings: setting.optional(),
    secret: z.string().max(64).optional(),
    /** Whether commands may be written to the plant; off until someone says so. */
    allowCommands: z.boolean().optional(),
    /** Where its values come from, when it is no plant but simulates or replays one. */
    origin: z.enum(["measured", "simulated", "replayed"]).optional(),
  })
  .refine((patch) => Object.keys(patch).length > 0, "nothing to change: name, enabled, settings, secret, allowCommands or origin");
/** A plant as in a wish, or one that is connected, and what of it is looked at. */
export const valuesBody = browseBody.omit({ listenS: true }).extend({ addresses: z.array(z.string().max(2_000)).min(1).max(500) });
export const secretBody = secretShape;
export const samplesBody = z.strictObject({
  /** They waited at the sender: each has its time, which says nothing of a clock. */
  late: z.boolean().optional(),
  /** The sender judged the times (µs) by its own clock and may send the values again: they are not corrected. */
  judged: z.boolean().optional(),
  values: z
    .array(
      z.strictObject({
        address: z.string().max(500),
        value: z.union([z.number(), z.string().max(100_000), z.boolean(), z.null()]),
        /** ISO 8601, or s, ms, µs or ns since 1970; absent = now. */
        time: z.union([z.string().max(60), z.number()]).optional(),
        quality: z.enum(["good", "uncertain", "bad"]).optional(),
      }),
    )
    .min(1)
    .max(50_000),
});
/** AAS id of the shell that the submodel is put on; without it it stands alone. */
export const interfaceBody = z.strictObject({ shell: z.string().min(1).max(2_000).optional() });
export const signalsQuery = z.object({
  search: z.string().max(200).default(""),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  offset: z.coerce.number().int().min(0).max(10_000_000).default(0),
});
export const trustBody = z.strictObject({ decision: z.enum(["trusted", "rejected", "open"]) });

/** Connections: their state, what a plant offers, and taking it as signals; secrets go in and never come out. */
export function registerConnections(app: FastifyInstance, site: Site): void {
  const host: Pick<ConnectorHost, "browse"> = { browse: (target, options) => site.connections.browse(target, options) };

  app.get("/connections", async () => site.connections.list());

  app.post("/connections/browse", async (request) => {
    const wish = parse(browseBody, request.body, "a connection");
    administrator(site, request);
    const { target, found } = await findPlant(host, wish);
    return { protocol: target.protocol, ...found };
  });

  app.post("/connections", async (request, reply) => {
    const { name, addresses, ...wish } = parse(connectBody, request.body, "a connection");
    const view = administrator(site, request);
    const plant = chosen(await findPlant(host, wish), addresses);
    const { connection, signals } = recordsOf(plant, name);
    if (signals.length === 0)
      throw new DoppelwerkError(
        "DW_INVALID",
        message("connect.nothingTakeSignal", { remarks: plant.found.remarks?.join("; ") ?? "the plant offers none", url: wish.url }),
      );
    const reader = view.reader(LIVE);
    const known = reader.get(connection.id);
    const changes: Change[] = signals.filter(({ id }) => reader.get(id) === undefined).map((record) => ({ op: "create", record }));
    if (known === undefined) changes.unshift({ op: "create", record: connection });
    else changes.unshift(...changedSettings(known, connection));
    if (changes.length > 0) await view.apply({ branch: LIVE, reason: message("changes.logConnect", { name }), changes });
    return reply.status(201).send(await site.connections.settled(connection.id, 10 * SECOND));
  });

  app.post("/connections/values", async (request) => {
    const { addresses, ...wish } = parse(valuesBody, request.body, "a look at values");
    administrator(site, request);
    const values = await site.connections.look({ ...wish, url: wholeAddress(wish.url), protocol: protocolOf(wish) }, addresses);
    return values?.map((value) => value ?? null) ?? [];
  });

  app.post<{ Params: { id: string } }>("/connections/:id/browse", async (request) => {
    const { url, protocol, settings, secret } = connectionOf(administrator(site, request), request.params.id);
    const wish = {
      url,
      protocol,
      ...(settings === undefined ? {} : { settings: { ...settings } }),
      ...(secret === undefined ? {} : { secret }),
    };
    const { found } = await findPlant(host, wish);
    return { protocol, ...found };
  });

  app.post<{ Params: { id: string } }>("/connections/:id/alarms", async (request, reply) => {
    const { addresses, ...mapping } = parse(alarmsBody, request.body, "a mapping of severities");
    const view = administrator(site, request);
    const connection = connectionOf(view, request.params.id);
    const { url, protocol, settings, secret } = connection;
    const { found } = await findPlant(host, {
      url,
      protocol,
      ...(settings && { settings: { ...settings } }),
      ...(secret === undefined ? {} : { secret }),
    });
    const wanted = addresses === undefined ? undefined : new Set(addresses);
    const conditions = (found.conditions ?? []).filter(({ address }) => wanted?.has(address) ?? true);
    const { changes, taken, changed } = conditionChanges(view.reader(LIVE), connection, conditions, mapping);
    if (changes.length > 0)
      await view.apply({ branch: LIVE, reason: message("changes.logConditions", { name: connection.name }), changes });
    return reply.status(201).send({ taken, changed });
  });

  app.get<{ Params: { id: string } }>("/connections/:id", async (request) => {
    const view = site.viewOf(request);
    const record = connectionOf(view, request.params.id);
    const { name, protocol, url, enabled, settings, secret, allowCommands, demo, describedBy = [] } = record;
    const reader = view.reader(LIVE);
    const described = describedBy.filter((submodel) => recordOfAasId(reader, "submodel", submodel) !== undefined);
    return {
      id: record.id,
      name,
      protocol,
      url,
      enabled,
      settings,
      secret,
      demo: demo === true,
      origin: originOfConnection(record),
      allowCommands: allowCommands === true,
      commandable: canBeCommanded(protocol),
      describable: canBeDescribed(protocol),
      describedBy: described,
      undescribed: describedBy.length > 0 && described.length === 0,
      mayAdminister: view.may("administer", LIVE).allowed,
      ...site.connections.detail(record.id),
    };
  });

  app.get<{ Params: { id: string } }>("/connections/:id/findings", async (request) => {
    const view = site.viewOf(request);
    return interfaceFindings(view.reader(LIVE), connectionOf(view, request.params.id));
  });

  app.get<{ Params: { id: string } }>("/connections/:id/interface", async (request) => {
    const view = site.viewOf(request);
    const connection = connectionOf(view, request.params.id);
    return writeAssetInterfaces(writtenInterfaceId(connection.id), connection, describable(view, connection));
  });

  app.post<{ Params: { id: string } }>("/connections/:id/interface", async (request, reply) => {
    const { shell } = parse(interfaceBody, request.body, "an interface");
    const view = administrator(site, request);
    const connection = connectionOf(view, request.params.id);
    const submodel = writeAssetInterfaces(writtenInterfaceId(connection.id), connection, describable(view, connection));
    const reader = view.reader(LIVE);
    if (shell !== undefined && recordOfAasId(reader, "shell", shell) === undefined)
      throw new DoppelwerkError("DW_NOT_FOUND", message("connect.noShellId", { shell }));
    const owner = shell === undefined ? undefined : shellOf(reader, recordOfAasId(reader, "shell", shell)!.id);
    const reference = { type: "ModelReference" as const, keys: [{ type: "Submodel" as const, value: submodel.id }] };
    const has = owner?.submodels?.some(({ keys }) => keys.at(-1)?.value === submodel.id) === true;
    const environment = {
      submodels: [submodel],
      ...(owner === undefined || has
        ? {}
        : { assetAdministrationShells: [{ ...owner, submodels: [...(owner.submodels ?? []), reference] }] }),
    };
    const { changes } = importChanges(reader, environment, `interface of ${connection.id}`);
    if (changes.length > 0)
      await view.apply({ branch: LIVE, reason: message("changes.logConnectionDescribed", { name: connection.name }), changes });
    return reply.status(201).send({ submodel: submodel.id });
  });

  app.get<{ Params: { id: string } }>("/connections/:id/signals", async (request) => {
    const { search, limit, offset } = parse(signalsQuery, request.query, "signals");
    const view = site.viewOf(request);
    const { id } = connectionOf(view, request.params.id);
    const word = search.toLowerCase();
    const all = (view.reader(LIVE).query({ kind: "signal", index: { name: "connection", value: id } }) as readonly SignalRecord[]).filter(
      ({ name, address = "" }) => name.toLowerCase().includes(word) || address.toLowerCase().includes(word),
    );
    const signals = all.slice(offset, offset + limit).map((signal) => {
      const { value, quality: worth, sourceTime, serverTime, origin } = site.signals.live(signal.id) ?? {};
      return { ...signal, ...(worth === undefined ? {} : { now: { value, quality: worth, sourceTime, serverTime, origin } }) };
    });
    return { total: all.length, signals };
  });

  app.patch<{ Params: { id: string } }>("/signals/:id", async (request, reply) => {
    await declareSignal(site.viewOf(request), request.params.id, parse(signalPatch, request.body, "a signal"));
    return reply.status(204).send();
  });

  // connections that came with an engineering file get their settings and secret here
  app.patch<{ Params: { id: string } }>("/connections/:id", async (request, reply) => {
    const patch = parse(connectionPatch, request.body, "a connection");
    const view = administrator(site, request);
    const { id } = request.params;
    // the server itself may set how often a connection asks at this very moment
    await applyOnNewest(view, message("changes.logConnectionChanged", { name: connectionOf(view, id).name }), () => {
      const known = connectionOf(view, id);
      checkConnection({ ...known, ...patch });
      const fields = Object.entries(patch).map(([name, to]) => [name, { from: known[name], to }] as const);
      return [{ op: "update", id, fields: Object.fromEntries(fields) }];
    });
    return reply.status(204).send();
  });

  app.post<{ Params: { id: string } }>("/connections/:id/samples", async (request, reply) => {
    const { values, late, judged } = parse(samplesBody, request.body, "values");
    const { id } = request.params;
    const protocol = site.connections.list().find((connection) => connection.id === id)?.protocol;
    // machines bring a token, people their right
    if (protocol !== "push") mustEnter(site, request);
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
    return reply.status(202).send(await site.connections.push(id, values, token, { late: late === true, judged: judged === true }));
  });

  app.get("/certificates", async (request) => {
    administrator(site, request);
    return site.connections.trust.list();
  });
  app.put<{ Params: { thumbprint: string } }>("/certificates/:thumbprint", async (request) => {
    administrator(site, request);
    const { decision } = parse(trustBody, request.body, "a decision");
    return site.connections.trust.decide(request.params.thumbprint, decision);
  });

  app.get("/secrets", async (request) => {
    administrator(site, request);
    return site.connections.secrets.names();
  });
  app.put<{ Params: { name: string } }>("/secrets/:name", async (request, reply) => {
    const view = administrator(site, request);
    site.connections.secrets.put(request.params.name, parse(secretBody, request.body, "a secret"));
    void site.connections.secretChanged(request.params.name, view.reader(LIVE));
    return reply.status(204).send();
  });
  app.delete<{ Params: { name: string } }>("/secrets/:name", async (request, reply) => {
    administrator(site, request);
    if (!site.connections.secrets.remove(request.params.name))
      throw new DoppelwerkError("DW_NOT_FOUND", message("connect.noSecretName", { name: request.params.name }));
    return reply.status(204).send();
  });
}

function connectionOf(view: ReturnType<Site["viewOf"]>, id: string): ConnectionRecord {
  const known = view.reader(LIVE).get(id) as ConnectionRecord | undefined;
  if (known?.kind !== "connection") throw new DoppelwerkError("DW_NOT_FOUND", message("connect.noConnectionId", { id: id.slice(0, 200) }));
  return known;
}

/** What a person ticked in the tree of the plant. */
function chosen(plant: FoundPlant, addresses: readonly string[] | undefined): FoundPlant {
  if (addresses === undefined) return plant;
  const wanted = new Set(addresses);
  return { ...plant, found: { ...plant.found, drafts: plant.found.drafts.filter(({ address }) => wanted.has(address)) } };
}

function describable(view: ReturnType<Site["viewOf"]>, { id, protocol, name }: ConnectionRecord): readonly SignalRecord[] {
  if (!canBeDescribed(protocol))
    throw new DoppelwerkError("DW_INVALID", message("connect.interfaceDescriptionNoWords", { protocol, name }));
  return view.reader(LIVE).query({ kind: "signal", index: { name: "connection", value: id } }) as readonly SignalRecord[];
}

function mustEnter(site: Site, request: FastifyRequest): void {
  const allowed = site.viewOf(request).may("enter", LIVE);
  if (!allowed.allowed) throw new DoppelwerkError("DW_FORBIDDEN", allowed.why);
}

function administrator(site: Site, request: FastifyRequest): ReturnType<Site["viewOf"]> {
  const view = site.viewOf(request);
  const allowed = view.may("administer", LIVE);
  if (!allowed.allowed) throw new DoppelwerkError("DW_FORBIDDEN", allowed.why);
  return view;
}

/** Connecting again with other settings or another secret changes the connection. */
function changedSettings(known: WorldRecord, connection: ConnectionRecord): Change[] {
  const fields = (["settings", "secret"] as const)
    .filter((name) => JSON.stringify(known[name]) !== JSON.stringify(connection[name]))
    .map((name) => [name, { from: known[name], to: connection[name] }] as const);
  return fields.length === 0 ? [] : [{ op: "update", id: connection.id, fields: Object.fromEntries(fields) }];
}
