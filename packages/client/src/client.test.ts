import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { encodeSamplesFrame } from "@doppelwerk/sync";
import { DoppelwerkError } from "@doppelwerk/world";
import { afterEach, expect, test } from "vitest";
import { createClient } from "./client.ts";
import type { Client } from "./client.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A real HTTP server that answers as told, and a client of it. */
async function clientOf(answer: (request: IncomingMessage, response: ServerResponse, body: string) => void): Promise<Client> {
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => answer(request, response, body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => server.close());
  return createClient({
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    person: { id: "person-0001", name: "王 Anna" },
    fetch: (url, init) => fetch(url, init as RequestInit),
  });
}

test("[C1] a call carries the person and only the query that is meant", async () => {
  const seen: { url?: string; person?: unknown; name?: unknown; method?: string; body?: string }[] = [];
  const client = await clientOf((request, response, body) => {
    seen.push({
      url: request.url!,
      person: request.headers["doppelwerk-person"],
      name: decodeURIComponent(String(request.headers["doppelwerk-name"])),
      method: request.method!,
      body,
    });
    response.end("[]");
  });
  await client.log({ before: undefined, limit: 2 });
  await client.comment("request/1 ä", "test run");
  client.rename("Bo");
  await client.snapshot();
  expect(seen).toEqual([
    { url: "/api/doppelwerk/v1/log?limit=2", person: "person-0001", name: "王 Anna", method: "GET", body: "" },
    {
      url: "/api/doppelwerk/v1/merge-requests/request%2F1%20%C3%A4/comments",
      person: "person-0001",
      name: "王 Anna",
      method: "POST",
      body: JSON.stringify({ text: "test run" }),
    },
    { url: "/api/doppelwerk/v1/snapshot", person: "person-0001", name: "Bo", method: "GET", body: "" },
  ]);
});

test("[C2] refusals keep their code, message and details; other answers speak by their status", async () => {
  const answers: [number, string][] = [
    [409, JSON.stringify({ error: { code: "DW_STALE_APPROVAL", message: "the base has moved", details: { revision: 7 } } })],
    [404, "<html>not here</html>"],
    [502, ""],
    [403, JSON.stringify({ error: { message: "no" } })],
  ];
  const client = await clientOf((_, response) => {
    const [status, body] = answers.shift()!;
    response.statusCode = status;
    response.end(body);
  });
  const failure = async (call: Promise<unknown>): Promise<DoppelwerkError> =>
    call.then(
      () => expect.unreachable("answered"),
      (error: DoppelwerkError) => error,
    ) as Promise<DoppelwerkError>;
  expect(await failure(client.merge("mr:1"))).toMatchObject({
    code: "DW_STALE_APPROVAL",
    message: "the base has moved",
    details: { revision: 7 },
  });
  expect(await failure(client.world())).toMatchObject({ code: "DW_NOT_FOUND" });
  expect(await failure(client.world())).toMatchObject({ code: "DW_UNAVAILABLE" });
  expect(await failure(client.world())).toMatchObject({ code: "DW_FORBIDDEN", message: "no" });
});

test("[C2] an unreachable server and a call that was given up are told apart", async () => {
  const client = await clientOf(() => undefined);
  const abort = new AbortController();
  const waiting = client.world({ signal: abort.signal });
  abort.abort();
  await expect(waiting).rejects.toMatchObject({ code: "DW_CANCELLED" });
  const nobody = createClient({
    baseUrl: "http://127.0.0.1:9",
    person: { id: "person-0001", name: "" },
    fetch: (url, init) => fetch(url, init as RequestInit),
  });
  await expect(nobody.world()).rejects.toMatchObject({ code: "DW_UNAVAILABLE" });
});

test("[C3] a window comes back as the columns the server sent", async () => {
  const times = Float64Array.of(10, 20);
  const client = await clientOf((request, response) => {
    expect(request.url).toBe("/api/doppelwerk/v1/window?signals=tracking&from=5&to=25&frame=2");
    response.end(
      encodeSamplesFrame({
        origin: "replayed",
        count: 2,
        signals: Uint32Array.of(3, 4),
        values: Float64Array.of(1.5, Number.NaN),
        texts: new Map([[1, "P1"]]),
        qualities: Uint8Array.of(0, 1),
        sourceTimes: times,
        serverTimes: times,
      }),
    );
  });
  const batch = await client.window("tracking", 5, 25);
  expect([...batch.values]).toEqual([1.5, Number.NaN]);
  expect(batch.texts.get(1)).toBe("P1");
});

test("[C1] a file travels as it is", async () => {
  const client = await clientOf((request, response, body) =>
    response.end(JSON.stringify({ created: body.length, type: request.headers["content-type"], url: request.url })),
  );
  const report = (await client.importFile("plant ä.aasx", new TextEncoder().encode("PK…"))) as unknown as Record<string, unknown>;
  expect(report).toEqual({ created: 3, type: "application/octet-stream", url: "/api/doppelwerk/v1/import?name=plant%20%C3%A4.aasx" });
});

test("[C10] a field that is null is absent, a gap in a list stays", async () => {
  const client = await clientOf((_, response) => response.end('{"oee":null,"good":3,"mean":[1,null],"nested":{"wip":null}}'));
  const answer = (await client.kpis(1, 2)) as unknown as Record<string, unknown>;
  expect(answer).toEqual({ good: 3, mean: [1, null], nested: {} });
  expect("oee" in answer).toBe(false);
});

test("[C3] a live session without clock, timer or socket is refused with what is missing", async () => {
  const client = await clientOf(() => undefined);
  expect(() => client.live()).toThrow(/WebSocket, after and now/);
});
