import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hashedId, LIVE, type Change, type SignalRecord } from "@doppelwerk/world";
import { afterAll, afterEach, expect, test } from "vitest";
import { listenTo, type TestListener } from "../../packages/connectors/src/publish/test-listener.ts";
import { startBroker, type TestBroker } from "../../packages/connectors/src/sparkplug/test-broker.ts";
import { openProduct, plantsOf } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { createSiteApp, SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { outlets } from "@doppelwerk/ports";
import { checkPublication } from "./server/mqtt/settings.ts";
import { runCommand, startServer } from "../../e2e/running-site.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-publish-"));
const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Plant {
  readonly site: HostedWorld;
  readonly origin: string;
  readonly metrics: () => Promise<string>;
  post(path: string, body: unknown, method?: string): Promise<Response>;
  push(address: string, value: number | null): Promise<void>;
  close(): Promise<void>;
}

/** A server in this process, over a real socket. */
async function openPlant(folder: string, broker?: { readonly url: string; readonly settings?: object }): Promise<Plant> {
  const site = await openProduct(join(root, folder));
  const app = await createSiteApp(site);
  const origin = await app.listen({ port: 0, host: "127.0.0.1" });
  let open = true;
  const plant: Plant = {
    site,
    origin,
    metrics: async () => (await fetch(`${origin}/metrics`)).text(),
    async post(path, body, method = "POST") {
      const answer = await fetch(origin + path, {
        method,
        headers: { "content-type": "application/json", authorization: "Bearer a-token" },
        body: JSON.stringify(body),
      });
      expect(answer.ok, `${method} ${path}: ${answer.status} ${answer.ok ? "" : await answer.text()}`).toBe(true);
      return answer;
    },
    async push(address, value) {
      const id = (await plantsOf(site).list()).find(({ protocol }) => protocol === "push")!.id;
      await plant.post(`/api/doppelwerk/v1/connections/${id}/samples`, { values: [{ address, value }] });
    },
    async close() {
      if (!open) return;
      open = false;
      await app.close();
      await site.close();
    },
  };
  stops.push(() => plant.close());
  if (broker !== undefined) await publish(plant, broker);
  return plant;
}

function publish({ site, origin }: Plant, { url, settings }: { readonly url: string; readonly settings?: object }): Promise<void> {
  return site.features.port(outlets).publish({ url, settings: { intervalMs: 20, ...settings }, serverUrl: origin });
}

const shell = (name: string) => ({
  modelType: "AssetAdministrationShell",
  id: `urn:shell:${name}`,
  idShort: name,
  assetInformation: { assetKind: "Instance", globalAssetId: `urn:asset:${name}` },
});
const entity = (idShort: string, asset: string, statements: readonly unknown[] = []) => ({
  modelType: "Entity",
  idShort,
  entityType: "SelfManagedEntity",
  globalAssetId: `urn:asset:${asset}`,
  ...(statements.length === 0 ? {} : { statements }),
});

/** ACME > Ulm > Assembly > Line1 > OP30, in two submodels, and two signals of OP30. */
async function build(plant: Plant): Promise<void> {
  for (const name of ["ACME", "Ulm", "Assembly", "Line1", "OP30"]) await plant.post("/api/v3/shells", shell(name));
  const deep = entity("EntryNode", "ACME", [entity("Ulm", "Ulm", [entity("Assembly", "Assembly", [entity("Line1", "Line1")])])]);
  const flat = entity("EntryNode", "Line1", [entity("OP30", "OP30")]);
  for (const [id, node] of [
    ["urn:h:1", deep],
    ["urn:h:2", flat],
  ] as const)
    await plant.post("/api/v3/submodels", { modelType: "Submodel", id, idShort: "HierarchicalStructures", submodelElements: [node] });
  await plant.post("/api/doppelwerk/v1/secrets/machine", { token: "a-token" }, "PUT");
  await plant.post("/api/doppelwerk/v1/connections", {
    url: "push:line",
    name: "pushed",
    protocol: "push",
    secret: "machine",
    settings: {
      signals: [{ address: "OP30.Temperature", unit: "Cel" }, { address: "OP30.Good", valueType: "integer" }, { address: "loose #1" }],
    },
  });
  const view = plant.site.view(SYSTEM);
  const signals = view.reader(LIVE).query({ kind: "signal" }) as readonly SignalRecord[];
  const changes = signals
    .filter(({ address }) => address?.startsWith("OP30"))
    .map(({ id }): Change => ({ op: "update", id, fields: { shell: { from: undefined, to: "urn:shell:OP30" } } }));
  await view.apply({ branch: LIVE, reason: "they belong to OP30", changes });
}

async function aBroker(port?: number): Promise<TestBroker> {
  const broker = await startBroker(port);
  let running = true;
  const stop = broker.stop;
  const stopped = { ...broker, stop: async () => (running ? ((running = false), stop()) : undefined) };
  stops.push(() => stopped.stop());
  return stopped;
}

async function listen(url: string, ...filters: readonly string[]): Promise<TestListener> {
  const listener = await listenTo(url, ...filters);
  stops.push(() => listener.end().catch(() => {}));
  return listener;
}

const TEMPERATURE = "uns/ACME/Ulm/Assembly/Line1/OP30/Temperature";
const json = (listener: TestListener, topic: string) => JSON.parse(listener.last(topic)?.text || "null") as Record<string, unknown> | null;

test("[PB1] every live value stands retained under its place in the plant, with quality, unit and source time; what moves leaves nothing behind", async () => {
  const broker = await aBroker();
  const plant = await openPlant("values");
  await build(plant);
  await publish(plant, { url: broker.url });
  const listener = await listen(broker.url, "uns/#");
  await plant.push("OP30.Temperature", 21.5);
  await plant.push("OP30.Good", 7);
  await plant.push("loose #1", 1);
  await listener.until("three values", () =>
    ["uns/pushed/loose_1", `${TEMPERATURE.replace("Temperature", "Good")}`, TEMPERATURE].every((topic) => json(listener, topic)),
  );
  expect(json(listener, TEMPERATURE)).toEqual({
    value: 21.5,
    quality: "good",
    unit: "Cel",
    sourceTime: expect.stringMatching(/^\d{4}-.*\.\d{6}Z$/),
  });
  await plant.push("OP30.Temperature", null);
  await listener.until("no value", () => json(listener, TEMPERATURE)?.["quality"] === "bad");
  expect(json(listener, TEMPERATURE)).toMatchObject({ value: null, quality: "bad" });

  // a late comer gets what stands
  const late = await listen(broker.url, "uns/#");
  await late.until("what is kept", () => late.heard.length >= 4);
  expect(late.heard.every(({ retained }) => retained)).toBe(true);
  expect(json(late, "uns/_doppelwerk/status")).toMatchObject({ state: "online", world: "default" });

  // renamed: the old topic is cleared
  const view = plant.site.view(SYSTEM);
  const loose = plant.site.signals.records().find(({ address }) => address === "loose #1")!;
  await view.apply({
    branch: LIVE,
    reason: "named",
    changes: [{ op: "update", id: loose.id, fields: { name: { from: loose.name, to: "Flow" } } }],
  });
  await listener.until(
    "the new name",
    () => json(listener, "uns/pushed/Flow") !== null && listener.last("uns/pushed/loose_1")?.text === "",
  );
  expect(await plant.metrics()).toMatch(/doppelwerk_publish_up 1\n[\s\S]*doppelwerk_publish_values_total [4-9]/);
});

test("[PB2] a broker that was away gets every value and every event of the meantime, in order", async () => {
  let broker = await aBroker();
  const { port, url } = broker;
  const plant = await openPlant("broker-restart");
  await build(plant);
  await publish(plant, { url });
  const before = await listen(url, "#");
  await plant.push("OP30.Temperature", 1);
  await plant.post("/api/v3/shells", shell("First"));
  await before.until("value and event", () => json(before, TEMPERATURE) !== null && before.last("noauth") !== undefined);
  expect(json(before, "noauth")).toMatchObject({
    specversion: "1.0",
    type: "io.admin-shell.events.v1.created",
    source: expect.stringMatching(new RegExp(`^${plant.origin}/api/v3/shells/`)),
  });

  await broker.stop();
  const names = Array.from({ length: 40 }, (_, i) => `Away${i}`);
  for (const name of names) await plant.post("/api/v3/shells", shell(name));
  await plant.push("OP30.Temperature", 2);
  broker = await aBroker(port);
  const after = await listen(url, "#");
  await after.until("the last event", () => after.last("noauth")?.text.includes("Away39") === true);
  await after.until("the value", () => json(after, TEMPERATURE)?.["value"] === 2);
  // the memory of this broker is empty, and so everything was told again
  const ids = after.heard
    .filter(({ topic }) => topic === "noauth")
    .map(({ text }) => (JSON.parse(text) as { data: { idShort: string } }).data.idShort);
  expect(ids.filter((name, at) => name.startsWith("Away") && ids.indexOf(name) === at)).toEqual(names);
  expect(json(after, "uns/_doppelwerk/status")).toMatchObject({ state: "online" });
});

test("[PB3] after a restart of the server the events of the meantime are told, and none before its place again", async () => {
  const broker = await aBroker();
  const first = await openPlant("server-restart");
  await build(first);
  await publish(first, { url: broker.url });
  const listener = await listen(broker.url, "noauth", "uns/_doppelwerk/status");
  await first.post("/api/v3/shells", shell("Told"));
  await listener.until("the event", () => listener.last("noauth")?.text.includes("Told") === true);
  await first.site.features.switchFeature("publish", false);
  await listener.until("the farewell", () => json(listener, "uns/_doppelwerk/status")?.["state"] === "offline");
  // it runs on without a broker, and is started again with one
  await first.post("/api/v3/shells", shell("Untold1"));
  await first.close();
  const second = await openPlant("server-restart");
  await second.site.features.switchFeature("publish", true);
  await second.post("/api/v3/shells", shell("Untold2"));
  await publish(second, { url: broker.url });
  await listener.until("the last", () => listener.last("noauth")?.text.includes("Untold2") === true);
  const told = listener.heard
    .filter(({ topic }) => topic === "noauth")
    .map(({ text }) => (JSON.parse(text) as { data: { idShort: string } }).data.idShort);
  expect(told).toEqual(["Told", "Untold1", "Untold2"]);
  await second.close();

  // a log that was restored from an older copy counts its revisions again
  const placeFile = join(root, "server-restart", "published.json");
  writeFileSync(placeFile, readFileSync(placeFile, "utf8").replace(/"revision":\d+/, '"revision":1000000'));
  const restored = await openPlant("server-restart", { url: broker.url });
  await restored.post("/api/v3/shells", shell("AfterRestore"));
  await listener.until("an event after the restore", () => listener.last("noauth")?.text.includes("AfterRestore") === true);
  await restored.close();

  writeFileSync(placeFile, "{");
  const third = await openPlant("server-restart");
  await expect(publish(third, { url: broker.url })).rejects.toThrow(/delete the file to start from now: .*published\.json/);
});

test("[PB6] events are narrowed by type, kind and query, and slim where that is requested; a query that is none is refused", async () => {
  const broker = await aBroker();
  const plant = await openPlant("narrow");
  const query = { $condition: { $eq: [{ $field: "$sm#idShort" }, { $strVal: "Wanted" }] } };
  const settings = { eventTypes: "created,valueChanged", eventKinds: "submodels,elements", eventQuery: query, eventSlim: true };
  await publish(plant, { url: broker.url, settings });
  const listener = await listen(broker.url, "noauth");
  const submodel = (idShort: string) => ({
    modelType: "Submodel",
    id: `urn:${idShort}`,
    idShort,
    submodelElements: [{ modelType: "Property", idShort: "size", valueType: "xs:int", value: "1" }],
  });
  await plant.post("/api/v3/shells", shell("Unwanted"));
  for (const idShort of ["Other", "Wanted"]) {
    await plant.post("/api/v3/submodels", submodel(idShort));
    const at = `/api/v3/submodels/${Buffer.from(`urn:${idShort}`).toString("base64url")}`;
    await plant.post(`${at}/submodel-elements/size/$value`, 2, "PATCH");
    await plant.post(
      `${at}/submodel-elements/size/$metadata`,
      { modelType: "Property", category: "CONSTANT", valueType: "xs:int" },
      "PATCH",
    );
    await plant.post(`${at}/submodel-elements/size/$value`, 3, "PATCH");
  }
  const told = () => listener.heard.map(({ text }) => JSON.parse(text) as { type: string; source: string; data?: unknown });
  await listener.until("the last value", () => told().length === 3);
  expect(told().map(({ type, data }) => [type.split(".").at(-1), data])).toEqual([
    ["created", undefined],
    ["valueChanged", undefined],
    ["valueChanged", undefined],
  ]);
  const other = await openPlant("narrowed-badly");
  await expect(publish(other, { url: broker.url, settings: { eventQuery: { $condition: {} } } })).rejects.toThrow(
    /not valid at \/\$condition/,
  );
  await expect(publish(other, { url: broker.url, settings: { eventTypes: "created,renamed" } })).rejects.toThrow(/eventTypes/);
});

test("[PB4] a connector that reads everything of the same broker starts no circle: our own topics are never told again", async () => {
  const broker = await aBroker();
  const plant = await openPlant("echo");
  await build(plant);
  await publish(plant, { url: broker.url });
  const listener = await listen(broker.url, "#");
  await plant.push("OP30.Temperature", 5);
  await listener.say("plant/a/speed", "1", true);
  await listener.until("the value", () => json(listener, TEMPERATURE)?.["value"] === 5);
  await plant.post("/api/doppelwerk/v1/connections", {
    url: broker.url,
    name: "everything",
    protocol: "mqtt",
    settings: { template: "{all+}", discoverS: 0.5 },
  });
  const read = plant.site.signals
    .records()
    .filter(({ connection }) => connection === hashedId("connection", "connect", `mqtt ${broker.url}`));
  expect(read.some(({ address }) => address?.startsWith(TEMPERATURE))).toBe(true);
  const ours = () => listener.heard.filter(({ topic }) => topic.startsWith("uns/") && !topic.endsWith("/status"));
  await listener.until("the signal of the other", () => ours().some(({ topic }) => /^uns\/everything\/.*speed$/.test(topic)));
  // each push is one message of ours, however many times round it could go
  for (let value = 10; value < 20; value++) {
    await plant.push("OP30.Temperature", value);
    await listener.until(`value ${value}`, () => json(listener, TEMPERATURE)?.["value"] === value);
  }
  expect(ours().filter(({ topic }) => topic.startsWith("uns/everything/uns"))).toEqual([]);
  expect(ours().filter(({ topic }) => topic === TEMPERATURE).length).toBeLessThanOrEqual(12);
  expect(await plant.metrics()).toMatch(/doppelwerk_publish_own_echoes [1-9]/);
});

test("[PB5] a killed server is offline by its last will; bad requests of the command line are one line and exit 1", async () => {
  const broker = await aBroker();
  const listener = await listen(broker.url, "acme/ulm/#");
  const server = await startServer(join(root, "will"), ["--publish", broker.url, "--publish-set", "prefix=acme/ulm"]);
  stops.push(() => server.stop().catch(() => {}));
  await listener.until("the birth", () => json(listener, "acme/ulm/_doppelwerk/status")?.["state"] === "online");
  await server.stop("SIGKILL");
  await listener.until("the will", () => json(listener, "acme/ulm/_doppelwerk/status")?.["state"] === "offline");

  const refused = async (...args: readonly string[]) => {
    const { code, stderr } = await runCommand(["serve", "--data", join(root, "bad"), "--port", "0", "--no-open", "--json", ...args]);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(code).toBe(1);
    return stderr;
  };
  const wrong =
    (address: string, settings: object = {}) =>
    () =>
      checkPublication({ url: address, settings });
  expect(wrong("http://broker")).toThrow(/the address of a broker looks like mqtts:\/\/broker:8883: http:/);
  expect(wrong("mqtt://anna:secret@broker")).toThrow(/must not contain user or password.*\(broker\)/);
  expect(wrong(broker.url, { prefix: "a/#" })).toThrow(/settings of publish: prefix: a topic has levels/);
  expect(wrong(broker.url, { prefix: "spBv1.0/a" })).toThrow(/belong to Sparkplug/);
  expect(wrong(broker.url, { prefix: "noauth" })).toThrow(/eventTopic is below prefix/);
  expect(await refused("--publish", broker.url, "--publish-secret", "nobody")).toMatch(/no secret of this name in the store: nobody/);
  expect(readFileSync(join(root, "will", "published.json"), "utf8")).toMatch(/noauth/);
});
