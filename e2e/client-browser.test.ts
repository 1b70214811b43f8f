import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeId } from "@doppelwerk/aas";
import { importChanges, LIVE, type Change, type Principal } from "@doppelwerk/world";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listenTo } from "../packages/connectors/src/publish/test-listener.ts";
import { startBroker, type TestBroker } from "../packages/connectors/src/sparkplug/test-broker.ts";
import { outlets } from "@doppelwerk/ports";
import { openProduct, plantsOf } from "../apps/doppelwerk/src/site-of-product.fixture.ts";
import { SYSTEM, type HostedWorld } from "../packages/server/src/compose/open-hosted-world.ts";
import { createSiteApp } from "../packages/server/src/compose/register-routes.ts";
import { bundle } from "./bundle.ts";
import { eventually, startBrowser } from "./running-site.ts";

// The client package in Chromium, as a page loads it, against a server and a broker over real sockets.
const SHELLS = 250;
const READER: Principal = { id: "person:reader", name: "Reader", verified: false, roles: ["viewer"] };
const folder = mkdtempSync(join(tmpdir(), "doppelwerk-client-browser-"));
let site: HostedWorld;
let app: Awaited<ReturnType<typeof createSiteApp>>;
let origin: string;
let browser: Browser;
let broker: TestBroker;

beforeAll(async () => {
  site = await openProduct(folder);
  // who does not say who he is only reads: a browser's WebSocket and EventSource say nothing
  const viewOf: HostedWorld["viewOf"] = (request) =>
    request.headers["doppelwerk-person"] === undefined ? site.view(READER) : site.viewOf(request);
  app = await createSiteApp(Object.assign(Object.create(site) as HostedWorld, { viewOf }));
  site.hub.attach(app.server);
  origin = await app.listen({ port: 0, host: "127.0.0.1" });
  broker = await startBroker();
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
  await app?.close();
  await site?.close();
  await broker?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<void> {
  const answer = await fetch(`${origin}/api/doppelwerk/v1${path}`, {
    method: path.startsWith("/secrets") ? "PUT" : "POST",
    headers: { "content-type": "application/json", "doppelwerk-person": "secret-of-ann", ...headers },
    body: JSON.stringify(body),
  });
  expect(answer.ok, `${path}: ${answer.status}`).toBe(true);
}

/** A submodel as one entry of the log; `readers` = the only roles that may see it. */
async function write(idShort: string, readers?: readonly string[]): Promise<void> {
  const view = site.view(SYSTEM);
  const { changes } = importChanges(view.reader(LIVE), { submodels: [{ modelType: "Submodel", id: `urn:${idShort}`, idShort }] }, idShort);
  const own = changes.map((change): Change =>
    change.op === "create" && readers !== undefined ? { ...change, record: { ...change.record, readers: [...readers] } } : change,
  );
  await view.apply({ branch: LIVE, reason: idShort, changes: own });
}

const PROGRAM = `
  import { aasEvents, createClient, listShells, liveValues } from "/src/index.ts";
  const baseUrl = location.origin;
  let asked = 0;
  const fetch = (url, init) => (asked++, globalThis.fetch(url, init));
  const after = (milliseconds, run) => { const timer = setTimeout(run, milliseconds); return () => clearTimeout(timer); };

  globalThis.pages = async () => {
    const api = { url: baseUrl + "/api/v3", fetch };
    const ids = new Set();
    for await (const { id } of listShells(api, { pageSize: 100 })) ids.add(id);
    const forAll = asked;
    for await (const { id } of listShells(api, { pageSize: 100 })) if (ids.has(id)) break;
    return { shells: ids.size, forAll, forOne: asked - forAll };
  };

  globalThis.values = async (signal) => {
    const client = createClient({ baseUrl, person: { id: "secret-of-bo", name: "Bo" }, fetch, WebSocket, after, now: () => Date.now() * 1000 });
    const live = client.live();
    await new Promise((resolve) => live.on((event) => event.kind === "welcome" && resolve()));
    const seen = [];
    for await (const { value } of liveValues(live, [signal])) {
      if (seen.at(-1) === value) continue;
      seen.push(value);
      if (seen.length === 3) break;
      await measure(value + 1);
    }
    const rest = liveValues(live, [signal]);
    const ended = rest.next().then(function on(step) { return step.done ? "ended" : rest.next().then(on); });
    live.close();
    return { seen, rest: await ended };
  };

  globalThis.events = async (query) => {
    const stop = new AbortController();
    const seen = [];
    const loop = (async () => {
      for await (const { type, data } of aasEvents({ baseUrl, fetch, after, since: "0", kinds: ["submodels"], query, signal: stop.signal })) {
        seen.push(type.split(".").at(-1) + " " + data.idShort);
        if (data.idShort === "WantedOne") await write("WantedTwo");
        if (data.idShort === "WantedTwo") stop.abort();
      }
      return "ended";
    })();
    return { seen, loop: await loop };
  };

  globalThis.socketEvents = (encoded) => new Promise((resolve, reject) => {
    const socket = new WebSocket(baseUrl.replace("http", "ws") + "/api/doppelwerk/v1/branches/live/events?after=0&kinds=submodels&query=" + encoded, "cloudevents.json");
    const seen = [];
    socket.onmessage = ({ data }) => {
      seen.push(JSON.parse(data).data.idShort);
      if (seen.at(-1) === "WantedTwo") write("WantedThree");
      if (seen.at(-1) === "WantedThree") socket.close(1000);
    };
    socket.onerror = () => reject(new Error("the WebSocket failed"));
    socket.onclose = ({ wasClean }) => resolve({ seen, wasClean, protocol: socket.protocol });
  });
`;

test("[client C11] [client C14] [client C15] [client C16] [server EV3] [server EV4] [server EV7] [PB6] in a browser: shells by the page, live values and events as loops that end, over WebSocket and MQTT too only what is asked for and may be seen", async () => {
  const shell = (number: number) => ({
    modelType: "AssetAdministrationShell" as const,
    id: `urn:shell:${number}`,
    assetInformation: { assetKind: "Instance" as const, globalAssetId: `urn:asset:${number}` },
  });
  const view = site.view(SYSTEM);
  const many = importChanges(
    view.reader(LIVE),
    { assetAdministrationShells: Array.from({ length: SHELLS }, (_, each) => shell(each)) },
    "many",
  );
  await view.apply({ branch: LIVE, reason: "many", changes: many.changes });
  await post("/secrets/machine", { token: "a-token" });
  const settings = { signals: [{ address: "Good", valueType: "integer" }] };
  await post("/connections", { url: "push:line", name: "pushed", protocol: "push", secret: "machine", settings });
  const connection = (await plantsOf(site).list())[0]!.id;
  const measure = (value: number) =>
    post(`/connections/${connection}/samples`, { values: [{ address: "Good", value }] }, { authorization: "Bearer a-token" });
  const [signal] = view.reader(LIVE).query({ kind: "signal" });

  const query = { $condition: { "$starts-with": [{ $field: "$sm#idShort" }, { $strVal: "Wanted" }] } };
  const narrowed = { values: false, eventKinds: "submodels", eventQuery: query };
  await site.features.port(outlets).publish({ url: broker.url, settings: narrowed, serverUrl: origin });
  const listener = await listenTo(broker.url, "noauth/#");

  const page = await browser.newPage({ bypassCSP: true });
  const troubles: string[] = [];
  const sockets = new Set<unknown>();
  page.on("pageerror", (error) => troubles.push(error.message));
  page.on("websocket", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await page.exposeFunction("measure", measure);
  await page.exposeFunction("write", (idShort: string) => write(idShort));
  await page.goto(`${origin}/healthz`);
  await page.addScriptTag({ content: await bundle(PROGRAM) });

  expect(await page.evaluate("pages()")).toEqual({ shells: SHELLS, forAll: 3, forOne: 1 });

  await measure(7);
  expect(await page.evaluate(`values(${JSON.stringify(signal!.id)})`)).toEqual({ seen: [7, 8, 9], rest: "ended" });

  await write("Other");
  await write("WantedSecret", ["administrator"]);
  await write("WantedOne");
  expect(await page.evaluate(`events(${JSON.stringify(query)})`)).toEqual({
    seen: ["created WantedOne", "created WantedTwo"],
    loop: "ended",
  });
  expect(await page.evaluate(`socketEvents(${JSON.stringify(encodeId(JSON.stringify(query)))})`)).toEqual({
    seen: ["WantedOne", "WantedTwo", "WantedThree"],
    wasClean: true,
    protocol: "cloudevents.json",
  });
  const heard = () => listener.heard.map(({ text }) => (JSON.parse(text) as { readonly data: { readonly idShort: string } }).data.idShort);
  await listener.until("the last submodel", () => heard().includes("WantedThree"));
  // whom the broker lets read is the broker's to decide: the server publishes everything that is asked for
  expect(heard()).toEqual(["WantedSecret", "WantedOne", "WantedTwo", "WantedThree"]);

  await eventually(() => sockets.size === 0 || undefined, "every socket of the page is closed");
  expect(troubles).toEqual([]);
  await page.close();
  await listener.end();
});
