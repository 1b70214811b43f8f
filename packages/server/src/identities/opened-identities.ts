import { connections as connectionsPort, outlets } from "@doppelwerk/ports";
import { LIVE, type ConnectionRecord, type Principal } from "@doppelwerk/world";
import type { KnownPeople } from "../accounts/known-people.ts";
import type { CredentialStore } from "../credentials/credential-store.ts";
import { webDidOf } from "@doppelwerk/trust/credentials";
import type { HostedWorld } from "../routes/hosted-world.ts";
import type { HostedWorlds } from "../routes/hosted-worlds.ts";
import type { ConnectionRegister, KnownConnection } from "../connections/connection-register.ts";
import type { ShownIdentity } from "./identity-contract.ts";

export interface OpenedIdentities {
  readonly people: KnownPeople;
  readonly connections: ConnectionRegister;
  readonly credentials: { readonly issuer: { readonly did: string }; readonly store: Pick<CredentialStore, "publishedAs"> };
}

export interface OpenedOptions {
  readonly worlds: Pick<HostedWorlds, "registry" | "mayEnter"> | undefined;
  /** Who looks. */
  readonly principal: Principal;
  readonly names: { person(id: string | undefined): string | undefined };
  /** Id of the session that looks. */
  readonly own: string | undefined;
}

/** What is open in worlds, and what they open: connections to plants, what informs others by itself, links, and avatars of people. */
export async function openedIdentities(identities: OpenedIdentities, options: OpenedOptions): Promise<readonly ShownIdentity[]> {
  const { worlds, principal } = options;
  const open = (worlds?.registry.open() ?? []).filter(({ name }) => worlds!.mayEnter(principal, name));
  const listed = open.map(async (world) => [
    ...(await connectionsIn(world, identities, options)),
    ...linksIn(world, identities, options),
    ...avatarsIn(world, identities, options),
  ]);
  return (await Promise.all(listed)).flat();
}

interface StateNow {
  readonly state: ShownIdentity["state"];
  readonly heardMs?: number | undefined;
}

async function connectionsIn(world: HostedWorld, { connections, credentials }: OpenedIdentities, options: OpenedOptions) {
  const now = await statesIn(world);
  const reader = world.view(options.principal).reader(LIVE);
  const host = credentials.store.publishedAs;
  return connections.of(world.id).map((known): ShownIdentity => {
    const { id, kind, name, did, since, enrolledBy, ended, published, uuid, of } = known;
    const { state, heardMs } = now.get(of) ?? { state: "waiting" };
    const by = options.names.person(enrolledBy);
    const seen = seenOf(known, heardMs);
    const record = kind === "connector" ? (reader.get(of) as ConnectionRecord | undefined) : undefined;
    return {
      id,
      kind,
      name,
      state: ended === undefined ? state : "disabled",
      roles: [],
      places: [],
      since,
      ...(by !== undefined && { enrolledBy: by }),
      proof: proofOf(known),
      did,
      place: world.title(),
      ...(seen !== undefined && { seen }),
      switched: true,
      ...(published === true && host !== undefined && { publishedAs: webDidOf(host, ["did", uuid]) }),
      ...(record?.allowCommands === true && { commands: true }),
    };
  });
}

/** By record of a connection, and by name of what informs others. */
async function statesIn({ features }: HostedWorld): Promise<ReadonlyMap<string, StateNow>> {
  const states = new Map<string, StateNow>();
  const plants = features.find(connectionsPort);
  const heard = plants?.heard();
  for (const { id, state, enabled } of (await plants?.list()) ?? []) {
    const at = heard?.get(id);
    states.set(id, {
      state: enabled === false ? "disabled" : state === "connected" ? "open" : "waiting",
      heardMs: at === undefined ? undefined : at / 1_000,
    });
  }
  for (const { name, state, heardMs } of features.find(outlets)?.list() ?? [])
    states.set(name, { state: state === "closed" ? "disabled" : state, heardMs });
  return states;
}

/** A certificate of this server where one was made for its key. */
function proofOf({ proof, certified }: KnownConnection): ShownIdentity["proof"] {
  return proof === "secret" && certified === true ? "certificate" : proof;
}

function seenOf({ seen, address }: KnownConnection, heardMs: number | undefined): ShownIdentity["seen"] {
  const time = heardMs === undefined ? seen : iso(heardMs);
  return time === undefined ? undefined : { time, ...(address !== undefined && { address }) };
}

/** Keys with which others read the world, given out by people. */
function linksIn(world: HostedWorld, { credentials }: OpenedIdentities, { names }: OpenedOptions): readonly ShownIdentity[] {
  const present = world.hub.present();
  return world.guests.list().map(({ id, name, since, by, expires, used }): ShownIdentity => {
    const enrolledBy = names.person(by);
    return {
      id,
      kind: "link",
      name,
      state: expires !== undefined && expires <= world.now() ? "expired" : "open",
      roles: ["viewer"],
      places: [],
      since: iso(since / 1_000),
      ...(enrolledBy !== undefined && { enrolledBy }),
      proof: "link",
      did: `${credentials.issuer.did}/links/${encodeURIComponent(id)}`,
      place: world.title(),
      ...(used !== undefined && { seen: { time: iso(used / 1_000) } }),
      open: present.filter(({ principal }) => principal.id === id).length,
      switched: true,
    };
  });
}

/**
 * Whom people see of each other in the world: a window each. Its identity is that of its person, named by a DID URL below the DID of the server, so that nobody
 * keeps another register, and it ends with its session.
 */
function avatarsIn(world: HostedWorld, { people, credentials }: OpenedIdentities, { own }: OpenedOptions): readonly ShownIdentity[] {
  return world.hub.present().flatMap(({ seat, principal, request, sinceMs, heardMs }): ShownIdentity[] => {
    const session = principal.machine === true || principal.scope !== undefined ? undefined : people.sessionOf(request);
    if (session === undefined) return [];
    const person = `${credentials.issuer.did}/people/${encodeURIComponent(principal.id.replace(/^person:/, ""))}`;
    return [
      {
        id: `avatar:${world.id}/${seat}`,
        kind: "avatar",
        name: principal.name,
        person: principal.id,
        state: "open",
        roles: [],
        places: [],
        since: iso(sinceMs),
        proof: "session",
        did: `${person}#${world.id}-${seat}`,
        place: world.title(),
        seen: { time: iso(heardMs), address: session.address },
        session: session.id,
        ...(session.id === own && { own: true }),
      },
    ];
  });
}

const iso = (ms: number): string => new Date(ms).toISOString();
