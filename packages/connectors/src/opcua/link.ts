import { X509Certificate } from "node:crypto";
import { join } from "node:path";
import { message, type Message } from "@doppelwerk/messages";
import {
  AttributeIds,
  ClientTCP_transport,
  MessageSecurityMode,
  OPCUACertificateManager,
  OPCUAClient,
  SecurityPolicy,
  VariableIds,
} from "node-opcua";
import type { ClientSession, DataValue, EndpointDescription, ICertificateKeyPairProvider } from "node-opcua";
import { DoppelwerkError } from "@doppelwerk/world";
import type { Secret } from "../secrets/secret-store.ts";
import { openTrustList } from "../trust/trust-list.ts";
import "./own-types.ts";
import { chooseEndpoint, explained, identityOf, type ChosenEndpoint } from "./security.ts";
import type { OpcuaSettings } from "./settings.ts";
import { reasonOf } from "../samples/reason-of.ts";

/** What one call may carry, as the server declares it, 0 replaced by our own bound; less where it turned out to take less. */
export interface ServerLimits {
  nodesPerRead: number;
  nodesPerBrowse: number;
  nodesPerHistoryRead: number;
  itemsPerCall: number;
}

/** Why a link ended. `resumable`: only the way to the server broke, its session and subscriptions may still be there (Part 4, 6.7). */
export interface Loss {
  readonly reason: Message;
  readonly resumable: boolean;
}

/** One channel to a server with a session on it. `lost` resolves once and never rejects; a new life is a new link. */
export interface Link {
  readonly session: ClientSession;
  /** True when the session is that of the link given as `resume`. */
  readonly resumed: boolean;
  readonly namespaces: readonly string[];
  readonly limits: ServerLimits;
  /** Since when the server runs, in milliseconds; undefined where it does not say. After a restart it gives the ids of its subscriptions anew. */
  readonly serverStart: number | undefined;
  readonly lost: Promise<Loss>;
  isAlive(): boolean;
  /** Declares the link dead, for reasons the library does not see (a silent subscription). */
  fail(reason: Message, resumable?: boolean): void;
  /** Ends session and channel; after a loss only what is left here, for a later link may want the session. */
  close(): Promise<void>;
}

export interface LinkOptions {
  readonly url: string;
  /** PKI goes to `<dataDir>/pki/opcua`. */
  readonly dataDir: string;
  readonly connectTimeoutMs?: number;
  /** Default: no security. */
  readonly security?: Pick<OpcuaSettings, "securityMode" | "securityPolicy">;
  /** Default: anonymous. */
  readonly secret?: Secret;
  /** A lost link whose session is to be activated again on this channel; where the server does not know it any more a new one is opened. */
  readonly resume?: Link;
  /** Told how the way that is used now is cut, whatever the server answers: what is being opened takes no good-bye. */
  onWay?(cut: () => void): void;
}

/** As long as its subscriptions live: a way that is cut for a minute finds both again, with what was queued meanwhile. */
const SESSION_MS = 120_000;
/** An ended connection is closed within a second, whatever the plant answers. */
export const FAREWELL_MS = 250;
const OWN_LIMITS: ServerLimits = { nodesPerRead: 1000, nodesPerBrowse: 200, nodesPerHistoryRead: 20, itemsPerCall: 1000 };

const certificateManagers = new Map<string, OPCUACertificateManager>();

/**
 * Asks for the endpoints, chooses one, checks the server's certificate against the trust list, and opens a session on it. Only the holder of that
 * certificate's key can answer then. Rejects with one line: not reached, not offered, not trusted, expired, refused.
 */
export async function openLink(options: LinkOptions): Promise<Link> {
  const security = options.security ?? { securityMode: "None" };
  const plain = security.securityMode === "None" && options.secret === undefined;
  try {
    // a server that offers None is spoken to at once; the endpoints are asked only where something hangs on them
    const chosen = plain ? undefined : chooseEndpoint(await endpointsOf(options), security);
    if (chosen !== undefined && chosen.mode !== MessageSecurityMode.None) {
      const why = openTrustList(options.dataDir).judge(chosen.endpoint.serverCertificate ?? Buffer.alloc(0), options.url, new Date());
      if (why !== undefined) throw new DoppelwerkError("DW_UNAVAILABLE", why);
    }
    return await openSession(options, chosen);
  } catch (error) {
    throw explained(error, security.securityMode);
  }
}

async function endpointsOf(options: LinkOptions): Promise<readonly EndpointDescription[]> {
  const client = clientOf(options, undefined);
  try {
    await client.connect(options.url);
    return await client.getEndpoints();
  } finally {
    await within(2_000, client.disconnect().catch(ignore));
  }
}

function clientOf(options: LinkOptions, chosen: ChosenEndpoint | undefined): OPCUAClient {
  const identity = options.secret?.identity;
  return OPCUAClient.create({
    transportFactory: {
      create(settings) {
        const way = new ClientTCP_transport(settings);
        options.onWay?.(() => way.forceConnectionBreak());
        return way;
      },
    },
    applicationName: "Doppelwerk",
    clientName: "Doppelwerk",
    connectionStrategy: { maxRetry: 0, initialDelay: 100, maxDelay: 1000 },
    transportTimeout: options.connectTimeoutMs ?? 10_000,
    defaultTransactionTimeout: 60_000,
    requestedSessionTimeout: SESSION_MS,
    endpointMustExist: false,
    securityMode: chosen?.mode ?? MessageSecurityMode.None,
    securityPolicy: chosen?.policy ?? SecurityPolicy.None,
    ...(chosen === undefined || chosen.mode === MessageSecurityMode.None ? {} : { serverCertificate: chosen.endpoint.serverCertificate }),
    keepSessionAlive: true,
    // what outlives its channel is activated on the next one
    keepPendingSessionsOnDisconnect: true,
    clientCertificateManager: certificateManager(join(options.dataDir, "pki", "opcua")),
    // the URI of the application is that of its certificate (Part 4, 5.5.2)
    ...(identity === undefined ? {} : { applicationUri: identity.did, certificateKeyPairProvider: keyPairOf(identity.opcua) }),
  });
}

/** Of an identity that this server keeps sealed: in memory alone. */
function keyPairOf({ certificate, privateKey }: NonNullable<Secret["identity"]>["opcua"]): ICertificateKeyPairProvider {
  const chain = [...certificate.matchAll(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)].map(
    ([pem]) => new X509Certificate(pem).raw,
  );
  const key = { hidden: privateKey };
  return { getCertificate: () => chain[0]!, getCertificateChain: () => chain, getPrivateKey: () => key };
}

async function openSession(options: LinkOptions, chosen: ChosenEndpoint | undefined): Promise<Link> {
  const identity = chosen === undefined ? undefined : identityOf(chosen, options.secret);
  const client = clientOf(options, chosen);
  const { promise: lost, resolve } = Promise.withResolvers<Loss>();
  const fail = (reason: Message, resumable = false): void => resolve({ reason, resumable });
  client.on("connection_lost", () => fail(message("connectors.connectionLost"), true));
  client.on("close", (error) => fail(error ? reasonOf(error) : message("connectors.connectionClosed"), true));
  client.on("abort", () => fail(message("connectors.connectionAborted"), true));
  let session: ClientSession | undefined;
  let alive = true;
  void lost.then(() => {
    alive = false;
  });
  const tearDown = async (): Promise<void> => {
    if (session !== undefined) await within(FAREWELL_MS, session.close(true).catch(ignore));
    await within(FAREWELL_MS, client.disconnect().catch(ignore));
  };
  let closed = false;
  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    const wasAlive = alive;
    fail(message("connectors.connectionClosed"));
    // a dead peer answers no farewell, and its session may be wanted again: only the channel goes, and nobody waits for it
    if (wasAlive) return tearDown();
    (session as KeptSession | undefined)?.stopKeepAliveManager();
    void within(2_000, client.disconnect().catch(ignore));
  };
  try {
    await client.connect(options.url);
    const opened = await sessionOn(client, identity, options.resume);
    const { resumed } = opened;
    session = opened.session;
    session.on("session_closed", () => fail(message("connectors.sessionClosedByServer")));
    const known = resumed ? options.resume : undefined;
    const namespaces = known?.namespaces ?? (await session.readNamespaceArray());
    const limits = known?.limits ?? (await readLimits(session));
    const serverStart = known === undefined ? await readStart(session) : known.serverStart;
    return { session, resumed, namespaces, limits, serverStart, lost, isAlive: () => alive, fail, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * The session of the link that was lost, or a new one. A server that was started anew may have given the token of ours to somebody else, and without
 * certificates it cannot tell us apart: so a new session is asked first since when it runs. Where there is no room for one, ours still has its place.
 */
async function sessionOn(
  client: OPCUAClient,
  identity: ReturnType<typeof identityOf> | undefined,
  resume: Link | undefined,
): Promise<{ readonly session: ClientSession; readonly resumed: boolean }> {
  if (resume === undefined) return { session: await client.createSession(identity), resumed: false };
  const fresh = await client.createSession(identity).catch((error: unknown) => {
    if (/TooManySessions/.test(String(error))) return undefined;
    throw error;
  });
  const isSame = fresh === undefined || (await readStart(fresh)) === resume.serverStart;
  if (!isSame || !(await reactivated(client, resume.session)))
    return { session: fresh ?? (await client.createSession(identity)), resumed: false };
  await fresh?.close(true).catch(ignore);
  return { session: resume.session, resumed: true };
}

/** What of a session the library declares on its implementation only: its own timer of pings. */
type KeptSession = ClientSession & { startKeepAliveManager(): void; stopKeepAliveManager(): void };

/** ActivateSession of a session that outlived its channel (Part 4, 5.6.3). */
async function reactivated(client: OPCUAClient, session: ClientSession): Promise<boolean> {
  try {
    await client.getEndpoints();
    await client.reactivateSession(session);
    (session as KeptSession).startKeepAliveManager();
    return true;
  } catch {
    // gone with its server, timed out, or not given to another channel: a new one is opened
    return false;
  }
}

function certificateManager(rootFolder: string): OPCUACertificateManager {
  let manager = certificateManagers.get(rootFolder);
  if (manager === undefined) {
    // servers are judged by our own trust list before this library meets them
    manager = new OPCUACertificateManager({ rootFolder, automaticallyAcceptUnknownCertificate: true });
    certificateManagers.set(rootFolder, manager);
  }
  return manager;
}

async function readLimits(session: ClientSession): Promise<ServerLimits> {
  const nodes = [
    VariableIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerRead,
    VariableIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerBrowse,
    VariableIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerHistoryReadData,
    VariableIds.Server_ServerCapabilities_OperationLimits_MaxMonitoredItemsPerCall,
  ];
  // one by one: a server may allow a single node per call, and says so in the first of these
  const answers: DataValue[] = [];
  for (const id of nodes) answers.push(await session.read({ nodeId: `i=${id}`, attributeId: AttributeIds.Value }));
  const limit = (index: number, own: number): number => {
    const declared: unknown = answers[index]?.value?.value;
    return typeof declared === "number" && declared > 0 ? Math.min(declared, own) : own;
  };
  return {
    nodesPerRead: limit(0, OWN_LIMITS.nodesPerRead),
    nodesPerBrowse: limit(1, OWN_LIMITS.nodesPerBrowse),
    nodesPerHistoryRead: limit(2, OWN_LIMITS.nodesPerHistoryRead),
    itemsPerCall: limit(3, OWN_LIMITS.itemsPerCall),
  };
}

async function readStart(session: ClientSession): Promise<number | undefined> {
  const answer = await session.read({ nodeId: `i=${VariableIds.Server_ServerStatus_StartTime}`, attributeId: AttributeIds.Value });
  const start: unknown = answer.value?.value;
  return start instanceof Date ? start.getTime() : undefined;
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([work, promise]);
  clearTimeout(timer);
}

function ignore(): void {}
