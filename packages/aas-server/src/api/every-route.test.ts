import { encodeId } from "@doppelwerk/aas";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describedAasRoutes } from "./describe-routes.ts";
import { everyEnvironment, goodRequest, putBack, type EveryRequest } from "./every-request.fixture.ts";
import type { Method } from "./route-table.ts";
import { startTestServer, upload, type TestServer } from "./test-server.fixture.ts";

// Every route is asked twice over a socket: so that it must answer, and so that it must refuse. What is written is put back before.

const described = describedAasRoutes("");
let server: TestServer;
const call: TestServer["call"] = (...given) => server.call(...given);

/** A request that must be refused: of something that is not there, or with a page, date, flag or body that cannot be. */
async function badRequest(method: Method, path: string): Promise<EveryRequest> {
  const good = await goodRequest(call, method, path);
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

/** Whether /openapi.json says that the handling of a document can be asked for. */
function takesPreference(method: Method, path: string): boolean {
  const item = described[path.replace(/:(\w+)/g, "{$1}")] as Record<string, { readonly parameters: readonly object[] }>;
  return JSON.stringify(item[method.toLowerCase()]!.parameters).includes("parameters/Prefer");
}

describe("every route", () => {
  beforeAll(async () => void (server = await startTestServer(everyEnvironment)));
  afterAll(() => server.close());

  test("[API0] [API24] answers what it must, says of Prefer what is described, and refuses what it must with one Result", async () => {
    const asked: string[] = [];
    await putBack(call);
    for (const [path, methods] of server.routes) {
      for (const method of methods) {
        const good = await goodRequest(call, method, path);
        const answer = await call(method, good.url, good.body, { prefer: "handling=strict" });
        expect([200, 201, 202, 204, 302], `${method} ${path}: ${answer.status} ${answer.text.slice(0, 300)}`).toContain(answer.status);
        expect(answer.headers.has("preference-applied"), `${method} ${path}`).toBe(takesPreference(method, path));
        asked.push(`${method} ${path}`);
        if (method !== "GET") await putBack(call);
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
        const refused = await call(
          other,
          (await goodRequest(call, "GET", path)).url,
          other === "GET" || other === "DELETE" ? undefined : {},
        );
        expect([refused.status, refused.headers.get("allow")], `${other} ${path}`).toEqual([405, methods.join(", ")]);
      }
    }
    expect(asked.length).toBeGreaterThan(200);
  });
});
