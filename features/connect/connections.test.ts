import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pastReading } from "@doppelwerk/ports";
import { createSiteApp, SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import type { ServerMessage } from "@doppelwerk/sync";
import { LIVE, type ConnectionRecord, type Principal, type SignalRecord } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openProduct, plantsOf, serveAs } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { connect } from "./feature.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-connections-"));
const WAIT = { timeout: 60_000 };
let site: HostedWorld;
let origin: string;
let closeApp: () => Promise<unknown>;

const connection = (name: string, more: Partial<ConnectionRecord> = {}): ConnectionRecord => ({
  id: `connection:${name}`,
  kind: "connection",
  name,
  protocol: "entered",
  url: `entered:${name}`,
  settings: { signals: [{ address: "weight", valueType: "double" }] },
  enabled: true,
  ...more,
});
const signal = (name: string, of: string): SignalRecord => ({
  id: `signal:${name}`,
  kind: "signal",
  name,
  valueType: "double",
  address: name,
  connection: `connection:${of}`,
});
const personOf = (...roles: string[]): Principal => ({ id: `person:${roles.join()}`, name: "Bob", verified: true, roles });

beforeAll(async () => {
  site = await openProduct(folder);
  const app = await createSiteApp(site);
  closeApp = async () => app.close();
  origin = await app.listen({ port: 0, host: "127.0.0.1" });
  site.hub.attach(app.server);
  const records = [
    connection("book"),
    connection("recipe", { readers: ["engineer"] }),
    signal("weight", "book"),
    signal("dose", "recipe"),
    { ...signal("secretWeight", "book"), readers: ["engineer"] },
  ];
  await site.view(SYSTEM).apply({ branch: LIVE, reason: "test", changes: records.map((record) => ({ op: "create", record })) });
  await vi.waitUntil(async () => (await plantsOf(site).list()).filter(({ state }) => state === "connected").length === 2, WAIT);
});
afterAll(async () => {
  await closeApp?.();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

// oxlint-disable-next-line no-explicit-any -- an answer has no type before it is judged
async function own(method: string, path: string, body?: unknown, base = origin): Promise<{ readonly status: number; readonly body: any }> {
  const answer = await fetch(`${base}/api/doppelwerk/v1${path}`, {
    method,
    headers: body === undefined ? {} : { "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === "" ? undefined : JSON.parse(text) };
}

test("[CN3] how connections stand and how far the past is read comes as topics; clients of protocol 1 receive the messages they know", async () => {
  const received = await Promise.all([1, 2].map((protocol) => listen(protocol)));
  const past = site.features.port(pastReading);
  await past.report("connection:book", { done: 1, total: 4, samples: 10, finished: false, urgent: false });
  await past.report("connection:book", { done: 4, total: 4, samples: 40, finished: true, urgent: true });
  for (const enabled of [false, true]) expect((await own("PATCH", "/connections/connection:book", { enabled })).status).toBe(204);
  const [old, now] = received;
  await expect.poll(() => old!.messages.filter(({ kind }) => kind === "connection").length, WAIT).toBeGreaterThan(0);
  await expect.poll(() => topicsOf(now!.messages, "connect.status").length, WAIT).toBeGreaterThan(0);
  expect(old!.messages.find(({ kind }) => kind === "connection")).toMatchObject({
    connection: { id: "connection:book" },
  });
  expect(topicsOf(now!.messages, "connect.status")[0]).toMatchObject({ id: "connection:book" });
  expect(topicsOf(now!.messages, "connect.backfill").at(-1)).toMatchObject({ progress: 1, done: true });
  expect(old!.messages.findLast(({ kind }) => kind === "backfill")).toMatchObject({ progress: 1, done: true });
  expect([old!.messages.some(({ kind }) => kind === "topic"), now!.messages.some(({ kind }) => kind === "connection")]).toEqual([
    false,
    false,
  ]);
  for (const { socket } of received) socket.close();
});

test("[CN1] a connection that one may not read is in no list, and every operation on it answers as if it were not there", async () => {
  await plantsOf(site).bring("connection:book", [{ address: "weight", value: 7, time: site.now() }]);
  const viewer = await serveAs(site, personOf("viewer"));
  const administrator = await serveAs(site, personOf("engineer"));
  const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id).toSorted();
  const [seen, all] = await Promise.all([viewer, administrator].map(({ origin: base }) => own("GET", "/connections", undefined, base)));
  expect([ids(seen!.body), ids(all!.body)]).toEqual([["connection:book"], ["connection:book", "connection:recipe"]]);
  expect(ids((await own("GET", "/world", undefined, viewer.origin)).body.connections)).toEqual(["connection:book"]);
  for (const path of ["", "/signals", "/findings", "/interface"])
    expect((await own("GET", `/connections/connection:recipe${path}`, undefined, viewer.origin)).status, path).toBe(404);
  const values = [{ address: "dose", value: 1 }];
  expect((await own("POST", "/connections/connection:recipe/samples", { values }, viewer.origin)).status).toBe(404);
  const signals = (await own("GET", "/connections/connection:book/signals", undefined, viewer.origin)).body;
  expect([signals.total, signals.signals[0].now]).toEqual([1, expect.objectContaining({ value: 7, origin: "entered" })]);
  await Promise.all([viewer.close(), administrator.close()]);
});

test("[CN2] who may not do it is refused before anything is parsed", async () => {
  const operator = await serveAs(site, personOf("operator"));
  const nobody = await serveAs(site, personOf());
  for (const operation of connect.contract.filter(({ route }) => !route.includes("/states"))) {
    const { route, action } = operation;
    const [method, path] = route.split(" ") as [string, string];
    const filled = path.replace(":id", "connection:book").replace(/:\w+/, "some");
    const body = method === "GET" ? undefined : { nonsense: true };
    // whoever may not read it is answered as if it were not there
    expect((await own(method, filled, body, nobody.origin)).status, route).toBe("subject" in operation ? 404 : 403);
    if (action === "administer") expect((await own(method, filled, body, operator.origin)).status, route).toBe(403);
  }
  const values = [{ address: "weight", value: 1 }];
  expect((await own("POST", "/connections/connection:book/samples", { values }, operator.origin)).status).toBe(202);
  await Promise.all([operator.close(), nobody.close()]);
});

test("[CN2] whoever types values in needs the right to enter, a machine the token of its connection", async () => {
  const viewer = await serveAs(site, personOf("viewer"));
  const values = [{ address: "weight", value: 1 }];
  expect((await own("POST", "/connections/connection:book/samples", { values }, viewer.origin)).status).toBe(403);
  expect((await own("PUT", "/secrets/press", { token: "a-token" })).status).toBe(204);
  const records = [connection("press", { protocol: "push", url: "push:press", secret: "press" }), signal("force", "press")];
  await site.view(SYSTEM).apply({ branch: LIVE, reason: "test", changes: records.map((record) => ({ op: "create", record })) });
  await vi.waitUntil(async () => (await plantsOf(site).list()).some(({ id }) => id === "connection:press"), WAIT);
  const push = (token?: string) =>
    fetch(`${viewer.origin}/api/doppelwerk/v1/connections/connection:press/samples`, {
      method: "POST",
      headers: { "content-type": "application/json", ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ values: [{ address: "force", value: 3 }] }),
    });
  expect([(await push()).status, (await push("another")).status, (await push("a-token")).status]).toEqual([403, 403, 202]);
  await viewer.close();
});

test("[CN4] switched off, no connection is open and none is listed; switched on, values come again", async () => {
  expect((await own("PUT", "/features/connect", { on: false })).status).toBe(200);
  expect((await own("GET", "/connections")).status).toBe(404);
  expect((await own("GET", "/world")).body.connections).toEqual([]);
  expect((await own("PUT", "/features/connect", { on: true })).status).toBe(200);
  await vi.waitUntil(async () => (await plantsOf(site).list()).some(({ id }) => id === "connection:book"), WAIT);
  expect(await plantsOf(site).bring("connection:book", [{ address: "weight", value: 8, time: site.now() }])).toEqual({
    accepted: 1,
    refused: [],
  });
  await expect.poll(() => site.signals.live("signal:weight")?.value).toBe(8);
});

test("[CN5] with the line switched off connections stay open and values come; states of stations are refused with why", async () => {
  const before = await own("GET", "/states");
  expect((await own("PUT", "/features/line", { on: false })).status).toBe(200);
  expect(await plantsOf(site).bring("connection:book", [{ address: "weight", value: 9, time: site.now() }])).toEqual({
    accepted: 1,
    refused: [],
  });
  const states = await own("GET", "/states");
  expect(states).toMatchObject({ status: 404, body: { error: { reason: { code: "connect.statesWithoutLine" } } } });
  expect((await own("PUT", "/features/line", { on: true })).status).toBe(200);
  expect(await own("GET", "/states")).toEqual(before);
});

test("[CN6] a connection without settings, its signals described by an engineering file, takes a secret alone, and settings that are sound", async () => {
  const { settings: _declared, ...logger } = connection("logger", { protocol: "push", url: "push:logger" });
  const records = [logger, signal("pressure", "logger")];
  await site.view(SYSTEM).apply({ branch: LIVE, reason: "test", changes: records.map((record) => ({ op: "create", record })) });
  expect((await own("PUT", "/secrets/logger", { token: "token-of-the-logger" })).status).toBe(204);
  expect((await own("PATCH", "/connections/connection:logger", { secret: "logger" })).status).toBe(204);
  expect((await own("PATCH", "/connections/connection:logger", { settings: { signals: [] } })).status).toBe(400);
  const values = [{ address: "pressure", value: 6.5 }];
  await vi.waitFor(async () => {
    const answer = await fetch(`${origin}/api/doppelwerk/v1/connections/connection:logger/samples`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer token-of-the-logger" },
      body: JSON.stringify({ values }),
    });
    expect([answer.status, await answer.json()]).toEqual([202, { accepted: 1, refused: [] }]);
  }, WAIT);
});

async function listen(protocol: number): Promise<{ readonly socket: WebSocket; readonly messages: ServerMessage[] }> {
  const socket = new WebSocket(`${origin.replace("http", "ws")}/ws`);
  const messages: ServerMessage[] = [];
  socket.addEventListener("message", ({ data }) => {
    if (typeof data === "string") messages.push(JSON.parse(data) as ServerMessage);
  });
  await once(socket, "open");
  socket.send(JSON.stringify({ kind: "hello", protocol, name: "Ada", client: `secret of Ada ${protocol}`, branch: LIVE }));
  await expect.poll(() => messages.some(({ kind }) => kind === "welcome"), WAIT).toBe(true);
  return { socket, messages };
}

function topicsOf(messages: readonly ServerMessage[], topic: string): readonly unknown[] {
  return messages.flatMap((message) => (message.kind === "topic" && message.topic === topic ? [message.payload] : []));
}
