import "reflect-metadata";
import { X509Certificate, type webcrypto } from "node:crypto";
import { existsSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509Certificate as ReadCertificate,
  X509CertificateGenerator,
  type JsonGeneralName,
} from "@peculiar/x509";
import { writePrivateFile, writeSecretFile } from "../accounts/private-file.ts";
import {
  crypto,
  DAY_MS,
  ECDSA,
  fingerprintOf,
  holds,
  openAuthority,
  pemOfKey,
  readKey,
  readPem,
  signerOf,
  type Authority,
} from "./authority.ts";

/** A certificate with its key, and the authority that browsers must trust to trust it; all PEM. */
export interface OwnCertificate {
  readonly certificate: string;
  readonly key: string;
  readonly authority: string;
  /** SHA-256 of the authority, as browsers and phones show it: pairs of hex digits with colons. */
  readonly fingerprint: string;
}

/** As it is sealed. */
const SERVER_KEY = "tls/server.key";

/** Browsers and phones take none that holds longer (CA/Browser Forum, 6.3.2, until 2026; own authorities are excepted by most, not by all). */
const CERTIFICATE_DAYS = 397;
const RENEWED_BEFORE_DAYS = 60;

/**
 * The certificate of a server for these names and addresses, kept in a folder and made anew when it soon expires or a name is missing. The authority stays,
 * so that a phone that trusts it once goes on trusting it. Errors: DW_DAMAGED, DW_UNAVAILABLE.
 */
export async function ownCertificate(folder: string, names: readonly string[], now = new Date()): Promise<OwnCertificate> {
  const authority = await openAuthority(folder, "tls", now);
  const [path, keyPath] = [join(folder, "server.pem"), join(folder, "server.key")];
  if (!existsSync(path) || !existsSync(keyPath) || !isGood(readPem(path), authority.certificate, names, now)) {
    const made = await newCertificate(authority, names, now);
    writeSecretFile(keyPath, SERVER_KEY, made.key);
    writePrivateFile(path, made.certificate);
  }
  return {
    certificate: readPem(path),
    key: readKey(keyPath, SERVER_KEY),
    authority: authority.certificate,
    fingerprint: fingerprintOf(authority.certificate),
  };
}

async function newCertificate(
  authority: Authority,
  names: readonly string[],
  now: Date,
): Promise<{ readonly certificate: string; readonly key: string }> {
  const keys = (await crypto.subtle.generateKey(ECDSA, true, ["sign", "verify"])) as webcrypto.CryptoKeyPair;
  const issuer = new ReadCertificate(authority.certificate);
  const certificate = await X509CertificateGenerator.create(
    {
      subject: [{ CN: [names[0] ?? "localhost"] }],
      issuer: issuer.subject,
      ...holds(now, CERTIFICATE_DAYS),
      signingAlgorithm: ECDSA,
      publicKey: keys.publicKey,
      signingKey: await signerOf(authority),
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension(names.map(nameOf)),
        await AuthorityKeyIdentifierExtension.create(issuer, false, crypto),
      ],
    },
    crypto,
  );
  return { certificate: certificate.toString("pem"), key: await pemOfKey(keys) };
}

/** It is of this authority, holds for long enough, and has every name. */
function isGood(pem: string, authority: string, names: readonly string[], now: Date): boolean {
  const certificate = new X509Certificate(pem);
  if (!certificate.verify(new X509Certificate(authority).publicKey)) return false;
  if (Date.parse(certificate.validTo) - now.getTime() < RENEWED_BEFORE_DAYS * DAY_MS) return false;
  return names.every((name) => (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined);
}

const nameOf = (name: string): JsonGeneralName => ({ type: isIP(name) === 0 ? "dns" : "ip", value: name });
