import { encodeId, readXml, readAasx, type Environment, type Shell, type Submodel } from "@doppelwerk/aas";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "./test-server.fixture.ts";
import {
  SM,
  semanticId,
  property,
  submodel,
  other,
  reference,
  shell,
  environment,
  sm,
  elements,
  isResult,
} from "./pump-documents.fixture.ts";

const aas1 = `/shells/${encodeId("urn:aas:1")}`;

const link = (name: string, value: string) => encodeId(JSON.stringify({ name, value }));

let server: TestServer;

const call: TestServer["call"] = (...given) => server.call(...given);

const element = async (path: string) => (await call("GET", `${elements}/${encodeURIComponent(path)}`)).json;

describe("reading", () => {
  beforeAll(async () => void (server = await startTestServer(environment)));
  afterAll(() => server.close());

  test("[API1] a submodel comes as it was given, blobs only when asked for, and level core without what is below its elements", async () => {
    const { json } = await call("GET", `${sm}?extent=withBlobValue`);
    expect(json).toEqual(submodel);
    expect((await call("GET", sm)).json.submodelElements[3]).toEqual({
      modelType: "Blob",
      idShort: "code",
      contentType: "application/octet-stream",
    });
    const core = (await call("GET", `${sm}?level=core`)).json;
    expect(core.submodelElements[6]).toEqual({ modelType: "SubmodelElementCollection", idShort: "deep" });
    expect((await call("GET", `${elements}/deep?level=core`)).json.value[0]).not.toHaveProperty("value");
  });

  test("[API1] every form of a submodel and of an element", async () => {
    expect((await call("GET", `${sm}/$value`)).json).toMatchObject({
      speed: 5000,
      deep: {
        list: [
          { xx: 1, yy: 2 },
          { xx: 3, yy: 4 },
        ],
        label: [{ en: "pump" }],
      },
    });
    expect((await call("GET", `${sm}/$value`)).text).toContain('"big":9223372036854775807');
    expect((await call("GET", `${sm}/$metadata`)).json).toEqual({ modelType: "Submodel", id: SM, idShort: "Technical", kind: "Instance" });
    expect((await call("GET", `${sm}/$reference`)).json).toEqual(reference(SM));
    expect((await call("GET", `${sm}/$path?level=core`)).json).toEqual(["speed", "big", "measured", "code", "can", "start", "deep"]);
    const list = `${elements}/${encodeURIComponent("deep.list[1]")}`;
    expect((await call("GET", `${list}/$value`)).json).toEqual({ xx: 3, yy: 4 });
    expect((await call("GET", `${list}/$path`)).json).toEqual(["deep.list[1]", "deep.list[1].xx", "deep.list[1].yy"]);
    expect((await call("GET", `${list}/$reference`)).json.keys.map(({ value }: { value: string }) => value)).toEqual([
      SM,
      "deep",
      "list",
      "1",
    ]);
    expect((await call("GET", `${list}/$metadata`)).json).toEqual({ modelType: "SubmodelElementCollection" });
    expect((await call("GET", `${elements}/speed/$value`)).text).toBe("5000");
  });

  test("[API1] a path means what stands there now, whatever stood there when it was asked before", async () => {
    const place = `/submodels/${encodeId("urn:names")}`;
    const names: Submodel = {
      modelType: "Submodel",
      id: "urn:names",
      submodelElements: [
        { modelType: "SubmodelElementCollection", idShort: "part", value: [property("one", "1"), property("two", "2")] },
        { modelType: "SubmodelElementCollection", idShort: "rest", value: [property("one", "3")] },
      ],
    };
    const answered = (path: string) => call("GET", `${place}/submodel-elements/${path}/$value`).then(({ status, text }) => [status, text]);
    await call("PUT", place, names);
    expect(await Promise.all(["part.one", "part.two", "rest.one"].map(answered))).toEqual([
      [200, "1"],
      [200, "2"],
      [200, "3"],
    ]);
    // The first goes, another comes under its name, and a third moves to where there was none.
    await call("DELETE", `${place}/submodel-elements/part.one`);
    expect((await answered("part.one"))[0]).toBe(404);
    await call("POST", `${place}/submodel-elements/part`, property("one", "4"));
    await call("PUT", place, {
      ...names,
      submodelElements: [names.submodelElements![0]!, { ...names.submodelElements![1]!, value: [property("three", "5")] }],
    });
    expect(await Promise.all(["part.one", "rest.three", "rest.one"].map(answered))).toEqual([
      [200, "1"],
      [200, "5"],
      [404, expect.anything()],
    ]);
    await call("DELETE", place);
    expect((await answered("part.two"))[0]).toBe(404);
  });

  test("[API1] the same through the shell that refers to it, and only through that", async () => {
    expect((await call("GET", `${aas1}${elements}/speed/$value`)).text).toBe("5000");
    expect((await call("GET", `${aas1}${sm}/$value`)).json.speed).toBe(5000);
    isResult((await call("GET", `/shells/${encodeId("urn:aas:2")}${sm}`)).json, 404);
  });

  test("[API2] modifiers are refused exactly where the text says so", async () => {
    const refused = [
      `${sm}/$metadata?level=core`,
      `${sm}/$metadata?level=deep`,
      `${sm}/$metadata?extent=withBlobValue`,
      `${sm}/$reference?level=deep`,
      `${elements}/speed/$metadata?level=deep`,
      `${elements}/$metadata?level=core`,
    ];
    for (const path of [...refused, `${sm}?level=all`, `${sm}?extent=some`, `/submodels/$metadata?level=core`]) {
      const { status, json } = await call("GET", path);
      expect(status, path).toBe(400);
      isResult(json, 400);
    }
    for (const path of [
      `${sm}/$reference?level=core`,
      `${sm}/$metadata?extent=withoutBlobValue`,
      `${elements}/speed?level=core&extent=withBlobValue`,
    ])
      expect((await call("GET", path)).status, path).toBe(200);
    expect((await call("POST", `${elements}?level=deep`, property("zz", "1"))).status).toBe(400);
    for (const path of ["can/$value", "start/$value", "can/$metadata", "speed/$path"])
      expect((await call("GET", `${elements}/${path}`)).status, path).toBe(400);
  });

  test("[API3] pages go on after a key, and no cursor is the end", async () => {
    for (const [list, total] of [
      ["/shells", 3],
      ["/submodels", 3],
      [elements, 7],
      [`${elements}/$value`, 5],
      [`${elements}/$path`, 15],
      ["/submodels/$path", 16],
      ["/concept-descriptions", 1],
    ] as const) {
      const seen: unknown[] = [];
      let cursor = "";
      for (let pages = 0; pages < 10; pages++) {
        const { json } = await call("GET", `${list}?limit=2${cursor}`);
        expect(json.result.length, list).toBeLessThanOrEqual(2);
        seen.push(...json.result);
        if (json.paging_metadata.cursor === undefined) break;
        cursor = `&cursor=${json.paging_metadata.cursor}`;
      }
      expect(seen, list).toHaveLength(total);
      expect(new Set(seen.map((item) => JSON.stringify(item))).size).toBe(total);
    }
    expect((await call("GET", "/shells?limit=3")).json.paging_metadata).toEqual({});
    for (const query of ["limit=0", "limit=-1", "limit=x", "cursor=", "cursor=%3D%3D", "limit=1.5"])
      isResult((await call("GET", `/shells?${query}`)).json, 400);
    for (const list of [
      "/shells",
      "/submodels",
      "/concept-descriptions",
      "/shells/$recent-changes",
      "/shell-descriptors",
      "/lookup/shells",
      "/packages",
      elements,
    ])
      for (const cursor of ["YQ", encodeId("shell:0"), encodeId('[1,"x"]')])
        isResult((await call("GET", `${list}?cursor=${cursor}`)).json, 400);
  });

  test("[API3] a cursor is good for the list that gave it, however deep or long the next page is, and for no other", async () => {
    const cursorOf = async (list: string) => (await call("GET", list)).json.paging_metadata.cursor as string;
    const cursor = await cursorOf("/submodels?limit=1");
    for (const list of ["/submodels?limit=2", "/submodels?limit=2&level=core&extent=withBlobValue", "/submodels/?trace=1"])
      expect((await call("GET", `${list}&cursor=${cursor}`)).status, list).toBe(200);
    for (const list of [
      "/shells?",
      "/concept-descriptions?",
      "/submodels/$path?",
      "/submodels?idShort=data&",
      "/packages?",
      `${elements}?`,
    ]) {
      const { status, json } = await call("GET", `${list}cursor=${cursor}`);
      expect([list, status, json.messages[0].text]).toEqual([list, 400, expect.stringContaining("another list")]);
    }
    const { json: named } = await call("GET", `/submodels?cursor=${await cursorOf("/submodels?limit=1&updatedFrom=2001-01-01T00:00:00Z")}`);
    expect(named.messages[0].text).toContain("another list");
    const query = (condition: object, cursored = "") => call("POST", `/query/submodels?limit=1${cursored}`, { $condition: condition });
    const asked = await query({ $boolean: true });
    const next = `&cursor=${asked.json.paging_metadata.cursor}`;
    expect((await query({ $boolean: true }, next)).status).toBe(200);
    expect((await query({ $ne: [{ $field: "$sm#id" }, { $strVal: "x" }] }, next)).json.messages[0].text).toContain("another list");
  });

  test("[API4] ids are strict base64url, and what is not there is 404 with one clear message", async () => {
    for (const path of [
      "/submodels/a",
      `${sm}=`,
      "/submodels/YQ==",
      "/shells/Y*Q",
      `${sm}/submodel-elements/a..b`,
      "/concept-descriptions/YR",
    ])
      isResult((await call("GET", path)).json, 400);
    for (const path of [
      `/submodels/${encodeId("nope")}`,
      `/shells/${encodeId("nope")}`,
      `${elements}/nope`,
      `${elements}/deep.list%5B9%5D`,
      `${elements}/deep%5B0%5D`,
      "/nowhere",
      `/concept-descriptions/${encodeId("x")}`,
    ]) {
      const answer = await call("GET", path);
      expect(answer.status, path).toBe(404);
      isResult(answer.json, 404);
    }
    expect((await call("GET", "/worlds/default/branches/nope/api/v3/shells")).status).toBe(404);
    for (const path of ["/submodels/%zz", `/submodels/${"A".repeat(9000)}`, "/submodels/%zz/$value"]) {
      const answer = await call("GET", path);
      expect(answer.status, path.slice(0, 50)).toBeGreaterThanOrEqual(400);
      isResult(answer.json, answer.status);
    }
    const unknown = await call("PUT", "/shells", {});
    expect([unknown.status, unknown.headers.get("allow")]).toEqual([405, "GET, POST"]);
    isResult(unknown.json, 405);
  });

  test("[API5] shells are found by idShort and by all of the given asset ids", async () => {
    const ids = async (query: string) => (await call("GET", `/shells?${query}`)).json.result.map(({ id }: Shell) => id);
    expect(await ids("idShort=Pump")).toEqual(["urn:aas:1"]);
    expect(await ids("idShort=pump")).toEqual([]);
    expect(await ids(`assetIds=${link("globalAssetId", "urn:aas:2:asset")}`)).toEqual(["urn:aas:2"]);
    expect(await ids(`assetIds=${link("serial", "3")}&assetIds=${link("globalAssetId", "urn:aas:3:asset")}`)).toEqual(["urn:aas:3"]);
    expect(await ids(`assetIds=${link("serial", "3")}&assetIds=${link("globalAssetId", "urn:aas:2:asset")}`)).toEqual([]);
    isResult((await call("GET", "/shells?assetIds=e30")).json, 400);
    isResult((await call("GET", "/shells?assetIds=AAA")).json, 400);
    expect((await call("GET", `/lookup/shells?assetIds=${link("serial", "1")}`)).json.result).toEqual(["urn:aas:1"]);
    expect((await call("POST", "/lookup/shellsByAssetLink", [{ name: "globalAssetId", value: "urn:aas:2:asset" }])).json).toEqual({
      paging_metadata: {},
      result: ["urn:aas:2"],
    });
    expect((await call("GET", `/lookup/shells/${encodeId("urn:aas:1")}`)).json).toEqual([
      { name: "globalAssetId", value: "urn:aas:1:asset" },
      { name: "serial", value: "1" },
    ]);
    expect((await call("GET", "/shells/$reference?limit=1")).json.result[0].keys[0].type).toBe("AssetAdministrationShell");
  });

  test("[API5] submodels are found by semantic id, the supplemental ones included, and by idShort", async () => {
    const ids = async (query: string) => (await call("GET", `/submodels?${query}`)).json.result.map(({ id }: Submodel) => id).sort();
    expect(await ids(`semanticId=${encodeId(JSON.stringify(semanticId))}`)).toEqual(["urn:sm:other", "urn:sm:supplemental"]);
    expect(await ids("idShort=Other")).toEqual(["urn:sm:other"]);
    isResult((await call("GET", "/submodels?semanticId=bm90anNvbg")).json, 400);
    expect((await call("GET", `/concept-descriptions?isCaseOf=${encodeId(JSON.stringify(semanticId))}`)).json.result).toHaveLength(1);
  });

  test("[API6] serialization and description", async () => {
    const all = (await call("GET", "/serialization")).json as Environment;
    expect(all.assetAdministrationShells).toHaveLength(3);
    expect(all.submodels).toContainEqual(submodel);
    const some = (await call("GET", `/serialization?aasIds=${encodeId("urn:aas:1")}&includeConceptDescriptions=false`)).json as Environment;
    expect([some.assetAdministrationShells?.length, some.submodels?.length, some.conceptDescriptions]).toEqual([1, 1, undefined]);
    expect(all.conceptDescriptions).toHaveLength(1);
    const referred = (await call("GET", `/serialization?submodelIds=${encodeId("urn:sm:other")}`)).json as Environment;
    expect([referred.submodels?.length, referred.conceptDescriptions]).toEqual([1, undefined]);
    expect(
      readXml((await call("GET", "/serialization", undefined, { accept: "application/xml" })).text).environment.submodels,
    ).toContainEqual(submodel);
    const response = await fetch(`${server.base}/api/v3/serialization`, {
      headers: { accept: "application/asset-administration-shell-package+xml" },
    });
    expect(readAasx(new Uint8Array(await response.arrayBuffer())).environment.submodels).toContainEqual(submodel);
    expect((await call("GET", "/description")).json.profiles).toContain(
      "https://admin-shell.io/aas/API/3/1/SubmodelRepositoryServiceSpecification/SSP-002",
    );
    expect((await call("GET", `${aas1}/asset-information`)).json).toEqual(environment.assetAdministrationShells![0]!.assetInformation);
    expect((await call("GET", `${aas1}/submodel-refs`)).json).toEqual({ paging_metadata: {}, result: [reference(SM)] });
    expect((await call("GET", `${sm}/`)).status).toBe(200);
  });
});

describe("writing", () => {
  beforeAll(async () => void (server = await startTestServer(environment)));
  afterAll(() => server.close());

  test("[API7] shells: create, conflict, replace, refer, delete", async () => {
    const fresh = shell("urn:aas:new");
    const answer = await call("POST", "/shells", fresh);
    expect([answer.status, answer.headers.get("location"), answer.json]).toEqual([201, `/api/v3/shells/${encodeId(fresh.id)}`, fresh]);
    isResult((await call("POST", "/shells", fresh)).json, 409);
    const path = `/shells/${encodeId(fresh.id)}`;
    expect((await call("PUT", path, { ...fresh, idShort: "New" })).status).toBe(204);
    expect((await call("GET", path)).json.idShort).toBe("New");
    isResult((await call("PUT", path, { ...fresh, id: "urn:else" })).json, 400);
    expect((await call("PUT", `/shells/${encodeId("urn:aas:put")}`, shell("urn:aas:put"))).status).toBe(201);
    expect((await call("POST", `${path}/submodel-refs`, reference("urn:x"))).status).toBe(201);
    isResult((await call("POST", `${path}/submodel-refs`, reference("urn:x"))).json, 409);
    expect((await call("PUT", `${path}/asset-information`, { assetKind: "Type", globalAssetId: "urn:t" })).status).toBe(204);
    expect((await call("GET", path)).json).toMatchObject({
      idShort: "New",
      submodels: [reference("urn:x")],
      assetInformation: { assetKind: "Type" },
    });
    expect((await call("DELETE", `${path}/submodel-refs/${encodeId("urn:x")}`)).status).toBe(204);
    expect((await call("GET", path)).json).not.toHaveProperty("submodels");
    expect((await call("DELETE", path)).status).toBe(204);
    isResult((await call("DELETE", path)).json, 404);
    expect((await call("POST", "/shells", fresh)).status).toBe(201);
  });

  test("[API7] of many who create the same at once, one succeeds", async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => call("POST", "/submodels", { modelType: "Submodel", id: "urn:sm:race" })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409, 409, 409]);
    const race = `/submodels/${encodeId("urn:sm:race")}/submodel-elements`;
    const below = await Promise.all(Array.from({ length: 5 }, () => call("POST", race, property("only", "1"))));
    expect(below.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
    expect((await call("GET", race)).json.result).toHaveLength(1);
  });

  test("[API7] submodels: a PUT through the shell keeps its reference, a DELETE through it takes the reference along", async () => {
    const path = `${aas1}${sm}`;
    expect((await call("PUT", path, { ...submodel, idShort: "Renamed" })).status).toBe(204);
    expect((await call("GET", `${aas1}/submodel-refs`)).json.result).toEqual([reference(SM)]);
    expect((await call("PATCH", sm, { idShort: "Technical" })).status).toBe(204);
    expect((await call("GET", `${sm}?extent=withBlobValue`)).json).toEqual(submodel);
    expect((await call("PATCH", `${sm}/$metadata`, { kind: "Instance", idShort: "Technical", category: "c" })).status).toBe(204);
    expect((await call("GET", `${sm}?extent=withBlobValue`)).json).toEqual({ ...submodel, category: "c" });
    isResult((await call("PATCH", `${sm}/$metadata`, { submodelElements: [] })).json, 400);
    expect((await call("PATCH", `${sm}/$metadata`, { idShort: "Named" })).status).toBe(204);
    expect((await call("PATCH", `${sm}/$metadata`, { category: null, idShort: "Technical" })).status).toBe(204);
    expect((await call("GET", `${sm}?extent=withBlobValue`)).json).toEqual(submodel);
    const made = { modelType: "Submodel", id: "urn:sm:made" } as const;
    const through = `${aas1}/submodels/${encodeId(made.id)}`;
    expect((await call("PUT", through, made)).status).toBe(201);
    expect((await call("GET", `${aas1}/submodel-refs`)).json.result).toEqual([reference(SM), reference(made.id)]);
    expect([(await call("PUT", through, made)).status, (await call("GET", through)).json]).toEqual([204, made]);
    expect((await call("DELETE", through)).status).toBe(204);
    expect((await call("PUT", `/shells/${encodeId("urn:aas:none")}/submodels/${encodeId(made.id)}`, made)).status).toBe(404);
    const gone = { modelType: "Submodel", id: "urn:sm:gone" };
    await call("POST", "/submodels", gone);
    await call("POST", `${aas1}/submodel-refs`, reference(gone.id));
    expect((await call("DELETE", `${aas1}/submodels/${encodeId(gone.id)}`)).status).toBe(204);
    expect((await call("GET", `${aas1}/submodel-refs`)).json.result).toEqual([reference(SM)]);
    expect((await call("GET", `/submodels/${encodeId(gone.id)}`)).status).toBe(404);
  });

  test("[API8] elements: create below everything that holds elements, replace in place, delete", async () => {
    const deep = `${elements}/deep`;
    const made = await call("POST", deep, property("added", "1"));
    expect([made.status, made.headers.get("location")]).toEqual([201, `/api/v3${elements}/deep.added`]);
    isResult((await call("POST", deep, property("added", "2"))).json, 409);
    isResult((await call("POST", deep, property(undefined, "2"))).json, 400);
    isResult((await call("POST", `${elements}/speed`, property("xx", "2"))).json, 400);
    isResult((await call("POST", `${elements}/nope`, property("xx", "2"))).json, 404);
    const list = `${elements}/deep.list`;
    const item = { modelType: "SubmodelElementCollection", value: [property("xx", "5"), property("yy", "6")] };
    const appended = await call("POST", list, item);
    expect([appended.status, appended.headers.get("location")]).toEqual([201, `/api/v3${elements}/deep.list%5B2%5D`]);
    isResult((await call("POST", list, property(undefined, "1"))).json, 400);
    expect((await call("PUT", `${list}%5B0%5D`, item)).status).toBe(204);
    expect((await call("GET", `${list}/$value`)).json).toEqual([
      { xx: 5, yy: 6 },
      { xx: 3, yy: 4 },
      { xx: 5, yy: 6 },
    ]);
    expect((await call("PUT", `${list}%5B3%5D`, item)).status).toBe(201);
    isResult((await call("PUT", `${list}%5B9%5D`, item)).json, 404);
    expect((await call("DELETE", `${list}%5B0%5D`)).status).toBe(204);
    expect((await call("GET", `${list}/$value`)).json).toEqual([
      { xx: 3, yy: 4 },
      { xx: 5, yy: 6 },
      { xx: 5, yy: 6 },
    ]);
    expect((await call("PUT", `${elements}/deep.added`, property("added", "7"))).status).toBe(204);
    isResult((await call("PUT", `${elements}/deep.added`, property("renamed", "7"))).json, 400);
    expect((await call("PUT", `${elements}/deep.second`, property("second", "8"))).status).toBe(201);
    expect((await call("PATCH", `${elements}/deep.second`, { category: "k" })).status).toBe(204);
    expect(await element("deep.second")).toEqual({ ...property("second", "8"), category: "k" });
    expect((await call("DELETE", `${elements}/deep.added`)).status).toBe(204);
    isResult((await call("DELETE", `${elements}/deep.added`)).json, 404);
    expect((await call("GET", `${sm}/$path`)).json.filter((path: string) => path.startsWith("deep.")).at(-1)).toBe("deep.second");
  });

  test("[API9] $value is written at any depth, all or nothing, with every digit", async () => {
    expect((await call("PATCH", `${elements}/big/$value`, "9223372036854775806")).status).toBe(204);
    expect((await call("GET", `${elements}/big/$value`)).text).toBe("9223372036854775806");
    expect((await call("PATCH", `${sm}/$value`, '{"speed":7,"deep":{"list":[{"xx":30},{},{"yy":60}]}}')).status).toBe(204);
    expect((await call("GET", `${sm}/$value`)).json).toMatchObject({
      speed: 7,
      deep: {
        list: [
          { xx: 30, yy: 4 },
          { xx: 5, yy: 6 },
          { xx: 5, yy: 60 },
        ],
      },
    });
    for (const body of ['{"speed":8,"nope":1}', '{"speed":8,"deep":{"list":[]}}', '{"speed":"fast"}', '{"can":1}'])
      isResult((await call("PATCH", `${sm}/$value`, body)).json, 400);
    expect((await call("GET", `${elements}/speed/$value`)).text).toBe("7");
    isResult((await call("PATCH", `${elements}/can/$value`, "1")).json, 400);
    const before = server.world.revision();
    const { text } = await call("GET", `${sm}/$value`);
    expect((await call("PATCH", `${sm}/$value`, text)).status).toBe(204);
    expect(server.world.revision()).toBe(before);
  });

  test("[API9] many who write one value at once all succeed, and the last one stays", async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, (_, index) => call("PATCH", `${elements}/speed/$value`, String(index))));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
    expect(Number((await call("GET", `${elements}/speed/$value`)).text)).toBeLessThan(40);
  });

  test("[API7] many who replace one document or element at once all succeed", async () => {
    const put = (index: number) => ({
      ...other,
      idShort: `Other${index}`,
      submodelElements: [property("a1", String(index)), property(`own${index}`, "1")],
    });
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => call("PUT", `/submodels/${encodeId(other.id)}`, put(index))),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
    const { json } = await call("GET", `/submodels/${encodeId(other.id)}`);
    expect(json).toEqual(put(Number(json.idShort.slice("Other".length))));
    const elements = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        call("PUT", `/submodels/${encodeId(other.id)}/submodel-elements/a1`, property("a1", String(index))),
      ),
    );
    expect(new Set(elements.map(({ status }) => status))).toEqual(new Set([204]));
    await call("PUT", `/submodels/${encodeId(other.id)}`, other);
  });

  test("[API3] pages stay right while others write", async () => {
    await call("POST", "/submodels", {
      modelType: "Submodel",
      id: "urn:sm:pages",
      submodelElements: ["e1", "e2", "e3", "e4"].map((name) => property(name, "1")),
    });
    const list = `/submodels/${encodeId("urn:sm:pages")}/submodel-elements`;
    const first = (await call("GET", `${list}?limit=2`)).json;
    await call("DELETE", `${list}/e1`);
    await call("POST", list, property("e5", "1"));
    const rest = (await call("GET", `${list}?limit=9&cursor=${first.paging_metadata.cursor}`)).json;
    expect([...first.result, ...rest.result].map(({ idShort }) => idShort)).toEqual(["e1", "e2", "e3", "e4", "e5"]);
  });

  test("[API4] a body that is not JSON, not of the class, or breaks a constraint is 400 with one clear message", async () => {
    const bad: readonly [string, string, unknown][] = [
      ["POST", "/submodels", "{"],
      ["POST", "/submodels", ""],
      ["POST", "/submodels", "[]"],
      ["POST", "/submodels", { modelType: "Submodel" }],
      ["POST", "/submodels", { modelType: "Submodel", id: "x", submodelElements: [property("dd", "1"), property("dd", "2")] }],
      ["POST", "/shells", { ...shell("urn:bad"), surprise: 1 }],
      ["POST", elements, { modelType: "Nothing", idShort: "nn" }],
      ["POST", elements, property("nn", "not a number")],
      ["PATCH", `${elements}/speed/$value`, "{"],
      ["POST", "/lookup/shellsByAssetLink", {}],
    ];
    for (const [method, path, body] of bad) {
      const answer = await call(method, path, body);
      expect(answer.status, `${method} ${path} ${JSON.stringify(body)}`).toBe(400);
      isResult(answer.json, 400);
    }
    expect((await call("POST", "/submodels", "<x/>", { "content-type": "application/xml" })).status).toBe(400);
  });

  test("[API7] concept descriptions: create, replace, delete", async () => {
    const cd = { modelType: "ConceptDescription", id: "urn:cd:new" };
    expect((await call("POST", "/concept-descriptions", cd)).status).toBe(201);
    expect((await call("PUT", `/concept-descriptions/${encodeId(cd.id)}`, { ...cd, idShort: "New" })).status).toBe(204);
    expect((await call("GET", "/concept-descriptions?idShort=New")).json.result).toEqual([{ ...cd, idShort: "New" }]);
    expect((await call("DELETE", `/concept-descriptions/${encodeId(cd.id)}`)).status).toBe(204);
  });
});

test("[API29] what is refused is told as a code with its values beside the Result", async () => {
  server = await startTestServer(environment);
  try {
    const { headers, json } = await call("GET", `/submodels/${encodeId("urn:none ü")}`);
    const message = { code: "aasServer.noSubmodel", params: { id: "urn:none ü" } };
    expect(JSON.parse(decodeURIComponent(headers.get("doppelwerk-reason")!))).toEqual(message);
    // the form before 1.0
    expect(JSON.parse(decodeURIComponent(headers.get("doppelwerk-told")!))).toEqual({ code: message.code, values: message.params });
    expect(json.messages[0].text).toBe("There is no submodel urn:none ü.");
  } finally {
    await server.close();
  }
});
