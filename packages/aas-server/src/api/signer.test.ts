import { createVerify, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeId } from "@doppelwerk/aas";
import { LIVE } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { createSigner } from "./signer.ts";
import { ENGINEER, startTestServer } from "./test-server.fixture.ts";

const [shell, submodel, concept] = [
  { modelType: "AssetAdministrationShell", id: "urn:signed:shell", assetInformation: { assetKind: "Instance", globalAssetId: "urn:a" } },
  {
    modelType: "Submodel",
    id: "urn:signed:sm",
    submodelElements: [{ modelType: "Blob", idShort: "code", contentType: "application/octet-stream", value: "AAAA" }],
  },
  { modelType: "ConceptDescription", id: "urn:signed:cd" },
] as const;

/** Header and payload of a JWS, checked as RFC 7515 has it with the key of the first certificate it brings along. */
function opened(jws: string) {
  const [head, body, signature] = jws.split(".") as [string, string, string];
  const header = JSON.parse(Buffer.from(head, "base64url").toString());
  const certificate = new X509Certificate(Buffer.from(header.x5c[0], "base64"));
  const isGood = createVerify("RSA-SHA256").update(`${head}.${body}`).verify(certificate.publicKey, signature, "base64url");
  return { header, certificate, isGood, document: JSON.parse(Buffer.from(body, "base64url").toString()) };
}

test("[API27] a signed document can be checked with what it brings along, and one that was changed is found out; a branch says that it is one", async () => {
  const server = await startTestServer({ assetAdministrationShells: [shell], submodels: [submodel], conceptDescriptions: [concept] });
  try {
    for (const [path, document] of [
      [`/shells/${encodeId(shell.id)}`, shell],
      [`/submodels/${encodeId(submodel.id)}`, submodel],
      [`/concept-descriptions/${encodeId(concept.id)}`, concept],
    ] as const) {
      const answer = await server.call("GET", `${path}/$signed`);
      expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/plain; charset=utf-8"]);
      const signed = opened(answer.text);
      expect([signed.isGood, signed.document]).toEqual([true, document]);
      expect(signed.header).toEqual({
        alg: "RS256",
        typ: "JWS",
        sigT: expect.stringMatching(/^\d{4}-.*Z$/),
        sid: expect.stringMatching(/^[0-9a-f-]{36}$/),
        x5c: [signed.certificate.raw.toString("base64")],
      });
      expect(signed.certificate.verify(signed.certificate.publicKey)).toBe(true);
      const [head, , signature] = answer.text.split(".");
      const forged = Buffer.from(JSON.stringify({ ...document, idShort: "Forged" })).toString("base64url");
      expect(opened(`${head}.${forged}.${signature}`).isGood).toBe(false);
      expect((await server.call("GET", `${path.replace(/[^/]+$/, encodeId("urn:nothing"))}/$signed`)).status).toBe(404);
    }
    await server.world.fork({ name: "what if", parent: LIVE, instant: server.now(), actor: ENGINEER.id, reason: "what if" });
    const branch = await server.call(
      "GET",
      `/worlds/w/branches/${encodeURIComponent("what if")}/api/v3/shells/${encodeId(shell.id)}/$signed`,
    );
    expect([branch.status, opened(branch.text).header.doppelwerkBranch]).toEqual([200, "what if"]);
    expect(statSync(join(server.signing, "key.pem")).mode & 0o077).toBe(0);
  } finally {
    await server.close();
  }
});

test("[API27] the key stays the same, one of one's own is taken, and one that does not fit is refused and can be mended", async () => {
  const folder = mkdtempSync(join(tmpdir(), "doppelwerk-signer-"));
  const other = mkdtempSync(join(tmpdir(), "doppelwerk-signer-"));
  try {
    const first = opened(await createSigner(folder).sign("{}", undefined));
    expect(opened(await createSigner(folder).sign("{}", undefined)).header.x5c).toEqual(first.header.x5c);
    await createSigner(other).sign("{}", undefined);
    const signer = createSigner(folder);
    const [own, foreign] = [folder, other].map((place) => readFileSync(join(place, "certificates.pem"), "utf8")) as [string, string];
    writeFileSync(join(folder, "certificates.pem"), foreign);
    await expect(signer.sign("{}", undefined)).rejects.toThrow(/not that of the key/);
    rmSync(join(folder, "certificates.pem"));
    await expect(signer.sign("{}", undefined)).rejects.toMatchObject({ code: "DW_UNAVAILABLE" });
    writeFileSync(join(folder, "certificates.pem"), `${own}${foreign}`);
    const chained = opened(await signer.sign("{}", undefined));
    expect([chained.isGood, chained.header.x5c.length]).toEqual([true, 2]);
  } finally {
    for (const place of [folder, other]) rmSync(place, { recursive: true, force: true });
  }
});
