import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeId } from "@doppelwerk/aas";
import { aasEvents, type FetchLike } from "@doppelwerk/client";
import type { FastifyInstance } from "fastify";
import { openProduct } from "../../../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { HostedWorld } from "../../../server/src/compose/open-hosted-world.ts";
import { createSiteApp } from "../../../server/src/compose/register-routes.ts";
import type { CloudEvent } from "@doppelwerk/ports";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-events-"));
let site: HostedWorld;
let app: FastifyInstance;
let origin: string;
beforeAll(async () => {
  site = await openProduct(folder);
  app = await createSiteApp(site);
  site.hub.attach(app.server);
  origin = await app.listen({ port: 0, host: "127.0.0.1" });
});
afterAll(async () => {
  await app.close();
  await site.close();
  rmSync(folder, { recursive: true, force: true });
});

const eventsUrl = (query = "", branch = "live") => `${origin}/api/doppelwerk/v1/branches/${branch}/events${query}`;

async function call(method: string, path: string, body?: unknown): Promise<Response> {
  const answer = await fetch(path.startsWith("/api/doppelwerk") ? origin + path : `${origin}/api/v3${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  expect(answer.ok, `${method} ${path}: ${answer.status}`).toBe(true);
  return answer;
}

/** Listens until so many events came; the connection is open when this resolves. */
async function listen(query: string, branch?: string, headers: Record<string, string> = {}) {
  const stop = new AbortController();
  const answer = await fetch(eventsUrl(query, branch), { headers, signal: stop.signal });
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toMatch(/^text\/event-stream/);
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return {
    async next(count: number): Promise<readonly CloudEvent[]> {
      const events: CloudEvent[] = [];
      while (events.length < count) {
        const end = text.indexOf("\n\n");
        if (end < 0) {
          const { value, done } = await reader.read();
          if (done) throw new Error("the stream ended");
          text += value;
          continue;
        }
        const data = /^data: (.*)$/m.exec(text.slice(0, end))?.[1];
        if (data !== undefined) {
          const event = JSON.parse(data) as CloudEvent;
          expect(text.slice(0, end)).toContain(`id: ${event.id}\n`);
          events.push(event);
        }
        text = text.slice(end + 2);
      }
      return events;
    },
    stop: () => stop.abort(),
  };
}

const property = (idShort: string, value: string, semanticId = "urn:s") => ({
  modelType: "Property",
  idShort,
  valueType: "xs:string",
  value,
  semanticId: { type: "ExternalReference", keys: [{ type: "GlobalReference", value: semanticId }] },
});
const submodel = (id: string, colour: string) => ({
  modelType: "Submodel",
  id,
  idShort: "Paint",
  submodelElements: [property("Colour", colour)],
});
const told = (event: CloudEvent) => [
  event.type.replace("io.admin-shell.events.v1.", ""),
  decodeURIComponent(event.source.replace(/^.*\/api\/v3/, "")),
];
const of = (id: string, path = "") => `/submodels/${encodeId(id)}${path === "" ? "" : `/submodel-elements/${path}`}`;

test("[EV1] creating, changing and deleting are told in their order, a whole by one event, each as a CloudEvent 1.0", async () => {
  const stream = await listen("");
  const id = "urn:ev:1";
  await call("POST", "/submodels", submodel(id, "red"));
  await call("PATCH", `${of(id, "Colour")}/$value`, "green");
  await call("POST", `${of(id)}/submodel-elements`, {
    modelType: "SubmodelElementCollection",
    idShort: "Coat",
    value: [property("Layer", "1"), property("Gloss", "2")],
  });
  await call("PUT", of(id, "Coat.Gloss"), { ...property("Gloss", "2"), category: "CONSTANT" });
  await call("DELETE", of(id, "Coat"));
  await call("POST", "/concept-descriptions", { modelType: "ConceptDescription", id: "urn:ev:cd" });
  await call("POST", "/shells", {
    modelType: "AssetAdministrationShell",
    id: "urn:ev:shell",
    assetInformation: { assetKind: "Instance", globalAssetId: "urn:a" },
  });
  await call("DELETE", of(id));
  const events = await stream.next(8);
  stream.stop();
  expect(events.map(told)).toEqual([
    ["created", of(id)],
    ["valueChanged", of(id, "Colour")],
    ["created", of(id, "Coat")],
    ["updated", of(id, "Coat.Gloss")],
    ["deleted", of(id, "Coat")],
    ["created", `/concept-descriptions/${encodeId("urn:ev:cd")}`],
    ["created", `/shells/${encodeId("urn:ev:shell")}`],
    ["deleted", of(id)],
  ]);
  expect(events[0]).toMatchObject({ specversion: "1.0", datacontenttype: "application/json", data: submodel(id, "red") });
  expect(events[1]).toMatchObject({
    semanticid: "urn:s",
    data: property("Colour", "green"),
    dataschema: expect.stringMatching(/#\/components\/schemas\/Property$/),
  });
  expect(events[4]).not.toHaveProperty("data");
  expect(events.map(({ time }) => Date.parse(time))).toEqual(events.map(({ time }) => Date.parse(time)).toSorted((a, b) => a - b));
  expect(new Set(events.map((event) => event.id)).size).toBe(8);
});

test("[EV2] a client that comes back goes on after the last event it saw, whatever happened meanwhile", async () => {
  const stream = await listen("");
  for (const id of ["urn:ev:2a", "urn:ev:2b"]) await call("POST", "/submodels", submodel(id, "red"));
  const [first] = await stream.next(1);
  stream.stop();
  await call("PATCH", `${of("urn:ev:2a", "Colour")}/$value`, "blue");
  const again = await listen("", undefined, { "last-event-id": first!.id });
  expect((await again.next(2)).map(told)).toEqual([
    ["created", of("urn:ev:2b")],
    ["valueChanged", of("urn:ev:2a", "Colour")],
  ]);
  await call("DELETE", of("urn:ev:2b"));
  expect((await again.next(1)).map(told)).toEqual([["deleted", of("urn:ev:2b")]]);
  again.stop();
  // One entry with several events is gone on with in its middle.
  const change = (name: string) => ({
    op: "create",
    record: { id: `submodel:ev-${name}`, kind: "submodel", aasId: `urn:ev:${name}`, idShort: "", body: {} },
  });
  await call("POST", "/api/doppelwerk/v1/branches/live/changes", { reason: "three at once", changes: ["x", "y", "z"].map(change) });
  const whole = await listen(`?after=${first!.id}`);
  const events = await whole.next(6);
  whole.stop();
  const middle = await listen("", undefined, { "last-event-id": events[3]!.id });
  expect((await middle.next(2)).map(({ id }) => id)).toEqual(events.slice(4).map(({ id }) => id));
  middle.stop();
});

test("[EV3] types, kinds, a query and slim streams leave out what was not asked for", async () => {
  const red = { $condition: { $eq: [{ $field: "$sme.Colour#value" }, { $strVal: "red" }] } };
  const streams = await Promise.all(
    ["?types=valueChanged", "?kinds=shells,submodels&types=created&slim=true", `?query=${encodeId(JSON.stringify(red))}`].map((query) =>
      listen(query),
    ),
  );
  await call("POST", "/submodels", submodel("urn:ev:3a", "red"));
  await call("POST", "/submodels", submodel("urn:ev:3b", "blue"));
  await call("PATCH", `${of("urn:ev:3b", "Colour")}/$value`, "red");
  await call("PATCH", `${of("urn:ev:3a", "Colour")}/$value`, "grey");
  await call("DELETE", of("urn:ev:3b"));
  const [values, created, asked] = await Promise.all([streams[0]!.next(2), streams[1]!.next(2), streams[2]!.next(3)]);
  expect(values.map(told)).toEqual([
    ["valueChanged", of("urn:ev:3b", "Colour")],
    ["valueChanged", of("urn:ev:3a", "Colour")],
  ]);
  expect(created.map((event) => [...told(event), "data" in event])).toEqual([
    ["created", of("urn:ev:3a"), false],
    ["created", of("urn:ev:3b"), false],
  ]);
  expect(asked.map(told)).toEqual([
    ["created", of("urn:ev:3a")],
    ["valueChanged", of("urn:ev:3b", "Colour")],
    ["deleted", of("urn:ev:3b")],
  ]);
  for (const stream of streams) stream.stop();
});

test("[EV4] a branch tells its own events, with sources of its own", async () => {
  await call("POST", "/submodels", submodel("urn:ev:4", "red"));
  const branch = (await (await call("POST", "/api/doppelwerk/v1/branches", { name: "try" })).json()) as { readonly id: string };
  const [ofBranch, ofLive] = [await listen("", branch.id), await listen("")];
  const base = `${origin}/worlds/default/branches/${encodeURIComponent(branch.id)}/api/v3`;
  const answer = await fetch(`${base}${of("urn:ev:4", "Colour")}/$value`, {
    method: "PATCH",
    body: '"white"',
    headers: { "content-type": "application/json" },
  });
  expect(answer.status).toBe(204);
  await call("PATCH", `${of("urn:ev:4", "Colour")}/$value`, "black");
  expect((await ofBranch.next(1))[0]).toMatchObject({ source: `${base}${of("urn:ev:4", "Colour")}`, data: { value: "white" } });
  expect((await ofLive.next(1))[0]).toMatchObject({ data: { value: "black" } });
  for (const stream of [ofBranch, ofLive]) stream.stop();
});

test("[EV5] what cannot be streamed is one clear error", async () => {
  for (const [query, part] of [
    ["?types=exploded", "types"],
    ["?kinds=", "kinds"],
    ["?after=yesterday", "not the id of an event"],
    ["?after=1000000.3", "this world ends at revision"],
    ["?query=e30", "$condition"],
    ["?query=%25", "base64url"],
  ]) {
    const answer = await fetch(eventsUrl(query));
    expect(answer.status, query).toBe(400);
    expect(await answer.text(), query).toContain(part!.replace("$", "$"));
  }
  expect((await fetch(eventsUrl("", "branch:none"))).status).toBe(404);
});

/** Frames of a WebSocket, in their order. */
async function listenBySocket(query: string) {
  const socket = new WebSocket(eventsUrl(query).replace("http", "ws"), ["cloudevents.json"]);
  const events: CloudEvent[] = [];
  let wake = () => {};
  socket.onmessage = ({ data }) => {
    events.push(JSON.parse(String(data)) as CloudEvent);
    wake();
  };
  await new Promise((resolve, reject) => ([socket.onopen, socket.onerror] = [resolve, reject]));
  expect(socket.protocol).toBe("cloudevents.json");
  return {
    socket,
    async next(count: number): Promise<readonly CloudEvent[]> {
      while (events.length < count) await new Promise<void>((resolve) => (wake = resolve));
      return events.splice(0, count);
    },
  };
}

test("[EV7] a WebSocket at the same address tells the same events, and goes on behind the last", async () => {
  const [stream, { socket, next }] = [await listen(""), await listenBySocket("")];
  await call("POST", "/submodels", submodel("urn:ev:7", "red"));
  await call("PATCH", `${of("urn:ev:7", "Colour")}/$value`, "green");
  const events = await next(2);
  expect(events).toEqual(await stream.next(2));
  stream.stop();
  socket.close();
  await call("PATCH", `${of("urn:ev:7", "Colour")}/$value`, "blue");
  const again = await listenBySocket(`?after=${events[1]!.id}&slim=true&types=valueChanged`);
  expect((await again.next(1)).map(told)).toEqual([["valueChanged", of("urn:ev:7", "Colour")]]);
  again.socket.close();
});

test("[EV7] what cannot be told is refused before the upgrade, with its status", async () => {
  const refusal = (url: string, origin?: string) =>
    new Promise<string>((resolve) => {
      const headers = {
        connection: "upgrade",
        upgrade: "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
      };
      const asked = request(url, { headers: { ...headers, ...(origin && { origin }) } }, async (answer) => {
        let text = "";
        for await (const chunk of answer) text += String(chunk);
        resolve(`${answer.statusCode} ${text}`);
      });
      asked.end();
    });
  expect(await refusal(eventsUrl("?types=exploded"))).toMatch(/^400 .*types/);
  expect(await refusal(eventsUrl("", "branch:none"))).toMatch(/^404 /);
  expect(await refusal(eventsUrl(""), "http://elsewhere.example")).toMatch(/^403 .*elsewhere/);
  expect(await refusal(`${origin}/nowhere`)).toMatch(/^403 WebSockets live at \/ws/);
});

test("[EV8] the client's loops go on over a broken line, in Node as in a browser", async () => {
  const stop = new AbortController();
  const timers: (() => void)[] = [];
  let broken: (() => void) | undefined;
  /** A line that can be cut while it is open. */
  const cuttable: FetchLike = async (url, init) => {
    const cut = new AbortController();
    broken = () => cut.abort();
    return fetch(url, { ...(init as RequestInit), signal: AbortSignal.any([cut.signal, stop.signal]) });
  };
  const since = String(site.viewOf({ headers: {} }).revision());
  const events = aasEvents({
    baseUrl: origin,
    fetch: cuttable,
    since,
    after: (_, run) => (timers.push(run), () => {}),
    signal: stop.signal,
    slim: true,
  });
  await call("POST", "/submodels", submodel("urn:ev:8", "röd"));
  expect((await events.next()).value).toMatchObject({ type: "io.admin-shell.events.v1.created" });
  broken!();
  await call("PATCH", `${of("urn:ev:8", "Colour")}/$value`, "grön");
  const next = events.next();
  while (timers.length === 0) await new Promise((resolve) => setImmediate(resolve));
  timers.shift()!();
  expect(told((await next).value as never)).toEqual(["valueChanged", of("urn:ev:8", "Colour")]);
  stop.abort();
  expect(await events.next()).toEqual({ done: true, value: undefined });
  await expect(aasEvents({ baseUrl: origin, fetch: fetch as FetchLike, branch: "branch:none" }).next()).rejects.toMatchObject({
    code: "DW_NOT_FOUND",
  });
  await expect(aasEvents({ baseUrl: origin, fetch: fetch as FetchLike, since: "x" }).next()).rejects.toMatchObject({ code: "DW_INVALID" });
});

test("[EV6] streams end with the server", async () => {
  const stream = await listen("");
  const ended = stream.next(1).then(
    () => "an event",
    () => "ended",
  );
  await app.close();
  expect(await ended).toBe("ended");
});
