import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { audited, auditOf } from "./audit.ts";
import { billOfMaterials } from "./bill-of-materials.ts";
import { readLockFile } from "./lock-file.ts";
import { auditLine, vulnerabilityReport } from "./vulnerabilities.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const paths = ["node_modules/@noble/hashes", "node_modules/fastify"];
const lock = readLockFile(root);
const version = (path: string): string => lock.get(path)!.version;

/** As npm answers of one package with a weakness, beside which others are good. */
const answer = (total: number): string =>
  JSON.stringify({
    auditReportVersion: 2,
    vulnerabilities: {
      fastify: {
        name: "fastify",
        severity: "moderate",
        via: [
          {
            source: 1,
            name: "fastify",
            title: "A thing",
            url: "https://github.com/advisories/GHSA-aaaa-bbbb-cccc",
            severity: "moderate",
            cwe: ["CWE-1333"],
            cvss: { score: 5.3 },
          },
        ],
        nodes: [`node_modules/fastify-${version("node_modules/fastify")}`],
      },
      other: { name: "other", severity: "low", via: ["fastify"], nodes: [] },
    },
    metadata: { dependencies: { total } },
  });

test("[SV322] what the registry knows of shipped packages is in a report of CycloneDX that refers to the bill of materials; what it did not answer is unknown, never good", () => {
  const audit = auditOf(answer(2), lock, paths);
  expect(audit).toEqual({
    state: "asked",
    advisories: [
      {
        id: "GHSA-aaaa-bbbb-cccc",
        title: "A thing",
        url: "https://github.com/advisories/GHSA-aaaa-bbbb-cccc",
        severity: "medium",
        cwes: [1333],
        score: 5.3,
        paths: ["node_modules/fastify"],
      },
    ],
  });
  const bill = billOfMaterials(root, { version: "1.2.3", epoch: 1_700_000_000, packed: paths, bundled: [] });
  const now = new Date("2026-11-30T08:00:00Z");
  const report = vulnerabilityReport(bill, audit, now);
  const ref = `pkg:npm/fastify@${version("node_modules/fastify")}#node_modules/fastify`;
  expect(bill.components.map((component) => component["bom-ref"])).toContain(ref);
  expect(report.vulnerabilities).toMatchObject([
    {
      id: "GHSA-aaaa-bbbb-cccc",
      ratings: [{ severity: "medium", score: 5.3 }],
      affects: [{ ref: `urn:cdx:${bill.serialNumber.slice(9)}/1#${encodeURIComponent(ref)}` }],
    },
  ]);
  expect(report.metadata).toMatchObject({ timestamp: "2026-11-30T08:00:00.000Z", properties: [{ value: "asked" }] });
  expect(auditLine(audit)).toBe("known vulnerabilities: 1 (GHSA-aaaa-bbbb-cccc medium)");

  for (const text of [
    "",
    "<html>",
    "{}",
    JSON.stringify({ error: { summary: "getaddrinfo ENOTFOUND" } }),
    JSON.stringify({ message: "404" }),
    answer(1),
  ]) {
    const unknown = auditOf(text, lock, paths);
    expect(unknown.state, text).toBe("unknown");
    expect(auditLine(unknown)).toMatch(/^known vulnerabilities: unknown \(.+\)$/);
    const properties = vulnerabilityReport(bill, unknown, now).metadata.properties;
    expect(properties[0]).toEqual({ name: "doppelwerk:audit", value: "unknown" });
  }
});

test("[SV322] npm is asked of shipped packages alone, and where it reaches nobody the answer is unknown", async () => {
  const before = process.env["npm_config_registry"];
  // a port of this machine that nobody listens at
  process.env["npm_config_registry"] = "http://127.0.0.1:9/";
  process.env["npm_config_fetch_retries"] = "0";
  try {
    const audit = await audited(root, paths);
    expect(audit).toMatchObject({ state: "unknown", why: expect.stringMatching(/./) });
  } finally {
    delete process.env["npm_config_fetch_retries"];
    if (before === undefined) delete process.env["npm_config_registry"];
    else process.env["npm_config_registry"] = before;
  }
});
