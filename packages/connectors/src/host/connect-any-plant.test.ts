import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Aedes } from "aedes";
import { createServer as createSocketServer } from "node:net";
import { connectAsync } from "mqtt";
import { runCommand, startServer, type Program } from "../../../../e2e/running-site.ts";

const folder = mkdtempSync(join(tmpdir(), "dw-connect-"));
const SECRET = "sehr-geheimes-kennwort";
let server: Program;
let url: string;
const stops: (() => unknown)[] = [];

beforeAll(async () => {
  server = await startServer(join(folder, "data"), ["--files", join(folder, "drop")]);
  url = String(server.ready["url"]);
});
afterAll(async () => {
  for (const stop of stops.toReversed()) await stop();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** What the tests read of answers. */
interface ApiJson extends Readonly<Record<string, unknown>> {
  readonly error: { readonly message: string };
  readonly id: string;
  readonly drafts: readonly unknown[];
}

const api = async (
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; json: ApiJson }> => {
  const response = await fetch(`${url}/api/doppelwerk/v1${path}`, {
    method,
    headers: {
      "doppelwerk-person": "tester-0001-secret",
      "doppelwerk-name": "Anna",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, json: (text === "" ? undefined : JSON.parse(text)) as ApiJson };
};

/** Waits for what the connection says of itself. */
async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    const found = await ask();
    if (found !== undefined) return found;
    if (attempt > 2_400) throw new Error("waited in vain");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function startBroker(): Promise<string> {
  const broker = await Aedes.createBroker();
  broker.authenticate = (_client, user, password, done) => done(null, user === "anna" && password?.toString() === SECRET);
  const sockets = createSocketServer(broker.handle);
  sockets.listen(0, "127.0.0.1");
  await once(sockets, "listening");
  stops.push(() => broker.close());
  stops.push(() => sockets.close());
  return `mqtt://127.0.0.1:${(sockets.address() as { port: number }).port}`;
}

test("[C130] a broker is connected to by its address and a secret: topics become signals, values flow, and the secret is nowhere but in its file", async () => {
  const broker = await startBroker();
  const device = await connectAsync(broker, { username: "anna", password: SECRET });
  stops.push(() => device.endAsync(true));
  await device.publishAsync("plant/north/press/force", `{"value": 12.5, "unit": "kN", "timestamp": ${Date.now()}}`, {
    retain: true,
    qos: 1,
  });
  const refused = await api("POST", "/connections", { url: broker, name: "press", listenS: 0.3 });
  expect(refused.status).toBe(503);
  expect(refused.json.error.message).toContain("was rejected. Correct the secret");
  const inUrl = await api("POST", "/connections", { url: broker.replace("//", `//anna:${SECRET}@`), name: "press" });
  expect(inUrl.status).toBe(400);
  expect(inUrl.json.error.message).toContain("put them into a secret");
  expect((await api("PUT", "/secrets/press", { username: "anna", password: SECRET })).status).toBe(204);
  const browsed = await api("POST", "/connections/browse", { url: broker, secret: "press", listenS: 0.5 });
  expect(browsed.json.drafts).toMatchObject([{ address: "plant/north/press/force#/value", unit: "kN" }]);
  const command = await runCommand([
    "connect",
    broker,
    "--name",
    "press",
    "--secret",
    "press",
    "--set",
    "template=plant/{area}/{machine}/{signal}",
    "--listen",
    "0.5",
    "--server",
    url,
    "--json",
  ]);
  expect(command.stderr).toBe("");
  expect(JSON.parse(command.stdout)).toMatchObject({ protocol: "mqtt", signals: 1, name: "press" });
  await device.publishAsync("plant/north/press/force", `{"value": 13.5, "unit": "kN", "timestamp": ${Date.now()}}`);
  const status = await eventually(async () =>
    ((await api("GET", "/connections")).json as unknown as readonly ApiJson[]).find(
      (each) => each.name === "press" && each.state === "connected",
    ),
  );
  expect(status.reason).toBeUndefined();
  await eventually(async () => {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    return /doppelwerk_connection_up\{connection="press",protocol="mqtt"\} 1/.test(metrics) &&
      /doppelwerk_connection_dropped_total\{connection="press",protocol="mqtt"\} 0/.test(metrics)
      ? true
      : undefined;
  });
  expect((await api("GET", "/secrets")).json).toEqual(["press"]);
  const changed = async (state: string) =>
    eventually(async () =>
      ((await api("GET", "/connections")).json as unknown as readonly ApiJson[]).find(
        (each) => each["name"] === "press" && each["state"] === state,
      ),
    );
  await api("PUT", "/secrets/press", { username: "anna", password: "falsch" });
  expect((await changed("reconnecting"))["reason"]).toContain("was rejected. Correct the secret");
  await api("PUT", "/secrets/press", { username: "anna", password: SECRET });
  await changed("connected");
  const off = await api("PATCH", `/connections/${encodeURIComponent(status.id)}`, { enabled: false });
  expect(off.status).toBe(204);
  // still listed, so that it can be switched on again
  expect((await changed("closed"))["enabled"]).toBe(false);
  expect((await api("PATCH", `/connections/${encodeURIComponent(status.id)}`, { settings: { qos: 7 } })).status).toBe(400);
  const file = join(folder, "data", "connectors", "secrets", "press.json");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const log = JSON.stringify((await api("GET", "/log?limit=100")).json) + JSON.stringify((await api("GET", "/connections")).json);
  expect(log).not.toContain(SECRET);
  for (const path of readdirSync(join(folder, "data"), { recursive: true, withFileTypes: true })) {
    const full = join(path.parentPath, path.name);
    if (path.isFile() && full !== file) expect(readFileSync(full).includes(SECRET), full).toBe(false);
  }
});

test("[C131] a machine's HTTP server, a folder of counts and a list of what will be sent become signals; bad requests are one line each", async () => {
  const machine = createServer(
    (_request, response) => void response.setHeader("content-type", "application/json").end('{"speed": 12, "run": true}'),
  );
  machine.listen(0, "127.0.0.1");
  await once(machine, "listening");
  stops.push(() => machine.close());
  const address = `http://127.0.0.1:${(machine.address() as { port: number }).port}/state`;
  const inside = await api("POST", "/connections", { url: address, name: "machine" });
  expect([inside.status, inside.json.error.message]).toEqual([503, expect.stringContaining("allowPrivate")]);
  const taken = await api("POST", "/connections", { url: address, name: "machine", settings: { allowPrivate: true, intervalS: 0.1 } });
  expect(taken.json).toMatchObject({ protocol: "http", signals: 2 });
  const drop = join(folder, "drop");
  mkdirSync(drop);
  writeFileSync(join(drop, "a.csv"), "time,good\n2026-11-24T10:00:00Z,5\n");
  expect((await api("POST", "/connections", { url: `file://${drop}`, name: "counts" })).json).toMatchObject({
    protocol: "csv",
    signals: 1,
  });
  await api("PUT", "/secrets/packing", { token: "ein-token" });
  const pushed = await api("POST", "/connections", {
    url: "push:packing",
    name: "packing",
    secret: "packing",
    settings: { signals: [{ address: "good", valueType: "integer" }] },
  });
  expect(pushed.json).toMatchObject({ protocol: "push", state: "connected", signals: 1 });
  const samples = `/connections/${encodeURIComponent(pushed.json.id)}/samples`;
  const values = {
    values: [
      { address: "good", value: 7 },
      { address: "bad", value: 1 },
    ],
  };
  expect((await api("POST", samples, values)).status).toBe(403);
  expect((await api("POST", samples, values, { authorization: "Bearer falsch" })).status).toBe(403);
  expect(await api("POST", samples, values, { authorization: "Bearer ein-token" })).toEqual({
    status: 202,
    json: {
      accepted: 1,
      refused: [
        {
          address: "bad",
          message: { code: "connectors.noSignalHasAddress", params: {} },
          why: "no signal of this connection has this address",
        },
      ],
    },
  });
  for (const [body, part] of [
    [{ url: "gopher://x", name: "x" }, "no supported protocol"],
    [{ url: "modbus+tcp://x", name: "x", settings: { intervalS: "fast" } }, "settings of modbus: intervalS"],
    [{ url: "mqtt://x", name: "x", settings: { template: "a/{b" } }, "template"],
    [{ url: "opc.tcp://x", name: "x", settings: { securityMode: "Sign", securityPolicy: "None" } }, "policy None"],
    [{ url: "postgres://x/y", name: "x", settings: { query: "drop table x" } }, "a query begins with SELECT"],
    [{ url: "http://x", name: "x", protocol: "http", settings: { headers: { Authorization: "x" } } }, "belong into a secret"],
    [{ url: "push:x", name: "x" }, "settings of push: signals"],
  ] as const) {
    const answer = await api("POST", "/connections", body);
    expect([answer.status, answer.json.error.message]).toEqual([400, expect.stringContaining(part)]);
  }
  expect((await api("PUT", "/secrets/..%2fx", { token: "x" })).status).toBe(400);
  expect((await api("PUT", "/secrets/x", {})).status).toBe(400);
  const wrong = await runCommand(["connect", "gopher://x", "--server", url]);
  expect([wrong.code, wrong.stderr.split("\n")[0]]).toEqual([2, expect.stringContaining("an address looks like")]);
});
