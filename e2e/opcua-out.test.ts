import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIVE, type Change, type SignalRecord } from "@doppelwerk/world";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectTo, type TestClient } from "../packages/connectors/src/opcua-out/test-client.ts";
import { openSite, SYSTEM, type OpenSite } from "../packages/server/src/compose/open-site.ts";
import { createSiteApp } from "../packages/server/src/compose/register-routes.ts";
import { descendantsOf } from "./processes.ts";
import { runCommand } from "./running-site.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-opcua-out-"));
let site: OpenSite;
let origin: string;
let url: string;
let client: TestClient;
let closeApp: () => Promise<unknown>;
beforeAll(async () => {
  site = await openSite({ dataDirectory: join(root, "data"), logger: pino({ level: "silent" }), workers: 1 });
  const app = await createSiteApp(site);
  closeApp = () => app.close();
  origin = await app.listen({ port: 0, host: "127.0.0.1" });
  await post("/api/v3/shells", {
    modelType: "AssetAdministrationShell",
    id: "urn:OP30",
    idShort: "OP30",
    assetInformation: { assetKind: "Instance", globalAssetId: "urn:asset:OP30" },
  });
  await post("/api/doppelwerk/v1/connections", {
    url: "entered:book",
    name: "book",
    protocol: "entered",
    settings: {
      signals: [
        { address: "Temperature", unit: "Cel" },
        { address: "Good", valueType: "integer" },
        { address: "Open", valueType: "boolean" },
      ],
    },
  });
  const view = site.view(SYSTEM);
  const changes = (view.reader(LIVE).query({ kind: "signal" }) as readonly SignalRecord[])
    .filter(({ name }) => name !== "Open")
    .map(({ id }): Change => ({ op: "update", id, fields: { shell: { from: undefined, to: "urn:OP30" } } }));
  await view.apply({ branch: LIVE, reason: "place them", changes });
  url = await site.outlets.show(site, { port: 0, host: "127.0.0.1", view });
  client = await connectTo(url);
});
afterAll(async () => {
  await client?.close();
  await closeApp();
  await site.close();
  rmSync(root, { recursive: true, force: true });
});

async function post(path: string, body: unknown): Promise<void> {
  const answer = await fetch(origin + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(answer.ok, `${path} ${answer.status}`).toBe(true);
}

const enter = (address: string, value: number | boolean | null, time?: string) =>
  post(`/api/doppelwerk/v1/connections/${site.connections.list()[0]!.id}/samples`, {
    values: [{ address, value, ...(time === undefined ? {} : { time }) }],
  });

async function nodeOf(folder: string, name: string, by = client): Promise<string> {
  let found: string | undefined;
  await until(async () => {
    const above = (await by.below("i=85")).find((node) => node.name === folder);
    found = above === undefined ? undefined : (await by.below(above.nodeId)).find((node) => node.name === name)?.nodeId;
    return found !== undefined;
  });
  return found!;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("never");
}

test("[OU1] signals are variables in folders by shell, with value, status, source time and unit; bad has no value; nobody can write", async () => {
  const temperature = await nodeOf("OP30", "Temperature");
  expect(await client.read(temperature)).toMatchObject({ status: "BadWaitingForInitialData" });
  await enter("Temperature", 21.5);
  await until(async () => (await client.read(temperature)).value === 21.5);
  const read = await client.read(temperature);
  expect(read.status).toBe("Good");
  expect(read.sourceTime!.getTime()).toBe(
    Math.floor(site.signals.live(site.signals.records().find(({ name }) => name === "Temperature")!.id)!.sourceTime / 1_000),
  );
  expect(await client.unit(temperature)).toBe("Cel");
  await enter("Open", true);
  const open = await nodeOf("book", "Open");
  await until(async () => (await client.read(open)).value === true);
  await enter("Good", 5_000_000_000);
  const good = await nodeOf("OP30", "Good");
  await until(async () => JSON.stringify((await client.read(good)).value) === JSON.stringify([1, 705_032_704]));
  await enter("Temperature", null);
  await until(async () => (await client.read(temperature)).status === "BadNoCommunication");
  expect((await client.read(temperature)).value).toBe(null);
  expect(await client.write(temperature, 99)).toMatch(/^Bad(NotWritable|UserAccessDenied|WriteNotSupported)$/);
});

test("[OU2] HistoryRead gives what the historian has, in order", async () => {
  const temperature = await nodeOf("OP30", "Temperature");
  const from = Date.now() - 3_600_000;
  for (let at = 0; at < 5; at++) await enter("Temperature", at, new Date(from + at * 60_000).toISOString());
  await until(async () => (await client.history(temperature, new Date(from - 1), new Date(from + 200_000))).length === 4);
  expect(await client.history(temperature, new Date(from - 1), new Date(from + 200_000))).toEqual([0, 1, 2, 3]);
});

test("[OU3] its process may die: it is back at the same port with nodes and values; a port in use is one line", async () => {
  const temperature = await nodeOf("OP30", "Temperature");
  await enter("Temperature", 33);
  await until(async () => (await client.read(temperature)).value === 33);
  const child = descendantsOf(process.pid).find((pid) => readCommand(pid).includes("out-main"));
  process.kill(child!, "SIGKILL");
  await client.close().catch(() => {});
  await until(() =>
    connectTo(url).then(
      (again) => ((client = again), true),
      () => false,
    ),
  );
  await until(async () => (await client.read(await nodeOf("OP30", "Temperature"))).value === 33);
  const port = new URL(url).port;
  const { code, stderr } = await runCommand([
    "serve",
    "--data",
    join(root, "other"),
    "--port",
    "0",
    "--no-open",
    "--json",
    "--opcua-port",
    port,
  ]);
  expect([code, stderr.trim().split("\n").at(-1)]).toEqual([1, expect.stringMatching(/the OPC UA server cannot listen on port \d+: /)]);
});

test("[OU4] a signal that comes, moves or goes is seen without a restart", async () => {
  const view = site.view(SYSTEM);
  const open = site.signals.records().find(({ name }) => name === "Open")!;
  await view.apply({
    branch: LIVE,
    reason: "move",
    changes: [{ op: "update", id: open.id, fields: { shell: { from: undefined, to: "urn:OP30" } } }],
  });
  const moved = await nodeOf("OP30", "Open");
  await until(async () => (await client.read(moved)).value === true);
});

function readCommand(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}
