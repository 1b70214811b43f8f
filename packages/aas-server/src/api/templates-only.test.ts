import { encodeId, type Submodel } from "@doppelwerk/aas";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "./test-server.fixture.ts";

const submodel = (id: string, kind: Submodel["kind"], value = "1"): Submodel => ({
  modelType: "Submodel",
  id,
  ...(kind !== undefined && { kind }),
  submodelElements: [{ modelType: "Property", idShort: "size", valueType: "xs:int", value }],
});
const [TEMPLATE, INSTANCE] = ["urn:only:template", "urn:only:instance"];
const BASE = "/worlds/default/templates/api/v3";
const at = (id: string) => `${BASE}/submodels/${encodeId(id)}`;

let server: TestServer;
beforeAll(async () => {
  const others = Array.from({ length: 7 }, (_, index) => submodel(`urn:only:${index}`, index % 3 === 0 ? "Template" : undefined));
  server = await startTestServer({ submodels: [submodel(TEMPLATE, "Template"), submodel(INSTANCE, "Instance"), ...others] });
});
afterAll(() => server.close());

test("[API28] the repository of templates shows templates only, in every form, page and serialization, and claims its profiles alone (AASa-004)", async () => {
  const ids: string[] = [];
  for (let cursor = ""; ;) {
    const page = (await server.call("GET", `${BASE}/submodels?limit=2${cursor}`)).json;
    ids.push(...page.result.map(({ id }: Submodel) => id));
    if (page.paging_metadata.cursor === undefined) break;
    cursor = `&cursor=${page.paging_metadata.cursor}`;
  }
  expect(ids.sort()).toEqual(["urn:only:0", "urn:only:3", "urn:only:6", TEMPLATE]);
  for (const form of [
    "",
    "/$metadata",
    "/$value",
    "/submodel-elements",
    "/submodel-elements/$metadata",
    "/submodel-elements/size/$value",
  ]) {
    expect((await server.call("GET", at(TEMPLATE) + form)).status, form).toBe(200);
    expect((await server.call("GET", at(INSTANCE) + form)).status, form).toBe(404);
  }
  expect((await server.call("GET", `${BASE}/serialization?includeConceptDescriptions=false`)).json.submodels).toHaveLength(4);
  expect((await server.call("GET", `${BASE}/shells`)).status).toBe(404);
  expect((await server.call("GET", `${BASE}/description`)).json.profiles).toEqual(
    ["3/1", "3/0"].flatMap((release) =>
      ["SSP-003", "SSP-004"].map(
        (profile) => `https://admin-shell.io/aas/API/${release}/SubmodelRepositoryServiceSpecification/${profile}`,
      ),
    ),
  );
  expect(
    (await server.call("GET", "/description")).json.profiles.filter((profile: string) => /SubmodelRepo.*SSP-00[34]$/.test(profile)),
  ).toEqual([]);
});

test("[API28] no instance comes in, and none is touched", async () => {
  const call = async (method: string, path: string, body?: unknown) => (await server.call(method, path, body)).status;
  expect(await call("POST", `${BASE}/submodels`, submodel("urn:only:new", "Instance"))).toBe(400);
  expect(await call("POST", `${BASE}/submodels`, submodel("urn:only:new", undefined))).toBe(400);
  expect(await call("POST", `${BASE}/submodels`, submodel("urn:only:new", "Template"))).toBe(201);
  expect(await call("PUT", at(INSTANCE), submodel(INSTANCE, "Template"))).toBe(409);
  expect(await call("PUT", at("urn:only:put"), submodel("urn:only:put", "Template"))).toBe(201);
  expect(await call("PATCH", at(TEMPLATE), { kind: "Instance" })).toBe(400);
  expect(await call("PATCH", `${at(TEMPLATE)}/$metadata`, { modelType: "Submodel", id: TEMPLATE, kind: "Instance" })).toBe(400);
  expect(await call("PATCH", `${at(TEMPLATE)}/submodel-elements/size/$value`, 5)).toBe(204);
  const before = (await server.call("GET", `/submodels/${encodeId(INSTANCE)}`)).text;
  expect(await call("PATCH", `${at(INSTANCE)}/submodel-elements/size/$value`, 5)).toBe(404);
  expect(await call("POST", `${at(INSTANCE)}/submodel-elements`, { modelType: "Capability", idShort: "can" })).toBe(404);
  expect(await call("DELETE", `${at(INSTANCE)}/submodel-elements/size`)).toBe(404);
  expect(await call("DELETE", at(INSTANCE))).toBe(404);
  expect((await server.call("GET", `/submodels/${encodeId(INSTANCE)}`)).text).toBe(before);
  expect(await call("DELETE", at("urn:only:put"))).toBe(204);
});
