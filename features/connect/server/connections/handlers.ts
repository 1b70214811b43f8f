import { checkConnection, wholeAddress, type SecretStore, type TrustList } from "@doppelwerk/connectors";
import { canBeCommanded } from "@doppelwerk/connectors/command";
import { canBeDescribed, interfaceFindings, writeAssetInterfaces, writtenInterfaceId } from "@doppelwerk/connectors/interfaces";
import type { Submodel } from "@doppelwerk/aas";
import { DoppelwerkError, answeredOffer, message, SECOND, type EndpointOptions, type SignalRecord } from "@doppelwerk/kit";
import type { HandlersOf, PlantView } from "@doppelwerk/kit/server";
import { applyOnNewest } from "@doppelwerk/kit/until-written";
import { importChanges, LIVE, originOfConnection, recordOfAasId, recordsOfPlant, shellOf } from "@doppelwerk/world";
import type { Change, ConnectionRecord, FoundPlant, RecordReader, WorldRecord, WorldView } from "@doppelwerk/world";
import type * as contract from "../../contract.ts";
import type {} from "../../message-codes.ts";
import type { ConnectionManager } from "./connection-manager.ts";
import { findPlant, protocolOf } from "./connection-target.ts";
import type { Identities } from "./identities.ts";
import { declareSignal } from "./signal-declaration.ts";
import { conditionChanges } from "./take-conditions.ts";

export interface ConnectionServices {
  readonly manager: ConnectionManager;
  /** Live as the feature itself sees it. */
  reader(): RecordReader;
  readonly secrets: SecretStore;
  readonly trust: TrustList;
  readonly identities: Identities;
}

type Endpoints = {
  readonly [Name in keyof typeof contract as (typeof contract)[Name] extends EndpointOptions ? Name : never]: (typeof contract)[Name];
};
type HandlersFor<Names extends keyof Endpoints> = HandlersOf<readonly Endpoints[Names][]>;

/** Connections: their state, what a plant offers, and taking it as signals. */
export function connectionHandlers({
  manager,
  reader: own,
}: ConnectionServices): HandlersFor<"list" | "connectPlant" | "browse" | "values" | "get" | "change" | "offer" | "take" | "takeAlarms"> {
  return {
    "connect.list": async ({ view }) => {
      const reader = view.documents.reader(LIVE);
      return manager.list().filter(({ id }) => reader.get(id) !== undefined);
    },
    "connect.connect": async ({ view, body: { name, addresses, ...plant } }) => {
      const found = chosen(await findPlant(manager, plant), addresses);
      const id = await connectPlant(view.documents, found, name);
      return manager.settled(id, 10 * SECOND);
    },
    "connect.browse": async ({ body }) => {
      const { target, found } = await findPlant(manager, body);
      return { protocol: target.protocol, ...answeredOffer(found) };
    },
    "connect.values": async ({ body: { addresses, ...plant } }) => {
      const target = { ...plant, url: wholeAddress(plant.url), protocol: protocolOf(plant) };
      const values = await manager.look(target, addresses);
      return values?.map((value) => value ?? null) ?? [];
    },
    "connect.get": async ({ view, params }) => {
      const record = connectionOf(view, params.id);
      return { ...described(view, record), ...manager.detail(record.id) };
    },
    // connections that came with an engineering file get their settings and secret here
    "connect.change": async ({ view, params: { id }, body }) => {
      // the server itself may set how often a connection asks at this very moment
      await applyOnNewest(view.documents, message("changes.logConnectionChanged", { name: connectionOf(view, id).name }), () => {
        const known = connectionOf(view, id);
        // the signals of a connection that came with an engineering file stand in its description, not in settings
        if (body.settings !== undefined) checkConnection({ ...known, ...body });
        const fields = Object.entries(body).map(([name, to]) => [name, { from: known[name], to }] as const);
        return [{ op: "update", id, fields: Object.fromEntries(fields) }];
      });
    },
    "connect.offer": async ({ view, params }) => {
      const record = connectionOf(view, params.id);
      const plant = await offerOf(manager, record);
      const untaken = untakenOf(own(), record, plant).map(({ address = "" }) => address);
      return { protocol: record.protocol, ...answeredOffer(plant.found), untaken };
    },
    "connect.take": async ({ view, params, body: { addresses } }) => {
      const record = connectionOf(view, params.id);
      const plant = chosen(await offerOf(manager, record), addresses);
      const signals = untakenOf(own(), record, plant);
      const changes = signals.map((signal): Change => ({ op: "create", record: signal }));
      const reason = message("changes.logConnect", { name: record.name });
      if (changes.length > 0) await view.documents.apply({ branch: LIVE, reason, changes });
      return { taken: changes.length };
    },
    "connect.takeAlarms": async ({ view, params, body: { addresses, ...mapping } }) => {
      const connection = connectionOf(view, params.id);
      const { found } = await offerOf(manager, connection);
      const wanted = addresses === undefined ? undefined : new Set(addresses);
      const conditions = (found.conditions ?? []).filter(({ address }) => wanted?.has(address) ?? true);
      const { changes, taken, changed } = conditionChanges(view.documents.reader(LIVE), connection, conditions, mapping);
      if (changes.length > 0)
        await view.documents.apply({ branch: LIVE, reason: message("changes.logConditions", { name: connection.name }), changes });
      return { taken, changed };
    },
  };
}

/** What is declared of the signals of a connection, and its description as documents. */
export function declarationHandlers({
  manager,
}: ConnectionServices): HandlersFor<"signals" | "findings" | "interfaceOf" | "describe" | "push" | "declareSignal"> {
  return {
    "connect.signals": async ({ view, params, query: { search, limit, offset } }) => {
      const { id } = connectionOf(view, params.id);
      const word = search.toLowerCase();
      const all = signalsOf(view, id).filter(
        ({ name, address = "" }) => name.toLowerCase().includes(word) || address.toLowerCase().includes(word),
      );
      return { total: all.length, signals: all.slice(offset, offset + limit).map((signal) => shownSignal(view, signal)) };
    },
    "plant.findings": async ({ view, params }) => interfaceFindings(view.documents.reader(LIVE), connectionOf(view, params.id)),
    "connect.interface": async ({ view, params }) => interfaceOf(view, connectionOf(view, params.id)),
    "connect.describe": async ({ view, params, body }) => describe(view, connectionOf(view, params.id), body.shell),
    "connect.push": async ({ view, token, params: { id }, body: { values, late, judged } }) => {
      const protocol = manager.protocolOf(id);
      // one that may not be read is not there, and so is answered one that is not there: before rights are looked at
      if (protocol === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("connect.noOpenConnectionTakesValues", { id }));
      const decision = view.documents.may("enter", LIVE, id);
      // people and machines that are known have their right, others the token of the connection
      const isKnown = view.documents.principal.machine === true && decision.allowed;
      if (protocol !== "push" && !decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
      return manager.push(id, values, isKnown ? "known" : { token }, { late: late === true, judged: judged === true });
    },
    "connect.declareSignal": async ({ view, params, body }) => declareSignal(view.documents, params.id, body),
  };
}

/** Certificates that were met, and secrets, which go in and never come out. */
export function trustHandlers({
  manager,
  secrets,
  trust,
  reader,
  identities,
}: ConnectionServices): HandlersFor<
  "certificates" | "decideCertificate" | "secrets" | "putSecret" | "identity" | "identify" | "removeSecret"
> {
  return {
    "connect.certificates": async () => [...trust.list()],
    "connect.decideCertificate": async ({ params, body }) => trust.decide(params.thumbprint, body.decision),
    "connect.secrets": async () => [...secrets.names()],
    "connect.putSecret": async ({ params, body }) => {
      // keys that this server made stay
      secrets.put(params.name, { ...body, identity: identities.of(params.name) });
      void manager.secretChanged(params.name, reader());
    },
    "connect.identity": async ({ params }) => identities.shown(params.name),
    "connect.identify": async ({ params }) => identities.make(params.name),
    "connect.removeSecret": async ({ params }) => {
      if (!secrets.remove(params.name)) throw new DoppelwerkError("DW_NOT_FOUND", message("connect.noSecretName", { name: params.name }));
      identities.removed(params.name);
    },
  };
}

function connectionOf(view: PlantView, id: string): ConnectionRecord {
  const known = view.documents.reader(LIVE).get(id) as ConnectionRecord | undefined;
  if (known?.kind !== "connection") throw new DoppelwerkError("DW_NOT_FOUND", message("connect.noConnectionId", { id: id.slice(0, 200) }));
  return known;
}

function signalsOf(view: PlantView, connection: string): readonly SignalRecord[] {
  return view.documents.reader(LIVE).query({ kind: "signal", index: { name: "connection", value: connection } }) as readonly SignalRecord[];
}

/** Writes connection and signals that are not there yet; returns the id of the connection. */
async function connectPlant(documents: WorldView, plant: FoundPlant, name: string): Promise<string> {
  const { connection, signals } = recordsOfPlant(plant, name);
  if (signals.length === 0)
    throw new DoppelwerkError(
      "DW_INVALID",
      message("connect.nothingTakeSignal", { remarks: plant.found.remarks ?? message("connect.plantOffersNone"), url: plant.target.url }),
    );
  const reader = documents.reader(LIVE);
  const known = reader.get(connection.id);
  const changes: Change[] = signals.flatMap((record): Change[] => {
    const present = reader.get(record.id);
    return present === undefined ? [{ op: "create", record }] : changedType(present, record);
  });
  if (known === undefined) changes.unshift({ op: "create", record: connection });
  else changes.unshift(...changedSettings(known, connection));
  if (changes.length > 0) await documents.apply({ branch: LIVE, reason: message("changes.logConnect", { name }), changes });
  return connection.id;
}

function offerOf(manager: ConnectionManager, { url, protocol, settings, secret }: ConnectionRecord): Promise<FoundPlant> {
  return findPlant(manager, { url, protocol, settings, secret });
}

/** What a plant offers that is no signal of the connection yet, whoever may read those. */
function untakenOf(reader: RecordReader, { id, name }: ConnectionRecord, plant: FoundPlant): readonly SignalRecord[] {
  const signals = reader.query({ kind: "signal", index: { name: "connection", value: id } }) as readonly SignalRecord[];
  const known = new Set(signals.flatMap((signal) => [signal.id, signal.address]));
  return recordsOfPlant(plant, name, id).signals.filter((signal) => !known.has(signal.id) && !known.has(signal.address));
}

function described(view: PlantView, record: ConnectionRecord) {
  const { id, name, protocol, url, enabled, settings, secret, allowCommands, commandPresence, demo, describedBy = [] } = record;
  const reader = view.documents.reader(LIVE);
  const standing = describedBy.filter((submodel) => recordOfAasId(reader, "submodel", submodel) !== undefined);
  return {
    id,
    name,
    protocol,
    url,
    enabled,
    ...(settings && { settings }),
    ...(secret !== undefined && { secret }),
    demo: demo === true,
    origin: originOfConnection(record),
    allowCommands: allowCommands === true,
    commandPresence: commandPresence === true,
    commandable: canBeCommanded(protocol),
    describable: canBeDescribed(protocol),
    describedBy: standing,
    undescribed: describedBy.length > 0 && standing.length === 0,
    mayAdminister: view.documents.may("administer", LIVE).allowed,
  };
}

function shownSignal(view: PlantView, signal: SignalRecord) {
  const live = view.live(signal.id);
  if (live === undefined) return signal;
  const { value, quality, sourceTime, serverTime, origin } = live;
  return { ...signal, now: { ...(value !== undefined && { value }), quality, sourceTime, serverTime, origin } };
}

/** What a person ticked in the tree of the plant. */
function chosen(plant: FoundPlant, addresses: readonly string[] | undefined): FoundPlant {
  if (addresses === undefined) return plant;
  const wanted = new Set(addresses);
  return { ...plant, found: { ...plant.found, drafts: plant.found.drafts.filter(({ address }) => wanted.has(address)) } };
}

function interfaceOf(view: PlantView, connection: ConnectionRecord): Submodel {
  const { id, protocol, name } = connection;
  if (!canBeDescribed(protocol))
    throw new DoppelwerkError("DW_INVALID", message("connect.interfaceDescriptionNoWords", { protocol, name }));
  return writeAssetInterfaces(writtenInterfaceId(id), connection, signalsOf(view, id));
}

async function describe(view: PlantView, connection: ConnectionRecord, shell: string | undefined): Promise<{ readonly submodel: string }> {
  const submodel = interfaceOf(view, connection);
  const reader = view.documents.reader(LIVE);
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
    await view.documents.apply({ branch: LIVE, reason: message("changes.logConnectionDescribed", { name: connection.name }), changes });
  return { submodel: submodel.id };
}

/** Connecting again reads the names of an enumeration and the width of an integer again. A plant that gives none now keeps those it gave. */
function changedType(known: WorldRecord, { enumeration, unsignedBits }: SignalRecord): Change[] {
  const now = { enumeration: enumeration?.map((named) => ({ ...named })), unsignedBits };
  const fields = Object.entries(now)
    .filter(([name, to]) => to !== undefined && JSON.stringify(known[name]) !== JSON.stringify(to))
    .map(([name, to]) => [name, { from: known[name], to }] as const);
  return fields.length === 0 ? [] : [{ op: "update", id: known.id, fields: Object.fromEntries(fields) }];
}

/** Connecting again with other settings or another secret changes the connection. */
function changedSettings(known: WorldRecord, connection: ConnectionRecord): Change[] {
  const fields = (["settings", "secret"] as const)
    .filter((name) => JSON.stringify(known[name]) !== JSON.stringify(connection[name]))
    .map((name) => [name, { from: known[name], to: connection[name] }] as const);
  return fields.length === 0 ? [] : [{ op: "update", id: connection.id, fields: Object.fromEntries(fields) }];
}
