import { encodeId, type Environment } from "@doppelwerk/aas";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "./test-server.fixture.ts";

const environment: Environment = {
  submodels: [
    {
      modelType: "Submodel",
      id: "urn:sm:lenient",
      submodelElements: [
        {
          modelType: "SubmodelElementList",
          idShort: "list",
          typeValueListElement: "Property",
          valueTypeListElement: "xs:int",
          value: [{ modelType: "Property", valueType: "xs:int", value: "1" }],
        },
      ],
    },
  ],
};
const elements = `/submodels/${encodeId("urn:sm:lenient")}/submodel-elements`;
const LENIENT = { prefer: "handling=lenient" };

let server: TestServer;
const call: TestServer["call"] = (...given) => server.call(...given);
beforeAll(async () => {
  server = await startTestServer(environment);
});
afterAll(() => server.close());

/** What the answer says of the document, as constraint and path. */
function foundIn({ headers }: { readonly headers: Headers }): readonly string[] {
  const text = headers.get("doppelwerk-findings");
  if (text === null) return [];
  const { count, findings } = JSON.parse(decodeURIComponent(text)) as { count: number; findings: { constraint: string; path: string }[] };
  expect(count).toBeGreaterThanOrEqual(findings.length);
  return findings.map(({ constraint, path }) => `${constraint} ${path}`);
}

const CASES: readonly (readonly [list: string, id: string, document: object, found: readonly string[]])[] = [
  [
    "/shells",
    "urn:aas:1",
    { modelType: "AssetAdministrationShell", id: "urn:aas:1", idShort: "1 ä", assetInformation: { assetKind: "Instance" }, submodels: [] },
    ["empty submodels", "AASd-002 idShort", "AASd-131 assetInformation"],
  ],
  [
    "/submodels",
    "urn:sm:1",
    {
      modelType: { name: "Submodel" },
      identification: { id: "urn:sm:1", idType: "IRI" },
      idShort: "Old",
      submodelElements: [
        { modelType: { name: "Property" }, idShort: "p", kind: "Instance", valueType: { dataObjectType: { name: "int" } }, value: "7" },
      ],
    },
    [],
  ],
  [
    "/submodels",
    "urn:sm:2",
    {
      modelType: "Submodel",
      id: "urn:sm:2",
      submodelElements: [
        { modelType: "Property", idShort: "same", valueType: "xs:int", value: "x" },
        { modelType: "Property", idShort: "same", valueType: "xs:int", value: "2", more: true },
      ],
    },
    ["additional submodelElements[1]", "lexical submodelElements[0].value", "AASd-022 submodelElements[1].idShort"],
  ],
  [
    "/concept-descriptions",
    "urn:cd:1",
    { modelType: "ConceptDescription", id: "urn:cd:1", administration: { revision: "2" }, description: null },
    ["empty description", "AASd-005 administration"],
  ],
];

test("[API31] what an import would repair or take is refused, and taken with handling=lenient; the answer says what was found", async () => {
  for (const [list, id, document, found] of CASES) {
    expect((await call("POST", list, document)).status, id).toBe(400);
    expect((await call("PUT", `${list}/${encodeId(id)}`, document)).headers.get("preference-applied"), id).toBeNull();
    const made = await call("POST", list, document, LENIENT);
    expect([made.status, made.headers.get("preference-applied")], made.text).toEqual([201, "handling=lenient"]);
    expect(foundIn(made), id).toEqual(found.length > 0 ? expect.arrayContaining([...found]) : expect.anything());
    expect((await call("GET", `${list}/${encodeId(id)}`)).json, id).toEqual(made.json);
    const put = await call("PUT", `${list}/${encodeId(id)}`, document, LENIENT);
    expect([put.status, foundIn(put)], put.text).toEqual([204, foundIn(made)]);
  }
  const old = (await call("GET", `/submodels/${encodeId("urn:sm:1")}`)).json;
  expect(old).toMatchObject({
    modelType: "Submodel",
    id: "urn:sm:1",
    submodelElements: [{ modelType: "Property", valueType: "xs:int", value: "7" }],
  });
});

test("[API5] what was taken with a semantic id that breaks a constraint is found by it", async () => {
  const semanticId = { type: "ExternalReference", keys: [{ type: "Submodel", value: "urn:meaning" }] };
  expect((await call("POST", "/submodels", { modelType: "Submodel", id: "urn:sm:meant", semanticId }, LENIENT)).status).toBe(201);
  const asked = (reference: object) => call("GET", `/submodels?semanticId=${encodeId(JSON.stringify(reference))}`);
  expect((await asked(semanticId)).json.result.map(({ id }: { id: string }) => id)).toEqual(["urn:sm:meant"]);
  expect((await asked({ ...semanticId, keys: [] })).status).toBe(400);
});

test("[API31] elements: below a submodel, into a list and in its place", async () => {
  const text = { modelType: "Property", idShort: "text", valueType: "xs:int", value: "many" };
  expect((await call("POST", elements, text)).status).toBe(400);
  const made = await call("POST", elements, text, LENIENT);
  expect([made.status, foundIn(made)]).toEqual([201, ["lexical value"]]);
  expect((await call("PUT", `${elements}/text`, { ...text, value: "few" }, LENIENT)).status).toBe(204);
  expect((await call("GET", `${elements}/text`)).json.value).toBe("few");
  const stranger = { modelType: "Capability" };
  expect((await call("POST", `${elements}/list`, stranger)).status).toBe(400);
  const listed = await call("POST", `${elements}/list`, stranger, LENIENT);
  expect([listed.status, foundIn(listed)]).toEqual([201, ["AASd-108 "]]);
  expect(
    foundIn(await call("PUT", `${elements}/list%5B0%5D`, { modelType: "Property", valueType: "xs:string", value: "a" }, LENIENT)),
  ).toEqual(["AASd-109 valueType"]);
  expect((await call("POST", elements, { modelType: "Property", valueType: "xs:int" }, LENIENT)).status).toBe(400);
});

test("[API31] what is no document of the class stays 400, and leaves nothing behind", async () => {
  const shell = { modelType: "AssetAdministrationShell", id: "urn:x", assetInformation: { assetKind: "Instance" } };
  for (const [list, body] of [
    ["/submodels", shell],
    ["/shells", { hello: "world" }],
    ["/shells", []],
    ["/submodels", "null"],
    ["/submodels", "{"],
    ["/submodels", { submodels: [{ modelType: "Submodel", id: "urn:x" }] }],
    ["/concept-descriptions", { modelType: "ConceptDescription" }],
    [elements, { modelType: "Nothing", idShort: "x" }],
    [elements, shell],
  ] as const) {
    const { status, json, headers } = await call("POST", list, body, LENIENT);
    expect([status, json?.messages?.length, headers.get("doppelwerk-findings")], JSON.stringify(body)).toEqual([400, 1, null]);
  }
  expect((await call("GET", `/submodels/${encodeId("urn:x")}`)).status).toBe(404);
});

test("[API31] Prefer as RFC 7240 has it: any case, quoted, among others, the first counts; what is not known is not applied", async () => {
  const document = { modelType: "ConceptDescription", id: "urn:cd:prefer", idShort: "1" };
  const path = `/concept-descriptions/${encodeId(document.id)}`;
  for (const [prefer, applied] of [
    ["Handling=LENIENT", "handling=lenient"],
    ['respond-async, handling="lenient"; foo=bar', "handling=lenient"],
    ["handling = lenient, handling=strict", "handling=lenient"],
    ["handling=strict, handling=lenient", "handling=strict"],
    ["handling=anyhow", null],
    ["mishandling=lenient", null],
    ["x".repeat(9000), null],
  ] as const) {
    const { status, headers } = await call("PUT", path, document, { prefer });
    expect([status < 300, headers.get("preference-applied")], prefer).toEqual([applied === "handling=lenient", applied]);
  }
});

test("[API31] of very many findings the first are told, with their number, in a header that clients take", async () => {
  const submodelElements = Array.from({ length: 500 }, (_, n) => ({
    modelType: "Property",
    idShort: `p${n}`,
    valueType: "xs:int",
    value: `ü${n}💩`,
  }));
  const made = await call("POST", "/submodels", { modelType: "Submodel", id: "urn:sm:many", submodelElements }, LENIENT);
  const header = made.headers.get("doppelwerk-findings")!;
  expect([made.status, header.length <= 4096]).toEqual([201, true]);
  expect(JSON.parse(decodeURIComponent(header)).count).toBe(500);
});

test("[API31] a server for old clients is lenient unless a request prefers strict", async () => {
  const own = await startTestServer({}, undefined, {}, "lenient");
  try {
    const document = { modelType: "ConceptDescription", id: "urn:cd:default", idShort: "1" };
    const refused = await own.call("POST", "/concept-descriptions", document, { prefer: "handling=strict" });
    expect([refused.status, refused.headers.get("preference-applied")]).toEqual([400, "handling=strict"]);
    const made = await own.call("POST", "/concept-descriptions", document);
    expect([made.status, foundIn(made), made.headers.get("preference-applied")]).toEqual([201, ["AASd-002 idShort"], null]);
  } finally {
    await own.close();
  }
});

test("[API31] a descriptor with empty lists, as object models write them, is taken when handled leniently; what the text lets be empty always", async () => {
  const descriptor = { id: "urn:aas:elsewhere", specificAssetIds: [], submodelDescriptors: [], description: [] };
  expect((await call("POST", "/shell-descriptors", descriptor)).status).toBe(201);
  const careless = { ...descriptor, id: "urn:aas:careless", endpoints: [], extensions: null };
  expect((await call("POST", "/shell-descriptors", careless)).status).toBe(400);
  const taken = await call("POST", "/shell-descriptors", careless, LENIENT);
  expect([taken.status, taken.json]).toEqual([201, { id: "urn:aas:careless" }]);
});

test("[API31] a descriptor whose references break a constraint is taken when handled leniently, in bulk too, and the answer says where", async () => {
  const semanticId = { type: "ExternalReference", keys: [{ type: "Submodel", value: "urn:meaning" }] };
  const protocolInformation = { href: "https://elsewhere.example/submodel", subprotocol: "", subprotocolBody: "" };
  const submodel = { id: "urn:sm:registered", idShort: "", endpoints: [{ interface: "SUBMODEL-3.0", protocolInformation }], semanticId };
  const shell = { id: "urn:aas:registered", specificAssetIds: [{ name: "n", value: "v", semanticId }], submodelDescriptors: [submodel] };
  expect((await call("POST", "/shell-descriptors", shell)).status).toBe(400);
  const taken = await call("POST", "/shell-descriptors", shell, LENIENT);
  const { idShort: _empty, ...kept } = submodel;
  expect([taken.status, taken.json], taken.text).toEqual([201, { ...shell, submodelDescriptors: [kept] }]);
  expect(foundIn(taken)).toEqual([
    "AASd-122 specificAssetIds[0].semanticId.keys[0].type",
    "AASd-122 submodelDescriptors[0].semanticId.keys[0].type",
  ]);
  expect((await call("POST", "/shell-descriptors", { ...shell, id: "urn:aas:no", submodelDescriptors: [{}] }, LENIENT)).status).toBe(400);
  expect((await call("PUT", "/bulk/submodel-descriptors", [submodel])).status).toBe(400);
  const bulk = await call("PUT", "/bulk/submodel-descriptors", [submodel], LENIENT);
  expect([bulk.status, foundIn(bulk)]).toEqual([202, ["AASd-122 [0].semanticId.keys[0].type"]]);
});

test("[API4] a body is UTF-8, with or without a byte order mark: no character is put in the place of what is none", async () => {
  const concept = (idShort: string) =>
    Buffer.from(JSON.stringify({ modelType: "ConceptDescription", id: "urn:cd:bytes", idShort, category: "ü" }));
  const put = (bytes: Buffer) =>
    fetch(`${server.base}/api/v3/concept-descriptions/${encodeId("urn:cd:bytes")}`, {
      method: "PUT",
      body: new Uint8Array(bytes),
      headers: { "content-type": "application/json" },
    });
  expect((await put(Buffer.concat([Buffer.from("\ufeff"), concept("marked")]))).status).toBe(201);
  expect((await put(Buffer.from(concept("latin").toString(), "latin1"))).status).toBe(400);
  expect((await call("GET", `/concept-descriptions/${encodeId("urn:cd:bytes")}`)).json).toMatchObject({ idShort: "marked", category: "ü" });
});

test("[API31] a reference and asset information that only break a constraint are taken when handled leniently", async () => {
  const id = "urn:aas:parts";
  const shell = { modelType: "AssetAdministrationShell", id, assetInformation: { assetKind: "Instance", globalAssetId: "urn:asset" } };
  expect((await call("POST", "/shells", shell)).status).toBe(201);
  const at = `/shells/${encodeId(id)}`;
  const reference = { type: "ExternalReference", keys: [{ type: "Submodel", value: "urn:sm:named" }] };
  expect((await call("POST", `${at}/submodel-refs`, reference)).status).toBe(400);
  const taken = await call("POST", `${at}/submodel-refs`, reference, LENIENT);
  expect([taken.status, foundIn(taken)[0]]).toEqual([201, "AASd-122 keys[0].type"]);
  expect((await call("POST", `${at}/submodel-refs`, { type: "No" }, LENIENT)).status).toBe(400);
  expect((await call("PUT", `${at}/asset-information`, { assetKind: "Instance" })).status).toBe(400);
  expect((await call("PUT", `${at}/asset-information`, { assetKind: "Instance", specificAssetIds: [] }, LENIENT)).status).toBe(204);
  expect((await call("GET", at)).json).toMatchObject({ assetInformation: { assetKind: "Instance" }, submodels: [reference] });
  expect((await call("DELETE", `${at}/submodel-refs/${encodeId("urn:sm:named")}`)).status).toBe(204);
});

test("[API4] a body that is compressed or too long is refused by name", async () => {
  const document = { modelType: "ConceptDescription", id: "urn:cd:packed" };
  const packed = await call("POST", "/concept-descriptions", document, { "content-encoding": "gzip" });
  expect([packed.status, packed.json.messages[0].text]).toEqual([415, expect.stringContaining("gzip")]);
  const long = await call("POST", "/concept-descriptions", { ...document, category: "c".repeat(16_000_000) });
  expect([long.status, long.json.messages[0].text]).toEqual([413, expect.stringContaining("16 MB")]);
});

test("[API4] OPTIONS tells the methods of a path", async () => {
  const { status, headers } = await call("OPTIONS", elements);
  expect([status, headers.get("allow")]).toEqual([204, "GET, POST"]);
  expect((await call("OPTIONS", "/nowhere")).status).toBe(404);
});

test("[API15] texts of a descriptor are those that the OpenAPI allows", async () => {
  for (const wrong of [
    { id: "urn:\u0000" },
    { assetType: "\uffff" },
    { globalAssetId: "a\u0001" },
    { idShort: "1st" },
    { idShort: "a b" },
  ]) {
    const descriptor = { id: "urn:aas:texts", ...wrong };
    expect((await call("POST", "/shell-descriptors", descriptor)).status, JSON.stringify(wrong)).toBe(400);
  }
});

test("[API15] what the OpenAPI lets be empty of an endpoint may be empty", async () => {
  const protocolInformation = {
    href: "https://elsewhere.example/submodel",
    endpointProtocol: "",
    subprotocol: "",
    subprotocolBody: "",
    subprotocolBodyEncoding: "",
  };
  const descriptor = { id: "urn:sm:empty-texts", endpoints: [{ interface: "SUBMODEL-3.0", protocolInformation }] };
  expect((await call("POST", "/submodel-descriptors", descriptor)).json).toEqual(descriptor);
});

test("[API15] a client that makes a shell and then registers it, as for two servers, may: once", async () => {
  const shell = {
    modelType: "AssetAdministrationShell",
    id: "urn:aas:made",
    assetInformation: { assetKind: "Instance", globalAssetId: "urn:x" },
  };
  expect((await call("POST", "/shells", shell)).status).toBe(201);
  const descriptor = {
    id: shell.id,
    endpoints: [{ interface: "AAS-3.0", protocolInformation: { href: "https://elsewhere.example/aas" } }],
  };
  expect((await call("POST", "/shell-descriptors", descriptor)).status).toBe(201);
  expect((await call("POST", "/shell-descriptors", descriptor)).status).toBe(409);
  const at = `/shell-descriptors/${encodeId(shell.id)}`;
  expect((await call("GET", at)).json).toEqual(descriptor);
  expect([(await call("DELETE", at)).status, (await call("GET", at)).status]).toEqual([204, 404]);
});

test("[API7] what was kept although it breaks a constraint can be worked on: a PATCH is refused only for what it brings", async () => {
  const document = {
    modelType: "Submodel",
    id: "urn:sm:broken",
    idShort: "1 broken",
    submodelElements: [{ modelType: "Property", idShort: "2 too", valueType: "xs:int", value: "1" }],
  };
  const at = `/submodels/${encodeId(document.id)}`;
  expect((await call("PUT", at, document, LENIENT)).status).toBe(201);
  expect((await call("PATCH", at, { category: "C" })).status).toBe(204);
  expect((await call("PATCH", `${at}/$metadata`, { category: "D" })).status).toBe(204);
  expect((await call("PATCH", `${at}/submodel-elements/2%20too`, { value: "2" })).status).toBe(204);
  expect((await call("PATCH", `${at}/submodel-elements/2%20too`, { value: "two" })).status).toBe(400);
  expect((await call("PATCH", at, { semanticId: { type: "ExternalReference", keys: [] } })).status).toBe(400);
  const merge = { "content-type": "application/merge-patch+json" };
  await call("PATCH", at, { administration: { version: "1", revision: "2" } });
  expect((await call("PATCH", at, { administration: { revision: "3" } }, merge)).status).toBe(204);
  expect((await call("GET", at)).json).toMatchObject({ category: "D", administration: { version: "1", revision: "3" } });
  expect((await call("PATCH", at, { administration: { revision: "4" } })).status).toBe(400);
  const shell = {
    modelType: "AssetAdministrationShell",
    id: "urn:aas:broken",
    idShort: "3 broken",
    assetInformation: { assetKind: "Instance" },
  };
  expect((await call("POST", "/shells", shell, LENIENT)).status).toBe(201);
  const refs = `/shells/${encodeId(shell.id)}/submodel-refs`;
  expect((await call("POST", refs, { type: "ModelReference", keys: [{ type: "Submodel", value: document.id }] })).status).toBe(201);
});
