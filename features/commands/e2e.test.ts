import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeId } from "@doppelwerk/aas";
import { LIVE, type Json, type SignalRecord } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startAlarmPlant } from "../../packages/connectors/src/opcua/test-alarm-plant.ts";
import { startTestMachine, type TestMachine } from "../../packages/connectors/src/command/test-machine.ts";
import { listenTo } from "../../packages/connectors/src/publish/test-listener.ts";
import { startBroker } from "../../packages/connectors/src/sparkplug/test-broker.ts";
import * as contract from "./contract.ts";
import type { Command } from "./contract.ts";
import { openJournal } from "@doppelwerk/storage/journal";
import { CommandService } from "./server/command-service.ts";
import { createSiteApp, SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { openProduct, serveAs, plantsOf } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-commands-"));
let machine: TestMachine;
let site: HostedWorld;
let origin: string;
let closeApp: () => Promise<void>;
beforeAll(async () => {
  machine = await startTestMachine(join(root, "pki"));
  site = await openProduct(join(root, "data"));
  const app = await createSiteApp(site);
  closeApp = async () => void (await app.close());
  origin = await app.listen({ port: 0, host: "127.0.0.1" });
  expect((await own("POST", "/connections", { url: machine.url, name: "mill" })).status).toBe(201);
});
afterAll(async () => {
  await closeApp();
  await site.close();
  await machine.stop();
  rmSync(root, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  // oxlint-disable-next-line no-explicit-any -- an answer has no type before it is judged
  readonly body: any;
}

async function own(method: string, path: string, body?: unknown, as = "anna"): Promise<Answer> {
  const answer = await fetch(`${origin}/api/doppelwerk/v1${path}`, {
    method,
    headers: {
      "doppelwerk-person": `secret of ${as}`,
      "doppelwerk-name": as,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === "" ? undefined : JSON.parse(text) };
}

const signal = (name: string): SignalRecord => site.signals.records().find((record) => record.address?.endsWith(`s=${name}`))!;
const ask = (name: string, value: Json) => own("POST", "/commands", { signal: signal(name).id, value, reason: "a trial" });
const connectionId = async () => (await plantsOf(site).list()).find(({ name }) => name === "mill")!.id;

/** Asks and confirms; the command as it ended. */
async function command(name: string, value: Json): Promise<Command> {
  const { status, body } = await ask(name, value);
  expect(status, JSON.stringify(body)).toBe(201);
  return (await own("POST", `/commands/${body.id}/confirm`, { value }, "ben")).body;
}

async function setOfSignal(name: string, fields: Readonly<Record<string, Json>>): Promise<void> {
  const { id, ...known } = signal(name);
  const changed = Object.fromEntries(
    Object.entries(fields).map(([field, to]) => [field, { from: (known as Record<string, Json | undefined>)[field], to }]),
  );
  await site.view(SYSTEM).apply({ branch: LIVE, reason: "a test", changes: [{ op: "update", id, fields: changed }] });
}

test("[CM1] commands are off until the connection allows them, and a bound property says how to ask", async () => {
  expect(await ask("Speed", 20)).toMatchObject({
    status: 403,
    body: { error: { message: expect.stringMatching(/commands are off for the connection mill: /) } },
  });
  const submodel = {
    modelType: "Submodel",
    id: "urn:cm",
    submodelElements: [{ modelType: "Property", idShort: "Speed", valueType: "xs:double", value: "1" }],
  };
  const aas = (method: string, path: string, body: unknown) =>
    fetch(`${origin}/api/v3${path}`, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  expect((await aas("POST", "/submodels", submodel)).status).toBe(201);
  const view = site.view(SYSTEM);
  const [element] = view
    .reader(LIVE)
    .query({ kind: "element", index: { name: "submodel", value: view.reader(LIVE).query({ kind: "submodel" })[0]!.id } });
  await view.apply({
    branch: LIVE,
    reason: "bind",
    changes: [{ op: "update", id: element!.id, fields: { signal: { from: undefined, to: signal("Speed").id } } }],
  });
  const patch = () => aas("PATCH", `/submodels/${encodeId("urn:cm")}/submodel-elements/Speed/$value`, "30");
  const off = await patch();
  expect([off.status, await off.text()]).toEqual([
    409,
    expect.stringMatching(/POST \/api\/doppelwerk\/v1\/commands .*commands are off for the connection mill/),
  ]);
  expect((await own("PATCH", `/connections/${encodeURIComponent(await connectionId())}`, { allowCommands: true })).status).toBe(204);
  const on = await patch();
  expect([on.status, await on.text()]).toEqual([409, expect.not.stringMatching(/commands are off/)]);
  expect(machine.writes).toBe(0);
});

test("[CM2] asked for, nothing is written; confirmed by its value, it is written, read back, and in the journal with who, when, before and after", async () => {
  const { body: asked } = await ask("Speed", 20);
  expect(asked).toMatchObject({ state: "requested", value: 20 });
  expect(await ask("Speed", 21)).toMatchObject({ status: 409 });
  expect(await own("POST", `/commands/${asked.id}/confirm`, { value: 2000 })).toMatchObject({
    status: 409,
    body: { error: { message: expect.stringMatching(/for the value 20, not 2000/) } },
  });
  expect([machine.values["Speed"], machine.writes]).toEqual([10, 0]);
  const { body: done } = await own("POST", `/commands/${asked.id}/confirm`, { value: 20 }, "ben");
  expect(done).toMatchObject({ state: "done", before: 10, after: 20 });
  expect([machine.values["Speed"], machine.writes]).toEqual([20, 1]);
  expect(await own("POST", `/commands/${asked.id}/confirm`, { value: 20 })).toMatchObject({ status: 409 });
  const { body: list } = await own("GET", "/commands?limit=1");
  expect(list).toMatchObject([{ id: asked.id, requestedByName: "anna", confirmedByName: "ben", reason: "a trial" }]);
  const lines = readFileSync(join(root, "data", "commands.jsonl"), "utf8")
    .trim()
    .split("\n");
  expect(lines.map((line) => (JSON.parse(line) as Command).state)).toEqual(["requested", "writing", "done"]);
  const { body: withdrawn } = await ask("Speed", 30);
  expect((await own("DELETE", `/commands/${withdrawn.id}`)).body).toMatchObject({ state: "withdrawn", why: "by anna" });
  expect(readFileSync(join(root, "data", "commands.jsonl"), "utf8")).not.toContain("anna");
});

test("[CM3] types are kept: floats, integers, scales; what the plant refuses, does not take, or answers otherwise is told as such", async () => {
  expect(await command("Narrow", 21.3)).toMatchObject({ state: "done", before: 1.5 });
  expect(await command("Steps", 70_000)).toMatchObject({ state: "refused", why: "70000 is outside of Int16" });
  expect(await command("Limited", 150)).toMatchObject({ state: "refused", why: "BadOutOfRange", before: 50 });
  expect(await command("Fixed", 8)).toMatchObject({ state: "refused", why: expect.stringMatching(/BadNotWritable|BadUserAccessDenied/) });
  expect(await command("Stubborn", 5)).toMatchObject({ state: "differs", before: 1, after: 1 });
  expect(await ask("Speed", "fast")).toMatchObject({
    status: 400,
    body: { error: { message: expect.stringMatching(/of type double and does not accept "fast"/) } },
  });
  expect(await own("POST", "/commands", { signal: "signal:none", value: 1, reason: "x" })).toMatchObject({ status: 404 });
  expect(await own("POST", "/commands", { signal: signal("Speed").id, value: 1 })).toMatchObject({ status: 400 });
  expect(machine.values).toMatchObject({ Limited: 50, Fixed: 7, Stubborn: 1 });
});

test("[CM4] safety functions are never commanded; conditions must stand, measured and good, when asking and when confirming", async () => {
  await setOfSignal("Limited", { safety: true });
  expect(await ask("Limited", 60)).toMatchObject({ status: 403, body: { error: { message: expect.stringMatching(/safety function/) } } });
  await setOfSignal("Speed", { commandWhen: [{ signal: signal("Remote").id, equals: true }] });
  await until(() => site.signals.live(signal("Remote").id)?.value === true);
  const { body: asked } = await ask("Speed", 40);
  machine.values["Remote"] = false;
  await until(() => site.signals.live(signal("Remote").id)?.value === false);
  expect(await own("POST", `/commands/${asked.id}/confirm`, { value: 40 })).toMatchObject({
    status: 409,
    body: { error: { message: expect.stringMatching(/Remote must be true and is false/) } },
  });
  expect(machine.values["Speed"]).toBe(20);
  machine.values["Remote"] = true;
  await until(() => site.signals.live(signal("Remote").id)?.value === true);
  expect((await own("POST", `/commands/${asked.id}/confirm`, { value: 40 })).body).toMatchObject({ state: "done", before: 20, after: 40 });
});

test("[CM10] what can be commanded is listed with what must stand; conditions and safety hold for the variable, whichever signal shows it", async () => {
  const targets = async (search = "") => (await own("GET", `/commands/targets?search=${search}`)).body;
  const speed = (await targets("speed"))[0];
  expect(speed).toMatchObject({
    connectionName: "mill",
    connected: true,
    safety: false,
    conditions: [{ equals: true, value: true, holds: true }],
  });
  expect((await targets()).find(({ name }: { name: string }) => name.endsWith("Limited"))).toMatchObject({ safety: true });
  const twin = { ...signal("Limited"), id: "signal:twin", name: "Twin" } as Record<string, Json>;
  delete twin["safety"];
  await site.view(SYSTEM).apply({ branch: LIVE, reason: "a test", changes: [{ op: "create", record: twin as never }] });
  expect(await own("POST", "/commands", { signal: "signal:twin", value: 60, reason: "round the back" })).toMatchObject({
    status: 403,
    body: { error: { message: expect.stringMatching(/safety function/) } },
  });
  const viewer = site.view({ ...SYSTEM, id: "person:v", roles: ["viewer"] });
  const other = await serveAs(site, viewer.principal);
  expect(await (await fetch(`${other.origin}/api/doppelwerk/v1/commands/targets`)).json()).toEqual([]);
  await other.close();
  const engineer = await serveAs(site, { ...SYSTEM, id: "person:e", roles: ["engineer"] });
  const declare = async (name: string, patch: object) => {
    const path = `${engineer.origin}/api/doppelwerk/v1/signals/${encodeURIComponent(signal(name).id)}`;
    return (await fetch(path, { method: "PATCH", headers: { "content-type": "application/json" }, body: JSON.stringify(patch) })).status;
  };
  expect(await declare("Limited", { safety: null })).toBe(403);
  expect(await declare("Speed", { commandWhen: null })).toBe(403);
  expect(await declare("Speed", { unit: "1/min" })).toBe(204);
  await engineer.close();
  expect(signal("Speed").unit).toBe("1/min");
});

test("[CM5] a plant lost between asking and confirming, a request nobody confirmed, and a restart: nothing is written", async () => {
  const written = machine.writes;
  let now = 1_000_000;
  const journal = openJournal<Command>(join(root, "own.jsonl"), "commands");
  let connected = true;
  const options = {
    journal,
    commander: {
      write: async () => expect.unreachable("nothing may be written"),
      call: async () => expect.unreachable("nothing may be called"),
      close: async () => {},
    },
    live: (id: string) => site.signals.live(id),
    mayRead: () => true,
    connected: async () => new Set(connected ? [await connectionId()] : []),
    clock: { now: () => now },
    ids: site.ids,
    log: site.logger,
  };
  const service = new CommandService(options);
  const view = site.view(SYSTEM);
  const request = { signal: signal("Narrow").id, value: 3, reason: "x" };
  const late = await service.request(view, request);
  now += 60_000_000;
  await expect(service.confirm(view, late.id, 3)).rejects.toThrow(/it is expired \(nobody confirmed it in time\)/);
  const cut = await service.request(view, request);
  connected = false;
  await expect(service.confirm(view, cut.id, 3)).rejects.toThrow(/not connected/);
  connected = true;
  const viewer = site.view({ ...SYSTEM, id: "person:v", roles: ["viewer"] });
  await expect(service.request(viewer, request)).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  await expect(service.confirm(viewer, cut.id, 3)).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  journal.put({ ...cut, id: "command:writing", state: "writing" });
  await service.close();
  appendFileSync(join(root, "own.jsonl"), '{"id":"comm');
  const again = new CommandService({ ...options, journal: openJournal<Command>(join(root, "own.jsonl"), "commands") });
  expect(again.list(10).map(({ state }) => state)).toEqual(["unknown", "expired", "expired"]);
  await again.close();
  expect(machine.writes).toBe(written);
});

test("[CM6] a machine on MQTT is told on its set topic, and its own topic is what is read back", async () => {
  const broker = await startBroker();
  const device = await listenTo(broker.url, "plant/a/speed/set");
  await device.say("plant/a/speed", JSON.stringify({ value: 3 }), true);
  const { body: status } = await own("POST", "/connections", {
    url: broker.url,
    name: "iot",
    protocol: "mqtt",
    settings: { template: "plant/{m}/{s}", discoverS: 0.5 },
  });
  await own("PATCH", `/connections/${encodeURIComponent(status.id)}`, { allowCommands: true });
  const { id } = site.signals.records().find(({ connection }) => connection === status.id)!;
  const run = async (value: number) => {
    const { body } = await own("POST", "/commands", { signal: id, value, reason: "faster" });
    return (await own("POST", `/commands/${body.id}/confirm`, { value })).body as Command;
  };
  const first = run(8);
  await device.until("the order", () => device.last("plant/a/speed/set")?.text === "8");
  expect(device.last("plant/a/speed/set")).toMatchObject({ retained: false });
  await device.say("plant/a/speed", JSON.stringify({ value: 8 }), true);
  expect(await first).toMatchObject({ state: "done", before: 3, after: 8 });
  expect(await run(9)).toMatchObject({ state: "differs", before: 8, why: expect.stringMatching(/could not be read back/) });
  await broker.stop();
  await device.end().catch(() => {});
});

test("[CM7] a lost plant: confirmed while it dies, nothing was sent is told as failed", async () => {
  const { body: asked } = await ask("Narrow", 4);
  await machine.stop();
  const answer = await own("POST", `/commands/${asked.id}/confirm`, { value: 4 });
  // the loss may be known by now, or show when the order is to be sent
  if (answer.status === 200) expect(answer.body).toMatchObject({ state: "failed" });
  else expect(answer).toMatchObject({ status: 503 });
});

test("[CM9] [CM12] [CN18] methods and conditions of a plant: off by default, confirmed by their inputs, answered and in the journal; conditions become alarms with a person's priorities", async () => {
  const tank = await startAlarmPlant(join(root, "tank-pki"));
  const { body: status } = await own("POST", "/connections", { url: tank.url, name: "tank" });
  const id = encodeURIComponent(status.id);
  const { body: offer } = await own("POST", `/connections/${id}/browse`);
  const fill = offer.methods.find(({ path }: { path: string[] }) => path.at(-1) === "Fill");
  const request = {
    connection: status.id,
    object: fill.object,
    method: fill.method,
    name: "Tank.Fill",
    inputs: [5, 1, [2]],
    reason: "a trial",
  };
  expect(await own("POST", "/calls", request)).toMatchObject({
    status: 403,
    body: { error: { message: expect.stringMatching(/commands are off/) } },
  });
  await own("PATCH", `/connections/${id}`, { allowCommands: true });
  for (const object of ["i=2253", "ns=1;s=Tank", "nsu=http://opcfoundation.org/UA/;i=2253"])
    expect(await own("POST", "/calls", { ...request, object })).toMatchObject({ status: 403 });
  const { body: asked } = await own("POST", "/calls", request);
  expect(asked).toMatchObject({ state: "requested", value: "[5,1,[2]]", name: "Tank.Fill" });
  expect(tank.calls).toEqual([]);
  expect(await own("POST", `/commands/${asked.id}/confirm`, { value: "[6,1,[2]]" })).toMatchObject({ status: 409 });
  expect((await own("POST", `/commands/${asked.id}/confirm`, { value: "[5,1,[2]]" }, "ben")).body).toMatchObject({
    state: "done",
    after: '[15,"filled"]',
  });
  expect(tank.calls).toEqual(["Fill 5 1 [2]"]);
  expect(readFileSync(join(root, "data", "commands.jsonl"), "utf8")).toContain('"method":"nsu=urn:test:tank;s=Fill"');

  tank.setLevel(90);
  const mapping = { urgentFrom: 900, highFrom: 500, lowFrom: 1 };
  expect(await own("POST", `/connections/${id}/alarms`, { ...mapping, highFrom: 950 })).toMatchObject({ status: 400 });
  expect(await own("POST", `/connections/${id}/alarms`, mapping)).toMatchObject({ status: 201, body: { taken: 1, changed: 0 } });
  expect(await own("POST", `/connections/${id}/alarms`, { ...mapping, highFrom: 1 })).toMatchObject({ body: { taken: 0 } });
  const condition = () => site.signals.records().find(({ role, connection }) => role === "Condition" && connection === status.id)!;
  await until(() => site.signals.live(condition().id)?.value === 3);
  const [rule] = site.view(SYSTEM).reader(LIVE).query({ kind: "alarmRule" });
  expect(rule).toMatchObject({ priority: 2, condition: { kind: "condition", signal: condition().id } });
  // no line is there, and the list has it all the same
  const standing = async () => (await own("GET", "/alarms")).body as { state: string; priority: number; atPlant?: object }[];
  // where the alarm was raised before its priority was changed, it ended with the rule as it was and is raised by that which holds
  await until(async () => (await standing()).some(({ state, priority }) => state === "unacknowledged" && priority === 2));
  expect(await standing()).toMatchObject([{ rule: rule!.id, priority: 2, atPlant: { connection: status.id } }]);
  expect((await own("GET", "/snapshot")).body).toMatchObject({ live: true, stations: [], alarms: [{ rule: rule!.id }] });
  expect(await own("POST", `/alarms/${encodeURIComponent(rule!.id)}/acknowledge`, { reason: "seen" })).toMatchObject({ status: 200 });
  const [now] = [site.now()];
  const history = async () => (await own("GET", `/alarm-history?from=${now - 3.6e9}&to=${now + 3.6e9}`)).body as { state: string }[];
  await until(async () => (await history())[0]?.state === "acknowledged");
  expect((await history()).slice(0, 2).map(({ state }) => state)).toEqual(["acknowledged", "unacknowledged"]);
  // what the plant said of it: recorded as events, and shown with the alarm
  const atPlant = async () => (await own("GET", `/alarms/${encodeURIComponent(rule!.id)}/at-plant`)).body;
  await until(async () => (await atPlant()).reports.length > 0);
  expect(await atPlant()).toMatchObject({ connection: status.id, plant: "tank", waiting: [], reports: [{ state: 3, retain: true }] });
  expect((await atPlant()).reports[0].message).not.toBe("");
  expect(await own("GET", "/alarms/alarmRule%3Anone/at-plant")).toMatchObject({ status: 404 });
  const before = (await atPlant()).reports.length;
  const answer = { connection: status.id, object: condition().address, name: "tank", reason: "on my way" };
  const { body: comment } = await own("POST", "/calls", { ...answer, method: "comment", inputs: ["on my way"] });
  expect((await own("POST", `/commands/${comment.id}/confirm`, { value: '["on my way"]' }, "ben")).body).toMatchObject({ state: "done" });
  await until(async () => (await atPlant()).reports.some((each: { comment?: string }) => each.comment === "on my way"));
  expect((await atPlant()).reports.length).toBeGreaterThan(before);
  const { body: shelving } = await own("POST", "/calls", { ...answer, method: "shelve", inputs: [60] });
  expect((await own("POST", `/commands/${shelving.id}/confirm`, { value: "[60]" }, "ben")).body).toMatchObject({ state: "refused" });
  await tank.stop();
});

test("[CM8] no tool of the assistant and no process that listens to plants can write: they know no way to", () => {
  const text = (folder: string) =>
    readdirSync(folder)
      .filter((file) => file.endsWith(".ts") && !/\.test\.ts$|^(bench|test)-/.test(file))
      .map((file) => readFileSync(join(folder, file), "utf8"))
      .join("\n");
  const packages = join(import.meta.dirname, "../../packages");
  const tools = Object.values(contract).flatMap((part) => ("route" in part && "tool" in part ? [part.route] : []));
  expect(tools).toEqual(["GET /commands"]);
  for (const folder of ["host", "mqtt"]) {
    const writes = /publishAsync|\.publish\(|session\.write|"\.\.\/command\//.exec(text(join(packages, "connectors/src", folder)));
    expect(writes, folder).toBe(null);
  }
  // Publish of OPC UA asks for values; the one method that is called there asks for what stands
  const opcua = text(join(packages, "connectors/src/opcua"));
  expect(/\.write\(|writeSingleNode|"\.\.\/command\//.exec(opcua)).toBe(null);
  expect(opcua.match(/\.call\(\s*new CallMethodRequest\(\{[^}]*CONDITION_REFRESH/g)).toHaveLength(1);
  expect(opcua.match(/\.call\(|callMethod/g)).toHaveLength(1);
  expect(text(join(packages, "../features/changes/server"))).not.toMatch(/commands/);
});

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}
