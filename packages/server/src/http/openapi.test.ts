import { endpoint, instant, z } from "@doppelwerk/kit";
import { pino } from "pino";
import { expect, test } from "vitest";
import { accountsContract, API_PREFIX, registerOwnApi } from "../compose/register-routes.ts";
import { createApp } from "./app.ts";
import { openApiDocument, registerOpenApi } from "./openapi.ts";
import { ownContract } from "./world-contract.ts";

test("[SV8] every route of the own API is described at /openapi.json, and no other", async () => {
  const app = createApp(pino({ level: "silent" }));
  const registered: string[] = [];
  app.addHook("onRoute", ({ method, url }) => {
    for (const one of [method].flat())
      if (one !== "HEAD" && url.startsWith(API_PREFIX)) registered.push(`${one} ${url.slice(API_PREFIX.length)}`);
  });
  // Registering touches nothing of the site; only requests do, and none is sent to these routes.
  const site = undefined as never;
  await app.register(async (api) => registerOwnApi(api, site, site, { worlds: {} as never }), { prefix: API_PREFIX });
  registerOpenApi(app, "1.2.3", API_PREFIX, () => accountsContract);
  expect(registered.sort()).toEqual([...ownContract, ...accountsContract].map(({ route }) => route).sort());

  const answer = await app.inject({ url: "/openapi.json", headers: { host: "127.0.0.1" } });
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toMatchObject({ openapi: "3.1.0", info: { version: "1.2.3" } });
  const { paths } = answer.json() as { paths: Record<string, Record<string, { responses: Record<string, { content?: object }> }>> };
  const contentOf = (path: string, method: string) => paths[`${API_PREFIX}${path}`]![method]!.responses;
  expect(contentOf("/world", "get")["200"]!.content).toMatchObject({
    "application/json": { schema: { type: "object", properties: { revision: { type: "integer" }, connections: { type: "array" } } } },
  });
  expect(contentOf("/person/name", "delete")).toHaveProperty("204");
  expect(contentOf("/branches/{branch}/events", "get")["200"]!.content).toHaveProperty(["text/event-stream"]);
  await app.close();
});

test("[SV9] the description holds: operation ids are unique, references lead somewhere, parameters are those that are judged", () => {
  const period = endpoint({
    id: "test.period",
    route: "GET /period",
    summary: "A period",
    action: "read",
    query: z.object({ from: instant, to: instant, points: z.coerce.number().int().default(600) }),
    answer: z.object({}),
  });
  const document = openApiDocument("0", "/api/doppelwerk/v1", [period]) as {
    paths: Record<
      string,
      Record<string, { operationId: string; parameters: { name: string; in: string; required: boolean; schema: object }[] }>
    >;
    components: { schemas: object };
  };
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  for (const [, name] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g))
    expect(document.components.schemas).toHaveProperty([name!]);
  expect(JSON.stringify(document)).not.toContain("$defs");
  const inQuery = document.paths["/api/doppelwerk/v1/period"]!["get"]!.parameters;
  expect(inQuery.map(({ name, required }) => [name, required])).toEqual([
    ["from", true],
    ["to", true],
    ["points", false],
  ]);
  expect(inQuery[0]!.schema).toMatchObject({ type: "integer", minimum: 0 });
});

test("[API24] the AAS API is described by the table that answers it", () => {
  const { paths } = openApiDocument("0", "/api/doppelwerk/v1") as {
    paths: Record<string, Record<string, { parameters: { name: string }[]; requestBody?: unknown }>>;
  };
  const parameters = (path: string) => paths[path]!["get"]!.parameters.map(({ name }) => name);
  expect(parameters("/api/v3/shells")).toEqual(["assetIds", "idShort", "createdFrom", "updatedFrom", "limit", "cursor"]);
  expect(parameters("/api/v3/submodels/{submodelIdentifier}/submodel-elements/{idShortPath}/$value")).toEqual([
    "submodelIdentifier",
    "idShortPath",
    "level",
    "extent",
  ]);
  expect(parameters("/api/v3/submodels/{submodelIdentifier}/$metadata")).toEqual(["submodelIdentifier"]);
  expect(JSON.stringify(paths["/api/v3/packages"]!["post"]!.requestBody)).toContain("multipart/form-data");
  expect(Object.keys(paths).filter((path) => path.startsWith("/api/v3")).length).toBeGreaterThan(130);
});

test("[API24] headers of the AAS API are described: how a document is taken, what was found, why it was refused, quality of a live value", () => {
  const document = openApiDocument("0", "/api/doppelwerk/v1") as {
    paths: Record<string, Record<string, { parameters: object[]; responses: Record<string, { headers?: object }> }>>;
    components: Record<string, object>;
  };
  const put = document.paths["/api/v3/submodels/{submodelIdentifier}"]!["put"]!;
  expect(JSON.stringify(put.parameters)).toContain("#/components/parameters/Prefer");
  expect(Object.keys(put.responses["2XX"]!.headers!)).toContain("Doppelwerk-Findings");
  expect(Object.keys(put.responses["default"]!.headers!)).toContain("Doppelwerk-Told");
  const value = document.paths["/api/v3/submodels/{submodelIdentifier}/submodel-elements/{idShortPath}/$value"]!["get"]!;
  expect(Object.keys(value.responses["2XX"]!.headers!)).toEqual([
    "Doppelwerk-Branch",
    "Doppelwerk-Revision",
    "Doppelwerk-Quality",
    "Doppelwerk-Source-Time",
  ]);
  for (const [, home, name] of JSON.stringify(document.paths).matchAll(/"#\/components\/(headers|parameters)\/([^"]+)"/g))
    expect(document.components[home!]).toHaveProperty([name!]);
});
