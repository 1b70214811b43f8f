import { createHash, X509Certificate } from "node:crypto";
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DoppelwerkError } from "@doppelwerk/world";

export type TrustDecision = "open" | "trusted" | "rejected";

/** A certificate of a server that was met, and what the user decided about it. */
export interface KnownCertificate {
  /** SHA-1 of the certificate in hex, as tools of OPC UA show it. */
  readonly thumbprint: string;
  readonly subject: string;
  readonly issuer: string;
  readonly applicationUri?: string;
  /** ISO 8601. */
  readonly validFrom: string;
  readonly validTo: string;
  readonly decision: TrustDecision;
  /** Where it was met first. */
  readonly url: string;
}

/** The certificates of servers: nothing is trusted that the user did not decide on. Files below `<dataDir>/trust/opcua`, one a certificate. */
export interface TrustList {
  list(): readonly KnownCertificate[];
  /** Throws DW_NOT_FOUND. */
  decide(thumbprint: string, decision: TrustDecision): KnownCertificate;
  /** Why the certificate of a server may not be talked to, undefined = it may. One not met before is noted as open. */
  judge(der: Uint8Array, url: string, now: Date): string | undefined;
}

/** Certificates nobody decided on are kept up to this many: whoever answers an address could bring new ones for ever. */
const MOST_OPEN = 200;

interface StoredCertificate {
  readonly pem: string;
  readonly url: string;
  readonly decision: TrustDecision;
}

export function openTrustList(dataDir: string): TrustList {
  return new Folder(join(dataDir, "trust", "opcua"));
}

class Folder implements TrustList {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  list(): readonly KnownCertificate[] {
    return this.#thumbprints().flatMap((thumbprint) => {
      const stored = this.#read(thumbprint);
      return stored === undefined ? [] : [described(thumbprint, stored)];
    });
  }

  decide(thumbprint: string, decision: TrustDecision): KnownCertificate {
    const stored = /^[0-9a-f]{40}$/.test(thumbprint) ? this.#read(thumbprint) : undefined;
    if (stored === undefined)
      throw new DoppelwerkError("DW_NOT_FOUND", `no server with this certificate was met: ${thumbprint.slice(0, 60)}`);
    const decided = { ...stored, decision };
    this.#write(thumbprint, decided);
    return described(thumbprint, decided);
  }

  judge(der: Uint8Array, url: string, now: Date): string | undefined {
    let certificate: X509Certificate;
    try {
      certificate = new X509Certificate(der);
    } catch {
      return "the server's certificate is damaged";
    }
    const thumbprint = createHash("sha1").update(certificate.raw).digest("hex");
    const stored = this.#read(thumbprint) ?? this.#note(thumbprint, certificate, url);
    const name = `the server's certificate (${commonNameOf(certificate)}, thumbprint ${thumbprint})`;
    if (now < certificate.validFromDate) return `${name} is not valid before ${certificate.validFromDate.toISOString()}`;
    if (now > certificate.validToDate) return `${name} expired on ${certificate.validToDate.toISOString()}`;
    if (stored.decision === "rejected") return `${name} was rejected by a person`;
    if (stored.decision === "open") return `${name} is not trusted yet: decide on it in the list of certificates`;
    return undefined;
  }

  #note(thumbprint: string, certificate: X509Certificate, url: string): StoredCertificate {
    const stored: StoredCertificate = { pem: certificate.toString(), url, decision: "open" };
    const open = this.list().filter(({ decision }) => decision === "open");
    if (open.length < MOST_OPEN) this.#write(thumbprint, stored);
    return stored;
  }

  #thumbprints(): readonly string[] {
    try {
      return readdirSync(this.#path)
        .flatMap((file) => (/^[0-9a-f]{40}\.json$/.test(file) ? [file.slice(0, 40)] : []))
        .toSorted();
    } catch {
      return [];
    }
  }

  #read(thumbprint: string): StoredCertificate | undefined {
    try {
      return JSON.parse(readFileSync(join(this.#path, `${thumbprint}.json`), "utf8")) as StoredCertificate;
    } catch {
      return undefined;
    }
  }

  #write(thumbprint: string, stored: StoredCertificate): void {
    const file = join(this.#path, `${thumbprint}.json`);
    mkdirSync(this.#path, { recursive: true, mode: 0o700 });
    writeFileSync(`${file}.new`, JSON.stringify(stored), { mode: 0o600, flush: true });
    chmodSync(`${file}.new`, 0o600);
    renameSync(`${file}.new`, file);
  }
}

function described(thumbprint: string, { pem, url, decision }: StoredCertificate): KnownCertificate {
  const certificate = new X509Certificate(pem);
  const applicationUri = /URI:([^,\s]+)/.exec(certificate.subjectAltName ?? "")?.[1];
  return {
    thumbprint,
    subject: certificate.subject.replaceAll("\n", ", "),
    issuer: certificate.issuer.replaceAll("\n", ", "),
    ...(applicationUri === undefined ? {} : { applicationUri }),
    validFrom: certificate.validFromDate.toISOString(),
    validTo: certificate.validToDate.toISOString(),
    decision,
    url,
  };
}

function commonNameOf(certificate: X509Certificate): string {
  return (/CN=([^\n]+)/.exec(certificate.subject)?.[1] ?? certificate.subject.replaceAll("\n", ", ")).slice(0, 100);
}
