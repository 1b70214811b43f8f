import { applyOnNewest } from "@doppelwerk/kit/until-written";
import { message } from "@doppelwerk/messages";
import { connections as connectionsPort, outlets, OUTLETS } from "@doppelwerk/ports";
import { DoppelwerkError, LIVE, type ConnectionRecord, type Principal } from "@doppelwerk/world";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { parse } from "../http/query.ts";
import type { HostedWorld } from "../routes/hosted-world.ts";
import type { HostedWorlds } from "../routes/hosted-worlds.ts";
import type { KnownConnection } from "../connections/connection-register.ts";
import { publishIdentity, switchIdentity } from "./identity-contract.ts";
import type { OpenedIdentities } from "./opened-identities.ts";

export interface SwitchOptions {
  readonly identities: OpenedIdentities | undefined;
  readonly worlds: Pick<HostedWorlds, "registry" | "mayEnter"> | undefined;
  /** Errors: DW_UNAUTHENTICATED, DW_FORBIDDEN. */
  administrator(request: FastifyRequest): Principal;
}

interface Params {
  readonly Params: { readonly identity: string };
}

/** Connections that the server itself opens, and links, are ended here; connections are opened again. */
export function registerSwitches(api: FastifyInstance, { identities, worlds, administrator }: SwitchOptions): void {
  const known = (id: string): KnownConnection | undefined => identities?.connections.byId(id);
  const worldWhere = (principal: Principal, is: (world: HostedWorld) => boolean): HostedWorld | undefined =>
    worlds?.registry.open().find((world) => worlds.mayEnter(principal, world.name) && is(world));

  api.put<Params>("/identities/:identity/open", async (request, reply) => {
    const principal = administratorOf(identities, administrator, request);
    const { identity: id } = request.params;
    const { open } = parse(switchIdentity.body, request.body ?? {}, message("messages.bodyOf", { endpoint: switchIdentity.id }));
    const connection = known(id);
    const world = worldWhere(principal, (each) =>
      connection === undefined ? each.guests.list().some((guest) => guest.id === id) : each.id === connection.world,
    );
    if (world === undefined) throw noIdentity(id);
    const decision = world.view(principal).may("administer", LIVE);
    if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
    if (connection === undefined) await endLink(world, { id, open, by: principal.id });
    else if (connection.kind === "connector") await turnConnector(world, connection, { open, principal });
    else await turnService(world, connection, { open, by: principal.id, identities: identities! });
    return reply.status(204).send();
  });

  api.put<Params>("/identities/:identity/published", async (request, reply) => {
    const principal = administratorOf(identities, administrator, request);
    const { identity: id } = request.params;
    const { published } = parse(publishIdentity.body, request.body ?? {}, message("messages.bodyOf", { endpoint: publishIdentity.id }));
    const connection = known(id);
    if (connection === undefined || worldWhere(principal, (each) => each.id === connection.world) === undefined) throw noIdentity(id);
    if (published && identities!.credentials.store.publishedAs === undefined)
      throw new DoppelwerkError("DW_CONFLICT", message("credentials.notPublished"));
    identities!.connections.publish(id, published);
    return reply.status(204).send();
  });
}

function administratorOf(
  identities: OpenedIdentities | undefined,
  administrator: SwitchOptions["administrator"],
  request: FastifyRequest,
): Principal {
  if (identities === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("server.noAccountsHere"));
  return administrator(request);
}

function noIdentity(id: string): DoppelwerkError {
  return new DoppelwerkError("DW_NOT_FOUND", message("identities.noIdentity", { id: id.slice(0, 200) }));
}

/** It is described as switched off, as on its page: that opens nothing, over a restart too, until somebody switches it on. Resolves once it is closed. */
async function turnConnector(
  world: HostedWorld,
  { id, of }: KnownConnection,
  { open, principal }: { readonly open: boolean; readonly principal: Principal },
): Promise<void> {
  const view = world.view(principal);
  const read = (): ConnectionRecord => {
    const record = view.reader(LIVE).get(of) as ConnectionRecord | undefined;
    if (record?.kind !== "connection") throw noIdentity(id);
    return record;
  };
  const { enabled, name } = read();
  if (enabled !== open)
    await applyOnNewest(view, message("changes.logConnectionChanged", { name }), () => {
      const { enabled: from } = read();
      return from === open ? [] : [{ op: "update", id: of, fields: { enabled: { from, to: open } } }];
    });
  if (!open) await world.features.find(connectionsPort)?.closed(of);
}

/** What is ended is written down first: it stays closed whatever becomes of this server. */
async function turnService(
  world: HostedWorld,
  { id, of }: KnownConnection,
  { open, by, identities: { connections } }: { readonly open: boolean; readonly by: string; readonly identities: OpenedIdentities },
): Promise<void> {
  const port = world.features.find(outlets);
  const name = OUTLETS.find((each) => each === of);
  const isAsked = port?.list().some((each) => each.name === of) === true;
  if (!open) connections.end(id, by);
  // this server was started without it: it opens with the next start that asks for it
  if (name !== undefined && isAsked) await port?.turn(name, open);
  if (open) connections.reopen(id);
}

async function endLink(
  world: HostedWorld,
  { id, open, by }: { readonly id: string; readonly open: boolean; readonly by: string },
): Promise<void> {
  if (open) throw new DoppelwerkError("DW_INVALID", message("identities.linkForGood"));
  if (!(await world.guests.end(id, by))) throw noIdentity(id);
}
