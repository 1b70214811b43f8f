import { encodeId, type Environment, type Submodel } from "@doppelwerk/aas";
import { LIVE } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AasLookups } from "./aas-lookups.ts";
import { aasSourceOfWorld } from "./aas-source-of-world.ts";
import { streamOf } from "./answers.ts";
import { ENGINEER, startTestServer, type TestServer } from "./test-server.fixture.ts";

const submodel = (id: string, value: string): Submodel => ({
  modelType: "Submodel",
  id,
  submodelElements: [{ modelType: "Property", idShort: "text", valueType: "xs:string", value }],
});
const environment: Environment = { submodels: [submodel("urn:a", "before"), submodel("urn:b", "before")] };
let server: TestServer;
beforeAll(async () => void (server = await startTestServer(environment)));
afterAll(() => server.close());

test("[API46] the documents of an environment are of one revision, whatever is written while it is served", async () => {
  const source = aasSourceOfWorld({
    view: server.world.view(ENGINEER),
    branch: LIVE,
    ids: { next: (kind) => `${kind}:none` },
    blobs: server.blobs,
    lookups: new AasLookups(),
    sample: () => undefined,
    samplesAt: async () => new Map(),
  });
  const frozen = source.frozen();
  expect(frozen.exportedSubmodel("urn:a")).toEqual(submodel("urn:a", "before"));
  const put = await server.call("PUT", `/submodels/${encodeId("urn:b")}`, submodel("urn:b", "after"));
  expect([put.status, put.text]).toEqual([204, ""]);
  expect((await server.call("DELETE", `/submodels/${encodeId("urn:a")}`)).status).toBe(204);
  expect((await server.call("POST", "/submodels", submodel("urn:c", "after"))).status).toBe(201);
  const heads = frozen.submodelHeads({ limit: 10 }, {}).items.map(({ id }) => id);
  expect(heads.map((id) => frozen.exportedSubmodel(id)).sort((a, b) => (a!.id < b!.id ? -1 : 1))).toEqual(environment.submodels);
  expect((JSON.parse((await server.call("GET", "/serialization")).text) as Environment).submodels?.map(({ id }) => id).sort()).toEqual([
    "urn:b",
    "urn:c",
  ]);
});

test("[API46] an answer is made no faster than it is read", async () => {
  let made = 0;
  const pieces = function* () {
    for (; made < 10_000; made++) yield "x".repeat(10_000);
  };
  const stream = streamOf(pieces());
  await new Promise((resolve) => stream.once("readable", resolve));
  // others have had their turn many times
  for (let turn = 0; turn < 1_000; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(made).toBeLessThan(50);
  let size = 0;
  for await (const piece of stream) size += (piece as Buffer).length;
  expect([made, size]).toEqual([10_000, 100_000_000]);
});
