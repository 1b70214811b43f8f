import type { Environment } from "@doppelwerk/aas";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "./test-server.fixture.ts";

const SHELLS = 60;
const COLOURS = ["red", "green", "blue"];
const semantics = (value: string) => ({ type: "ExternalReference", keys: [{ type: "GlobalReference", value }] });

/** Machines with a nameplate and technical data, whose values follow from their number. */
function plant(): Environment {
  const numbers = Array.from({ length: SHELLS }, (_, i) => i);
  return {
    assetAdministrationShells: numbers.map((i) => ({
      modelType: "AssetAdministrationShell",
      id: `urn:shell:${i}`,
      idShort: `Machine${i}`,
      assetInformation: {
        assetKind: "Instance",
        globalAssetId: `urn:asset:${i}`,
        specificAssetIds: [{ name: "serial", value: `S-${i % 7}` }],
      },
      submodels: ["nameplate", "technical"].map((name) => ({
        type: "ModelReference",
        keys: [{ type: "Submodel", value: `urn:${name}:${i}` }],
      })),
    })),
    submodels: numbers.flatMap((i) => [
      {
        modelType: "Submodel",
        id: `urn:nameplate:${i}`,
        idShort: "Nameplate",
        semanticId: semantics("urn:semantics:nameplate"),
        submodelElements: [
          { modelType: "Property", idShort: "Colour", valueType: "xs:string", value: COLOURS[i % 3] },
          { modelType: "MultiLanguageProperty", idShort: "Name", value: [{ language: "de", text: `Maschine ${i % 5}` }] },
        ],
      },
      {
        modelType: "Submodel",
        id: `urn:technical:${i}`,
        idShort: "TechnicalData",
        semanticId: semantics("urn:semantics:technical"),
        submodelElements: [
          {
            modelType: "Property",
            idShort: "Width",
            valueType: "xs:double",
            value: String(i),
            semanticId: semantics("urn:semantics:width"),
          },
          {
            modelType: "SubmodelElementList",
            idShort: "Codes",
            typeValueListElement: "Property",
            valueTypeListElement: "xs:string",
            // With an idShort or without one: both may stand in a list since 3.1.
            value: [{ modelType: "Property", valueType: "xs:string", value: `code-${i % 4}`, ...(i % 8 < 4 && { idShort: "Code" }) }],
          },
        ],
      },
    ]),
    conceptDescriptions: [{ modelType: "ConceptDescription", id: "urn:semantics:width", idShort: "Width" }],
  } as unknown as Environment;
}

let server: TestServer;
beforeAll(async () => void (server = await startTestServer(plant())));
afterAll(() => server.close());

const eq = (field: string, value: string) => ({ $eq: [{ $field: field }, { $strVal: value }] });

async function ids(kind: string, condition: unknown, limit = 1_000): Promise<readonly string[]> {
  const found: string[] = [];
  for (let cursor = ""; ;) {
    const answer = await server.call("POST", `/query/${kind}?limit=${limit}${cursor}`, { $select: "id", $condition: condition });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.json.paging_metadata.resultType).toBe("Identifier");
    found.push(...answer.json.result);
    expect(answer.json.result.length).toBeLessThanOrEqual(limit);
    if (answer.json.paging_metadata.cursor === undefined) return found;
    cursor = `&cursor=${answer.json.paging_metadata.cursor}`;
  }
}

const expected = (name: string, keep: (i: number) => boolean) =>
  Array.from({ length: SHELLS }, (_, i) => i)
    .filter(keep)
    .map((i) => `urn:${name}:${i}`)
    .sort();

describe("[API40] queries over repositories", () => {
  test.each([
    ["shells", eq("$aas#id", "urn:shell:7"), expected("shell", (i) => i === 7)],
    ["shells", eq("$sme.Colour#value", "red"), expected("shell", (i) => i % 3 === 0)],
    [
      "shells",
      { $and: [eq("$sm#idShort", "TechnicalData"), { $lt: [{ $field: "$sme.Width#value" }, { $numVal: 10 }] }] },
      expected("shell", (i) => i < 10),
    ],
    [
      "shells",
      {
        $match: [
          eq("$aas#assetInformation.specificAssetIds[].name", "serial"),
          eq("$aas#assetInformation.specificAssetIds[].value", "S-3"),
        ],
      },
      expected("shell", (i) => i % 7 === 3),
    ],
    [
      "submodels",
      { $match: [eq("$sme#semanticId", "urn:semantics:width"), { $ge: [{ $field: "$sme#value" }, { $numVal: 55 }] }] },
      expected("technical", (i) => i >= 55),
    ],
    ["submodels", eq("$sme.Codes[]#value", "code-2"), expected("technical", (i) => i % 4 === 2)],
    ["submodels", eq("$sme.Name#value", "Maschine 4"), expected("nameplate", (i) => i % 5 === 4)],
    ["submodels", { $and: [eq("$aas#idShort", "Machine5"), eq("$sm#semanticId", "urn:semantics:nameplate")] }, ["urn:nameplate:5"]],
    ["submodels", { $or: [eq("$sm#id", "urn:nameplate:1"), eq("$sme.Width#value", "2")] }, ["urn:nameplate:1", "urn:technical:2"]],
    ["submodels", { $not: { $contains: [{ $field: "$sm#id" }, { $strVal: "nameplate" }] } }, expected("technical", () => true)],
    ["concept-descriptions", eq("$cd#idShort", "Width"), ["urn:semantics:width"]],
  ] as const)("%s %j", async (kind, condition, wanted) => {
    const found = await ids(kind, condition);
    expect([...found].sort()).toEqual(wanted);
    // Pages of any size are the same list.
    expect(await ids(kind, condition, 3)).toEqual(found);
  });

  test("whole documents come back, and the answer says what they are", async () => {
    const { json } = await server.call("POST", "/query/submodels", { $condition: eq("$sm#id", "urn:technical:3") });
    expect(json.paging_metadata).toEqual({ resultType: "Submodel" });
    expect(json.result).toEqual([(await server.call("GET", `/submodels/${Buffer.from("urn:technical:3").toString("base64url")}`)).json]);
  });
});

test("[API41] an index answers what it can, says so, and finds what a reading of everything finds", async () => {
  const explained = async (condition: unknown) =>
    (await server.call("POST", "/query/submodels?explain=true&limit=1000", { $condition: condition })).json.explanation;
  expect(await explained({ $and: [eq("$sm#semanticId", "urn:semantics:technical"), eq("$sme.Width#value", "2")] })).toEqual({
    indexes: [
      { index: "$sm#semanticId", value: "urn:semantics:technical", found: "60" },
      { index: "$sme….Width#value", value: "2", found: "1" },
    ],
    candidates: 1,
    evaluated: 1,
    isFull: true,
  });
  const scan = await explained({ $contains: [{ $field: "$sm#id" }, { $strVal: "nameplate" }] });
  expect(scan).toEqual({
    indexes: [{ index: "$sm texts", value: "nameplate", found: String(SHELLS) }],
    candidates: SHELLS,
    evaluated: SHELLS,
    isFull: true,
  });
  // A pattern by what it cannot do without, where it has such a text.
  const pattern = (text: string) => explained({ $regex: [{ $field: "$sm#id" }, { $strVal: text }] });
  expect(await pattern("nameplate:[0-9]+$")).toEqual({
    indexes: [{ index: "$sm texts", value: "nameplate:", found: String(SHELLS) }],
    candidates: SHELLS,
    evaluated: SHELLS,
    isFull: true,
  });
  expect(await pattern("[0-9]+$")).toEqual({ indexes: [], evaluated: 2 * SHELLS, isFull: true });
  expect(await explained({ $contains: [{ $field: "$sme#value" }, { $strVal: "schine 4" }] })).toEqual({
    indexes: [{ index: "$sme texts", value: "schine 4", found: "12" }],
    candidates: 12,
    evaluated: 12,
    isFull: true,
  });

  const seed = Number(process.env["FUZZ_SEED"] ?? 7);
  console.log(`query differential: FUZZ_SEED=${seed}`);
  let state = seed;
  const random = (below: number): number => (state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff) % below;
  const pick = <T>(items: readonly T[]): T => items[random(items.length)]!;
  const comparison = (): unknown =>
    pick([
      () => eq("$sme.Colour#value", pick(COLOURS)),
      () => eq("$sme.Width#value", String(random(SHELLS))),
      () => eq("$sme.Codes[0]#value", `code-${random(5)}`),
      () => eq("$sm#semanticId", pick(["urn:semantics:nameplate", "urn:semantics:technical", "none"])),
      () => eq("$sme#semanticId", "urn:semantics:width"),
      () => eq("$aas#assetInformation.globalAssetId", `urn:asset:${random(SHELLS)}`),
      () => ({
        $contains: [
          { $field: pick(["$sm#id", "$sm#idShort", "$aas#idShort", "$aas#id"]) },
          { $strVal: pick(["nameplate", "chine1", "", '"', "7"]) },
        ],
      }),
      () => ({
        $contains: [
          { $field: pick(["$sme#value", "$sme.Name#value", "$sme#idShort", "$sme.Codes[]#value"]) },
          { $strVal: pick(["schine", "ode-3", "2", "idth", "urn:"]) },
        ],
      }),
      () => ({ "$ends-with": [{ $field: "$aas#assetInformation.specificAssetIds[].value" }, { $strVal: `-${random(7)}` }] }),
      () => ({ $lt: [{ $numCast: { $field: "$sme.Width#value" } }, { $numVal: random(SHELLS) }] }),
    ])();
  const condition = (depth: number): unknown => {
    const kind = random(depth > 2 ? 2 : 6);
    if (kind < 2) return comparison();
    const of = Array.from({ length: 2 + random(2) }, () => (kind === 5 ? comparison() : condition(depth + 1)));
    return kind === 2 ? { $or: of } : kind === 5 ? { $match: of } : kind === 4 ? { $not: of[0] } : { $and: of };
  };
  for (let round = 0; round < 60; round++) {
    const one = condition(0);
    // Twice negated it says the same, and no index knows.
    for (const kind of ["shells", "submodels"])
      expect(await ids(kind, one), JSON.stringify(one)).toEqual(await ids(kind, { $not: { $not: one } }));
  }
});

test("[API42] a property that shows a signal is asked for what it shows, not for its design value", async () => {
  const signal = await server.bind("urn:technical:20", "Width");
  await server.sample(signal, 1234.5);
  expect(await ids("submodels", eq("$sme.Width#value", "1234.5"))).toEqual(["urn:technical:20"]);
  expect(await ids("submodels", eq("$sme.Width#value", "20"))).toEqual([]);
});

test("[API43] registries are asked through what they list, a page at a time", async () => {
  const condition = { "$starts-with": [{ $field: "$aasdesc#idShort" }, { $strVal: "Machine1" }] };
  const wanted = expected("shell", (i) => String(i).startsWith("1"));
  expect([...(await ids("shell-descriptors", condition))].sort()).toEqual(wanted);
  expect([...(await ids("shell-descriptors", condition, 4))].sort()).toEqual(wanted);
  const bySubmodel = eq("$aasdesc#submodelDescriptors[].semanticId", "urn:semantics:nameplate");
  expect(await ids("shell-descriptors", bySubmodel)).toHaveLength(SHELLS);
  const href = { $contains: [{ $field: "$smdesc#endpoints[0].protocolinformation.href" }, { $strVal: "/api/v3/submodels/" }] };
  expect(await ids("submodel-descriptors", href, 50)).toHaveLength(2 * SHELLS);
});

test("[API44] what is wrong with a query is 400 with its place", async () => {
  const refused = async (path: string, body: unknown) => {
    const { status, json } = await server.call("POST", path, body);
    return [status, json.messages[0].text];
  };
  expect(await refused("/query/submodels", { $condition: { $eq: [] } })).toEqual([400, expect.stringContaining("/$condition/$eq")]);
  expect(await refused("/query/submodels", "{")).toEqual([400, expect.any(String)]);
  expect(await refused("/query/shells", { $condition: eq("$cd#id", "x") })).toEqual([400, expect.stringContaining("only $aas, $sm, $sme")]);
  expect(await refused("/query/shells?limit=0", { $condition: { $boolean: true } })).toEqual([400, expect.any(String)]);
  expect(await refused("/query/shells?explain=maybe", { $condition: { $boolean: true } })).toEqual([400, expect.any(String)]);
  expect(await refused("/query/shells?cursor=%21", { $condition: { $boolean: true } })).toEqual([400, expect.any(String)]);
});
