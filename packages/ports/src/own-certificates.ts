import type { RecordId } from "@doppelwerk/world";
import { port } from "./token.ts";

/** What a connection shows to a broker or an OPC UA server: keys of its own with certificates of this server's authorities. All PEM; times are ISO 8601. */
export interface ConnectionIdentity {
  /** did:key of its P-256 key, the URI in both certificates. */
  readonly did: string;
  readonly certificate: string;
  readonly privateKey: string;
  /** OPC UA in use speaks RSA alone. */
  readonly opcua: { readonly certificate: string; readonly privateKey: string };
  readonly until: string;
  /** When others are due, for the same keys. */
  readonly renew: string;
}

/** The authorities of this server, for the connections of one world. `name`: of the secret that keeps the identity. */
export interface OwnCertificates {
  /** `connection`: the only one that uses the secret, whose own key is certified then. */
  identify(name: string, connection?: RecordId): Promise<ConnectionIdentity>;
  renewed(name: string, identity: ConnectionIdentity): Promise<ConnectionIdentity>;
  /** Those of a name hold no more. */
  revoke(name: string): void;
}

export const ownCertificates = port<OwnCertificates>("kernel.certificates", 1);
