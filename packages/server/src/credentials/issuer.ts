import { gzipSync } from "node:zlib";
import { message } from "@doppelwerk/messages";
import {
  BASE_CONTEXT,
  didDocument,
  didOfKey,
  issueCredential,
  LIST_ENTRIES,
  listCredential,
  multibaseOf,
  setBit,
  statusEntry,
  webDidOf,
  type JsonObject,
  type PublicKey,
  type Signer,
  type StatusPurpose,
} from "@doppelwerk/trust/credentials";
import { DoppelwerkError } from "@doppelwerk/world";
import type { CredentialStore, IssuedCredential } from "./credential-store.ts";
import { signerOf } from "./node-signatures.ts";

export interface IssuerOptions {
  readonly store: CredentialStore;
  /** JWK of an Ed25519 key. */
  readonly privateKey: Readonly<Record<string, unknown>>;
  readonly publicKey: PublicKey;
  readonly now: () => number;
  /** Name of the person of an account. */
  readonly nameOf: (account: string) => string | undefined;
}

/** Types of credentials by what they are about. */
export const TYPE_OF_KIND = {
  machine: "MachineCredential",
  edge: "MachineCredential",
  connector: "MachineCredential",
  service: "MachineCredential",
  assistant: "MachineCredential",
  person: "PersonCredential",
  company: "CompanyCredential",
} as const satisfies Record<IssuedCredential["kind"], string>;

const PURPOSES = ["revocation", "suspension"] as const;
/** Terms without a context of their own keep their names. */
const TERMS = "https://www.w3.org/ns/credentials/undefined-terms/v2";
/** A partner that keeps a list for so long knows of a revocation after it. */
export const LIST_TTL_MS = 15_000;
const LIST_LIFETIME_MS = 86_400_000;
export const LISTS_PATH = "/credentials/status";

interface SignedList {
  readonly text: string;
  readonly signedMs: number;
}

/** This server as an issuer: its DID, credentials that it signs, and lists that say which of them hold no more. */
export class Issuer {
  readonly #options: IssuerOptions;
  readonly #lists = new Map<StatusPurpose, SignedList>();

  constructor(options: IssuerOptions) {
    this.#options = options;
  }

  get key(): PublicKey {
    return this.#options.publicKey;
  }

  /** did:web of the name under which it is published, else did:key. */
  get did(): string {
    const { publishedAs } = this.#options.store;
    return publishedAs === undefined ? didOfKey(this.key) : webDidOf(publishedAs);
  }

  /** Whether somebody says the DID of this server, of now or before it was published under this name. */
  isOwn(did: string): boolean {
    return did === this.did || did === didOfKey(this.key);
  }

  /** Undefined while it is not published. */
  document(): JsonObject | undefined {
    return this.#options.store.publishedAs === undefined ? undefined : didDocument(this.did, this.#fragment, this.key);
  }

  /** Errors: DW_INVALID for what is no name of a host in DNS. */
  publishAs(host: string | undefined): void {
    const name = host?.trim().toLowerCase();
    if (name !== undefined) webDidOf(name);
    this.#options.store.publishAs(name);
    this.changed();
  }

  /** The text of a credential, the same each time. Errors: DW_CONFLICT while this server is not published. */
  textOf(issued: IssuedCredential): string {
    const { kind, subject, name, role, company, place, id, validFrom, validUntil, index, of } = issued;
    const { did, nameOf } = { did: this.did, nameOf: this.#options.nameOf };
    const called = kind === "person" && of !== undefined ? nameOf(of) : name;
    const about = {
      ...(subject !== undefined && { id: subject }),
      type: KIND_NAMES[kind],
      ...(called !== undefined && { name: called }),
      ...(role !== undefined && { role }),
      ...(company !== undefined && { company }),
      ...(place !== undefined && { place }),
    };
    const credential: JsonObject = {
      "@context": [BASE_CONTEXT, TERMS],
      id,
      type: ["VerifiableCredential", TYPE_OF_KIND[kind]],
      issuer: did,
      validFrom,
      validUntil,
      credentialSubject: about,
      credentialStatus: PURPOSES.map((purpose) => statusEntry({ purpose, index, list: this.#address(purpose) })),
    };
    return issueCredential(credential, this.#signer);
  }

  /** The signed list, as it is now. Errors: DW_NOT_FOUND while this server is not published. */
  list(purpose: string): string {
    const found = PURPOSES.find((each) => each === purpose);
    if (found === undefined || this.#options.store.publishedAs === undefined)
      throw new DoppelwerkError("DW_NOT_FOUND", message("credentials.noList"));
    const nowMs = this.#options.now();
    const known = this.#lists.get(found);
    if (known !== undefined && nowMs - known.signedMs < LIST_LIFETIME_MS / 2 && nowMs >= known.signedMs) return known.text;
    const bits = new Uint8Array(LIST_ENTRIES / 8);
    for (const { index, revoked, suspended } of this.#options.store.issued)
      if ((found === "revocation" ? revoked : suspended) !== undefined) setBit(bits, index, true);
    const facts = {
      id: this.#address(found),
      issuer: this.did,
      purpose: found,
      validFrom: new Date(nowMs).toISOString(),
      validUntil: new Date(nowMs + LIST_LIFETIME_MS).toISOString(),
      ttlMs: LIST_TTL_MS,
    };
    const text = issueCredential(
      listCredential(bits, facts, (packed) => new Uint8Array(gzipSync(packed))),
      this.#signer,
    );
    this.#lists.set(found, { text, signedMs: nowMs });
    return text;
  }

  /** Lists are signed again when they are asked for next. */
  changed(): void {
    this.#lists.clear();
  }

  get #fragment(): string {
    return multibaseOf(this.key);
  }

  get #signer(): Signer {
    return signerOf(this.#options.privateKey, this.key, `${this.did}#${this.#fragment}`);
  }

  /** Errors: DW_CONFLICT. */
  #address(purpose: StatusPurpose): string {
    const { publishedAs } = this.#options.store;
    if (publishedAs === undefined) throw new DoppelwerkError("DW_CONFLICT", message("credentials.notPublished"));
    return `https://${publishedAs}${LISTS_PATH}/${purpose}`;
  }
}

const KIND_NAMES = {
  machine: "Machine",
  edge: "EdgeBox",
  connector: "Connector",
  service: "Service",
  assistant: "Assistant",
  person: "Person",
  company: "Company",
} as const satisfies Record<IssuedCredential["kind"], string>;
