import { message, textOf } from "@doppelwerk/messages";
import { addressOfWebDid, isDid, keysOfDocument, webDidOf } from "@doppelwerk/trust/credentials";
import { DoppelwerkError, type Principal } from "@doppelwerk/world";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { z } from "zod";
import { bodyOf } from "../accounts/account-routes.ts";
import type { AccountStore } from "../accounts/account-store.ts";
import { parse } from "../http/query.ts";
import { didOfKey } from "../machines/machine-key.ts";
import type { ConnectionRegister } from "../connections/connection-register.ts";
import type { Machines } from "../machines/machines.ts";
import {
  changedTrusted,
  changeTrustedIssuer,
  issueCredential,
  newIssued,
  newTrusted,
  presentMachine,
  publishServer,
  suspendCredential,
  trustIssuer,
  verifyCredential,
  type issuedShape,
  type trustedShape,
} from "./credential-contract.ts";
import type { CredentialChecks } from "./credential-checks.ts";
import type { CredentialStore, IssuedCredential, TrustedIssuer } from "./credential-store.ts";
import { askedCredential, stateOf } from "./issue.ts";
import type { Issuer } from "./issuer.ts";
import { NONCE_MS, type PresentedMachines } from "./presented-machines.ts";

export interface CredentialIdentities {
  readonly connections: Pick<ConnectionRegister, "published">;
  readonly accounts: AccountStore;
  readonly machines: Machines;
  readonly scheme: "http" | "https";
  readonly credentials: {
    readonly store: CredentialStore;
    readonly issuer: Issuer;
    readonly checks: CredentialChecks;
    readonly presented: PresentedMachines;
  };
}

export interface CredentialRoutesOptions {
  /** Undefined on a server without accounts. */
  readonly identities: CredentialIdentities | undefined;
  /** Errors: DW_UNAUTHENTICATED, DW_FORBIDDEN. */
  administrator(request: FastifyRequest): Principal;
}

interface Named {
  readonly credential: string;
}

type Administered = (request: FastifyRequest) => CredentialIdentities & { readonly by: string };

export function registerCredentials(api: FastifyInstance, { identities, administrator }: CredentialRoutesOptions): void {
  const here = (): CredentialIdentities => {
    if (identities === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("server.noAccountsHere"));
    return identities;
  };
  const administered: Administered = (request) => ({ ...here(), by: administrator(request).id });
  registerIssued(api, administered);
  registerTrusted(api, administered);
  registerPresentation(api, here);
}

function registerIssued(api: FastifyInstance, administered: Administered): void {
  api.get("/credentials", async (request) => {
    const known = administered(request);
    const { store, issuer } = known.credentials;
    return {
      did: issuer.did,
      ...(store.publishedAs !== undefined && { publishedAs: store.publishedAs }),
      issued: store.issued.map((each) => shownIssued(known, each)),
      trusted: store.trusted.map((each) => shownTrusted(known, each)),
    };
  });
  api.put("/credentials/publication", async (request) => {
    const { issuer } = administered(request).credentials;
    issuer.publishAs(parse(publishServer.body, request.body ?? {}, bodyOf(publishServer)).host ?? undefined);
    return { did: issuer.did };
  });
  api.post("/credentials", async (request, reply) => {
    const known = administered(request);
    const { store, issuer } = known.credentials;
    const asked = parse(newIssued, request.body ?? {}, bodyOf(issueCredential));
    if (store.publishedAs === undefined) throw new DoppelwerkError("DW_CONFLICT", message("credentials.notPublished"));
    const { machines, accounts, by } = known;
    const issued = store.issue(askedCredential(asked, { machines: machines.store, accounts, nowMs: Date.now(), by }));
    reply.header("cache-control", "no-store");
    return { credential: shownIssued(known, issued), text: issuer.textOf(issued) };
  });
  api.get<{ Params: Named }>("/credentials/:credential/text", async (request, reply) => {
    const { store, issuer } = administered(request).credentials;
    reply.header("cache-control", "no-store");
    return { text: issuer.textOf(issuedOf(store, request.params.credential)) };
  });
  api.put<{ Params: Named }>("/credentials/:credential/suspension", async (request) => {
    const known = administered(request);
    const { suspended } = parse(suspendCredential.body, request.body ?? {}, bodyOf(suspendCredential));
    return ending(known, request.params.credential, (before) => {
      if (before.revoked !== undefined) throw new DoppelwerkError("DW_CONFLICT", message("credentials.revoked"));
      const { suspended: since, ...rest } = before;
      return suspended ? { ...rest, suspended: since ?? { at: new Date().toISOString(), by: known.by } } : rest;
    });
  });
  api.post<{ Params: Named }>("/credentials/:credential/revocation", async (request) => {
    const known = administered(request);
    return ending(known, request.params.credential, (before) => ({
      ...before,
      revoked: before.revoked ?? { at: new Date().toISOString(), by: known.by },
    }));
  });
  api.post("/credentials/verification", async (request) => {
    const { checks } = administered(request).credentials;
    return verdictOf(checks, parse(verifyCredential.body, request.body ?? {}, bodyOf(verifyCredential)).credential.trim());
  });
}

/** What came in by the credential has ended once this is answered. */
async function ending(
  known: CredentialIdentities,
  id: string,
  change: (before: IssuedCredential) => IssuedCredential,
): Promise<z.infer<typeof issuedShape>> {
  const { store, issuer, presented } = known.credentials;
  const after = store.change(id, change);
  issuer.changed();
  await presented.recheckOf((did) => issuer.isOwn(did));
  return shownIssued(known, after);
}

function registerTrusted(api: FastifyInstance, administered: Administered): void {
  api.post("/trusted-issuers", async (request) => {
    const known = administered(request);
    const { did, hosts, document, ...given } = parse(newTrusted, request.body ?? {}, bodyOf(trustIssuer));
    checkIssuer(did, document);
    const trusted = known.credentials.store.trust({
      ...given,
      did,
      createdBy: known.by,
      ...(document !== undefined && { document }),
      ...(hosts !== undefined && { hosts: hosts.map(hostOf) }),
    });
    await known.credentials.presented.recheckOf((each) => each === did);
    return shownTrusted(known, trusted);
  });
  api.patch<{ Params: { readonly issuer: string } }>("/trusted-issuers/:issuer", async (request) => {
    const known = administered(request);
    const { store, presented } = known.credentials;
    const change = parse(changedTrusted, request.body ?? {}, bodyOf(changeTrustedIssuer));
    const after = store.changeTrusted(request.params.issuer, ({ disabled: wasDisabled, ...before }) => ({
      ...before,
      name: change.name ?? before.name,
      types: change.types ?? before.types,
      role: change.role ?? before.role,
      maxAgeHours: change.maxAgeHours ?? before.maxAgeHours,
      ...(change.hosts !== undefined && { hosts: change.hosts.map(hostOf) }),
      ...((change.disabled ?? wasDisabled === true) && { disabled: true as const }),
    }));
    await presented.recheckOf((did) => did === after.did);
    return shownTrusted(known, after);
  });
  api.delete<{ Params: { readonly issuer: string } }>("/trusted-issuers/:issuer", async (request, reply) => {
    const { store, presented } = administered(request).credentials;
    const before = store.trusted.find(({ id }) => id === request.params.issuer);
    store.distrust(request.params.issuer);
    await presented.recheckOf((did) => did === before?.did);
    return reply.status(204).send();
  });
}

function registerPresentation(api: FastifyInstance, here: () => CredentialIdentities): void {
  /** By its DID, or by the address that was asked for. */
  const audiencesOf = ({ credentials, scheme }: CredentialIdentities, request: FastifyRequest): readonly string[] => [
    credentials.issuer.did,
    `${scheme}://${(request.headers.host ?? "").toLowerCase()}`,
  ];
  api.post("/machines/presentation/challenge", async (request, reply) => {
    const known = here();
    reply.header("cache-control", "no-store");
    return { nonce: known.credentials.presented.challenge(), audience: audiencesOf(known, request)[0]!, expires_in: NONCE_MS / 1_000 };
  });
  api.post("/machines/presentation", async (request) => {
    const known = here();
    const { presentation } = parse(presentMachine.body, request.body ?? {}, bodyOf(presentMachine));
    const audiences = audiencesOf(known, request);
    const { id, name, roles, key, expires } = await known.credentials.presented.present(request.raw, request.ip, {
      presentation,
      audiences,
    });
    return { id, name, roles, did: didOfKey(key!), ...(expires !== undefined && { expires }) };
  });
}

/** Errors: DW_NOT_FOUND. */
function issuedOf(store: CredentialStore, id: string): IssuedCredential {
  const issued = store.byId(id);
  if (issued === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("credentials.none", { id: id.slice(0, 100) }));
  return issued;
}

/** Errors: DW_INVALID for a DID whose keys are found nowhere, and for a document that is not its own. */
export function checkIssuer(did: string, document: unknown): void {
  if (!isDid(did)) throw new DoppelwerkError("DW_INVALID", message("credentials.noDid", { did: did.slice(0, 200) }));
  if (document !== undefined) keysOfDocument(document, did);
  else if (!did.startsWith("did:key:")) addressOfWebDid(did);
}

/** Errors: DW_INVALID for what is no name of a host. */
export function hostOf(text: string): string {
  const host = text.trim().toLowerCase();
  webDidOf(host);
  return host;
}

export async function verdictOf(checks: CredentialChecks, text: string): Promise<z.infer<NonNullable<typeof verifyCredential.answer>>> {
  try {
    const { credential, trusted, statusAtMs } = await checks.check(text);
    const { issuer, types, subject, validUntilMs } = credential;
    return {
      holds: true,
      issuer,
      ...(trusted !== undefined && { issuerName: trusted.name }),
      types,
      subject,
      ...(validUntilMs !== undefined && { validUntil: new Date(validUntilMs).toISOString() }),
      ...(statusAtMs !== undefined && { statusAt: new Date(statusAtMs).toISOString() }),
    };
  } catch (error) {
    if (!(error instanceof DoppelwerkError)) throw error;
    const { where = "" } = Object(error.details) as { readonly where?: string };
    return { holds: false, refused: { code: error.code, where, reason: textOf(error.reason) } };
  }
}

function shownIssued({ accounts }: CredentialIdentities, issued: IssuedCredential): z.infer<typeof issuedShape> {
  const { index: _index, of, createdBy, suspended, revoked, name, ...facts } = issued;
  const nameOf = (id: string | undefined): string | undefined => (id === undefined ? undefined : accounts.byId(id)?.name);
  const called = facts.kind === "person" ? nameOf(of) : name;
  const by = nameOf(createdBy);
  const ended = revoked ?? suspended;
  const endedBy = nameOf(ended?.by);
  return {
    ...facts,
    state: stateOf(issued, Date.now()),
    ...(called !== undefined && { name: called }),
    ...(by !== undefined && { createdBy: by }),
    ...(ended !== undefined && { ended: { at: ended.at, ...(endedBy !== undefined && { by: endedBy }) } }),
  };
}

function shownTrusted({ accounts, machines }: CredentialIdentities, trusted: TrustedIssuer): z.infer<typeof trustedShape> {
  const { document, hosts = [], disabled, createdBy, ...facts } = trusted;
  const by = createdBy === undefined ? undefined : accounts.byId(createdBy)?.name;
  return {
    ...facts,
    hosts,
    pinned: document !== undefined,
    disabled: disabled === true,
    machines: machines.store.list().filter(({ presented }) => presented?.issuer === trusted.did).length,
    ...(by !== undefined && { createdBy: by }),
  };
}
