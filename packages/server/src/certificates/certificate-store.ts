import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { writePrivateFile } from "../accounts/private-file.ts";
import { DAY_MS, type AuthorityKind } from "../tls/authority.ts";

/** A certificate that an authority of this server issued; not the certificate itself, which is its owner's. */
export interface IssuedCertificate {
  /** Hex, as in the certificate. */
  readonly serial: string;
  readonly of: AuthorityKind;
  /** Id of the machine, or what names the connection. */
  readonly owner: string;
  readonly did: string;
  /** SHA-256 of the certificate in base64url (RFC 8705, 3.1). */
  readonly thumbprint: string;
  /** ISO 8601, as all times here. */
  readonly from: string;
  readonly until: string;
  readonly revoked?: string;
}

/** Where the certificates of a data folder are noted. */
export const certificatesPath = (data: string): string => join(data, "certificates.json");

const VERSION = 1;
/** RFC 5280, 3.3: one that was revoked stays in a list that is issued after its end. */
const KEPT_AFTER_MS = 31 * DAY_MS;

/** What the authorities of a data folder issued. Every change is durable, or refused and not made. */
export class CertificateStore {
  readonly #path: string;
  readonly #now: () => number;
  #issued: readonly IssuedCertificate[];
  #byThumbprint: ReadonlyMap<string, IssuedCertificate>;

  /** Errors: DW_FORMAT_NEWER, DW_DAMAGED. */
  constructor(path: string, now: () => number) {
    this.#path = path;
    this.#now = now;
    this.#issued = readIssued(path);
    this.#byThumbprint = byThumbprint(this.#issued);
  }

  list(): readonly IssuedCertificate[] {
    return this.#issued;
  }

  /** Undefined for one that was not issued here. */
  byThumbprint(thumbprint: string): IssuedCertificate | undefined {
    return this.#byThumbprint.get(thumbprint);
  }

  /** Errors: DW_UNAVAILABLE. */
  add(issued: IssuedCertificate): void {
    const nowMs = this.#now();
    this.#write([...this.#issued.filter(({ until }) => nowMs - Date.parse(until) < KEPT_AFTER_MS), issued]);
  }

  /** Those of an owner that hold. Returns how many there were. Errors: DW_UNAVAILABLE. */
  revoke(owner: string): number {
    const revoked = new Date(this.#now()).toISOString();
    const isEnded = (each: IssuedCertificate): boolean => each.owner === owner && each.revoked === undefined && each.until > revoked;
    const count = this.#issued.filter(isEnded).length;
    if (count > 0) this.#write(this.#issued.map((each) => (isEnded(each) ? { ...each, revoked } : each)));
    return count;
  }

  #write(issued: readonly IssuedCertificate[]): void {
    writePrivateFile(this.#path, JSON.stringify({ version: VERSION, issued }, undefined, 1));
    this.#issued = issued;
    this.#byThumbprint = byThumbprint(issued);
  }
}

function byThumbprint(issued: readonly IssuedCertificate[]): ReadonlyMap<string, IssuedCertificate> {
  return new Map(issued.map((each) => [each.thumbprint, each]));
}

function readIssued(path: string): readonly IssuedCertificate[] {
  if (!existsSync(path)) return [];
  let stored: { readonly version?: unknown; readonly issued?: unknown };
  try {
    stored = Object(JSON.parse(readFileSync(path, "utf8"))) as typeof stored;
  } catch {
    throw new DoppelwerkError("DW_DAMAGED", message("server.certificatesNotRead", { path }));
  }
  if (typeof stored.version === "number" && stored.version > VERSION)
    throw new DoppelwerkError("DW_FORMAT_NEWER", message("server.certificatesNewer", { path }));
  // which certificates were revoked is not guessed
  if (stored.version !== VERSION || !Array.isArray(stored.issued))
    throw new DoppelwerkError("DW_DAMAGED", message("server.certificatesNotRead", { path }));
  return stored.issued as readonly IssuedCertificate[];
}
