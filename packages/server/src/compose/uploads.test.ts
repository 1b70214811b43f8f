import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { request, type ClientRequest, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeId, writeAasx, type Environment } from "@doppelwerk/aas";
import type { FastifyInstance } from "fastify";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openHostedWorld, type HostedWorld } from "./open-hosted-world.ts";
import { createSiteApp } from "./register-routes.ts";

// Large files over real sockets into a real data folder.
const folder = mkdtempSync(join(tmpdir(), "doppelwerk-uploads-"));
const files = join(folder, "blobs-files");
let site: HostedWorld;
let app: FastifyInstance;
let origin: string;

const open = async () => {
  site = await openHostedWorld({ dataDirectory: folder, logger: pino({ level: "silent" }), workers: 1 });
  app = await createSiteApp(site);
  origin = await app.listen({ port: 0, host: "127.0.0.1" });
};
const close = async () => {
  await app.close();
  await site.close();
};

beforeAll(async () => {
  await open();
  const submodelElements = ["One", "Two"].map((idShort) => ({ modelType: "File", idShort }));
  const more = [
    { modelType: "Blob", idShort: "Blob" },
    { modelType: "Property", idShort: "Number", valueType: "xs:int" },
  ];
  const body = JSON.stringify({ modelType: "Submodel", id: "urn:files", submodelElements: [...submodelElements, ...more] });
  await fetch(`${origin}/api/v3/submodels`, { method: "POST", body, headers: { "content-type": "application/json" } });
});
afterAll(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

const element = (name: string) => `${origin}/api/v3/submodels/${encodeId("urn:files")}/submodel-elements/${name}`;
const attachment = (name: string) => `${element(name)}/attachment`;
/** A request drops what it did not keep right after its answer. */
const staged = () => readdirSync(files).filter((name) => name.startsWith("staged-"));
const kept = () => readdirSync(files).filter((name) => !name.startsWith("staged-"));

async function put(url: string, bytes: Uint8Array, method = "PUT"): Promise<Response> {
  const form = new FormData();
  form.append("file", new Blob([bytes as Uint8Array<ArrayBuffer>], { type: "application/zip" }), "file.zip");
  return fetch(url, { method, body: form });
}

/** An upload whose body comes as the test sends it. */
function begin(url: string): ClientRequest {
  const sending = request(url, { method: "PUT", headers: { "content-type": "multipart/form-data; boundary=b" } });
  sending.write('--b\r\nContent-Disposition: form-data; name="file"; filename="f.zip"\r\nContent-Type: application/zip\r\n\r\n');
  return sending;
}

test("[API45] a large file goes into the data folder while it comes in, everything else is answered meanwhile, and it comes back byte for byte", async () => {
  const bytes = randomBytes(24_000_000);
  const sending = begin(attachment("One"));
  sending.write(bytes.subarray(0, 12_000_000));
  await expect.poll(() => staged().length).toBe(1);
  expect((await fetch(element("Number"))).status).toBe(200);
  expect((await fetch(attachment("One"))).status).toBe(404);
  const answered = once(sending, "response") as Promise<[IncomingMessage]>;
  sending.end(Buffer.concat([bytes.subarray(12_000_000), Buffer.from("\r\n--b--\r\n")]));
  expect((await answered)[0].statusCode).toBe(204);
  await expect.poll(staged).toEqual([]);
  expect(kept()).toEqual([createHash("sha256").update(bytes).digest("hex")]);
  expect((await put(attachment("Two"), bytes)).status).toBe(204);
  await expect.poll(staged).toEqual([]);
  expect(kept()).toHaveLength(1);
  for (const name of ["One", "Two"]) {
    const back = Buffer.from(await (await fetch(attachment(name))).arrayBuffer());
    expect(back.equals(bytes), name).toBe(true);
  }
});

test("[API45] what is refused, or breaks off, leaves nothing behind", async () => {
  const before = kept();
  const bytes = randomBytes(3_000_000);
  expect((await put(attachment("Nobody"), bytes)).status).toBe(404);
  expect((await put(attachment("Number"), bytes)).status).toBe(405);
  expect((await put(`${origin}/worlds/nowhere/api/v3/submodels`, bytes)).status).toBe(404);
  expect((await put(`${origin}/api/v3/packages`, bytes, "POST")).status).toBe(400);
  expect((await put(attachment("Blob"), randomBytes(12_000_001))).status).toBe(413);
  const cut = begin(attachment("One"));
  const refused = once(cut, "response") as Promise<[IncomingMessage]>;
  cut.end(bytes);
  expect((await refused)[0].statusCode).toBe(400);
  const gone = begin(attachment("One"));
  gone.on("error", () => undefined);
  gone.write(bytes);
  await expect.poll(() => staged().length).toBe(1);
  gone.destroy();
  await expect.poll(() => staged().length).toBe(0);
  expect(kept()).toEqual(before);
});

test("[API45] an upload of more than 256 MiB is 413, also where its length is not said before", async () => {
  const sending = begin(attachment("One"));
  const answered = once(sending, "response") as Promise<[IncomingMessage]>;
  const piece = Buffer.alloc(2 ** 20);
  for (let count = 0; count < 260; count++) if (!sending.write(piece)) await once(sending, "drain");
  sending.end("\r\n--b--\r\n");
  expect((await answered)[0].statusCode).toBe(413);
  await expect.poll(staged).toEqual([]);
});

test("[API18, API45] a large package is read beside the server, and says which shells it holds; also on the asynchronous way", async () => {
  const shells: Environment = {
    assetAdministrationShells: [
      { modelType: "AssetAdministrationShell", id: "urn:packed", assetInformation: { assetKind: "Instance", globalAssetId: "urn:asset" } },
    ],
  };
  const big = new Map([
    ["/aasx/files/big.bin", { contentType: "application/octet-stream", bytes: new Uint8Array(randomBytes(2_000_000)) }],
  ]);
  const submodels: Environment["submodels"] = [
    {
      modelType: "Submodel",
      id: "urn:packed:sm",
      submodelElements: [{ modelType: "File", idShort: "big", contentType: "application/octet-stream", value: "/aasx/files/big.bin" }],
    },
  ];
  const packed = writeAasx({ ...shells, submodels }, big);
  const made = await put(`${origin}/api/v3/packages`, packed, "POST");
  expect([made.status, await made.json()]).toMatchObject([201, { aasIds: ["urn:packed"] }]);
  const later = await put(`${origin}/api/v3/packages-async`, packed, "POST");
  expect(later.status).toBe(202);
  const status = origin + later.headers.get("location")!;
  await expect.poll(async () => (await fetch(status, { redirect: "manual" })).status).toBe(302);
  const result = await fetch(status);
  expect(await result.json()).toMatchObject({ executionState: "Completed", aasIds: ["urn:packed"] });
  await expect.poll(staged).toEqual([]);
});

test("[API45, B3] what came in when the server ended is removed at the next start; what was kept is there", async () => {
  const whole = Buffer.from(await (await fetch(attachment("One"))).arrayBuffer());
  await close();
  writeFileSync(join(files, "staged-left-over"), "half");
  await open();
  expect(staged()).toEqual([]);
  expect(Buffer.from(await (await fetch(attachment("One"))).arrayBuffer()).equals(whole)).toBe(true);
});
