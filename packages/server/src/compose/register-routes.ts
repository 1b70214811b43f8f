import { fileURLToPath } from "node:url";
import { errorCodes, type FastifyInstance, type FastifyRequest } from "fastify";
import { isAasUrl, registerEvents, serveEventSockets } from "@doppelwerk/aas-server";
import { HOME_WORLD } from "@doppelwerk/client";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, LIVE, type Principal } from "@doppelwerk/world";
import { describedEndpoints, mountFeatures } from "../routes/mount-features.ts";
import { serveGuides } from "../guides/serve-guides.ts";
import { AUTHORITIES_ROUTE, serveAuthorities } from "../certificates/authority-routes.ts";
import { AUTHORITY_ROUTE, createApp, serveStudio, type ReachedBy } from "../http/app.ts";
import { PUBLIC_ENDPOINTS, registerSessions, sessionContract, withAccounts } from "../accounts/account-routes.ts";
import { authenticatorContract, registerAuthenticators } from "../accounts/authenticator-routes.ts";
import { administrationContract, registerAdministration } from "../accounts/administration-routes.ts";
import { providersContract, registerProviders } from "../directory/provider-routes.ts";
import { PUBLIC_SIGN_IN, registerSignIn, signInContract } from "../directory/sign-in-routes.ts";
import type { Witness } from "../outside-proof/witness.ts";
import { PUBLIC_WITNESS_ENDPOINTS, registerWitness, witnessContract } from "../outside-proof/witness-routes.ts";
import { machinesContract, PUBLIC_MACHINE_ENDPOINTS, registerMachines } from "../machines/machine-routes.ts";
import { credentialContract, PUBLIC_CREDENTIAL_ENDPOINTS } from "../credentials/credential-contract.ts";
import { registerCredentials } from "../credentials/credential-routes.ts";
import { PUBLIC_DOCUMENTS, servePublicDocuments } from "../credentials/public-documents.ts";
import { identityContract } from "../identities/identity-contract.ts";
import { registerIdentities } from "../identities/identity-routes.ts";
import { accessContract, registerAccess } from "../routes/access-routes.ts";
import { sessionCookie } from "../accounts/known-people.ts";
import { askPresence, requirePresence } from "../accounts/presence.ts";
import { presenceContract, registerPresence } from "../accounts/presence-routes.ts";
import { passkeyContract, passkeyProof, PUBLIC_PASSKEY_ENDPOINTS, registerPasskeys } from "../passkeys/passkey-routes.ts";
import { pinProof, PUBLIC_TERMINAL_ENDPOINTS, registerTerminals, terminalContract } from "../terminals/terminal-routes.ts";
import { admitMachines, requirePerson } from "../accounts/require-person.ts";
import { registerSignInNews, signInNewsContract } from "../accounts/sign-in-news-routes.ts";
import { PUBLIC_NOTICE, registerUseNotice, useNoticeContract } from "../accounts/use-notice.ts";
import { eraseSelf } from "../privacy/privacy-contract.ts";
import { logRequests } from "../transparency/log-requests.ts";
import { keyOf } from "../http/guests.ts";
import { IncomingOctets } from "../http/incoming-octets.ts";
import { NOBODY } from "../http/person.ts";
import { onBehalfOf } from "../uploads/uploader.ts";
import { registerOpenApi } from "../http/openapi.ts";
import { ownContract } from "../http/world-contract.ts";
import { servePackFiles } from "../packs/studio-files.ts";
import { IDENTIFICATION_ROUTES, identificationContract, registerCodes, serveIdentifications } from "../routes/identification-routes.ts";
import { oneWorld } from "../routes/one-world.ts";
import { registerPerson } from "../routes/person-routes.ts";
import { placeRolesContract, registerPlaceRoles } from "../routes/place-roles-routes.ts";
import { propertyClassContract, registerPropertyClasses } from "../routes/property-class-routes.ts";
import { enterWorlds, shortUrl, worldOfRequests, type WorldOf } from "../routes/request-world.ts";
import { registerWorld } from "../routes/world-routes.ts";
import { observed, type Observed } from "../observability/observed.ts";
import { registerServerState } from "../observability/register-server-state.ts";
import { serverStateContract } from "../observability/server-state-contract.ts";
import { followRequests } from "../telemetry/follow-requests.ts";
import { registerMetrics } from "../routes/metric-routes.ts";
import type { KnownIdentities } from "./open-identities.ts";
import { registerAasApi } from "./register-aas-api.ts";
import type { HostedWorld } from "../routes/hosted-world.ts";
import type { HostedWorlds } from "../routes/hosted-worlds.ts";

export const API_PREFIX = "/api/doppelwerk/v1";
/** Routes of people who log in, of machines, and of who may do what; a test holds them to what is registered. */
export const accountsContract = [
  ...sessionContract,
  ...authenticatorContract,
  ...presenceContract,
  ...passkeyContract,
  ...terminalContract,
  ...administrationContract,
  ...signInNewsContract,
  ...useNoticeContract,
  ...signInContract,
  ...providersContract,
  ...machinesContract,
  ...credentialContract,
  ...identityContract,
  ...accessContract,
  ...placeRolesContract,
  ...propertyClassContract,
  ...serverStateContract,
  ...identificationContract,
  ...witnessContract,
] as const;

const PUBLIC_ROUTES: ReadonlySet<string> = new Set([
  ...[
    ...PUBLIC_ENDPOINTS,
    ...PUBLIC_SIGN_IN,
    ...PUBLIC_PASSKEY_ENDPOINTS,
    ...PUBLIC_TERMINAL_ENDPOINTS,
    ...PUBLIC_MACHINE_ENDPOINTS,
    ...PUBLIC_WITNESS_ENDPOINTS,
    ...PUBLIC_CREDENTIAL_ENDPOINTS,
    ...PUBLIC_NOTICE,
  ].map((route) => route.replace(" ", ` ${API_PREFIX}`)),
  ...PUBLIC_DOCUMENTS,
  `GET ${AUTHORITY_ROUTE}`,
  `GET ${AUTHORITIES_ROUTE}`,
  ...IDENTIFICATION_ROUTES.map((url) => `GET ${url}`),
  // whether it works, for what watches processes; and what errors mean
  ...["/healthz", "/readyz", "/guide", "/guide/:name", "/guide/pictures/:file"].map((url) => `GET ${url}`),
]);

/** With what features answer to anybody. */
function publicRoutesOf({ features }: HostedWorld): ReadonlySet<string> {
  const ofFeatures = features.features.flatMap(({ contract }) => contract).filter(({ isPublic }) => isPublic === true);
  return new Set([...PUBLIC_ROUTES, ...ofFeatures.map(({ route }) => route.replace(" ", ` ${API_PREFIX}`))]);
}

/** Every route of a server of one world on one app. */
export function createSiteApp(site: HostedWorld, guests?: ReadonlySet<string>): Promise<FastifyInstance> {
  return createWorldsApp(oneWorld(site), guests);
}

/** Every route of the server on one app. */
export async function createWorldsApp(
  worlds: HostedWorlds,
  guests?: ReadonlySet<string>,
  identities?: KnownIdentities,
  reached?: ReachedBy,
): Promise<FastifyInstance> {
  const { home } = worlds;
  const worldOf = worldOfRequests(home);
  const publicRoutes = publicRoutesOf(home);
  /** Where somebody signs in, among others. */
  const isPublicRoute = ({ method, routeOptions }: FastifyRequest): boolean => publicRoutes.has(`${method} ${routeOptions.url}`);
  const app = createApp(home.logger, guests, shortUrl(API_PREFIX), reached);
  if (identities !== undefined) admitMachines(app, identities.people);
  // then, so that the world is open whose key may come with the request; who has none is refused there already
  enterWorlds(app, worlds);
  decideWhoAsks(app, { home, worldOf, identities, publicRoutes, turns: reached?.turns });
  if (worlds.telemetry !== undefined)
    followRequests(app, {
      spans: worlds.telemetry,
      now: () => home.now(),
      isKnown: (request) => !isPublicRoute(request) && isKnownBy(identities, request),
    });
  const watched = observed(app, worlds, {
    identities,
    reached,
    metrics: registerMetrics(app, home, worlds.registry, reached?.turns),
    isDoor: isPublicRoute,
  });
  // The HTTP server waits for every socket that was upgraded, and knows none of them.
  app.addHook("preClose", async () => void (await Promise.all(worlds.registry.open().map(({ hub }) => hub.detach(app.server)))));
  await app.register(
    async (api) => {
      registerOwnApi(api, home, worldOf, { identities, watched, worlds, witness: () => worlds.outside?.witness });
      mountFeatures(api, worlds, (request, maxAgeS) => requirePresence(identities?.people, request, maxAgeS), identities);
    },
    { prefix: API_PREFIX },
  );
  if (worlds.certificates !== undefined) serveAuthorities(app, worlds.certificates);
  worlds.whenOpen(serveEventSockets(app, API_PREFIX, HOME_WORLD));
  registerOpenApi(app, home.version, API_PREFIX, () => [...accountsContract, ...describedEndpoints(home.features.features)]);
  await registerAasApi(app, home, worldOf);
  servePublicDocuments(app, identities);
  serveGuides(app, { guides: docsFolder("guide"), pictures: docsFolder("pictures") });
  await serveStudio(app, fileURLToPath(new URL("../../../studio/dist", import.meta.url)), {
    serveMore: (policy) => servePackFiles(app, () => home.packs.flatMap(({ studio }) => studio ?? []), policy),
    serveInside: (studio) => serveIdentifications(studio, worlds),
  });
  return app;
}

/** A person or machine of this server, not who comes by a key; without accounts whoever is at this machine. */
function isKnownBy(identities: KnownIdentities | undefined, request: FastifyRequest): boolean {
  if (keyOf(request) !== undefined) return false;
  try {
    identities?.people.of(request);
    return true;
  } catch (error) {
    if (error instanceof DoppelwerkError) return false;
    throw error;
  }
}

/** Before any route: somebody is known, and was there lately where the operation asks for it; and what is done is in the transparency log. */
function decideWhoAsks(
  app: FastifyInstance,
  {
    home,
    worldOf,
    identities,
    publicRoutes,
    turns,
  }: {
    readonly home: HostedWorld;
    readonly worldOf: WorldOf;
    readonly identities: KnownIdentities | undefined;
    readonly publicRoutes: ReadonlySet<string>;
    readonly turns: ReachedBy["turns"];
  },
): void {
  if (identities !== undefined)
    identities.credentials.presented.told = ({ id }, what) =>
      void home.transparency
        ?.append(() => ({ what: "request", operation: `kernel.machine.${what}`, status: 200, machine: id }))
        .catch((error: unknown) => home.logger.error({ err: error }, "the transparency log misses that a credential ended"));
  if (identities !== undefined)
    requirePerson(app, identities.people, {
      publicRoutes,
      isOfWorld: ({ url }) => url.startsWith(`${API_PREFIX}/`) || isAasUrl(url),
      guestOf: (request) => worldOf(request).person(request),
      count: (identity) => identities.rate.count(identity),
      known: (address) => turns?.knows(address),
    });
  if (home.transparency !== undefined)
    logRequests(app, {
      log: home.transparency,
      identities,
      prefix: API_PREFIX,
      ofAnybody: new Set([eraseSelf.id]),
      endpoints: () => [...accountsContract, ...ownContract, ...describedEndpoints(home.features.features)],
      person: (request) => worldOf(request).person(request).id,
      world: (request) => worldOf(request).id,
      onFault: (error) => home.logger.error({ err: error }, "the transparency log misses a refusal"),
    });
  // before a handler runs, and for whatever it waits
  app.addHook("preHandler", (request, _, done) => onBehalfOf(personIdOf(worldOf, request), done));
  askPresence(app, {
    people: identities?.people,
    contract: accountsContract,
    prefix: API_PREFIX,
    person: (request) => worldOf(request).person(request),
    may: (principal, { action }) => home.view(principal).may(action, LIVE).allowed,
  });
}

/** Whoever asks; of what everybody may ask, nobody. */
function personIdOf(worldOf: WorldOf, request: FastifyRequest): string {
  try {
    return worldOf(request).person(request).id;
  } catch {
    // nobody is logged in, or the world is none
    return NOBODY.id;
  }
}

function docsFolder(name: string): string {
  return fileURLToPath(new URL(`../../../../docs/${name}`, import.meta.url));
}

/** Every route under the prefix of the own API; http/openapi.ts describes them. */
export function registerOwnApi(
  api: FastifyInstance,
  home: HostedWorld,
  worldOf: WorldOf,
  {
    identities,
    watched,
    worlds,
    witness,
  }: {
    readonly identities?: KnownIdentities | undefined;
    readonly watched?: Observed;
    readonly worlds?: HostedWorlds;
    readonly witness?: () => Witness | undefined;
  } = {},
): void {
  takeOctets(api);
  registerSessions(api, identities);
  registerAuthenticators(api, identities);
  registerPasskeysOf(api, identities);
  const mayAdminister = (principal: Principal): boolean => home.view(principal).may("administer", LIVE).allowed;
  registerAdministration(api, identities, mayAdminister);
  registerSignIn(api, identities);
  registerProviders(api, identities, mayAdminister);
  const administrator = (request: FastifyRequest): Principal => {
    const principal = withAccounts(identities).people.of(request);
    if (!mayAdminister(principal)) throw new DoppelwerkError("DW_FORBIDDEN", message("server.accountsAdministeredOnly"));
    return principal;
  };
  registerSignInNews(api, identities);
  registerUseNotice(api, identities, administrator);
  registerTerminals(api, { identities, administrator });
  registerMachines(api, {
    machines: identities?.machines,
    administrator,
    nameOf: (account) => identities?.accounts.byId(account)?.name,
    recheck: async ({ presented }) => {
      if (presented !== undefined) await identities?.credentials.presented.recheckOf((issuer) => issuer === presented.issuer);
    },
  });
  registerCredentials(api, { identities, administrator });
  registerIdentities(api, { identities, worlds, administrator });
  const everybody = (): readonly Principal[] => [
    ...(identities?.accounts.list() ?? []).map(({ id, name, roles }): Principal => ({ id, name, verified: true, roles })),
    ...(identities?.machines.store.list() ?? []).map(({ id, name, roles }): Principal => ({
      id,
      name,
      verified: true,
      roles,
      machine: true,
    })),
  ];
  registerAccess(api, worldOf, everybody);
  registerPlaceRoles(api, worldOf, everybody);
  registerPropertyClasses(api, worldOf);
  registerServerState(api, watched);
  registerWitness(api, witness ?? (() => undefined));
  registerCodes(api, worlds ?? oneWorld(home));
  registerWorld(api, worldOf);
  registerPerson(api, home);
  registerEvents(api, worldOf, HOME_WORLD);
}

function registerPasskeysOf(api: FastifyInstance, identities: KnownIdentities | undefined): void {
  const scheme = identities?.scheme ?? "http";
  registerPresence(api, identities, identities && [passkeyProof(identities.passkeys, scheme), pinProof(identities.terminals)]);
  registerPasskeys(api, { identities, scheme, cookie: identities?.passkeyCookie ?? sessionCookie(false, "-passkey") });
}

const MAX_OCTETS = 256_000_000;

/** Files come as the body of a request; each operation reads its own once access is decided. */
function takeOctets(api: FastifyInstance): void {
  api.addContentTypeParser("application/octet-stream", (request, payload, done) => {
    if (Number(request.headers["content-length"]) > MAX_OCTETS) done(new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE());
    else done(null, new IncomingOctets(payload, MAX_OCTETS));
  });
}
