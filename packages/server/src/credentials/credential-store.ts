import { randomInt, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { message } from "@doppelwerk/messages";
import { isDid, LIST_ENTRIES, type JsonObject } from "@doppelwerk/trust/credentials";
import { DoppelwerkError } from "@doppelwerk/world";
import { nameOf } from "../accounts/account-store.ts";
import { readSecretFile, writeSecretFile } from "../accounts/private-file.ts";
import type { MachineRole } from "../machines/machine-store.ts";

/** What a credential may be about. */
export const SUBJECT_KINDS = ["machine", "edge", "connector", "service", "assistant", "person", "company"] as const;
export type SubjectKind = (typeof SUBJECT_KINDS)[number];

/** A credential that this server issued. The text that is signed is made of it again when it is asked for. */
export interface IssuedCredential {
  /** `urn:uuid:…`. */
  readonly id: string;
  readonly kind: SubjectKind;
  /** DID of whoever it is about; absent for a person who has none, and for one who was erased. */
  readonly subject?: string;
  /** Machine or account of this server that it is about. */
  readonly of?: string;
  /** Of a machine or a company; names of people are read from their accounts. */
  readonly name?: string;
  readonly role?: string;
  readonly company?: string;
  readonly place?: string;
  /** Of its bits in both lists. */
  readonly index: number;
  /** ISO 8601, as all times here. */
  readonly validFrom: string;
  readonly validUntil: string;
  readonly created: string;
  /** Id of the account of who issued it; absent for the command line. */
  readonly createdBy?: string;
  readonly suspended?: { readonly at: string; readonly by?: string };
  /** For good. */
  readonly revoked?: { readonly at: string; readonly by?: string };
}

/** Whose credentials are taken, and what they are good for at most. */
export interface TrustedIssuer {
  readonly id: string;
  /** did:web or did:key. */
  readonly did: string;
  readonly name: string;
  /** Types of credentials, beside VerifiableCredential. */
  readonly types: readonly string[];
  /** What a machine that shows such a credential may be at most. */
  readonly role: MachineRole;
  /** DID document that is taken instead of asking the host of the DID, for plants without a way out. */
  readonly document?: JsonObject;
  /** Hosts of status lists, beside that of a did:web. */
  readonly hosts?: readonly string[];
  /** How old a document or list may be that is not answered again. */
  readonly maxAgeHours: number;
  readonly disabled?: true;
  readonly created: string;
  readonly createdBy?: string;
}

export type NewIssued = Omit<IssuedCredential, "id" | "index" | "created" | "suspended" | "revoked">;
export type NewTrusted = Omit<TrustedIssuer, "id" | "created">;

interface Stored {
  /** Name by which others reach this server, with its port where that is not 443: its did:web, and the address of its lists. */
  readonly publishedAs?: string;
  readonly issued: readonly IssuedCredential[];
  readonly trusted: readonly TrustedIssuer[];
}

const NAME = "credentials.json";
export const credentialsPath = (data: string): string => join(data, NAME);

const VERSION = 1;
const MAX_ISSUED = 20_000;
const MAX_TRUSTED = 500;
export const MAX_AGE_HOURS = 720;

/** Credentials that were issued and issuers that are trusted, in a file that only the user of the server reads. Every change is durable, or refused and not made. */
export class CredentialStore {
  readonly #path: string;
  #stored: Stored;

  /** Errors: DW_FORMAT_NEWER, DW_DAMAGED. */
  constructor(path: string) {
    this.#path = path;
    this.#stored = read(path);
  }

  get publishedAs(): string | undefined {
    return this.#stored.publishedAs;
  }

  /** The newest first. */
  get issued(): readonly IssuedCredential[] {
    return this.#stored.issued;
  }

  /** By name. */
  get trusted(): readonly TrustedIssuer[] {
    return this.#stored.trusted.toSorted((a, b) => a.name.localeCompare(b.name, "en"));
  }

  byId(id: string): IssuedCredential | undefined {
    return this.#stored.issued.find((each) => each.id === id);
  }

  trustedOf(did: string): TrustedIssuer | undefined {
    return this.#stored.trusted.find((each) => each.did === did && each.disabled !== true);
  }

  /** Undefined: no more. Errors: DW_UNAVAILABLE. */
  publishAs(host: string | undefined): void {
    const { publishedAs: _, ...rest } = this.#stored;
    this.#write({ ...rest, ...(host !== undefined && { publishedAs: host }) });
  }

  /** With a place in the lists that nothing says anything about. Errors: DW_CONFLICT where there are too many, DW_UNAVAILABLE. */
  issue(given: NewIssued): IssuedCredential {
    const { issued } = this.#stored;
    if (issued.length >= MAX_ISSUED) throw new DoppelwerkError("DW_CONFLICT", message("credentials.tooMany", { max: MAX_ISSUED }));
    const used = new Set(issued.map(({ index }) => index));
    let index = randomInt(LIST_ENTRIES);
    while (used.has(index)) index = (index + 1) % LIST_ENTRIES;
    const made: IssuedCredential = { ...given, id: `urn:uuid:${randomUUID()}`, index, created: new Date().toISOString() };
    this.#write({ ...this.#stored, issued: [made, ...issued] });
    return made;
  }

  /** Errors: DW_NOT_FOUND, DW_UNAVAILABLE. */
  change(id: string, change: (before: IssuedCredential) => IssuedCredential): IssuedCredential {
    const before = this.byId(id);
    if (before === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("credentials.none", { id: id.slice(0, 100) }));
    const after = change(before);
    this.#write({ ...this.#stored, issued: this.#stored.issued.map((each) => (each.id === id ? after : each)) });
    return after;
  }

  /** What was issued about something that connects no more. Errors: DW_UNAVAILABLE. */
  revokeOf(of: string, at: string, by?: string): void {
    if (!this.#stored.issued.some((each) => each.of === of && each.revoked === undefined)) return;
    const revoked = { at, ...(by !== undefined && { by }) };
    const issued = this.#stored.issued.map((each) => (each.of === of ? { ...each, revoked: each.revoked ?? revoked } : each));
    this.#write({ ...this.#stored, issued });
  }

  /** Whoever is gone: what was issued about him is revoked, and names him no more. Errors: DW_UNAVAILABLE. */
  forget(of: string, at: string): void {
    if (!this.#stored.issued.some((each) => each.of === of)) return;
    const issued = this.#stored.issued.map((each) => {
      if (each.of !== of) return each;
      const { of: _of, subject: _subject, ...rest } = each;
      return { ...rest, revoked: each.revoked ?? { at } };
    });
    this.#write({ ...this.#stored, issued });
  }

  /** Errors: DW_INVALID for what is no DID or name, DW_CONFLICT for one that is there, DW_UNAVAILABLE. */
  trust(given: NewTrusted): TrustedIssuer {
    if (this.#stored.trusted.length >= MAX_TRUSTED)
      throw new DoppelwerkError("DW_CONFLICT", message("credentials.tooMany", { max: MAX_TRUSTED }));
    const made: TrustedIssuer = { ...given, id: `issuer:${randomUUID()}`, created: new Date().toISOString() };
    this.#checkTrusted(made);
    this.#write({ ...this.#stored, trusted: [...this.#stored.trusted, made] });
    return made;
  }

  /** Errors: as of `trust`, and DW_NOT_FOUND. */
  changeTrusted(id: string, change: (before: TrustedIssuer) => TrustedIssuer): TrustedIssuer {
    const after = { ...change(this.#trustedById(id)), id };
    this.#checkTrusted(after);
    this.#write({ ...this.#stored, trusted: this.#stored.trusted.map((each) => (each.id === id ? after : each)) });
    return after;
  }

  /** Errors: DW_NOT_FOUND, DW_UNAVAILABLE. */
  distrust(id: string): void {
    this.#trustedById(id);
    this.#write({ ...this.#stored, trusted: this.#stored.trusted.filter((each) => each.id !== id) });
  }

  #trustedById(id: string): TrustedIssuer {
    const found = this.#stored.trusted.find((each) => each.id === id);
    if (found === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("credentials.noIssuer", { id: id.slice(0, 100) }));
    return found;
  }

  #checkTrusted({ id, did, name }: TrustedIssuer): void {
    nameOf(name);
    if (!isDid(did)) throw new DoppelwerkError("DW_INVALID", message("credentials.noDid", { did: did.slice(0, 200) }));
    if (this.#stored.trusted.some((each) => each.did === did && each.id !== id))
      throw new DoppelwerkError("DW_CONFLICT", message("credentials.issuerThere", { did }));
  }

  #write(stored: Stored): void {
    writeSecretFile(this.#path, NAME, JSON.stringify({ version: VERSION, ...stored }, undefined, 1));
    this.#stored = stored;
  }
}

function read(path: string): Stored {
  if (!existsSync(path)) return { issued: [], trusted: [] };
  let found: Stored & { readonly version?: unknown };
  try {
    found = Object(JSON.parse(readSecretFile(path, NAME))) as typeof found;
  } catch (error) {
    if (error instanceof DoppelwerkError) throw error;
    throw new DoppelwerkError("DW_DAMAGED", message("credentials.notRead", { path }));
  }
  const { version, ...stored } = found;
  if (typeof version === "number" && version > VERSION)
    throw new DoppelwerkError("DW_FORMAT_NEWER", message("credentials.newer", { path }));
  // which credentials were revoked is not guessed
  if (version !== VERSION || !Array.isArray(stored.issued) || !Array.isArray(stored.trusted))
    throw new DoppelwerkError("DW_DAMAGED", message("credentials.notRead", { path }));
  return stored;
}
