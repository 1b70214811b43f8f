import type { MachineRole } from "./machines-api.ts";
import type { Requester } from "./request.ts";

export type IdentityKind = "session" | "machine" | "edge" | "connector" | "service" | "assistant" | "terminal" | "avatar" | "link";
export type IdentityProof =
  | "password"
  | "authenticator"
  | "passkey"
  | "company"
  | "invitation"
  | "pin"
  | "badge"
  | "key"
  | "token"
  | "credential"
  | "browser"
  | "certificate"
  | "secret"
  | "link"
  | "session"
  | "none";
export type IdentityEnding = "left" | "administrator" | "expired" | "changed" | "removed" | "replaced";

/** Who or what connects, or connected once. Times are ISO 8601. */
export interface ListedIdentity {
  readonly id: string;
  readonly kind: IdentityKind;
  readonly name?: string;
  /** Account of a person. */
  readonly person?: string;
  readonly state: "open" | "waiting" | "disabled" | "withheld" | "expired" | "ended";
  readonly roles: readonly string[];
  readonly places: readonly { readonly role: string; readonly place?: string; readonly until?: string }[];
  readonly since?: string;
  readonly enrolledBy?: string;
  readonly proof: IdentityProof;
  readonly did?: string;
  readonly issuer?: string;
  readonly place?: string;
  readonly seen?: { readonly time: string; readonly address?: string };
  readonly agent?: string;
  readonly open?: number;
  /** Session of an avatar, which ends it. */
  readonly session?: string;
  /** It is ended, or opened again, by `openIdentity`. */
  readonly switched?: boolean;
  /** did:web under which its document is answered to anybody. */
  readonly publishedAs?: string;
  /** Values may be written to its plant. */
  readonly commands?: boolean;
  /** The session that asks. */
  readonly own?: boolean;
  readonly ended?: { readonly at: string; readonly by?: string; readonly why: IdentityEnding };
}

export interface IdentityList {
  readonly identities: readonly ListedIdentity[];
  readonly total: number;
  readonly counts: Readonly<Record<string, { readonly now: number; readonly ended: number }>>;
  readonly rules: boolean;
  /** The server has a public name, so that DIDs can be published under it. */
  readonly named: boolean;
}

/** A Verifiable Credential that the server issued. */
export interface IssuedCredential {
  readonly id: string;
  readonly kind: "machine" | "edge" | "connector" | "service" | "assistant" | "person" | "company";
  readonly state: "valid" | "notYet" | "expired" | "suspended" | "revoked";
  readonly subject?: string;
  readonly name?: string;
  readonly role?: string;
  readonly company?: string;
  readonly place?: string;
  readonly validFrom: string;
  readonly validUntil: string;
  readonly created: string;
  readonly createdBy?: string;
  readonly ended?: { readonly at: string; readonly by?: string };
}

/** Whose credentials are taken. */
export interface TrustedIssuer {
  readonly id: string;
  readonly did: string;
  readonly name: string;
  readonly types: readonly string[];
  readonly role: MachineRole;
  readonly hosts: readonly string[];
  readonly pinned: boolean;
  readonly maxAgeHours: number;
  readonly disabled: boolean;
  /** That came in by its credentials. */
  readonly machines: number;
  readonly created: string;
  readonly createdBy?: string;
}

export interface CredentialList {
  readonly did: string;
  readonly publishedAs?: string;
  readonly issued: readonly IssuedCredential[];
  readonly trusted: readonly TrustedIssuer[];
}

export interface NewCredential {
  readonly kind: IssuedCredential["kind"];
  readonly machine?: string;
  readonly account?: string;
  readonly subject?: string;
  readonly name?: string;
  readonly role?: string;
  readonly company?: string;
  readonly place?: string;
  readonly validUntil: string;
}

export interface CredentialVerdict {
  readonly holds: boolean;
  readonly refused?: { readonly code: string; readonly where: string; readonly reason: string };
  readonly issuer?: string;
  readonly issuerName?: string;
  readonly types?: readonly string[];
  readonly subject?: Readonly<Record<string, unknown>>;
  readonly validUntil?: string;
  readonly statusAt?: string;
}

interface Call {
  readonly signal?: unknown;
}

export interface IdentityCalls {
  identities(asked: { readonly kind?: string; readonly state?: string; readonly limit?: number }, call?: Call): Promise<IdentityList>;
  /** Ends a connection of the server or a link (`false`), or lets a connection open again. */
  openIdentity(id: string, open: boolean): Promise<void>;
  /** Whether the DID document of a connection of the server is answered to anybody. */
  publishIdentity(id: string, published: boolean): Promise<void>;
  credentials(call?: Call): Promise<CredentialList>;
  /** Undefined takes the name back. */
  publishServer(host: string | undefined): Promise<{ readonly did: string }>;
  issueCredential(asked: NewCredential): Promise<{ readonly credential: IssuedCredential; readonly text: string }>;
  credentialText(id: string): Promise<{ readonly text: string }>;
  suspendCredential(id: string, suspended: boolean): Promise<IssuedCredential>;
  revokeCredential(id: string): Promise<IssuedCredential>;
  verifyCredential(credential: string): Promise<CredentialVerdict>;
  trustIssuer(asked: {
    readonly did: string;
    readonly name: string;
    readonly types: readonly string[];
    readonly role: MachineRole;
  }): Promise<TrustedIssuer>;
  changeTrustedIssuer(id: string, change: { readonly disabled?: boolean; readonly role?: MachineRole }): Promise<TrustedIssuer>;
  distrustIssuer(id: string): Promise<void>;
}

/** Of the server, whatever the world: `requester` is one without a world. */
export function identityCalls(requester: Requester): IdentityCalls {
  const path = (id: string): string => `/credentials/${encodeURIComponent(id)}`;
  const issuer = (id: string): string => `/trusted-issuers/${encodeURIComponent(id)}`;
  return {
    identities(asked, call) {
      const given = Object.entries(asked).filter(([, value]) => value !== undefined);
      return requester.json("GET", `/identities?${given.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&")}`, call);
    },
    openIdentity: (id, open) => requester.json("PUT", `/identities/${encodeURIComponent(id)}/open`, { body: { open } }),
    publishIdentity: (id, published) => requester.json("PUT", `/identities/${encodeURIComponent(id)}/published`, { body: { published } }),
    credentials: (call) => requester.json("GET", "/credentials", call),
    publishServer: (host) => requester.json("PUT", "/credentials/publication", { body: { host: host ?? null } }),
    issueCredential: (asked) => requester.json("POST", "/credentials", { body: asked }),
    credentialText: (id) => requester.json("GET", `${path(id)}/text`),
    suspendCredential: (id, suspended) => requester.json("PUT", `${path(id)}/suspension`, { body: { suspended } }),
    revokeCredential: (id) => requester.json("POST", `${path(id)}/revocation`, { body: {} }),
    verifyCredential: (credential) => requester.json("POST", "/credentials/verification", { body: { credential } }),
    trustIssuer: (asked) => requester.json("POST", "/trusted-issuers", { body: asked }),
    changeTrustedIssuer: (id, change) => requester.json("PATCH", issuer(id), { body: change }),
    distrustIssuer: (id) => requester.json("DELETE", issuer(id)),
  };
}
