import "reflect-metadata";
import { createHash, createPublicKey, generateKeyPairSync, X509Certificate, type KeyObject, type webcrypto } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Pkcs10CertificateRequestGenerator, X509Certificate as ReadCertificate, X509Crl } from "@peculiar/x509";
import { afterAll, expect, test } from "vitest";
import { crypto, DAY_MS } from "../tls/authority.ts";
import { certificatesPath } from "./certificate-store.ts";
import { Certificates } from "./certificates.ts";
import { connectionIdentities } from "../compose/connection-identities.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-certificates-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const NOW = Date.parse("2026-11-30T10:00:00Z");
const MACHINE = { owner: "machine:1", name: "Edge box 3", did: "did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv" };

function opened(now = () => NOW, data = mkdtempSync(join(root, "data-"))) {
  return { data, certificates: new Certificates({ data, now }) };
}

const spki = (key: KeyObject): Uint8Array => key.export({ format: "der", type: "spki" });
const rsa = (modulusLength: number, publicExponent = 65_537) =>
  spki(generateKeyPairSync("rsa", { modulusLength, publicExponent }).publicKey);
const ec = (namedCurve: string) => spki(generateKeyPairSync("ec", { namedCurve }).publicKey);

test("[SV294] a certificate has the DID as its URI, is of the authority and for a client alone, and another is due after two thirds of its life", async () => {
  const { certificates, data } = opened();
  const given = await certificates.issue(MACHINE, "tls", ec("P-256"));
  const read = new X509Certificate(given.certificate);
  expect(read.subjectAltName).toBe(`URI:${MACHINE.did}`);
  expect(read.subject).toBe(`CN=${MACHINE.did}`);
  expect(read.keyUsage).toEqual(["1.3.6.1.5.5.7.3.2"]);
  expect([read.ca, read.verify(new X509Certificate(given.authority).publicKey)]).toEqual([false, true]);
  expect(given.renew).toBe(new Date(Date.parse(given.from) + 60 * DAY_MS).toISOString());
  const opcua = await certificates.issue(MACHINE, "opcua", rsa(2_048));
  const application = new X509Certificate(opcua.certificate);
  expect([application.subject, application.subjectAltName]).toEqual(["CN=Edge box 3", `URI:${MACHINE.did}`]);
  // what signs for OPC UA is RSA with SHA-256, as its policies want it
  expect(new ReadCertificate(opcua.certificate).signatureAlgorithm).toMatchObject({ name: "RSASSA-PKCS1-v1_5", hash: { name: "SHA-256" } });
  expect(createPublicKey(opcua.authority).asymmetricKeyDetails?.modulusLength).toBe(3_072);
  if (process.platform !== "win32")
    for (const name of ["authority.key", "opcua-authority.key"]) expect(statSync(join(data, "tls", name)).mode & 0o777).toBe(0o600);
});

test("[SV294] weak keys, and keys that the protocol does not speak, get no certificate, nor does a request that another key signed", async () => {
  const { certificates } = opened();
  const ed = spki(generateKeyPairSync("ed25519").publicKey);
  for (const key of [rsa(1_024), rsa(2_048, 3), ec("secp256k1"), new Uint8Array([1, 2, 3]), spki(generateKeyPairSync("x25519").publicKey)])
    await expect(certificates.issue(MACHINE, "tls", key)).rejects.toThrow(/cannot have a certificate/);
  for (const key of [ec("P-256"), ed]) await expect(certificates.issue(MACHINE, "opcua", key)).rejects.toThrow(/OPC UA takes RSA alone/);
  await certificates.issue(MACHINE, "tls", ed);
  const keys = (await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
    "sign",
    "verify",
  ])) as webcrypto.CryptoKeyPair;
  const other = (await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
    "sign",
    "verify",
  ])) as webcrypto.CryptoKeyPair;
  const signingAlgorithm = { name: "ECDSA", hash: "SHA-256" };
  const request = await Pkcs10CertificateRequestGenerator.create({ keys, signingAlgorithm }, crypto);
  expect(Buffer.from(await certificates.keyOfRequest(request.toString("pem")))).toEqual(
    Buffer.from(await crypto.subtle.exportKey("spki", keys.publicKey)),
  );
  const forged = await Pkcs10CertificateRequestGenerator.create(
    { keys: { publicKey: keys.publicKey, privateKey: other.privateKey }, signingAlgorithm },
    crypto,
  );
  for (const pem of [forged.toString("pem"), "", "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----"])
    await expect(certificates.keyOfRequest(pem)).rejects.toThrow(/another key signed it/);
});

test("[SV295] what is revoked holds no more at once, is in the signed list of its authority, and that outlives a restart", async () => {
  let now = NOW;
  const { certificates, data } = opened(() => now);
  const key = ec("P-256");
  const [first, second] = [
    await certificates.issue(MACHINE, "tls", key),
    await certificates.issue({ ...MACHINE, owner: "machine:2" }, "tls", key),
  ];
  const thumbprint = (pem: string): string => createHash("sha256").update(new X509Certificate(pem).raw).digest("base64url");
  expect(certificates.valid(thumbprint(first.certificate))?.owner).toBe("machine:1");
  const before = new X509Crl((await certificates.list("tls")).der);
  expect(before.entries).toEqual([]);
  expect(certificates.revoke("machine:1")).toBe(1);
  expect(certificates.revoke("machine:1")).toBe(0);
  expect(certificates.valid(thumbprint(first.certificate))).toBeUndefined();
  const again = new Certificates({ data, now: () => now });
  expect(again.valid(thumbprint(first.certificate))).toBeUndefined();
  expect(again.valid(thumbprint(second.certificate))?.owner).toBe("machine:2");
  const list = await again.list("tls");
  const crl = new X509Crl(list.pem);
  const authority = new ReadCertificate(first.authority);
  expect(await crl.verify({ publicKey: authority }, crypto)).toBe(true);
  const serials = crl.entries.map(({ serialNumber }) => BigInt(`0x${serialNumber}`));
  expect(serials).toEqual([BigInt(`0x${new X509Certificate(first.certificate).serialNumber}`)]);
  now += 60 * DAY_MS;
  expect(again.valid(thumbprint(second.certificate))?.owner).toBe("machine:2");
  // a list is made anew before it is out of date
  expect(new X509Crl((await again.list("tls")).der).nextUpdate!.getTime()).toBeGreaterThan(now + 20 * DAY_MS);
  now += 30 * DAY_MS;
  expect(again.valid(thumbprint(second.certificate))).toBeUndefined();
  expect(again.valid("unknown")).toBeUndefined();
});

test("[SV295] certificates that are damaged or newer are refused, and never taken for none", () => {
  for (const [text, code] of [
    ["{", "DW_DAMAGED"],
    [JSON.stringify({ version: 1, issued: 3 }), "DW_DAMAGED"],
    [JSON.stringify({ version: 2, issued: [] }), "DW_FORMAT_NEWER"],
  ] as const) {
    const data = mkdtempSync(join(root, "data-"));
    writeFileSync(certificatesPath(data), text);
    expect(() => new Certificates({ data, now: () => NOW }), text).toThrow(expect.objectContaining({ code }));
  }
});

test("[SV296] an identity of a connection has two keys under one DID; renewed it has the same keys, made anew others, and the former hold no more", async () => {
  const { certificates, data } = opened();
  const identities = connectionIdentities(certificates, { name: "main", id: "main" });
  const first = await identities.identify("press");
  expect(first.did).toMatch(/^did:key:zDn/);
  for (const pem of [first.certificate, first.opcua.certificate]) expect(new X509Certificate(pem).subjectAltName).toBe(`URI:${first.did}`);
  const renewed = await identities.renewed("press", first);
  expect([renewed.did, renewed.privateKey, renewed.opcua.privateKey]).toEqual([first.did, first.privateKey, first.opcua.privateKey]);
  expect(renewed.certificate).not.toBe(first.certificate);
  expect(certificates.store.list().filter(({ revoked }) => revoked !== undefined)).toEqual([]);
  const other = await identities.identify("press");
  expect(other.did).not.toBe(first.did);
  expect(certificates.store.list().filter(({ revoked }) => revoked !== undefined)).toHaveLength(4);
  identities.revoke("press");
  expect(certificates.store.list().every(({ revoked }) => revoked !== undefined)).toBe(true);
  expect(readFileSync(certificatesPath(data), "utf8")).not.toContain("PRIVATE");
});
