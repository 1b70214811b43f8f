import "reflect-metadata";
import { createPublicKey } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  Pkcs10CertificateRequest,
  Pkcs10CertificateRequestGenerator,
  SubjectAlternativeNameExtension,
  X509Certificate as ReadCertificate,
  X509CertificateGenerator,
  X509CrlGenerator,
  X509CrlReason,
} from "@peculiar/x509";
import { algorithmOf, crypto, DAY_MS, holds, RSA, signerOf, type Authority } from "../tls/authority.ts";
import type { IssuedCertificate } from "./certificate-store.ts";
import type { Applicant, RevocationList } from "./certificates.ts";

export interface Signing {
  readonly authority: Authority;
  readonly applicant: Applicant;
  /** SPKI (DER). */
  readonly key: Uint8Array;
  /** Hex. */
  readonly serial: string;
  readonly now: Date;
  readonly days: number;
}

export interface SignedCertificate {
  readonly pem: string;
  readonly der: Buffer;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** A certificate of a client whose subjectAltName is its DID (Part 6 of OPC UA: that URI is the one of the application). */
export async function signCertificate({ authority, applicant, key, serial, now, days }: Signing): Promise<SignedCertificate> {
  const issuer = new ReadCertificate(authority.certificate);
  const times = holds(now, days);
  const isOpcua = authority.kind === "opcua";
  const usages = isOpcua
    ? KeyUsageFlags.digitalSignature | KeyUsageFlags.nonRepudiation | KeyUsageFlags.keyEncipherment | KeyUsageFlags.dataEncipherment
    : KeyUsageFlags.digitalSignature;
  const certificate = await X509CertificateGenerator.create(
    {
      serialNumber: serial,
      // brokers take it for the user: the DID is of this key for ever, while another machine may get the name one day
      subject: [{ CN: [isOpcua ? applicant.name : applicant.did] }],
      issuer: issuer.subject,
      ...times,
      signingAlgorithm: algorithmOf(authority),
      publicKey: key as Uint8Array<ArrayBuffer>,
      signingKey: await signerOf(authority),
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(usages, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth]),
        new SubjectAlternativeNameExtension([{ type: "url", value: applicant.did }]),
        await AuthorityKeyIdentifierExtension.create(issuer, false, crypto),
      ],
    },
    crypto,
  );
  return { pem: certificate.toString("pem"), der: Buffer.from(certificate.rawData), ...times };
}

/** SPKI (DER) of a request whose signature is of that key; undefined otherwise. */
export async function keyOfRequest(pem: string): Promise<Uint8Array | undefined> {
  try {
    const request = new Pkcs10CertificateRequest(pem);
    return (await request.verify(crypto)) ? new Uint8Array(request.publicKey.rawData) : undefined;
  } catch {
    // no request, or of an algorithm that nobody here speaks
    return undefined;
  }
}

/** A request (PKCS #10, PEM) for an RSA key (PKCS #8, PEM), which signs it. */
export async function requestOfKey(key: string): Promise<string> {
  const privateKey = await crypto.subtle.importKey("pkcs8", PemConverter.decodeFirst(key), RSA, true, ["sign"]);
  const spki = createPublicKey(key).export({ format: "der", type: "spki" });
  const publicKey = await crypto.subtle.importKey("spki", Uint8Array.from(spki), RSA, true, ["verify"]);
  const request = await Pkcs10CertificateRequestGenerator.create({ keys: { privateKey, publicKey }, signingAlgorithm: RSA }, crypto);
  return request.toString("pem");
}

export async function signList(
  authority: Authority,
  revoked: readonly IssuedCertificate[],
  { now, days }: { readonly now: Date; readonly days: number },
): Promise<RevocationList> {
  const issuer = new ReadCertificate(authority.certificate);
  const list = await X509CrlGenerator.create(
    {
      issuer: issuer.subject,
      thisUpdate: now,
      nextUpdate: new Date(now.getTime() + days * DAY_MS),
      signingAlgorithm: algorithmOf(authority),
      signingKey: await signerOf(authority),
      entries: revoked.map(({ serial, revoked: at }) => ({
        serialNumber: serial,
        revocationDate: new Date(at!),
        reason: X509CrlReason.cessationOfOperation,
      })),
      extensions: [
        await AuthorityKeyIdentifierExtension.create(issuer, false, crypto),
        // a list that is newer has a number that is higher (RFC 5280, 5.2.3)
        new Extension("2.5.29.20", false, integer(now.getTime())),
      ],
    },
    crypto,
  );
  // RFC 7468, 7: programs that read PEM know this label
  return { der: Buffer.from(list.rawData), pem: PemConverter.encode(list.rawData, "X509 CRL") };
}

/** DER of a positive integer. */
function integer(value: number): Uint8Array<ArrayBuffer> {
  const hex = value.toString(16);
  const octets = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  const positive = octets[0]! >= 0x80 ? [0, ...octets] : [...octets];
  return Uint8Array.from([0x02, positive.length, ...positive]);
}
