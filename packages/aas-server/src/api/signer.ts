import { createPrivateKey, createSign, generateKeyPair, randomUUID, X509Certificate, type KeyObject } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { message } from "@doppelwerk/messages";
import type { FastifyRequest } from "fastify";
import { DoppelwerkError } from "@doppelwerk/world";

/** Signs what this server says, as compact JWS (RFC 7515) after the 3.2 draft of IDTA-01002, clause Signatures. */
export interface Signer {
  /** `branch` is the name of the branch that the document is of, undefined on live: a what-if world never passes for the plant. */
  sign(payload: string, branch: string | undefined): Promise<string>;
}

/** The signer of the world that a request is about. */
export type SignerOf = (request: FastifyRequest) => Signer;

interface Identity {
  readonly key: KeyObject;
  /** Base64 of DER, the certificate of the key first. */
  readonly chain: readonly string[];
}

/** How the key is kept: sealed, where secrets of the server are. */
export interface SecretOnDisk {
  sealed(text: string): string;
  /** Errors: what it throws where it cannot be opened. */
  opened(text: string): string;
}

const AS_IT_IS: SecretOnDisk = { sealed: (text) => text, opened: (text) => text };

const [KEY_FILE, CERTIFICATE_FILE] = ["key.pem", "certificates.pem"];
/** Of a certificate that is made here. */
const VALID_YEARS = 20;
const KEY_BITS = 3072;

/**
 * The key and its certificates are `key.pem` and `certificates.pem` in a folder. Where neither is there, a key and a certificate that it signs itself
 * are made when first asked for: it proves that documents come from one server and were not changed, and says nothing about who that is.
 * Put a key and a chain of your own there (leaf first) and documents are signed with them. Errors: DW_UNAVAILABLE when they cannot be read or do not belong together.
 */
export function createSigner(folder: string, now: () => Date = () => new Date(), onDisk: SecretOnDisk = AS_IT_IS): Signer {
  let identity: Promise<Identity> | undefined;
  return {
    async sign(payload, branch) {
      identity ??= identityIn(folder, now(), onDisk);
      let known: Identity;
      try {
        known = await identity;
      } catch (error) {
        identity = undefined;
        throw error;
      }
      const header = {
        alg: "RS256",
        typ: "JWS",
        sigT: now().toISOString(),
        sid: randomUUID(),
        x5c: known.chain,
        ...(branch !== undefined && { doppelwerkBranch: branch }),
      };
      const input = `${base64url(JSON.stringify(header))}.${base64url(payload)}`;
      return `${input}.${createSign("RSA-SHA256").update(input).sign(known.key, "base64url")}`;
    },
  };
}

async function identityIn(folder: string, today: Date, onDisk: SecretOnDisk): Promise<Identity> {
  const paths = [join(folder, KEY_FILE), join(folder, CERTIFICATE_FILE)] as const;
  const [key, certificates] = await Promise.all(paths.map(textIn));
  if (key === undefined && certificates === undefined) {
    const made = await makeIdentity(today);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // The key last: without it the folder counts as empty but for a certificate, and that is told.
    await writeWhole(paths[1], made.certificates, 0o644);
    await writeWhole(paths[0], onDisk.sealed(made.key), 0o600);
    return read(made.key, made.certificates, folder);
  }
  if (key === undefined || certificates === undefined)
    throw new DoppelwerkError("DW_UNAVAILABLE", message("aasServer.keyCertificatesNeededSign", { folder }));
  return read(onDisk.opened(key), certificates, folder);
}

function read(keyText: string, certificates: string, folder: string): Identity {
  try {
    const key = createPrivateKey(keyText);
    if (key.asymmetricKeyType !== "rsa") throw new Error("the key is not RSA, which RS256 needs");
    const chain = (certificates.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map(
      (pem) => new X509Certificate(pem),
    );
    if (chain.length === 0) throw new Error("there is no certificate");
    if (!chain[0]!.checkPrivateKey(key)) throw new Error("the first certificate is not that of the key");
    return { key, chain: chain.map(({ raw }) => raw.toString("base64")) };
  } catch (error) {
    throw new DoppelwerkError(
      "DW_UNAVAILABLE",
      message("aasServer.keyCertificatesSignCannotUsed", { folder, reason: (error as Error).message }),
    );
  }
}

/** A key, and a certificate that it signs itself. */
async function makeIdentity(today: Date): Promise<{ readonly key: string; readonly certificates: string }> {
  const { privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: KEY_BITS });
  const until = new Date(today);
  until.setUTCFullYear(until.getUTCFullYear() + VALID_YEARS);
  // needed once in the life of a data folder
  const { selfSignedCertificate } = await import("./self-signed-certificate.ts");
  const certificates = await selfSignedCertificate(privateKey, "Doppelwerk (signed by itself)", today, until);
  return { key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(), certificates };
}

async function textIn(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as { readonly code?: string }).code === "ENOENT") return undefined;
    throw new DoppelwerkError(
      "DW_UNAVAILABLE",
      message("aasServer.keyCertificatesSignCannotUsed", { folder: path, reason: (error as Error).message }),
    );
  }
}

/** Whole or not at all. */
async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  const temporary = `${path}.${randomUUID()}`;
  await writeFile(temporary, text, { mode, flush: true });
  await rename(temporary, path);
}

function base64url(text: string): string {
  return Buffer.from(text).toString("base64url");
}
