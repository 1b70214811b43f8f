import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeId } from "@doppelwerk/aas";
import type { FastifyInstance } from "fastify";
import { openProduct } from "../../../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { worldInfoShape } from "../http/world-contract.ts";
import type { HostedWorld } from "./open-hosted-world.ts";
import { createSiteApp } from "./register-routes.ts";

// What every request passes before a route sees it, on both APIs of a whole site.
const folder = mkdtempSync(join(tmpdir(), "doppelwerk-requests-"));
const host = "127.0.0.1:8420";
let site: HostedWorld;
let app: FastifyInstance;

beforeAll(async () => {
  site = await openProduct(folder);
  app = await createSiteApp(site);
});
afterAll(async () => {
  await app.close();
  await site.close();
  rmSync(folder, { recursive: true, force: true });
});

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
const ask = (method: Method, url: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) =>
  app.inject({
    method,
    url,
    headers: { host, ...(body !== undefined && { "content-type": "application/json" }), ...headers },
    ...(body !== undefined && { payload: typeof body === "string" ? body : JSON.stringify(body) }),
  });

const submodel = (id: string) => ({
  modelType: "Submodel",
  id,
  submodelElements: [{ modelType: "Property", idShort: "Speed", valueType: "xs:int", value: "1" }],
});

test("[API33] a revision that the world has not reached is refused, whether or not something would be changed; the present one is not", async () => {
  await ask("POST", "/api/v3/submodels", submodel("urn:since"));
  const value = `/api/v3/submodels/${encodeId("urn:since")}/submodel-elements/Speed/$value`;
  const revision = Number((await ask("GET", value)).headers["doppelwerk-revision"]);
  const patch = async (since: number | string, speed: string) =>
    (await ask("PATCH", value, JSON.stringify(speed), { "doppelwerk-unchanged-since": String(since) })).statusCode;
  for (const since of [revision + 1, Number.MAX_SAFE_INTEGER])
    for (const speed of ["1", "2"]) expect(await patch(since, speed), `${since} ${speed}`).toBe(400);
  expect((await ask("GET", value)).json()).toBe(1);
  expect(await patch(revision, "3")).toBe(204);
  expect(await patch(revision, "4")).toBe(412);
});

test("[SV133] the AAS API refuses a write on an entity tag in its own shape, and carries nothing out", async () => {
  const url = `/api/v3/submodels/${encodeId("urn:tagged")}`;
  const refused = await ask("PUT", url, submodel("urn:tagged"), { "if-none-match": "*" });
  expect([refused.statusCode, refused.json().messages[0].code]).toEqual([400, "400"]);
  expect((await ask("GET", url)).statusCode).toBe(404);
});

const nested = (depth: number, open = '{"a":', close = "}") => open.repeat(depth) + "1" + close.repeat(depth);
const shapes = (depth: number) => [
  nested(depth),
  nested(depth, "[", "]"),
  `{"modelType":"Property","idShort":"Speed","x":${nested(depth)}}`,
];

test("[SV134] a body that is nested too deeply is 400 wherever it goes, and so it is where it only looks as if it were JSON", async () => {
  const speed = `/api/v3/submodels/${encodeId("urn:since")}/submodel-elements/Speed`;
  const own = "/api/doppelwerk/v1";
  const calls: readonly (readonly [Method, string, string?])[] = [
    ["PATCH", speed, "application/merge-patch+json"],
    ["PATCH", speed],
    ["PUT", speed],
    ["PATCH", `${speed}/$value`],
    ["PATCH", `${speed}/$metadata`],
    ["POST", "/api/v3/submodels"],
    ["POST", "/api/v3/query/submodels"],
    ["POST", "/api/v3/bulk/submodel-descriptors"],
    ["POST", "/api/v3/lookup/shellsByAssetLink"],
    ["POST", `${own}/branches`],
    ["POST", `${own}/branches/live/changes`],
    ["POST", `${own}/proposals`],
    ["POST", `${own}/connections`],
  ];
  for (const [method, url, type = "application/json"] of calls)
    for (const depth of [900, 1_100, 100_000])
      for (const body of [...shapes(depth), "[".repeat(depth)]) {
        const answer = await ask(method, url, body, { "content-type": type });
        expect(answer.statusCode, `${method} ${url} ${depth} ${body.slice(0, 20)}: ${answer.body.slice(0, 200)}`).toBe(400);
      }
  const record = { id: "x", kind: "comment", text: JSON.parse(nested(150)) as unknown };
  const shallow = await ask("POST", `${own}/branches/live/changes`, { reason: "deep", changes: [{ op: "create", record }] });
  expect(shallow.statusCode, shallow.body).toBeLessThan(500);
});

test("[SV135] a world without a line has no parameters; a branch that is not there stays 404", async () => {
  const parameters = (branch: string) => ask("GET", `/api/doppelwerk/v1/branches/${branch}/parameters`);
  expect([(await parameters("live")).statusCode, (await parameters("live")).json()]).toEqual([200, []]);
  expect((await parameters("nowhere")).statusCode).toBe(404);
});

test("[SV137] a person erases his own name, on disk too, and nobody else's; the log goes on naming the id", async () => {
  const own = "/api/doppelwerk/v1";
  const as = (secret: string, name?: string) => ({ "doppelwerk-person": secret, ...(name !== undefined && { "doppelwerk-name": name }) });
  for (const [secret, name] of [
    ["secret-of-ada", "Adelheid"],
    ["secret-of-bo", "Bodo"],
  ] as const)
    expect((await ask("POST", `${own}/branches`, { name: `of ${secret}` }, as(secret, name))).statusCode).toBe(201);
  const people = () => readFileSync(join(folder, "people.json"), "utf8");
  const authors = async () => JSON.stringify((await ask("GET", `${own}/log?limit=10`)).json());
  expect([people().includes("Adelheid"), (await authors()).includes("Adelheid")]).toEqual([true, true]);
  expect((await ask("DELETE", `${own}/person/name`)).statusCode).toBe(400);
  expect((await ask("DELETE", `${own}/person/name`, undefined, as("somebody else"))).statusCode).toBe(204);
  expect(people()).toContain("Adelheid");
  // Also where the client still sends the name with the very request.
  expect((await ask("DELETE", `${own}/person/name`, undefined, as("secret-of-ada", "Adelheid"))).statusCode).toBe(204);
  expect([people().includes("Adelheid"), people().includes("Bodo")]).toEqual([false, true]);
  expect([(await authors()).includes("Adelheid"), (await authors()).includes("Bodo")]).toEqual([false, true]);
  expect((await ask("DELETE", `${own}/person/name`, undefined, as("secret-of-ada"))).statusCode).toBe(204);
});

test("[SV1] links to this server repeat a Host only as a name of this machine", async () => {
  const listed = await ask("GET", "/api/v3/submodel-descriptors", undefined, { host: "[::1]:8420" });
  expect(listed.json().result[0].endpoints[0].protocolInformation.href).toMatch(/^http:\/\/\[::1\]:8420\/api\/v3\//);
  for (const foreign of ["[::1].evil.example", "localhost:80@evil.example", "evil.example"])
    expect((await ask("GET", "/api/v3/submodel-descriptors", undefined, { host: foreign })).statusCode, foreign).toBe(403);
});

test("[SV8] what a client asks first is what the description of it names", async () => {
  const answer = (await ask("GET", "/api/doppelwerk/v1/world")).json();
  expect(z.strictObject(worldInfoShape.shape).parse(answer)).toEqual(answer);
});
