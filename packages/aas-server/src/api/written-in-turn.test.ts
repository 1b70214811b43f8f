import { encodeId } from "@doppelwerk/aas";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, upload, type TestServer } from "./test-server.fixture.ts";

const MANY = 20;
const shell = `/shells/${encodeId("urn:many:shell")}`;
const element = `/submodels/${encodeId("urn:many:submodel")}/submodel-elements/group`;
const reference = (id: string) => ({ type: "ModelReference", keys: [{ type: "Submodel", value: id }] }) as const;

let server: TestServer;
const call: TestServer["call"] = (...given) => server.call(...given);
beforeAll(async () => {
  server = await startTestServer({
    assetAdministrationShells: [
      {
        modelType: "AssetAdministrationShell",
        id: "urn:many:shell",
        assetInformation: { assetKind: "Instance", globalAssetId: "urn:many:asset" },
        submodels: Array.from({ length: MANY }, (_, n) => reference(`urn:many:old:${n}`)),
      },
    ],
    submodels: [
      {
        modelType: "Submodel",
        id: "urn:many:submodel",
        submodelElements: [
          {
            modelType: "SubmodelElementCollection",
            idShort: "group",
            value: [{ modelType: "Property", idShort: "inner", valueType: "xs:int", value: "0" }],
          },
        ],
      },
    ],
  });
});
afterAll(() => server.close());

/** All at once; every status must be the one that is right. */
async function atOnce(status: number, ...asked: readonly ReturnType<TestServer["call"]>[]): Promise<void> {
  expect((await Promise.all(asked)).map((answer) => answer.status)).toEqual(asked.map(() => status));
}
const each = (ask: (n: number) => ReturnType<TestServer["call"]>) => Array.from({ length: MANY }, (_, n) => ask(n));

test("[API7] what many add to and take from one shell at once is all done, beside its asset information and thumbnail", async () => {
  const image = call("PUT", `${shell}/asset-information/thumbnail`, upload("a.png", "picture"));
  const adds = each((n) => call("POST", `${shell}/submodel-refs`, reference(`urn:many:new:${n}`)));
  const takes = each((n) => call("DELETE", `${shell}/submodel-refs/${encodeId(`urn:many:old:${n}`)}`));
  await Promise.all([atOnce(201, ...adds), atOnce(204, image, ...takes)]);
  const { json } = await call("GET", shell);
  expect(json.submodels.map((found: typeof reference) => JSON.stringify(found)).sort()).toEqual(
    Array.from({ length: MANY }, (_, n) => JSON.stringify(reference(`urn:many:new:${n}`))).sort(),
  );
  expect(json.assetInformation).toMatchObject({ globalAssetId: "urn:many:asset", defaultThumbnail: { contentType: "image/png" } });
});

test("[API7] attributes of one element that are patched at once all stay, and a value below that is written meanwhile", async () => {
  const text = [{ language: "en", text: "text" }];
  const qualifiers = [{ type: "kind", valueType: "xs:int", value: "1" }];
  await atOnce(
    204,
    call("PATCH", element, { category: "C" }),
    call("PATCH", `${element}.inner/$value`, 7),
    call("PATCH", element, { displayName: text }),
    call("PATCH", `${element}/$metadata`, { description: text }),
    call("PATCH", element, { qualifiers }),
  );
  expect((await call("GET", element)).json).toMatchObject({
    category: "C",
    displayName: text,
    description: text,
    qualifiers,
    value: [{ value: "7" }],
  });
});

test("[API15] submodels that are registered below one shell descriptor at once are all there", async () => {
  const endpoints = [{ interface: "SUBMODEL-3.1", protocolInformation: { href: "https://elsewhere.example/submodel" } }];
  const descriptor = `/shell-descriptors/${encodeId("urn:many:far")}`;
  await call("POST", "/shell-descriptors", { id: "urn:many:far" });
  await atOnce(201, ...each((n) => call("POST", `${descriptor}/submodel-descriptors`, { id: `urn:many:far:${n}`, endpoints })));
  expect((await call("GET", descriptor)).json.submodelDescriptors).toHaveLength(MANY);
});

test("[API4] a PATCH at a malformed path is 400, at one where nothing is 404", async () => {
  const elements = element.replace(/\/[^/]*$/, "");
  for (const form of ["", "/$metadata"]) {
    expect((await call("PATCH", `${elements}/a..b${form}`, { category: "C" })).status).toBe(400);
    expect((await call("PATCH", `${elements}/nothing${form}`, { category: "C" })).status).toBe(404);
  }
});
