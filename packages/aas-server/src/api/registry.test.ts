import { encodeId, readAasx, writeAasx, type Environment, type Shell } from "@doppelwerk/aas";
import { LIVE } from "@doppelwerk/world";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ENGINEER, startTestServer, upload, VIEWER, type Answer, type TestServer } from "./test-server.fixture.ts";

const reference = (id: string) => ({ type: "ModelReference", keys: [{ type: "Submodel", value: id }] }) as const;
const semanticId = { type: "ExternalReference", keys: [{ type: "GlobalReference", value: "urn:meaning" }] } as const;
const shell = (id: string, more: Partial<Shell> = {}): Shell => ({
  modelType: "AssetAdministrationShell",
  id,
  assetInformation: {
    assetKind: "Instance",
    assetType: "urn:type",
    globalAssetId: `${id}:asset`,
    specificAssetIds: [{ name: "serial", value: "7" }],
  },
  ...more,
});
const environment: Environment = {
  assetAdministrationShells: [
    shell("urn:own:1", { idShort: "Pump", submodels: [reference("urn:sm:1"), reference("urn:sm:gone")] }),
    shell("urn:own:2"),
  ],
  submodels: [{ modelType: "Submodel", id: "urn:sm:1", idShort: "Data", semanticId }],
};
const endpoint = (href: string) => ({ interface: "AAS-3.1", protocolInformation: { href, endpointProtocol: "HTTPS" } });
const foreign = (id: string, more = {}) => ({ id, idShort: "Elsewhere", endpoints: [endpoint("https://elsewhere.example/aas")], ...more });
const one = (id: string) => `/shell-descriptors/${encodeId(id)}`;

let server: TestServer;
const call: TestServer["call"] = (...given) => server.call(...given);
const ids = (answer: Answer): string[] => answer.json.result.map(({ id }: { id: string }) => id);

/** Asks a status until it leads to the result. */
async function resultOf(accepted: Answer): Promise<Answer> {
  expect(accepted.status).toBe(202);
  const strip = (location: string) => location.replace(/^\/api\/v3/, "");
  const status = strip(accepted.headers.get("location")!);
  await expect.poll(async () => (await call("GET", status)).status).toBe(302);
  return call("GET", strip((await call("GET", status)).headers.get("location")!));
}

describe("registries", () => {
  beforeAll(async () => void (server = await startTestServer(environment)));
  afterAll(() => server.close());

  test("[API15] the world's own shells and submodels are registered by themselves, with endpoints that answer", async () => {
    const listed = await call("GET", "/shell-descriptors");
    expect(ids(listed).sort()).toEqual(["urn:own:1", "urn:own:2"]);
    const descriptor = (await call("GET", one("urn:own:1"))).json;
    expect(descriptor).toMatchObject({
      id: "urn:own:1",
      idShort: "Pump",
      assetKind: "Instance",
      assetType: "urn:type",
      globalAssetId: "urn:own:1:asset",
      specificAssetIds: [{ name: "serial", value: "7" }],
      submodelDescriptors: [{ id: "urn:sm:1", semanticId }],
    });
    const { href } = descriptor.endpoints[0].protocolInformation;
    expect(descriptor.endpoints.map((each: { interface: string }) => each.interface)).toEqual(["AAS-3.1", "AAS-3.0"]);
    expect(await (await fetch(href)).json()).toEqual(environment.assetAdministrationShells![0]);
    const submodelHref = descriptor.submodelDescriptors[0].endpoints[0].protocolInformation.href;
    expect(await (await fetch(submodelHref)).json()).toEqual(environment.submodels![0]);
    expect(ids(await call("GET", "/submodel-descriptors"))).toEqual(["urn:sm:1"]);
    expect(ids(await call("GET", "/worlds/default/api/v3/shell-descriptors")).length).toBe(2);
  });

  test("[API15] others are registered beside them, found by kind and type, and told page by page", async () => {
    const made = await call("POST", "/shell-descriptors", foreign("urn:far:1", { assetKind: "Type", assetType: "urn:type:2" }));
    expect([made.status, made.headers.get("location")]).toEqual([201, `/api/v3${one("urn:far:1")}`]);
    expect((await call("POST", "/shell-descriptors", foreign("urn:far:1"))).status).toBe(409);
    expect(ids(await call("GET", "/shell-descriptors?assetKind=Type"))).toEqual(["urn:far:1"]);
    expect(ids(await call("GET", `/shell-descriptors?assetType=${encodeId("urn:type")}`)).length).toBe(2);
    expect((await call("GET", "/shell-descriptors?assetKind=Thing")).status).toBe(400);
    const seen: string[] = [];
    for (let cursor = ""; ;) {
      const page = (await call("GET", `/shell-descriptors?limit=1${cursor}`)).json;
      seen.push(...page.result.map(({ id }: { id: string }) => id));
      if (page.paging_metadata.cursor === undefined) break;
      cursor = `&cursor=${page.paging_metadata.cursor}`;
    }
    expect(seen.toSorted()).toEqual(["urn:far:1", "urn:own:1", "urn:own:2"]);
    expect((await call("PUT", one("urn:far:1"), foreign("urn:far:1", { idShort: "Moved" }))).status).toBe(204);
    expect((await call("GET", one("urn:far:1"))).json.idShort).toBe("Moved");
    expect((await call("PUT", one("urn:far:2"), foreign("urn:far:2"))).status).toBe(201);
    expect((await call("DELETE", one("urn:far:2"))).status).toBe(204);
    expect((await call("DELETE", one("urn:far:2"))).status).toBe(404);
  });

  test("[API15] what is registered for an own shell is told in its place, and it can be taken out and registered again", async () => {
    expect((await call("PUT", one("urn:own:2"), foreign("urn:own:2"))).status).toBe(204);
    expect((await call("GET", one("urn:own:2"))).json.idShort).toBe("Elsewhere");
    expect((await call("DELETE", one("urn:own:2"))).status).toBe(204);
    expect((await call("GET", one("urn:own:2"))).status).toBe(404);
    expect(ids(await call("GET", "/shell-descriptors"))).not.toContain("urn:own:2");
    expect((await call("GET", `/shells/${encodeId("urn:own:2")}`)).status).toBe(200);
    expect((await call("POST", "/shell-descriptors", foreign("urn:own:2"))).status).toBe(201);
    expect(ids(await call("GET", "/shell-descriptors"))).toContain("urn:own:2");
  });

  test("[API15] submodel descriptors inside a shell's", async () => {
    const path = `${one("urn:far:1")}/submodel-descriptors`;
    const inner = { id: "urn:far:sm", endpoints: [endpoint("https://elsewhere.example/sm")] };
    expect((await call("POST", path, inner)).status).toBe(201);
    expect((await call("POST", path, inner)).status).toBe(409);
    expect((await call("PUT", `${path}/${encodeId("urn:far:sm2")}`, { ...inner, id: "urn:far:sm2" })).status).toBe(201);
    expect(ids(await call("GET", `${path}?limit=1`))).toEqual(["urn:far:sm"]);
    expect((await call("DELETE", `${path}/${encodeId("urn:far:sm2")}`)).status).toBe(204);
    expect(ids(await call("GET", path))).toEqual(["urn:far:sm"]);
    expect((await call("GET", one("urn:far:1"))).json.submodelDescriptors).toEqual([inner]);
  });

  test("[API15] a descriptor that is none is 400 and says why; unknown attributes are kept", async () => {
    const bad = [
      {},
      { id: "" },
      foreign("urn:x", { assetKind: "Thing" }),
      foreign("urn:x", { endpoints: [{ interface: "AAS-3.1" }] }),
      foreign("urn:x", { specificAssetIds: [{ name: "n" }] }),
      foreign("urn:x", { submodelDescriptors: [{ id: "urn:y" }] }),
      foreign("urn:x", { description: [{ language: "en" }] }),
    ];
    for (const body of bad) {
      const { status, json } = await call("POST", "/shell-descriptors", body);
      expect(status, JSON.stringify(body)).toBe(400);
      expect(json.messages[0].text).toMatch(/descriptor: \S/);
    }
    expect((await call("POST", "/submodel-descriptors", { id: "urn:z" })).status).toBe(400);
    await call("POST", "/shell-descriptors", foreign("urn:kept", { vendor: { any: 1 } }));
    expect((await call("GET", one("urn:kept"))).json.vendor).toEqual({ any: 1 });
    await call("DELETE", one("urn:kept"));
  });

  test("[API16] bulk: all or nothing, answered by handle, told only to the one who asked", async () => {
    const before = server.world.revision();
    expect(
      (
        await resultOf(
          await call(
            "POST",
            "/bulk/shell-descriptors",
            ["a", "b", "c"].map((id) => foreign(`urn:bulk:${id}`)),
          ),
        )
      ).status,
    ).toBe(204);
    expect(server.world.revision()).toBe(before + 1);
    const failed = await resultOf(await call("POST", "/bulk/shell-descriptors", [foreign("urn:bulk:d"), foreign("urn:bulk:a")]));
    expect([failed.status, failed.json.messages[0].code]).toEqual([400, "409"]);
    expect(failed.json.messages[0].text).toMatch(/urn:bulk:a/);
    expect((await call("GET", one("urn:bulk:d"))).status).toBe(404);
    expect((await resultOf(await call("PUT", "/bulk/shell-descriptors", [foreign("urn:bulk:d"), foreign("urn:bulk:a")]))).status).toBe(204);
    expect((await resultOf(await call("DELETE", "/bulk/shell-descriptors", ["urn:bulk:d", "urn:bulk:nothing"]))).status).toBe(400);
    expect((await call("GET", one("urn:bulk:d"))).status).toBe(200);
    expect(
      (
        await resultOf(
          await call(
            "DELETE",
            "/bulk/shell-descriptors",
            ["a", "b", "c", "d"].map((id) => `urn:bulk:${id}`),
          ),
        )
      ).status,
    ).toBe(204);
    expect(ids(await call("GET", "/shell-descriptors")).filter((id) => id.startsWith("urn:bulk"))).toEqual([]);
    for (const body of [[], {}, [{}], [foreign("urn:d"), foreign("urn:d")]])
      expect((await call("POST", "/bulk/shell-descriptors", body)).status).toBe(400);
    expect((await call("DELETE", "/bulk/submodel-descriptors", [1])).status).toBe(400);
    for (const handle of ["nothing", encodeId("nothing")])
      expect([400, 404]).toContain((await call("GET", `/bulk/status/${handle}`)).status);
  });

  test("[API16] who may write nothing is refused bulk requests at once, before there is a handle", async () => {
    const closed = await startTestServer(environment, VIEWER);
    expect((await closed.call("POST", "/bulk/shell-descriptors", [foreign("urn:bulk:v")])).status).toBe(403);
    expect((await closed.call("PUT", "/bulk/submodel-descriptors", [foreign("urn:bulk:v")])).status).toBe(403);
    expect((await closed.call("DELETE", "/bulk/shell-descriptors", ["urn:own:1"])).status).toBe(403);
    expect((await closed.call("GET", one("urn:own:1"))).status).toBe(200);
    await closed.close();
  });

  test("[API17] discovery: links of own shells by themselves, links of others written, both searched at once", async () => {
    const search = async (...links: readonly object[]) => (await call("POST", "/lookup/shellsByAssetLink", links)).json.result.toSorted();
    expect(await search({ name: "serial", value: "7" })).toEqual(["urn:own:1", "urn:own:2"]);
    expect(await search({ name: "serial", value: "7" }, { name: "globalAssetId", value: "urn:own:2:asset" })).toEqual(["urn:own:2"]);
    const far = `/lookup/shells/${encodeId("urn:far:1")}`;
    expect((await call("POST", far, [{ name: "serial", value: "7" }])).status).toBe(201);
    expect(await search({ name: "serial", value: "7" })).toEqual(["urn:far:1", "urn:own:1", "urn:own:2"]);
    expect((await call("POST", far, [{ name: "serial", value: "8" }])).status).toBe(201);
    expect(await search({ name: "serial", value: "8" })).toEqual(["urn:far:1"]);
    const own = `/lookup/shells/${encodeId("urn:own:1")}`;
    expect((await call("POST", own, [{ name: "serial", value: "9" }])).status).toBe(201);
    expect(await search({ name: "serial", value: "9" })).toEqual(["urn:own:1"]);
    expect(await search({ name: "serial", value: "7" })).toEqual(["urn:own:2"]);
    expect((await call("DELETE", own)).status).toBe(204);
    expect((await call("GET", own)).status).toBe(404);
    expect(await search({ name: "serial", value: "9" })).toEqual([]);
    expect((await call("DELETE", far)).status).toBe(204);
    expect((await call("DELETE", far)).status).toBe(404);
    for (const body of [{}, [], [{ name: "x" }]]) expect((await call("POST", far, body)).status).toBe(400);
    expect((await call("GET", "/lookup/shells?limit=1")).json.result).toHaveLength(1);
  });

  test("[API18] packages are kept as they came, apart from the shells", async () => {
    const bytes = writeAasx({ assetAdministrationShells: [shell("urn:packed")] });
    const made = await call("POST", "/packages", upload("päck age.aasx", bytes));
    expect([made.status, made.json.aasIds]).toEqual([201, ["urn:packed"]]);
    expect((await call("GET", `/shells/${encodeId("urn:packed")}`)).status).toBe(404);
    const path = made.headers.get("location")!.replace("/api/v3", "");
    const got = await fetch(`${server.base}/api/v3${path}`);
    expect(got.headers.get("content-type")).toBe("application/asset-administration-shell-package");
    expect([decodeURIComponent(got.headers.get("x-filename")!), new Uint8Array(await got.arrayBuffer())]).toEqual(["päck age.aasx", bytes]);
    const named = await call("POST", "/packages", upload("x.aasx", bytes, "", { aasIds: "urn:a, urn:b", fileName: "y.aasx" }));
    expect(named.json.aasIds).toEqual(["urn:a", "urn:b"]);
    const listed = (await call("GET", `/packages?aasId=${encodeId("urn:b")}`)).json.result;
    expect(listed).toEqual([named.json]);
    expect((await call("GET", "/packages?limit=1")).json.paging_metadata.cursor).toBeDefined();
    expect((await call("PUT", path, upload("z.aasx", writeAasx(environment)))).status).toBe(204);
    expect(readAasx(new Uint8Array(await (await fetch(`${server.base}/api/v3${path}`)).arrayBuffer())).environment.submodels).toHaveLength(
      1,
    );
    expect((await call("DELETE", path)).status).toBe(204);
    expect((await call("GET", path)).status).toBe(404);
    expect((await call("POST", "/packages", upload("x.aasx", "no zip"))).status).toBe(400);
    expect((await call("POST", "/packages", upload("x.aasx", "PK and no more"))).status).toBe(400);
    expect((await call("POST", "/packages", {})).status).toBe(400);
    const failed = await resultOf(await call("POST", "/packages-async", upload("x.aasx", "no zip")));
    expect(failed.json).toMatchObject({ executionState: "Failed", messages: [{ code: "400" }] });
  });

  test("[API13] a branch registers its own shells at its own URL, says so, and never enters the live registry", async () => {
    await server.world.fork({ name: "what if", parent: LIVE, instant: server.now(), actor: ENGINEER.id, reason: "what if" });
    const base = "/worlds/default/branches/what%20if/api/v3";
    const descriptor = (await call("GET", `${base}${one("urn:own:1")}`)).json;
    expect(descriptor.extensions).toContainEqual({ name: "DoppelwerkBranch", valueType: "xs:string", value: "what if" });
    const { href } = descriptor.endpoints[0].protocolInformation;
    expect(href).toContain("/worlds/default/branches/what%20if/api/v3/shells/");
    const answer = await fetch(href);
    expect([answer.status, answer.headers.get("doppelwerk-branch")]).toEqual([200, "what%20if"]);
    for (const [method, path, body] of [
      ["POST", "/shell-descriptors", { ...descriptor, id: "urn:branch" }],
      ["PUT", one("urn:own:1"), descriptor],
      ["POST", "/submodel-descriptors", { id: "urn:branch:sm", endpoints: [endpoint(href)] }],
    ] as const)
      expect((await call(method, path, body)).status, path).toBe(403);
    const bulk = await resultOf(await call("POST", "/bulk/shell-descriptors", [{ ...descriptor, id: "urn:branch" }]));
    expect([bulk.status, bulk.json.messages[0].code]).toEqual([400, "403"]);
    expect((await call("POST", `${base}/shell-descriptors`, foreign("urn:only:there"))).status).toBe(201);
    expect((await call("GET", one("urn:only:there"))).status).toBe(404);
  });

  test("[API14] what may not be read is in no registry and no discovery, and what may not be written is 403", async () => {
    const closed = await startTestServer(environment, VIEWER);
    try {
      const record = closed.world.reader(LIVE).query({ kind: "shell", index: { name: "aasId", value: "urn:own:1" } })[0]!;
      await closed.world.apply({
        branch: LIVE,
        actor: ENGINEER.id,
        reason: "close",
        changes: [{ op: "update", id: record.id, fields: { readers: { from: undefined, to: ["engineer"] } } }],
      });
      expect(ids(await closed.call("GET", "/shell-descriptors"))).toEqual(["urn:own:2"]);
      expect((await closed.call("GET", one("urn:own:1"))).status).toBe(404);
      expect((await closed.call("GET", "/lookup/shells")).json.result).toEqual(["urn:own:2"]);
      expect((await closed.call("GET", "/shells/$recent-changes")).json.result.map(({ id }: { id: string }) => id)).toEqual(["urn:own:2"]);
      expect((await closed.call("POST", "/shell-descriptors", foreign("urn:far"))).status).toBe(403);
      expect((await closed.call("POST", "/packages", upload("p.aasx", writeAasx(environment)))).status).toBe(403);
    } finally {
      await closed.close();
    }
  });
});

describe("what was written since", () => {
  beforeAll(async () => void (server = await startTestServer(environment)));
  afterAll(() => server.close());

  test("[API21] ours, what was registered for ours, and what others registered, page by page", async () => {
    const since = (query: string, of = "shell") => call("GET", `/${of}-descriptors?${query}`);
    const mark = new Date(server.now() / 1000).toISOString();
    expect(ids(await since(`updatedFrom=${mark}`))).toEqual([]);
    await call("POST", "/shell-descriptors", foreign("urn:else:since"));
    await call("PUT", one("urn:own:2"), foreign("urn:own:2"));
    await call("PUT", `/submodels/${encodeId("urn:sm:1")}`, {
      ...environment.submodels![0],
      submodelElements: [{ modelType: "Capability", idShort: "Can" }],
    });
    expect(ids(await since(`updatedFrom=${mark}`)).sort()).toEqual(["urn:else:since", "urn:own:2"]);
    expect(ids(await since(`createdFrom=${mark}`)).sort()).toEqual(["urn:else:since", "urn:own:2"]);
    expect(ids(await since(`updatedFrom=${mark}`, "submodel"))).toEqual(["urn:sm:1"]);
    expect(ids(await since(`createdFrom=${mark}`, "submodel"))).toEqual([]);
    const first = await since(`updatedFrom=${mark}&limit=1`);
    const second = await since(`updatedFrom=${mark}&limit=1&cursor=${first.json.paging_metadata.cursor}`);
    expect([...ids(first), ...ids(second)].sort()).toEqual(["urn:else:since", "urn:own:2"]);
    expect(second.json.paging_metadata.cursor).toBeUndefined();
    await call("DELETE", one("urn:else:since"));
    expect(ids(await since(`updatedFrom=${mark}`))).toEqual(["urn:own:2"]);
    await call("DELETE", one("urn:own:2"));
    expect(ids(await since(`updatedFrom=${mark}`))).toEqual([]);
  });
});
