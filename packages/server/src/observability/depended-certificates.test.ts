import { mkdtempSync, rmSync } from "node:fs";
import { generateKeyPairSync } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Certificates } from "../certificates/certificates.ts";
import { ownCertificate } from "../tls/own-certificate.ts";
import { dependedCertificates, type DependedOf } from "./depended-certificates.ts";

const data = mkdtempSync(join(tmpdir(), "doppelwerk-depended-"));
afterAll(() => rmSync(data, { recursive: true, force: true }));

const DAY_MS = 86_400_000;

test("[SV343] every certificate that a server depends on is listed, the soonest first; of those that it issued the one that holds longest, none that was revoked", async () => {
  let now = Date.now();
  const certificates = new Certificates({ data, now: () => now });
  const of = (more: Partial<DependedOf["worlds"]> = {}): DependedOf => ({
    worlds: { registry: { open: () => [] } as never, certificates, data, ...more },
    identities: {
      machines: { store: { byId: (id) => (id === "machine:1" ? ({ name: "Robot" } as never) : undefined) } },
      directories: { store: { list: () => [] } },
    },
    watched: () => [],
  });
  expect(dependedCertificates(of())).toEqual([]);
  const own = await ownCertificate(join(data, "tls"), ["plant.example"]);
  const spki = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "der", type: "spki" });
  for (const owner of ["machine:1", "connection:default/press", "machine:gone"])
    await certificates.issue({ owner, name: owner, did: "did:key:z1" }, "tls", spki);
  now += 60 * DAY_MS;
  await certificates.issue({ owner: "machine:1", name: "Robot", did: "did:key:z1" }, "tls", spki);
  const plants = { certificates: () => [{ of: "plant", name: "PLC", untilMs: now + DAY_MS }] };
  const listed = dependedCertificates({
    ...of({ registry: { open: () => [{ features: { find: () => plants } }] } as never }),
    watched: () => [{ name: "HTTPS", pem: own.certificate }],
  });
  expect(listed.map(({ of: kind, name }) => `${kind} ${name}`)).toEqual([
    "plant PLC",
    "connection default/press",
    "machine Robot",
    "https HTTPS",
    "authority TLS",
  ]);
  // not the one of sixty days ago
  expect((listed[2]!.until / 1_000 - now) / DAY_MS).toBeGreaterThan(80);
  certificates.revoke("machine:1");
  expect(dependedCertificates(of()).map(({ name }) => name)).toEqual(["default/press", "TLS"]);
});
