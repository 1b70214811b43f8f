import { gunzipSync } from "node:zlib";
import { message } from "@doppelwerk/messages";
import {
  addressOfWebDid,
  bitsOfList,
  holdCredential,
  isSet,
  keyFor,
  keysOfDocument,
  keysOfKeyDid,
  LIST_CREDENTIAL_MAX,
  readCredential,
  statusEntriesOf,
  type Credential,
  type DidKeys,
  type ReadCredential,
  type StatusEntry,
} from "@doppelwerk/trust/credentials";
import { DoppelwerkError } from "@doppelwerk/world";
import type { CredentialStore, TrustedIssuer } from "./credential-store.ts";
import type { Fetched } from "./fetched.ts";
import type { Issuer } from "./issuer.ts";
import { verifySignature } from "./node-signatures.ts";

export interface CheckOptions {
  readonly store: CredentialStore;
  readonly issuer: Issuer;
  readonly fetched: Fetched;
  readonly now: () => number;
}

/** A credential that holds now. */
export interface Checked {
  readonly credential: Credential;
  /** Undefined: this server itself. */
  readonly trusted: TrustedIssuer | undefined;
  /** When its status was read; absent where it has none. Milliseconds since 1970. */
  readonly statusAtMs?: number;
}

const HOUR_MS = 3_600_000;
/** Keys change rarely; one that was taken back counts for so long at most. */
const DOCUMENT_FRESH_MS = 600_000;
/** How old a list may be while its host answers, whatever it says itself. */
const LIST_FRESH_MS = { min: 5_000, max: 60_000 };
/** A credential that nobody can take back holds for so long at most. */
export const UNREVOKED_MAX_MS = 31 * 24 * HOUR_MS;
const MAX_LISTS = 100;

/** Bits of a list, of the text that was verified. */
interface KnownList {
  readonly text: string;
  readonly bits: ReadonlyMap<StatusEntry["purpose"], Uint8Array>;
  readonly freshMs: number;
  /** Milliseconds since 1970. */
  readonly untilMs: number;
}

/**
 * Whether credentials hold: signed by a key of an issuer that is trusted, of a type that is taken of it, within their time, and neither revoked nor suspended.
 * Nothing is asked of any host before the issuer was found among those that are trusted, and then its own host alone.
 */
export class CredentialChecks {
  readonly #options: CheckOptions;
  readonly #lists = new Map<string, KnownList>();

  constructor(options: CheckOptions) {
    this.#options = options;
  }

  /** Errors: DW_INVALID (its form), DW_UNAUTHENTICATED (it does not hold), DW_FORBIDDEN (issuer or type), DW_UNAVAILABLE (a host does not answer). */
  async check(text: string): Promise<Checked> {
    const { store, issuer, now } = this.#options;
    const read = readCredential(text);
    const isOwn = issuer.isOwn(read.issuer);
    const trusted = isOwn ? undefined : store.trustedOf(read.issuer);
    if (!isOwn && trusted === undefined)
      throw new DoppelwerkError("DW_FORBIDDEN", message("credentials.notTrusted", { did: read.issuer.slice(0, 200) }));
    const keys = await this.keysOf(read.issuer, trusted);
    const credential = hold(read, keys, now());
    if (trusted !== undefined && !credential.types.some((type) => trusted.types.includes(type)))
      throw new DoppelwerkError(
        "DW_FORBIDDEN",
        message("credentials.typeNotTaken", { types: trusted.types.join(", "), name: trusted.name }),
      );
    const entries = statusEntriesOf(credential.json);
    if (!entries.some(({ purpose }) => purpose === "revocation")) this.#refuseLong(credential);
    let statusAtMs: number | undefined;
    for (const entry of entries) {
      const atMs = isOwn ? this.#ownStatus(credential) : await this.#status(entry, credential, trusted!);
      statusAtMs = Math.min(statusAtMs ?? Infinity, atMs);
    }
    return { credential, trusted, ...(statusAtMs !== undefined && { statusAtMs }) };
  }

  /** Keys of an issuer that is trusted. Errors: DW_INVALID, DW_UNAVAILABLE. */
  async keysOf(did: string, trusted: TrustedIssuer | undefined): Promise<DidKeys> {
    const { issuer, fetched } = this.#options;
    if (issuer.isOwn(did)) {
      const document = did === issuer.did ? issuer.document() : undefined;
      return document === undefined ? keysOfKeyDid(did) : keysOfDocument(document, did);
    }
    if (trusted?.document !== undefined) return keysOfDocument(trusted.document, did);
    if (did.startsWith("did:key:")) return keysOfKeyDid(did);
    const url = addressOfWebDid(did);
    const wanted = {
      url,
      hosts: new Set([new URL(url).host]),
      freshMs: DOCUMENT_FRESH_MS,
      maxAgeMs: (trusted?.maxAgeHours ?? 0) * HOUR_MS,
    };
    return keysOfDocument(jsonOf((await fetched.text(wanted)).text, url), did);
  }

  #refuseLong({ validUntilMs }: Credential): void {
    if (validUntilMs === undefined || validUntilMs > this.#options.now() + UNREVOKED_MAX_MS)
      throw new DoppelwerkError("DW_FORBIDDEN", message("credentials.cannotBeRevoked", { days: UNREVOKED_MAX_MS / (24 * HOUR_MS) }));
  }

  #ownStatus({ id }: Credential): number {
    const { store, now } = this.#options;
    const known = id === undefined ? undefined : store.byId(id);
    // one that this server does not know any more was signed by somebody else, or before a restore
    if (known === undefined || known.revoked !== undefined) throw ended("revocation");
    if (known.suspended !== undefined) throw ended("suspension");
    return now();
  }

  /** When the list was read. */
  async #status(entry: StatusEntry, { issuer }: Credential, trusted: TrustedIssuer): Promise<number> {
    const { fetched } = this.#options;
    const { list: url, purpose, index } = entry;
    const hosts = hostsOf(trusted);
    if (!hosts.has(new URL(url).host))
      throw new DoppelwerkError("DW_FORBIDDEN", message("credentials.listElsewhere", { url: url.slice(0, 200) }));
    const known = this.#lists.get(url);
    const { text, atMs } = await fetched.text({
      url,
      hosts,
      freshMs: known?.freshMs ?? LIST_FRESH_MS.min,
      maxAgeMs: trusted.maxAgeHours * HOUR_MS,
    });
    const list = known?.text === text && known.untilMs > this.#options.now() ? known : await this.#listOf(text, { url, issuer, trusted });
    const bits = list.bits.get(purpose);
    if (bits === undefined)
      throw new DoppelwerkError("DW_UNAUTHENTICATED", message("trust.listPurpose", { purpose }), { where: "statusPurpose" });
    if (isSet(bits, index)) throw ended(purpose);
    return atMs;
  }

  async #listOf(text: string, of: { readonly url: string; readonly issuer: string; readonly trusted: TrustedIssuer }): Promise<KnownList> {
    const { url, issuer, trusted } = of;
    const read = readCredential(text.trim(), LIST_CREDENTIAL_MAX);
    // another issuer, also one that is trusted, does not say what holds of this one
    if (read.issuer !== issuer || (read.credential["id"] !== undefined && read.credential["id"] !== url))
      throw new DoppelwerkError("DW_UNAUTHENTICATED", message("credentials.listOfOther", { url: url.slice(0, 200) }));
    const credential = hold(read, await this.keysOf(issuer, trusted), this.#options.now());
    const bits = new Map<StatusEntry["purpose"], Uint8Array>();
    for (const purpose of ["revocation", "suspension"] as const)
      if ([credential.subject["statusPurpose"]].flat().includes(purpose)) bits.set(purpose, bitsOfList(credential, purpose, unpack));
    const ttl = Number(credential.subject["ttl"] ?? LIST_FRESH_MS.max);
    const known = {
      text,
      bits,
      freshMs: Math.min(Math.max(Number.isFinite(ttl) ? ttl : 0, LIST_FRESH_MS.min), LIST_FRESH_MS.max),
      untilMs: credential.validUntilMs ?? Infinity,
    };
    if (this.#lists.size >= MAX_LISTS) this.#lists.delete(this.#lists.keys().next().value!);
    this.#lists.set(url, known);
    return known;
  }
}

function hold(read: ReadCredential, keys: DidKeys, nowMs: number): Credential {
  return holdCredential(read, keyFor(keys, read.jws.keyName, "assertionMethod"), verifySignature, nowMs);
}

/** Hosts that may be asked for what a trusted issuer says. */
function hostsOf({ did, hosts = [] }: TrustedIssuer): ReadonlySet<string> {
  return new Set([...(did.startsWith("did:web:") ? [new URL(addressOfWebDid(did)).host] : []), ...hosts]);
}

const unpack = (packed: Uint8Array, maxOutputLength: number): Uint8Array => new Uint8Array(gunzipSync(packed, { maxOutputLength }));

function ended(purpose: StatusEntry["purpose"]): DoppelwerkError {
  return new DoppelwerkError("DW_UNAUTHENTICATED", message(purpose === "revocation" ? "credentials.revoked" : "credentials.suspended"), {
    where: "credentialStatus",
  });
}

function jsonOf(text: string, url: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DoppelwerkError("DW_INVALID", message("credentials.noDocument", { url }));
  }
}
