import "reflect-metadata";
import { createHash, webcrypto, X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { readSecretFile, writePrivateFile, writeSecretFile } from "../accounts/private-file.ts";

/**
 * The authorities of a data folder. `tls` (P-256) signs certificates of this server and of machines that speak TLS. The security policies of OPC UA that
 * are in use know RSA alone, for the signature of a certificate too (Part 7: RSA-PKCS15-SHA2-256), so machines that speak OPC UA have theirs of `opcua`.
 */
export type AuthorityKind = "tls" | "opcua";

/** PEM. */
export interface Authority {
  readonly kind: AuthorityKind;
  readonly certificate: string;
  readonly key: string;
}

const FILES: Readonly<Record<AuthorityKind, { readonly certificate: string; readonly key: string }>> = {
  tls: { certificate: "authority.pem", key: "authority.key" },
  opcua: { certificate: "opcua-authority.pem", key: "opcua-authority.key" },
};
export const ECDSA = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
export const RSA = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  modulusLength: 3_072,
  publicExponent: Uint8Array.from([1, 0, 1]),
} as const;
const ALGORITHMS = { tls: ECDSA, opcua: RSA };

export const DAY_MS = 86_400_000;
const AUTHORITY_DAYS = 3_650;
/** Clocks of phones may be slow. */
const EARLIER_MS = DAY_MS;

export const crypto = webcrypto as unknown as Crypto;

/** The authority of a folder, made when it is missing. Errors: DW_DAMAGED, DW_UNAVAILABLE. */
export async function openAuthority(folder: string, kind: AuthorityKind, now: Date): Promise<Authority> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, FILES[kind].certificate);
  const keyPath = join(folder, FILES[kind].key);
  // as it is sealed
  const sealedName = `tls/${FILES[kind].key}`;
  if (!existsSync(path)) {
    const made = await newAuthority(kind, now);
    writeSecretFile(keyPath, sealedName, made.key);
    writePrivateFile(path, made.certificate);
  }
  return { kind, certificate: readPem(path), key: readKey(keyPath, sealedName) };
}

/** Imported, to sign with. */
export async function signerOf({ kind, key }: Authority): Promise<CryptoKey> {
  return crypto.subtle.importKey("pkcs8", PemConverter.decodeFirst(key), ALGORITHMS[kind], false, ["sign"]);
}

export function algorithmOf({ kind }: Authority): typeof ECDSA | typeof RSA {
  return ALGORITHMS[kind];
}

export function holds(now: Date, days: number): { readonly notBefore: Date; readonly notAfter: Date } {
  const from = now.getTime() - EARLIER_MS;
  return { notBefore: new Date(from), notAfter: new Date(from + days * DAY_MS) };
}

export function fingerprintOf(pem: string): string {
  return new X509Certificate(pem).fingerprint256;
}

async function newAuthority(kind: AuthorityKind, now: Date): Promise<Pick<Authority, "certificate" | "key">> {
  const keys = (await crypto.subtle.generateKey(ALGORITHMS[kind], true, ["sign", "verify"])) as webcrypto.CryptoKeyPair;
  const hash = createHash("sha256").update(new Uint8Array(await crypto.subtle.exportKey("spki", keys.publicKey)));
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      name: [{ CN: [`Doppelwerk ${hash.digest("hex").slice(0, 8)}${kind === "opcua" ? " OPC UA" : ""}`] }],
      ...holds(now, AUTHORITY_DAYS),
      signingAlgorithm: ALGORITHMS[kind],
      keys,
      extensions: [
        // it signs certificates of servers and machines, never another authority
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey, false, crypto),
      ],
    },
    crypto,
  );
  return { certificate: certificate.toString("pem"), key: await pemOfKey(keys) };
}

export async function pemOfKey({ privateKey }: webcrypto.CryptoKeyPair): Promise<string> {
  return PemConverter.encode(await crypto.subtle.exportKey("pkcs8", privateKey), "PRIVATE KEY");
}

/** Errors: DW_DAMAGED, DW_FORBIDDEN for one that is sealed with another key. */
export function readKey(path: string, name: string): string {
  try {
    return readSecretFile(path, name);
  } catch (error) {
    if (error instanceof DoppelwerkError) throw error;
    throw unread(path, error);
  }
}

/** Errors: DW_DAMAGED. */
export function readPem(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw unread(path, error);
  }
}

function unread(path: string, error: unknown): DoppelwerkError {
  return new DoppelwerkError("DW_DAMAGED", message("server.tlsFileNotRead", { reason: (error as Error).message, path }));
}
