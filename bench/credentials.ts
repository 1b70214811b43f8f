import { generateKeyPairSync, sign } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { openCredentials } from "../packages/server/src/compose/open-credentials.ts";
import {
  BASE_CONTEXT,
  didDocument,
  issueCredential,
  LIST_ENTRIES,
  listCredential,
  multibaseOf,
  publicKeyOf,
  statusEntry,
  type Signer,
} from "../packages/trust/src/credentials/index.ts";
import { reportMedian, type Report } from "./report.ts";

const RUNS = 7;
const CREDENTIALS = 500;
const HOST = "partner.example";
const DID = `did:web:${HOST}`;
const LIST = `https://${HOST}/lists/revocation`;

/** Time to verify a credential of a trusted issuer: form, key, signature, time, type and status, with document and list in memory; bar: 1 ms. */
export async function bench(report: Report): Promise<void> {
  for (const kind of ["Ed25519", "P-256"] as const) {
    const { checks, texts, close } = await plantWith(signerOf(kind));
    const [p50, p95] = [[] as number[], [] as number[]];
    for (let run = 0; run <= RUNS; run++) {
      const times = new Float64Array(texts.length);
      for (const [at, text] of texts.entries()) {
        const begun = performance.now();
        await checks.check(text);
        times[at] = performance.now() - begun;
      }
      times.sort();
      // the first warms up
      if (run === 0) continue;
      p50.push(times[Math.floor(times.length * 0.5)]!);
      p95.push(times[Math.floor(times.length * 0.95)]!);
    }
    reportMedian(report, "credentials", `credential verified (${kind}), median`, "ms", p50);
    reportMedian(report, "credentials", `credential verified (${kind}), p95`, "ms", p95);
    close();
  }
}

function signerOf(kind: "Ed25519" | "P-256"): Signer {
  const { privateKey, publicKey } =
    kind === "Ed25519" ? generateKeyPairSync("ed25519") : generateKeyPairSync("ec", { namedCurve: "P-256" });
  const key = publicKeyOf(publicKey.export({ format: "jwk" }))!;
  const digest = kind === "P-256" ? "sha256" : null;
  return {
    key,
    keyId: `${DID}#${multibaseOf(key)}`,
    sign: (signed) => new Uint8Array(sign(digest, signed, { key: privateKey, dsaEncoding: "ieee-p1363" })),
  };
}

async function plantWith(signer: Signer) {
  const data = mkdtempSync(join(tmpdir(), "doppelwerk-bench-"));
  const until = new Date(Date.now() + 86_400_000).toISOString();
  const from = new Date(Date.now() - 3_600_000).toISOString();
  const facts = { id: LIST, issuer: DID, purpose: "revocation", validFrom: from, validUntil: until, ttlMs: 60_000 } as const;
  const list = issueCredential(
    listCredential(new Uint8Array(LIST_ENTRIES / 8), facts, (packed) => new Uint8Array(gzipSync(packed))),
    signer,
  );
  const fetchText = async (url: string): Promise<string> =>
    url === LIST ? list : JSON.stringify(didDocument(DID, multibaseOf(signer.key), signer.key));
  const onFault = (error: unknown): never => {
    throw error;
  };
  const { store, checks } = await openCredentials({ data, now: () => Date.now(), onFault, fetchText, nameOf: () => undefined });
  store.trust({ did: DID, name: "Partner", types: ["MachineCredential"], role: "operator", maxAgeHours: 24 });
  const texts = Array.from({ length: CREDENTIALS }, (_, n) =>
    issueCredential(
      {
        "@context": [BASE_CONTEXT, "https://www.w3.org/ns/credentials/undefined-terms/v2"],
        id: `urn:example:${n}`,
        type: ["VerifiableCredential", "MachineCredential"],
        issuer: DID,
        validFrom: from,
        validUntil: until,
        credentialSubject: { id: `did:example:${n}`, name: `Robot ${n}`, role: "operator", company: "Partner", place: "Hall 2" },
        credentialStatus: statusEntry({ purpose: "revocation", index: n * 200, list: LIST }),
      },
      signer,
    ),
  );
  return { checks, texts, close: () => rmSync(data, { recursive: true, force: true }) };
}
