import { message } from "@doppelwerk/messages";
import { DoppelwerkError, LIVE, type Principal, type RecordReader } from "@doppelwerk/world";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { ACCESS_RULES } from "../access-rules/rule-record.ts";
import type { AccountStore } from "../accounts/account-store.ts";
import type { Sessions } from "../accounts/sessions.ts";
import { parse } from "../http/query.ts";
import { didOfKey } from "../machines/machine-key.ts";
import type { Machines } from "../machines/machines.ts";
import { stateOf, type Machine } from "../machines/machine-store.ts";
import { PLACE_ROLES, type PlaceRolesRecord } from "../place-roles/place-roles-record.ts";
import type { HostedWorlds } from "../routes/hosted-worlds.ts";
import type { Terminals } from "../terminals/terminals.ts";
import { proofOf } from "./ended-identities.ts";
import { identitiesQuery, listIdentities, type ShownIdentity } from "./identity-contract.ts";
import type { EndedIdentity, IdentityHistory } from "./identity-history.ts";
import { openedIdentities, type OpenedIdentities } from "./opened-identities.ts";
import { registerSwitches } from "./switch-identities.ts";

export interface ListedIdentities extends OpenedIdentities {
  readonly accounts: AccountStore;
  readonly sessions: Sessions;
  readonly machines: Machines;
  readonly terminals: Terminals;
  readonly history: IdentityHistory;
}

export interface IdentityRoutesOptions {
  /** Undefined on a server without accounts. */
  readonly identities: ListedIdentities | undefined;
  readonly worlds: Pick<HostedWorlds, "home" | "registry" | "mayEnter"> | undefined;
  /** Errors: DW_UNAUTHENTICATED, DW_FORBIDDEN. */
  administrator(request: FastifyRequest): Principal;
}

/** Names of what ids mean to people. */
export interface Names {
  person(id: string | undefined): string | undefined;
  terminal(id: string | undefined): string | undefined;
  /** Roles at places, of an id and of whoever has one of these roles of the server. */
  places(id: string, roles: readonly string[]): ShownIdentity["places"];
}

export function registerIdentities(api: FastifyInstance, { identities, worlds, administrator }: IdentityRoutesOptions): void {
  api.get("/identities", async (request) => {
    if (identities === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("server.noAccountsHere"));
    const principal = administrator(request);
    const asked = parse(identitiesQuery, request.query, message("messages.queryOf", { endpoint: listIdentities.id }));
    const reader = worlds?.home.viewOf(request).reader(LIVE);
    const names = namesOf(identities, reader);
    const own = identities.people.sessionOf(request)?.id;
    const now = [
      ...sessionsOf(identities, names, own),
      ...identities.machines.store.list().map((machine) => machineOf(machine, identities, names)),
      ...terminalsOf(identities, names),
      ...(await openedIdentities(identities, { worlds, principal, names, own })),
    ];
    const ended = identities.history.list().map((each) => endedOf(each, names));
    const fits = fitting(asked.text);
    const all = [...now, ...ended].filter(fits);
    const listed = all.filter(
      ({ kind, state }) =>
        (asked.kind === undefined || kind === asked.kind) &&
        (asked.state === undefined || (asked.state === "ended") === (state === "ended")),
    );
    return {
      identities: listed.slice(asked.offset, asked.offset + asked.limit),
      total: listed.length,
      counts: countsOf(all),
      rules: reader?.query({ kind: ACCESS_RULES }).some(({ enabled }) => enabled === true) ?? false,
      named: identities.credentials.store.publishedAs !== undefined,
    };
  });
  registerSwitches(api, { identities, worlds, administrator });
}

function* sessionsOf({ accounts, sessions }: ListedIdentities, names: Names, own: string | undefined): Iterable<ShownIdentity> {
  for (const { id, account, begun, seen, agent, address, proof = "none", terminal } of sessions.all().toSorted((a, b) => b.seen - a.seen)) {
    const known = accounts.byId(account);
    if (known === undefined) continue;
    const place = names.terminal(terminal?.id);
    yield {
      id: `session:${id}`,
      kind: "session",
      name: known.name,
      person: account,
      state: "open",
      roles: known.roles,
      places: names.places(account, known.roles),
      since: iso(begun),
      proof,
      ...(place !== undefined && { place }),
      seen: { time: iso(seen), address },
      ...(agent !== "" && { agent }),
      ...(id === own && { own: true }),
    };
  }
}

const STATES = { active: "open", waiting: "waiting", disabled: "disabled", withheld: "withheld", expired: "expired" } as const;

function machineOf(machine: Machine, { machines }: ListedIdentities, names: Names): ShownIdentity {
  const { id, name, kind = "machine", roles, created, createdBy, key, presented, seen } = machine;
  const by = names.person(createdBy);
  return {
    id,
    kind,
    name,
    state: STATES[stateOf(machine, Date.now())],
    roles,
    places: names.places(id, roles),
    since: created,
    ...(by !== undefined && { enrolledBy: by }),
    proof: proofOf(machine),
    ...(key !== undefined && { did: didOfKey(key) }),
    ...(presented !== undefined && { issuer: presented.issuer }),
    ...(seen !== undefined && { seen }),
    open: machines.openOf(id),
  };
}

function terminalsOf({ terminals }: ListedIdentities, names: Names): readonly ShownIdentity[] {
  return terminals.store.list().map(({ id, name, place, created, createdBy, browser }): ShownIdentity => {
    const by = names.person(createdBy);
    return {
      id,
      kind: "terminal",
      name,
      state: browser === undefined ? "waiting" : "open",
      roles: ["viewer"],
      places: [],
      since: created,
      ...(by !== undefined && { enrolledBy: by }),
      proof: browser === undefined ? "none" : "browser",
      ...(place !== undefined && { place }),
    };
  });
}

function endedOf(identity: EndedIdentity, names: Names): ShownIdentity {
  const { kind, person, enrolledBy, place, ended, name, ...facts } = identity;
  const [called, by, endedBy] = [person === undefined ? name : names.person(person), names.person(enrolledBy), names.person(ended.by)];
  const at = kind === "session" ? (names.terminal(place) ?? place) : place;
  return {
    ...facts,
    kind,
    state: "ended",
    places: [],
    ...(called !== undefined && { name: called }),
    ...(person !== undefined && { person }),
    ...(by !== undefined && { enrolledBy: by }),
    ...(at !== undefined && { place: at }),
    ended: { at: ended.at, why: ended.why, ...(endedBy !== undefined && { by: endedBy }) },
  };
}

function namesOf({ accounts, terminals }: ListedIdentities, reader: RecordReader | undefined): Names {
  const sets = ((reader?.query({ kind: PLACE_ROLES }) ?? []) as readonly PlaceRolesRecord[]).filter(({ enabled }) => enabled);
  const assignments = sets.flatMap((set) => set.assignments);
  return {
    person: (id) => (id === undefined ? undefined : accounts.byId(id)?.name),
    terminal: (id) => (id === undefined ? undefined : terminals.store.byId(id)?.name),
    places: (id, roles) =>
      assignments
        .filter(({ who }) => who === id || roles.some((role) => who === `role:${role}`))
        .map(({ role, place, until }) => {
          const shell = place === "*" ? undefined : reader?.get(place);
          const called = place === "*" ? undefined : String(shell?.["name"] ?? shell?.["idShort"] ?? place);
          return { role, ...(called !== undefined && { place: called }), ...(until !== undefined && { until }) };
        }),
  };
}

function fitting(text = ""): (identity: ShownIdentity) => boolean {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return () => true;
  return ({ name, did, issuer, agent, place, seen, enrolledBy }) =>
    [name, did, issuer, agent, place, seen?.address, enrolledBy].some((each) => each?.toLowerCase().includes(wanted));
}

function countsOf(identities: readonly ShownIdentity[]): Record<string, { now: number; ended: number }> {
  const counts: Record<string, { now: number; ended: number }> = {};
  for (const { kind, state } of identities) (counts[kind] ??= { now: 0, ended: 0 })[state === "ended" ? "ended" : "now"]++;
  return counts;
}

const iso = (ms: number): string => new Date(ms).toISOString();
