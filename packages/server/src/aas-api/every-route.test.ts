import { encodeId, writeAasx, type Environment } from "@doppelwerk/aas";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Method } from "./route-table.ts";
import { startTestServer, upload, type TestServer } from "./test-server.fixture.ts";

// Every route is asked twice over a socket: so that it must answer, and so that it must refuse. What is written is put back before.

const SHELL = "urn:every:shell";
const SUBMODEL = "urn:every:submodel";
const CONCEPT = "urn:every:concept";
const FOREIGN = "urn:every:foreign";
const PACKAGE = "every-package";
const property = (idShort: string) => ({ modelType: "Property", idShort, valueType: "xs:int", value: "1" }) as const;
const reference = (id: string) => ({ type: "ModelReference", keys: [{ type: "Submodel", value: id }] }) as const;
const shell = {
  modelType: "AssetAdministrationShell",
  id: SHELL,
  assetInformation: { assetKind: "Instance", globalAssetId: "urn:every:asset" },
  submodels: [reference(SUBMODEL)],
} as const;
const submodel = {
  modelType: "Submodel",
  id: SUBMODEL,
  submodelElements: [
    { modelType: "SubmodelElementCollection", idShort: "group", value: [property("inner")] },
    { modelType: "File", idShort: "file", contentType: "text/plain" },
    { modelType: "Operation", idShort: "operation", inputVariables: [{ value: property("amount") }] },
  ],
} as const;
const concept = { modelType: "ConceptDescription", id: CONCEPT } as const;
const endpoints = [{ interface: "SUBMODEL-3.1", protocolInformation: { href: "https://elsewhere.example/submodel" } }];
const descriptor = (id: string) => ({ id, endpoints });
const environment: Environment = { assetAdministrationShells: [shell], submodels: [submodel], conceptDescriptions: [concept] };
const now = () => new Date().toISOString();

let server: TestServer;
const call: TestServer["call"] = (...given) => server.call(...given);

/** The same world before every write, whatever the one before did. */
async function reset(): Promise<void> {
  await call("PUT", `/submodels/${encodeId(SUBMODEL)}`, submodel);
  await call("PUT", `/shells/${encodeId(SHELL)}`, shell);
  await call("PUT", `/concept-descriptions/${encodeId(CONCEPT)}`, concept);
  await call("PUT", `/submodels/${encodeId(SUBMODEL)}/submodel-elements/file/attachment`, upload("a.txt", "text"));
  await call("PUT", `/shells/${encodeId(SHELL)}/asset-information/thumbnail`, upload("a.png", "picture"));
  for (const of of ["shell", "submodel"])
    await call("PUT", `/${of}-descriptors/${encodeId(FOREIGN)}`, {
      ...descriptor(FOREIGN),
      ...(of === "shell" && { submodelDescriptors: [descriptor(SUBMODEL)] }),
    });
  await call("POST", `/lookup/shells/${encodeId(FOREIGN)}`, [{ name: "serial", value: "1" }]);
  await call("PUT", `/packages/${encodeId(PACKAGE)}`, upload("p.aasx", writeAasx(environment)));
}

/** A handle that the path can be asked about. */
async function handleFor(path: string): Promise<string> {
  const started = path.includes("/operation-")
    ? await call("POST", `/submodels/${encodeId(SUBMODEL)}/submodel-elements/operation/invoke-async`, operationRequest)
    : path.startsWith("/bulk")
      ? await call("PUT", "/bulk/shell-descriptors", [descriptor("urn:every:bulk")])
      : await call("POST", "/packages-async", upload("p.aasx", writeAasx(environment)));
  const handle = started.headers.get("location")!.split("/").at(-1)!;
  await expect.poll(async () => (await call("GET", statusPath(path, handle))).status).toBe(302);
  return handle;
}

function statusPath(path: string, handle: string): string {
  if (path.startsWith("/bulk")) return `/bulk/status/${handle}`;
  if (path.startsWith("/packages")) return `/packages-async/status/${handle}`;
  return `/submodels/${encodeId(SUBMODEL)}/submodel-elements/operation/operation-status/${handle}`;
}

const operationRequest = { inputArguments: [{ value: property("amount") }] };

/** A request that must be answered well. */
async function goodRequest(method: Method, path: string): Promise<{ readonly url: string; readonly body?: unknown }> {
  const isDescriptor = path.startsWith("/shell-descriptors") || path.startsWith("/submodel-descriptors") || path.startsWith("/lookup");
  const element = path.includes("/attachment") ? "file" : /invoke|operation-/.test(path) ? "operation" : "group";
  let url = path
    .replace(":aasIdentifier", encodeId(isDescriptor ? FOREIGN : SHELL))
    .replace(":submodelIdentifier", encodeId(path.startsWith("/submodel-descriptors") ? FOREIGN : SUBMODEL))
    .replace(":cdIdentifier", encodeId(CONCEPT))
    .replace(":packageId", encodeId(PACKAGE))
    .replace(":idShortPath", element);
  if (url.includes(":handleId")) url = url.replace(":handleId", await handleFor(path));
  if (path.endsWith("/$history")) return { url: `${url}?date=${now()}` };
  if (method === "GET" || method === "DELETE") return path.startsWith("/bulk/") && method === "DELETE" ? { url, body: [FOREIGN] } : { url };
  return { url, body: bodyFor(method, path) };
}

function bodyFor(method: Method, path: string): unknown {
  if (/\/(attachment|thumbnail)$/.test(path)) return upload("b.txt", "more");
  if (path.startsWith("/packages")) return upload("p.aasx", writeAasx(environment));
  if (path.startsWith("/query/")) return { $condition: { $boolean: true } };
  if (path === "/lookup/shellsByAssetLink" || path.startsWith("/lookup/")) return [{ name: "serial", value: "2" }];
  if (path.startsWith("/bulk/")) return [descriptor(method === "POST" ? `urn:every:bulk:${path}` : FOREIGN)];
  if (/^\/(shell|submodel)-descriptors$/.test(path)) return descriptor(`urn:every:new:${path}`);
  if (path === "/shell-descriptors/:aasIdentifier/submodel-descriptors") return descriptor("urn:every:new");
  if (path.startsWith("/shell-descriptors/:aasIdentifier/")) return descriptor(SUBMODEL);
  if (/-descriptors\/:/.test(path)) return descriptor(FOREIGN);
  if (/invoke.*\$value$/.test(path)) return { inputArguments: { amount: 5 } };
  if (/invoke/.test(path)) return operationRequest;
  if (path.endsWith(":idShortPath/$value")) return { inner: 7 };
  if (path.endsWith("/$value")) return { group: { inner: 8 } };
  if (path.endsWith("/$metadata")) return { category: "changed" };
  if (path.endsWith("/asset-information")) return { assetKind: "Type", globalAssetId: "urn:every:other" };
  if (path.endsWith("/submodel-refs")) return reference("urn:every:referred");
  if (path === "/shells") return { ...shell, id: "urn:every:shell:new" };
  if (path === "/submodels") return { ...submodel, id: "urn:every:submodel:new" };
  if (path === "/concept-descriptions") return { ...concept, id: "urn:every:concept:new" };
  if (path.endsWith("/submodel-elements")) return property("added");
  if (path.endsWith(":idShortPath"))
    return method === "POST" ? property("added") : method === "PATCH" ? { category: "c" } : submodel.submodelElements[0];
  if (path.endsWith(":cdIdentifier")) return concept;
  if (/\/shells\/:aasIdentifier(\/aas)?$/.test(path)) return shell;
  return method === "PATCH" ? { category: "c" } : submodel;
}

/** A request that must be refused: of something that is not there, or with a page, date, flag or body that cannot be. */
async function badRequest(method: Method, path: string): Promise<{ readonly url: string; readonly body?: unknown }> {
  const good = await goodRequest(method, path);
  const unknown = encodeId("urn:every:nothing");
  if (path.startsWith("/lookup/shells/:") && method === "POST") return { ...good, body: {} };
  if (method === "PUT" && /:(aasIdentifier|submodelIdentifier|cdIdentifier|packageId)(\/aas|\/submodel)?$/.test(path))
    return { ...good, body: "{" };
  const last = path.lastIndexOf(":") < 0 ? undefined : path.slice(path.lastIndexOf(":")).split("/")[0]!;
  if (last === ":idShortPath")
    return { ...good, url: good.url.replace(/\/submodel-elements\/(group|file|operation)/, "/submodel-elements/nothing") };
  if (last !== undefined && !path.endsWith("/description")) {
    const at = path.split("/").lastIndexOf(last);
    return { ...good, url: good.url.split("/").with(at, unknown).join("/") };
  }
  if (method === "GET")
    return path.endsWith("/serialization") ? { url: `${path}?includeConceptDescriptions=perhaps` } : { url: `${path}?limit=0` };
  return { ...good, body: path.startsWith("/packages") ? upload("p.aasx", "no zip") : "{" };
}

describe("every route", () => {
  beforeAll(async () => void (server = await startTestServer(environment)));
  afterAll(() => server.close());

  test("[API0] answers what it must, and refuses what it must with one Result", async () => {
    const asked: string[] = [];
    await reset();
    for (const [path, methods] of server.routes) {
      for (const method of methods) {
        const good = await goodRequest(method, path);
        const answer = await call(method, good.url, good.body);
        expect([200, 201, 202, 204, 302], `${method} ${path}: ${answer.status} ${answer.text.slice(0, 300)}`).toContain(answer.status);
        asked.push(`${method} ${path}`);
        if (method !== "GET") await reset();
        // A description needs nothing and cannot be wrong; of packages-async the text wants what is wrong in the result.
        if (path.endsWith("/description") || path === "/packages-async") continue;
        const bad = await badRequest(method, path);
        const refused = await call(method, bad.url, bad.body);
        expect([400, 404], `${method} ${path} as ${bad.url}: ${refused.status} ${refused.text.slice(0, 200)}`).toContain(refused.status);
        expect(Object.keys(refused.json), `${method} ${path}`).toEqual(["messages"]);
        expect(refused.json.messages[0]).toMatchObject({
          code: String(refused.status),
          messageType: "Error",
          text: expect.stringMatching(/\S/),
          correlationId: expect.stringMatching(/\S/),
          timestamp: expect.stringMatching(/Z$/),
        });
      }
      const other = (["GET", "POST", "PUT", "PATCH", "DELETE"] as const).find((method) => !methods.includes(method));
      if (other !== undefined) {
        const refused = await call(other, (await goodRequest("GET", path)).url, other === "GET" || other === "DELETE" ? undefined : {});
        expect([refused.status, refused.headers.get("allow")], `${other} ${path}`).toEqual([405, methods.join(", ")]);
      }
    }
    expect(asked.length).toBeGreaterThan(200);
  }, 60_000);
});
