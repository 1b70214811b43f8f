import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { Authority, AuthorityKind } from "../tls/authority.ts";
import { renewalOf } from "../tls/renewal.ts";
import { CertificateStore, certificatesPath, type IssuedCertificate } from "./certificate-store.ts";
import { requireStrongKey } from "./key-strength.ts";

export interface CertificatesOptions {
  readonly data: string;
  readonly now: () => number;
}

export interface Applicant {
  /** Id of the machine, or what names the connection. */
  readonly owner: string;
  readonly name: string;
  readonly did: string;
}

export interface GivenCertificate {
  /** PEM, as all here. */
  readonly certificate: string;
  /** Of the authority that signed it. */
  readonly authority: string;
  /** ISO 8601. */
  readonly from: string;
  readonly until: string;
  /** When another is due: two thirds of its life are over then. */
  readonly renew: string;
}

/** Of a list: DER, and PEM for programs that read no other. */
export interface RevocationList {
  readonly der: Buffer;
  readonly pem: string;
}

/** A machine that is renewed by nobody any more is out within a quarter of a year. */
const CERTIFICATE_DAYS = 90;
/** A list that is copied to a broker by hand is not copied each week. */
const LIST_DAYS = 30;
const LIST_REFRESHED_MS = 3_600_000;

/**
 * What the authorities of this server say of the keys of machines and connections: certificates whose subjectAltName is the DID of the key, and lists of
 * those that hold no more. What signs is loaded when it is first needed.
 */
export class Certificates {
  readonly store: CertificateStore;
  readonly #folder: string;
  readonly #now: () => number;
  readonly #authorities = new Map<AuthorityKind, Promise<Authority>>();
  readonly #lists = new Map<AuthorityKind, { readonly madeMs: number; readonly of: unknown; readonly list: Promise<RevocationList> }>();

  /** Errors: DW_DAMAGED, DW_FORMAT_NEWER. */
  constructor({ data, now }: CertificatesOptions) {
    this.store = new CertificateStore(certificatesPath(data), now);
    this.#folder = join(data, "tls");
    this.#now = now;
  }

  /** Made when it is first asked for. Errors: DW_DAMAGED, DW_UNAVAILABLE. */
  authority(kind: AuthorityKind): Promise<Authority> {
    const known = this.#authorities.get(kind);
    if (known !== undefined) return known;
    const opened = import("../tls/authority.ts").then(({ openAuthority }) => openAuthority(this.#folder, kind, new Date(this.#now())));
    this.#authorities.set(kind, opened);
    opened.catch(() => this.#authorities.delete(kind));
    return opened;
  }

  /** For a key (SPKI, DER) of which its holder showed that he has it. Errors: DW_INVALID for a weak one, DW_DAMAGED, DW_UNAVAILABLE. */
  async issue(applicant: Applicant, kind: AuthorityKind, key: Uint8Array): Promise<GivenCertificate> {
    requireStrongKey(key, kind);
    const authority = await this.authority(kind);
    const { signCertificate } = await import("./sign-certificate.ts");
    // positive, as RFC 5280, 4.1.2.2 wants it
    const serial = `4${randomBytes(16).toString("hex").slice(1)}`;
    const { pem, der, notBefore, notAfter } = await signCertificate({
      authority,
      applicant,
      key,
      serial,
      now: new Date(this.#now()),
      days: CERTIFICATE_DAYS,
    });
    const [from, until] = [notBefore.toISOString(), notAfter.toISOString()];
    const thumbprint = createHash("sha256").update(der).digest("base64url");
    this.store.add({ serial, of: kind, owner: applicant.owner, did: applicant.did, thumbprint, from, until });
    return { certificate: pem, authority: authority.certificate, from, until, renew: renewalOf(from, until) };
  }

  /** The key of a request (PKCS #10, PEM) that it signed itself. Errors: DW_INVALID. */
  async keyOfRequest(pem: string): Promise<Uint8Array> {
    const { keyOfRequest } = await import("./sign-certificate.ts");
    const key = await keyOfRequest(pem);
    if (key === undefined) throw new DoppelwerkError("DW_INVALID", message("server.certificateRequestWrong"));
    return key;
  }

  /** One that was issued here, is not revoked and holds now. */
  valid(thumbprint: string): IssuedCertificate | undefined {
    const issued = this.store.byThumbprint(thumbprint);
    const nowMs = this.#now();
    if (issued === undefined || issued.revoked !== undefined) return undefined;
    return Date.parse(issued.from) <= nowMs && nowMs < Date.parse(issued.until) ? issued : undefined;
  }

  /** All that its owner has hold no more, here at once and elsewhere with the next list. Errors: DW_UNAVAILABLE. */
  revoke(owner: string): number {
    return this.store.revoke(owner);
  }

  /** RFC 5280, 5. Errors: DW_DAMAGED, DW_UNAVAILABLE. */
  list(kind: AuthorityKind): Promise<RevocationList> {
    const issued = this.store.list();
    const nowMs = this.#now();
    const known = this.#lists.get(kind);
    if (known?.of === issued && nowMs - known.madeMs < LIST_REFRESHED_MS) return known.list;
    const list = this.#newList(kind, issued, nowMs);
    this.#lists.set(kind, { madeMs: nowMs, of: issued, list });
    list.catch(() => this.#lists.delete(kind));
    return list;
  }

  async #newList(kind: AuthorityKind, issued: readonly IssuedCertificate[], nowMs: number): Promise<RevocationList> {
    const authority = await this.authority(kind);
    const { signList } = await import("./sign-certificate.ts");
    return signList(
      authority,
      issued.filter(({ of, revoked }) => of === kind && revoked !== undefined),
      { now: new Date(nowMs), days: LIST_DAYS },
    );
  }
}
