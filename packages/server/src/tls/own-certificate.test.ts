import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import { isIP, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { afterAll, expect, test } from "vitest";
import { ownCertificate } from "./own-certificate.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-tls-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const folder = (): string => join(root, String(folders++), "tls");
const NAMES = ["plant.example", "127.0.0.1", "fe80::1", "localhost"];
const DAY_MS = 86_400_000;

function otherName(certificate: X509Certificate, name: string): Error | undefined {
  const found = isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name);
  return found === undefined ? new Error("another name") : undefined;
}

test("[SV190] a client that trusts the authority alone reaches the server by every name and address over TLS 1.3", async () => {
  const { certificate, key, authority, fingerprint } = await ownCertificate(folder(), NAMES);
  const server = createServer({ cert: certificate, key, minVersion: "TLSv1.3" }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const reach = (name: string, ca: string | undefined) =>
      new Promise<string>((resolve) => {
        const options = { port, host: "127.0.0.1", ...(isIP(name) === 0 && { servername: name }), ...(ca !== undefined && { ca }) };
        const socket = connect({ ...options, checkServerIdentity: (_, { raw }) => otherName(new X509Certificate(raw), name) });
        socket.once("secureConnect", () => {
          resolve(socket.getProtocol() ?? "none");
          socket.destroy();
        });
        socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      });
    for (const name of NAMES) expect(await reach(name, authority), name).toBe("TLSv1.3");
    expect(await reach("other.example", authority)).toBe("another name");
    expect(await reach("plant.example", undefined)).toMatch(/UNABLE_TO_VERIFY|SELF_SIGNED/);
    expect(new X509Certificate(authority).fingerprint256).toBe(fingerprint);
  } finally {
    server.close();
  }
});

test("[SV190] the certificate stays until it soon expires or a name is missing; the authority stays for good; keys are of this user alone", async () => {
  const at = folder();
  const now = new Date("2026-11-30T10:00:00Z");
  const first = await ownCertificate(at, NAMES, now);
  expect(await ownCertificate(at, NAMES.slice(1), now)).toEqual(first);
  const later = await ownCertificate(at, NAMES, new Date(now.getTime() + 340 * DAY_MS));
  expect(later.certificate).not.toBe(first.certificate);
  const named = await ownCertificate(at, [...NAMES, "plant.local"], new Date(now.getTime() + 341 * DAY_MS));
  expect(named.certificate).not.toBe(later.certificate);
  for (const one of [later, named]) expect([one.authority, one.fingerprint]).toEqual([first.authority, first.fingerprint]);
  const own = new X509Certificate(named.certificate);
  expect((Date.parse(own.validTo) - Date.parse(own.validFrom)) / DAY_MS).toBeLessThan(398);
  expect(own.ca).toBe(false);
  if (process.platform !== "win32")
    for (const name of ["authority.key", "server.key"]) expect(statSync(join(at, name)).mode & 0o777).toBe(0o600);
});

test("[SV190] a certificate of another authority is replaced, and an authority without its key is refused with the file", async () => {
  const at = folder();
  const first = await ownCertificate(at, NAMES);
  const other = await ownCertificate(folder(), NAMES);
  writeFileSync(join(at, "server.pem"), other.certificate);
  const again = await ownCertificate(at, NAMES);
  expect(new X509Certificate(again.certificate).verify(new X509Certificate(first.authority).publicKey)).toBe(true);
  rmSync(join(at, "authority.key"));
  rmSync(join(at, "server.pem"));
  await expect(ownCertificate(at, NAMES)).rejects.toThrow(/authority\.key/);
  expect(readFileSync(join(at, "authority.pem"), "utf8")).toBe(first.authority);
});
