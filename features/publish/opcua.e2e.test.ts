import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { STATION_STATES } from "@doppelwerk/operations";
import { importChanges, LIVE, type Change, type SignalRecord } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestCertificate } from "../../packages/connectors/src/opcua/test-certificate.ts";
import { connectTo, type TestClient } from "../../packages/connectors/src/opcua-out/test-client.ts";
import { openProduct, plantsOf } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { createSiteApp, SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { outlets } from "@doppelwerk/ports";
import { alarmSignalId, stateSignalId } from "@doppelwerk/operations";
import { smallPlant } from "../../packs/discrete-line/src/small-plant.fixture.ts";
import { descendantsOf } from "../../e2e/processes.ts";
import { runCommand } from "../../e2e/running-site.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-opcua-out-"));
let site: HostedWorld;
let origin: string;
let url: string;
let client: TestClient;
let closeApp: () => Promise<unknown>;
beforeAll(async () => {
  site = await openProduct(join(root, "data"));
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
  const settings = { modes: "None,Sign,SignAndEncrypt", anonymous: true };
  url = await site.features.port(outlets).show({ port: 0, host: "127.0.0.1", settings });
  client = await connectTo(url);
});
afterAll(async () => {
  await client?.close().catch(() => {});
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

const enter = async (address: string, value: number | boolean | null, time?: string) =>
  post(`/api/doppelwerk/v1/connections/${(await plantsOf(site).list())[0]!.id}/samples`, {
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
  for (let tries = 0; tries < 4_800; tries++) {
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
  const read = (start: number | undefined, end: number | undefined, most?: number) =>
    client.history(temperature, start === undefined ? undefined : new Date(start), end === undefined ? undefined : new Date(end), most);
  expect(await read(from - 1, from + 200_000)).toEqual([0, 1, 2, 3]);
  for (const most of [1, 2, 3, 4, 5]) {
    expect(await read(from, from + 240_001, most)).toEqual([0, 1, 2, 3, 4]);
    expect(await read(from + 240_000, from - 1, most)).toEqual([4, 3, 2, 1, 0]);
  }
  // the start is part of it, the end is not
  expect(await read(from, from + 60_000)).toEqual([0]);
  expect(await read(from + 60_000, from)).toEqual([1]);
  // only one end and a number
  expect(await read(undefined, from + 200_000, 2)).toEqual([3, 2]);
  expect(await read(from + 100_000, undefined, 2)).toEqual([2, 3]);
  await expect(read(undefined, undefined, 2)).rejects.toThrow("BadHistoryOperationInvalid");
  await expect(read(from, undefined)).rejects.toThrow("BadHistoryOperationInvalid");
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

const READERS = "/api/doppelwerk/v1/opcua-server/readers";

async function put(path: string, body: unknown): Promise<{ readonly status: number; readonly text: string }> {
  const answer = await fetch(origin + path, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: answer.status, text: await answer.text() };
}

interface Certificate {
  readonly thumbprint: string;
  readonly decision: string;
  readonly met: readonly string[];
}

const certificates = async (): Promise<readonly Certificate[]> =>
  (await (await fetch(`${origin}/api/doppelwerk/v1/certificates`)).json()) as readonly Certificate[];
const decide = (thumbprint: string, decision: string) => put(`/api/doppelwerk/v1/certificates/${thumbprint}`, { decision });

test("[OU5] a client's certificate waits until a person trusts it, in every mode and policy; a decision that is taken back ends its session; an expired one is refused", async () => {
  const pkiFolder = join(root, "scada");
  await expect(connectTo(url, { pkiFolder })).rejects.toThrow();
  const [met, ...others] = await certificates();
  expect([met?.decision, met?.met, others]).toEqual(["open", ["client"], []]);
  expect((await decide(met!.thumbprint, "trusted")).status).toBe(200);
  for (const [mode, policy] of [
    ["Sign", "Basic256Sha256"],
    ["SignAndEncrypt", "Aes128_Sha256_RsaOaep"],
  ] as const)
    await (await connectTo(url, { pkiFolder, mode, policy })).close();
  const inside = await connectTo(url, { pkiFolder, policy: "Aes256_Sha256_RsaPss" });
  const temperature = await nodeOf("OP30", "Temperature", inside);
  expect((await inside.read(temperature)).value).toBe(33);
  await decide(met!.thumbprint, "rejected");
  await until(() =>
    inside.read(temperature).then(
      () => false,
      () => true,
    ),
  );
  await inside.close().catch(() => {});
  await expect(connectTo(url, { pkiFolder })).rejects.toThrow();
  await decide(met!.thumbprint, "trusted");
  const expired = await createTestCertificate(root, "old", { days: [-20, -10] });
  const { certificateFile, privateKeyFile } = expired;
  const old = { pkiFolder: join(root, "old-pki"), certificate: { certificateFile, privateKeyFile } };
  await expect(connectTo(url, old)).rejects.toThrow();
  const known = (await certificates()).find(({ thumbprint }) => thumbprint !== met!.thumbprint)!;
  await decide(known.thumbprint, "trusted");
  await expect(connectTo(url, old)).rejects.toThrow();
});

test("[OU6] readers log in with a role and see what it may: what others may not read has no name, no value, no history; a wrong password is refused, one let out is out", async () => {
  const pkiFolder = join(root, "scada");
  expect((await put(`${READERS}/anna`, { password: "kurz", role: "viewer" })).text).toContain("a password has 8 to 200 characters");
  expect((await put(`${READERS}/anonymous`, { password: "lang-genug", role: "viewer" })).status).toBe(400);
  expect((await put(`${READERS}/anna`, { password: "lang-genug", role: "king" })).status).toBe(400);
  expect((await put(`${READERS}/anna`, { password: "lang-genug", role: "viewer" })).status).toBe(204);
  expect((await put(`${READERS}/emil`, { password: "auch-lang-genug", role: "engineer" })).status).toBe(204);
  const view = site.view(SYSTEM);
  const good = site.signals.records().find(({ name }) => name === "Good")!;
  const before = await nodeOf("OP30", "Good");
  await view.apply({
    branch: LIVE,
    reason: "for engineers",
    changes: [{ op: "update", id: good.id, fields: { readers: { from: undefined, to: ["engineer"] } } }],
  });
  await expect(connectTo(url, { pkiFolder, user: ["anna", "falsch-falsch"] })).rejects.toThrow();
  const anna = await connectTo(url, { pkiFolder, user: ["anna", "lang-genug"] });
  const emil = await connectTo(url, { pkiFolder, user: ["emil", "auch-lang-genug"] });
  const names = async (by: TestClient) => (await by.below(await folderOf("OP30", by))).map(({ name }) => name).toSorted();
  await until(async () => (await names(anna)).length === 2);
  expect([await names(anna), await names(client), await names(emil)]).toEqual([
    ["Open", "Temperature"],
    ["Open", "Temperature"],
    ["Good", "Open", "Temperature"],
  ]);
  expect((await emil.read(before)).value).toEqual([1, 705_032_704]);
  expect(await anna.read(before)).toMatchObject({ value: null, status: "BadUserAccessDenied" });
  await expect(anna.history(before, new Date(0), new Date())).rejects.toThrow("BadUserAccessDenied");
  expect(await emil.write(await nodeOf("OP30", "Temperature", emil), 1)).toMatch(/^Bad/);
  expect((await fetch(`${origin}${READERS}/emil`, { method: "DELETE" })).status).toBe(204);
  await until(() =>
    emil.read(before).then(
      () => false,
      () => true,
    ),
  );
  await Promise.all([anna.close(), emil.close().catch(() => {})]);
  const file = readFileSync(join(root, "data", "connectors", "opcua-readers.json"), "utf8");
  expect(file).not.toMatch(/lang-genug/);
});

test("[OU8] browse names of one folder differ: signals of one name are told apart by their addresses", async () => {
  await post("/api/doppelwerk/v1/connections", {
    url: "entered:carts",
    name: "carts",
    protocol: "entered",
    settings: { signals: ["Cart1", "Cart2"].map((cart) => ({ address: `Hall/${cart}/Speed`, name: "Speed" })) },
  });
  const [first, second] = [await nodeOf("carts", "Cart1"), await nodeOf("carts", "Cart2")];
  for (const cart of [first, second]) expect((await client.below(cart)).map(({ name }) => name)).toEqual(["Speed"]);
  expect((await client.below(await folderOf("carts", client))).length).toBe(2);
});

test("[OU9] an alarm that was never raised is normal, and a state that never changed is what it is: no client waits for a first value for ever", async () => {
  const view = site.view(SYSTEM);
  const word = (text: string) => ({ en: text, zh: text });
  const rule = {
    id: "alarmRule:never",
    kind: "alarmRule",
    title: word("never"),
    condition: { kind: "state", station: "S30", states: ["fault"] },
    priority: 2,
    onDelayS: 0,
    offDelayS: 0,
    cause: word("cause"),
    consequence: word("consequence"),
    response: word("response"),
    timeToRespondS: 60,
    latching: false,
    suppressedIn: [],
    enabled: true,
  };
  const changes = [...importChanges(view.reader(LIVE), smallPlant(), "file").changes, { op: "create", record: rule } as Change];
  await view.apply({ branch: LIVE, reason: "a line", changes });
  const read = (id: string) => client.read(`ns=${namespaceOf(open)};s=${id}`);
  const open = await nodeOf("OP30", "Open");
  await until(async () => (await read(alarmSignalId(rule.id))).status === "Good");
  expect((await read(alarmSignalId(rule.id))).value).toBe(0);
  await until(async () => (await read(stateSignalId("S30"))).status === "Good");
  expect(STATION_STATES[Number((await read(stateSignalId("S30"))).value)]).toBe("unknown");
});

const namespaceOf = (nodeId: string) => /^ns=(\d+);/.exec(nodeId)![1];

test("[OU7] without a setting nobody comes in without a certificate and a login; a bad setting is one line", async () => {
  await client.close();
  await site.features.switchFeature("publish", false);
  expect((await fetch(`${origin}/api/doppelwerk/v1/opcua-server`)).status).toBe(404);
  await site.features.switchFeature("publish", true);
  const request = { port: 0, host: "127.0.0.1" };
  await expect(site.features.port(outlets).show({ ...request, settings: { modes: "Sign,Open" } })).rejects.toThrow(
    "settings of OPC UA: modes.1: must be one of",
  );
  const again = await site.features.port(outlets).show(request);
  const pkiFolder = join(root, "scada");
  await expect(connectTo(again)).rejects.toThrow();
  await expect(connectTo(again, { pkiFolder })).rejects.toThrow();
  const anna = await connectTo(again, { pkiFolder, user: ["anna", "lang-genug"] });
  await until(async () => (await anna.read(await nodeOf("OP30", "Temperature", anna))).value === 33);
  await anna.close();
});

async function folderOf(name: string, by: TestClient): Promise<string> {
  return (await by.below("i=85")).find((node) => node.name === name)!.nodeId;
}

function readCommand(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}
