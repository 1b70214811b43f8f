import { join } from "node:path";
import { CredentialChecks } from "../credentials/credential-checks.ts";
import { CredentialStore, credentialsPath } from "../credentials/credential-store.ts";
import { Fetched, type FetchText } from "../credentials/fetched.ts";
import { Issuer } from "../credentials/issuer.ts";
import { openPrivateJwk } from "../machines/signing-key.ts";

const ISSUER_KEY = "credential-issuer.jwk";

export interface OpenCredentialsOptions {
  readonly data: string;
  readonly now: () => number;
  readonly onFault: (error: unknown) => void;
  /** How documents and lists of trusted issuers are read; default: over TLS. */
  readonly fetchText?: FetchText | undefined;
  /** Name of the person of an account. */
  readonly nameOf: (account: string) => string | undefined;
}

/** Credentials that this server issues and takes. */
export interface Credentials {
  readonly store: CredentialStore;
  readonly issuer: Issuer;
  readonly checks: CredentialChecks;
}

/** Errors: DW_DAMAGED, DW_FORMAT_NEWER, DW_UNAVAILABLE. */
export async function openCredentials({ data, now, onFault, fetchText, nameOf }: OpenCredentialsOptions): Promise<Credentials> {
  const store = new CredentialStore(credentialsPath(data));
  const privateKey = await openPrivateJwk(join(data, ISSUER_KEY), ISSUER_KEY);
  const publicKey = { kty: "OKP", crv: "Ed25519", x: privateKey.x } as const;
  const issuer = new Issuer({ store, privateKey: { ...privateKey }, publicKey, now, nameOf });
  const fetched = new Fetched({ path: join(data, "credentials-fetched.json"), now, onFault, ...(fetchText && { fetchText }) });
  return { store, issuer, checks: new CredentialChecks({ store, issuer, fetched, now }) };
}
