import { createHash, X509Certificate } from "node:crypto";
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { message, type Message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";

export type TrustDecision = "open" | "trusted" | "rejected";

/** In which part its holder was met: as a server that is listened to, as a client that wants to read the twin. */
export type CertificatePart = "server" | "client";

/** A certificate of a server or a client that was met, and what the user decided about it. */
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
  /** The address where it was met first: of the server, or of our own that the client asked. */
  readonly url: string;
  readonly met: readonly CertificatePart[];
  /** Names and addresses of machines that it was made for. */
  readonly hosts: readonly string[];
  /** A server's that was reached by a name or address it was not made for (Part 4, 6.1.3: BadCertificateHostNameInvalid). */
  readonly otherHost?: boolean;
}

/**
 * The certificates of others (Part 12, 7.8: one trust list of the application, in either part): nothing is trusted that the user did not decide on.
 * Files below `<dataDir>/trust/opcua`, one a certificate; processes that share the folder see each other's decisions.
 */
export interface TrustList {
  list(): readonly KnownCertificate[];
  /** Throws DW_NOT_FOUND. */
  decide(thumbprint: string, decision: TrustDecision): KnownCertificate;
  /** Why the holder of a certificate may not be talked to, undefined = it may. One not met before is noted as open. `der`: its own, issuers may follow. */
  judge(der: Uint8Array, url: string, now: Date, part?: CertificatePart): Message | undefined;
}

/** Certificates nobody decided on are kept up to this many of each part: whoever answers an address could bring new ones for ever. */
const MAX_OPEN = 200;

interface StoredCertificate {
  readonly pem: string;
  readonly url: string;
  readonly decision: TrustDecision;
  /** Absent in files of earlier versions: a server's. */
  readonly met?: readonly CertificatePart[];
}

export function openTrustList(dataDir: string): TrustList {
  return new Folder(join(dataDir, "trust", "opcua"));
}

const PARTIES: Readonly<Record<CertificatePart, Message>> = {
  server: message("connectors.partyServer"),
  client: message("connectors.partyClient"),
};

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
      throw new DoppelwerkError("DW_NOT_FOUND", message("connectors.noCertificateMet", { thumbprint: thumbprint.slice(0, 60) }));
    const decided = { ...stored, decision };
    this.#write(thumbprint, decided);
    return described(thumbprint, decided);
  }

  judge(der: Uint8Array, url: string, now: Date, part: CertificatePart = "server"): Message | undefined {
    let certificate: X509Certificate;
    try {
      certificate = new X509Certificate(der);
    } catch {
      return message("connectors.certificateDamaged", { party: PARTIES[part] });
    }
    const thumbprint = createHash("sha1").update(certificate.raw).digest("hex");
    const stored = this.#note(thumbprint, certificate, url, part);
    const whose = { party: PARTIES[part], subject: commonNameOf(certificate), thumbprint };
    if (now < certificate.validFromDate)
      return message("connectors.certificateNotYetValid", { ...whose, date: certificate.validFromDate.toISOString() });
    if (now > certificate.validToDate)
      return message("connectors.certificateExpired", { ...whose, date: certificate.validToDate.toISOString() });
    if (stored.decision === "rejected") return message("connectors.certificateRejected", whose);
    if (stored.decision === "trusted") return undefined;
    const hosts = hostsOf(certificate);
    if (!isOtherHost(hosts, url, part)) return message("connectors.certificateUndecided", whose);
    const names = hosts.length === 0 ? message("connectors.certificateOfNoHost") : hosts.join(", ");
    return message("connectors.certificateUndecidedOtherHost", { ...whose, hosts: names, host: hostOf(url) });
  }

  #note(thumbprint: string, certificate: X509Certificate, url: string, part: CertificatePart): StoredCertificate {
    const known = this.#read(thumbprint);
    if (known !== undefined) {
      const { met = ["server"] } = known;
      if (met.includes(part)) return known;
      const both = { ...known, met: [...met, part] };
      this.#write(thumbprint, both);
      return both;
    }
    const stored: StoredCertificate = { pem: certificate.toString(), url, decision: "open", met: [part] };
    const open = this.list().filter(({ decision, met }) => decision === "open" && met.includes(part));
    if (open.length < MAX_OPEN) this.#write(thumbprint, stored);
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

function described(thumbprint: string, { pem, url, decision, met = ["server"] }: StoredCertificate): KnownCertificate {
  const certificate = new X509Certificate(pem);
  const hosts = hostsOf(certificate);
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
    met,
    hosts,
    ...(isOtherHost(hosts, url, met[0]!) ? { otherHost: true } : {}),
  };
}

function hostsOf(certificate: X509Certificate): readonly string[] {
  return (certificate.subjectAltName ?? "")
    .split(/,\s*/)
    .flatMap((name) => /^(?:DNS|IP Address):(.+)$/.exec(name)?.[1] ?? [])
    .slice(0, 20);
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, "") : "";
}

/** This machine's own names count as one another: a server on it is reached by any of them. */
const OWN = new Set(["localhost", "127.0.0.1", "::1", "0:0:0:0:0:0:0:1"]);

function isOtherHost(hosts: readonly string[], url: string, part: CertificatePart): boolean {
  if (part === "client") return false;
  const host = hostOf(url).toLowerCase();
  return !hosts.some((made) => made.toLowerCase() === host || (OWN.has(made.toLowerCase()) && OWN.has(host)));
}

function commonNameOf(certificate: X509Certificate): string {
  return (/CN=([^\n]+)/.exec(certificate.subject)?.[1] ?? certificate.subject.replaceAll("\n", ", ")).slice(0, 100);
}
