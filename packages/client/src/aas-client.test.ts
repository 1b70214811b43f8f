import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { encodeId } from "@doppelwerk/aas";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  findShells,
  getElement,
  getShell,
  invoke,
  listAll,
  listRecentChanges,
  listShells,
  putDescriptor,
  readValue,
  writeValue,
  type AasApi,
} from "./aas-client.ts";
import type { FetchLike } from "./request.ts";

// A server of its own: the client is for any AAS server, and this one can be as odd as others are. Ours is met in the server's tests.

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly body: string;
  readonly headers: IncomingMessage["headers"];
}

const shells = Array.from({ length: 7 }, (_, index) => ({ modelType: "AssetAdministrationShell", id: `urn:${index}` }));
const asked: Asked[] = [];
let server: Server;
let api: AasApi;

const last = () => asked.at(-1)!;

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const url = new URL(request.url!, "http://localhost");
      asked.push({ method: request.method!, url: request.url!, body: Buffer.concat(chunks).toString(), headers: request.headers });
      const answer = (status: number, text: string, headers: Record<string, string> = {}) => response.writeHead(status, headers).end(text);
      if (url.pathname.endsWith("/lookup/shellsByAssetLink") || url.pathname === "/api/v3/shells") {
        const [start, limit] = [Number(url.searchParams.get("cursor") ?? 0), Number(url.searchParams.get("limit") ?? 3)];
        const items = shells.slice(start, start + limit);
        const more = start + limit < shells.length ? { cursor: String(start + limit) } : {};
        const result = url.pathname.includes("lookup") ? items.map(({ id }) => id) : items;
        return answer(200, JSON.stringify({ paging_metadata: more, result }));
      }
      if (url.pathname.endsWith("/$value") && request.method === "GET")
        return answer(200, "9223372036854775807", { "doppelwerk-quality": "good", "doppelwerk-source-time": "2026-01-01T00:00:00.000Z" });
      if (url.pathname.endsWith("/invoke")) return answer(200, JSON.stringify({ executionState: "Failed", success: false }));
      if (url.pathname.includes(encodeId("urn:gone")))
        return answer(404, JSON.stringify({ messages: [{ code: "404", messageType: "Error", text: "There is no shell urn:gone." }] }));
      if (url.pathname.includes(encodeId("urn:login"))) return answer(200, "<html>who are you?</html>");
      if (url.pathname.includes(encodeId("urn:odd"))) return answer(502, "<html>bad gateway</html>");
      if (request.method === "GET") return answer(200, JSON.stringify({ paging_metadata: {}, result: [] }));
      return answer(204, "");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  api = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v3/`,
    fetch: fetch as unknown as FetchLike,
    headers: { "x-who": "me" },
  };
});
afterAll(() => server.close());

describe("AAS client", () => {
  test("[C11] lists are asked for page by page, only as far as they are read", async () => {
    const ids: string[] = [];
    for await (const { id } of listShells(api, { pageSize: 3, query: { idShort: "Pümp" } })) ids.push(id);
    expect(ids).toEqual(shells.map(({ id }) => id));
    expect(asked.slice(-3).map(({ url }) => url)).toEqual([
      "/api/v3/shells?idShort=P%C3%BCmp&limit=3",
      "/api/v3/shells?idShort=P%C3%BCmp&limit=3&cursor=3",
      "/api/v3/shells?idShort=P%C3%BCmp&limit=3&cursor=6",
    ]);
    const before = asked.length;
    for await (const _ of listShells(api, { pageSize: 2 })) break;
    expect(asked.length).toBe(before + 1);
    const found: string[] = [];
    for await (const id of findShells(api, [{ name: "serial", value: "7" }], 4)) found.push(id);
    expect([found.length, last().method, JSON.parse(last().body)]).toEqual([7, "POST", [{ name: "serial", value: "7" }]]);
    for await (const _ of listRecentChanges(api, "submodels", { query: { updatedFrom: "2026-01-01T00:00:00Z" } })) throw new Error("none");
    expect(last().url).toBe("/api/v3/submodels/$recent-changes?updatedFrom=2026-01-01T00%3A00%3A00Z");
  });

  test("[C12] ids, paths and values travel as the text asks for, every digit kept", async () => {
    const place = { shell: "urn:ü#1", submodel: "urn:sm", path: "Line.Stations[0].Cycle" };
    const read = await readValue(api, place);
    expect(read).toEqual({ value: expect.anything(), quality: "good", sourceTime: "2026-01-01T00:00:00.000Z" });
    expect(last().url).toBe(
      `/api/v3/shells/${encodeId("urn:ü#1")}/submodels/${encodeId("urn:sm")}/submodel-elements/Line.Stations%5B0%5D.Cycle/$value`,
    );
    await writeValue(api, place, read.value);
    expect([last().method, last().body, last().headers["x-who"], last().headers["content-type"]]).toEqual([
      "PATCH",
      "9223372036854775807",
      "me",
      "application/json",
    ]);
    await writeValue(api, { submodel: "urn:sm" }, { speed: 1 });
    expect([last().url, last().body]).toEqual([`/api/v3/submodels/${encodeId("urn:sm")}/$value`, '{"speed":1}']);
    await putDescriptor(api, "submodel", { id: "urn:x" });
    expect(last().url).toBe(`/api/v3/submodel-descriptors/${encodeId("urn:x")}`);
    expect(await invoke(api, place, {})).toEqual({ executionState: "Failed", success: false });
  });

  test("[C13] a Result becomes an error with its words, another answer one with its status, silence DW_UNAVAILABLE", async () => {
    await expect(getShell(api, "urn:gone")).rejects.toMatchObject({
      code: "DW_NOT_FOUND",
      message: "There is no shell urn:gone.",
      details: { status: 404 },
    });
    await expect(getShell(api, "urn:odd")).rejects.toMatchObject({ code: "DW_UNAVAILABLE", details: { status: 502 } });
    await expect(getElement({ ...api, url: "http://127.0.0.1:9/api/v3" }, { submodel: "a", path: "b" })).rejects.toMatchObject({
      code: "DW_UNAVAILABLE",
      message: expect.stringMatching(/^GET http:\/\/127\.0\.0\.1:9\/api\/v3\/submodels\/YQ\/submodel-elements\/b: ./),
    });
    await expect(getShell(api, "urn:login")).rejects.toMatchObject({
      code: "DW_UNAVAILABLE",
      message: expect.stringContaining("the answer is not JSON: <html>who are you?"),
    });
    const given = new AbortController();
    given.abort();
    await expect(listAll(api, "/shells", { signal: given.signal }).next()).rejects.toMatchObject({ code: "DW_CANCELLED" });
  });
});
