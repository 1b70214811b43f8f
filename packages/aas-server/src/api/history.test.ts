import { encodeId, type Environment, type Property } from "@doppelwerk/aas";
import { getElementAt, listDescriptors, listRecentChanges, listSubmodels, readValue, writeValue, type AasApi } from "@doppelwerk/client";
import { LIVE } from "@doppelwerk/world";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ENGINEER, startTestServer, type TestServer } from "./test-server.fixture.ts";

const property = (idShort: string, value: string): Property => ({ modelType: "Property", idShort, valueType: "xs:double", value });
const environment: Environment = {
  assetAdministrationShells: [
    {
      modelType: "AssetAdministrationShell",
      id: "urn:aas:1",
      idShort: "Pump",
      assetInformation: { assetKind: "Instance", globalAssetId: "urn:asset:1" },
    },
  ],
  submodels: [
    { modelType: "Submodel", id: "urn:sm:1", idShort: "Data", submodelElements: [property("speed", "1"), property("measured", "5")] },
    { modelType: "Submodel", id: "urn:sm:2", idShort: "Rest", submodelElements: [property("other", "1")] },
  ],
  conceptDescriptions: [{ modelType: "ConceptDescription", id: "urn:cd:1", idShort: "Speed" }],
};
const sm = `/submodels/${encodeId("urn:sm:1")}`;
const speed = `${sm}/submodel-elements/speed`;

let server: TestServer;
const call: TestServer["call"] = (...given) => server.call(...given);
/** The instant of now, as a client writes it. */
const instant = () => new Date(server.now() / 1_000).toISOString();
const micros = () => {
  const now = server.now();
  return `${new Date(Math.floor(now / 1_000)).toISOString().slice(0, -1)}${String(now % 1_000).padStart(3, "0")}Z`;
};
const at = async (path: string, date: string) => (await call("GET", `${path}/$history?date=${encodeURIComponent(date)}`)).json;
const changed = async (list: string, query = "") =>
  (await call("GET", `${list}/$recent-changes${query}`)).json.result as {
    id: string;
    createdAt: string;
    updatedAt: string;
    deletedAt?: string;
  }[];

beforeAll(async () => void (server = await startTestServer(environment)));
afterAll(() => server.close());

describe("history (3.2 draft)", () => {
  test("[API20] shells, submodels, elements and concept descriptions as they were, before, between and after changes", async () => {
    const before = micros();
    await call("PATCH", `${speed}/$value`, "2");
    const between = micros();
    await call("PATCH", `${speed}/$value`, "3");
    await call("PUT", `/shells/${encodeId("urn:aas:1")}`, { ...environment.assetAdministrationShells![0], idShort: "Renamed" });
    await call("PUT", `/concept-descriptions/${encodeId("urn:cd:1")}`, { ...environment.conceptDescriptions![0], idShort: "Velocity" });
    await call("DELETE", `${sm}/submodel-elements/measured`);
    await call("POST", `${sm}/submodel-elements`, property("measured", "5"));
    const valueAt = async (date: string) => (await at(speed, date)).value;
    expect([await valueAt(before), await valueAt(between), await valueAt(micros()), await valueAt("2999-01-01T00:00:00+02:00")]).toEqual([
      "1",
      "2",
      "3",
      "3",
    ]);
    expect((await at(sm, before)).submodelElements.map(({ value }: Property) => value)).toEqual(["1", "5"]);
    expect((await at(`/shells/${encodeId("urn:aas:1")}`, between)).idShort).toBe("Pump");
    expect((await at(`/concept-descriptions/${encodeId("urn:cd:1")}`, between)).idShort).toBe("Speed");
    expect((await call("GET", `${sm}/$history?date=2001-01-01T00:00:00Z`)).status).toBe(404);
    for (const date of ["", "?date=", "?date=yesterday", "?date=2026-01-01", "?date=2026-13-01T00:00:00Z", "?date=2026-01-01T00:00:00"])
      expect((await call("GET", `${sm}/$history${date}`)).status, date).toBe(400);
    expect((await call("GET", `${sm}/$history?date=${before}&level=core`)).status).toBe(200);
    for (const form of ["", "/$value"]) {
      expect((await call("GET", `${sm}${form}?date=${before}`)).json).not.toEqual((await call("GET", `${sm}${form}`)).json);
      expect((await call("GET", `${sm}${form}?date=2001-01-01T00:00:00Z`)).status).toBe(404);
      expect((await call("GET", `${sm}${form}?date=soon`)).status).toBe(400);
    }
    expect((await call("GET", `${sm}?date=${before}`)).json).toEqual(await at(sm, before));
  });

  test("[API20] a deleted document is still there at its time", async () => {
    await call("POST", "/submodels", { modelType: "Submodel", id: "urn:sm:gone", submodelElements: [property("inside", "1")] });
    const then = micros();
    await call("DELETE", `/submodels/${encodeId("urn:sm:gone")}`);
    expect((await at(`/submodels/${encodeId("urn:sm:gone")}`, then)).submodelElements).toEqual([property("inside", "1")]);
    expect((await call("GET", `/submodels/${encodeId("urn:sm:gone")}/$history?date=${micros()}`)).status).toBe(404);
  });

  test("[API20] a live value of the past comes from the historian, with its quality", async () => {
    const signal = await server.bind("urn:sm:1", "measured");
    await server.sample(signal, 10);
    const then = micros();
    await server.sample(signal, 20);
    const shown = await at(`${sm}/submodel-elements/measured`, then);
    expect([shown.value, shown.extensions[0]]).toEqual(["10", { name: "LiveQuality", valueType: "xs:string", value: "good" }]);
    expect((await at(sm, micros())).submodelElements.find(({ idShort }: Property) => idShort === "measured").value).toBe("20");
  });

  test("[API21] recent changes tell when something was made and last written, elements below included, deletions too", async () => {
    const there = (await changed("/submodels")).filter(({ deletedAt }) => deletedAt === undefined);
    expect(there.map(({ id }) => id).sort()).toEqual(["urn:sm:1", "urn:sm:2"]);
    const mark = instant();
    expect(await changed("/submodels", `?updatedFrom=${mark}`)).toEqual([]);
    await call("PATCH", `/submodels/${encodeId("urn:sm:2")}/submodel-elements/other/$value`, "9");
    const [only] = await changed("/submodels", `?updatedFrom=${mark}`);
    expect([only!.id, only!.updatedAt > only!.createdAt, only!.updatedAt >= mark]).toEqual(["urn:sm:2", true, true]);
    expect(await changed("/submodels", `?createdFrom=${mark}`)).toEqual([]);
    const later = instant();
    await call("DELETE", `/submodels/${encodeId("urn:sm:2")}/submodel-elements/other`);
    expect((await changed("/submodels", `?updatedFrom=${later}`)).map(({ id }) => id)).toEqual(["urn:sm:2"]);
    await call("POST", "/submodels", { modelType: "Submodel", id: "urn:sm:new" });
    expect((await changed("/submodels", `?createdFrom=${later}`)).map(({ id }) => id)).toEqual(["urn:sm:new"]);
    expect((await call("GET", `/submodels?createdFrom=${later}`)).json.result.map(({ id }: { id: string }) => id)).toEqual(["urn:sm:new"]);
    expect((await call("GET", `/submodels/$metadata?updatedFrom=${later}&limit=1`)).json.paging_metadata.cursor).toBeDefined();
    for (const list of ["/shells", "/concept-descriptions", "/shell-descriptors"]) {
      expect((await changed(list))[0], list).toMatchObject({
        createdAt: expect.stringMatching(/Z$/),
        updatedAt: expect.stringMatching(/Z$/),
      });
      expect(await changed(list, `?updatedFrom=${later}`), list).toEqual([]);
      expect((await call("GET", `${list}/$recent-changes?updatedFrom=soon`)).status, list).toBe(400);
    }
    expect((await call("GET", "/shells?createdFrom=soon")).status).toBe(400);
  });

  test("[API21] recent changes list what was deleted, with its times, until the id is there again", async () => {
    for (const [list, document] of [
      ["/submodels", { modelType: "Submodel", id: "urn:changes:x", idShort: "Gone" }],
      ["/concept-descriptions", { modelType: "ConceptDescription", id: "urn:changes:x", idShort: "Gone" }],
      [
        "/shells",
        {
          modelType: "AssetAdministrationShell",
          id: "urn:changes:x",
          idShort: "Gone",
          assetInformation: { assetKind: "Type", globalAssetId: "urn:a" },
        },
      ],
    ] as const) {
      const path = `${list}/${encodeId(document.id)}`;
      expect((await call("POST", list, document)).status).toBe(201);
      const mark = instant();
      await call("DELETE", path);
      const [gone, ...none] = await changed(list, `?updatedFrom=${mark}`);
      expect([gone!.id, gone!.deletedAt === gone!.updatedAt, gone!.createdAt < mark, gone!.updatedAt >= mark, none]).toEqual([
        "urn:changes:x",
        true,
        true,
        true,
        [],
      ]);
      const listed = async (query: string) => (await changed(list, query)).filter(({ id }) => id === document.id);
      expect(await listed("?limit=1000")).toEqual([gone]);
      expect(await listed("?idShort=Gone")).toEqual([gone]);
      expect(await listed("?idShort=Other")).toEqual([]);
      expect(await listed(`?updatedFrom=${instant()}`)).toEqual([]);
      expect(await listed(`?createdFrom=${mark}`)).toEqual([]);
      expect((await call("GET", list)).json.result.map(({ id }: { id: string }) => id)).not.toContain(document.id);
      await call("POST", list, document);
      const [again, ...more] = await listed(`?updatedFrom=${mark}`);
      expect([again!.deletedAt, again!.createdAt >= mark, more]).toEqual([undefined, true, []]);
      await call("DELETE", path);
      expect((await listed(`?updatedFrom=${mark}`)).map(({ createdAt }) => createdAt >= mark)).toEqual([true]);
    }
  });

  test("[API20] the typed client reads and writes it: lists, values with quality, history, what changed", async () => {
    const api: AasApi = { url: `${server.base}/api/v3`, fetch: (url, init) => fetch(url, init as RequestInit) };
    const place = { submodel: "urn:sm:1", path: "speed" };
    const then = micros();
    await writeValue(api, place, 1);
    await writeValue(api, place, 4.25);
    expect(await readValue(api, place)).toEqual({ value: 4.25 });
    expect((await readValue(api, { ...place, path: "measured" })).quality).toBe("good");
    expect((await getElementAt(api, place, then)) as Property).toMatchObject({ value: "3" });
    const ids: string[] = [];
    for await (const { id } of listSubmodels(api, { pageSize: 1 })) ids.push(id);
    expect(ids).toContain("urn:sm:1");
    const changes: string[] = [];
    for await (const { id } of listRecentChanges(api, "submodels", { query: { updatedFrom: then } })) changes.push(id);
    expect(changes).toEqual(["urn:sm:1"]);
    for await (const { id } of listDescriptors(api, "shell")) expect(id).toBe("urn:aas:1");
    await expect(getElementAt(api, place, "yesterday")).rejects.toMatchObject({ code: "DW_INVALID" });
    await writeValue(api, place, 3);
  });

  test("[API21] a branch has its own history: the parent's up to the fork, then its own", async () => {
    const before = micros();
    await call("PATCH", `${speed}/$value`, "50");
    await server.world.fork({ name: "past", parent: LIVE, instant: server.now(), actor: ENGINEER.id, reason: "what if" });
    const branch = "/worlds/default/branches/past/api/v3";
    const mark = instant();
    await call("PATCH", `${speed}/$value`, "60");
    await call("PATCH", `${branch}${speed}/$value`, "70");
    const now = micros();
    const onBranch = async (date: string) => (await at(branch + speed, date)).value;
    expect([await onBranch(before), await onBranch(now), (await at(speed, now)).value]).toEqual(["3", "70", "60"]);
    expect(
      (await call("GET", `${branch}/submodels/$recent-changes?updatedFrom=${mark}`)).json.result.map(({ id }: { id: string }) => id),
    ).toEqual(["urn:sm:1"]);
    expect((await call("GET", `${branch}/shells/$recent-changes?updatedFrom=${mark}`)).json.result).toEqual([]);
  });
});
