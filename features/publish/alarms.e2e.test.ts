import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { outlets } from "@doppelwerk/ports";
import { createSiteApp, type HostedWorld } from "@doppelwerk/server/site";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { listenTo, type TestAlarmClient } from "../../packages/connectors/src/opcua-out/test-alarm-client.ts";

const API = "/api/doppelwerk/v1";
const root = mkdtempSync(join(tmpdir(), "doppelwerk-alarms-out-"));

interface Twin {
  readonly site: HostedWorld;
  /** Of its OPC UA server. */
  readonly url: string;
  // oxlint-disable-next-line no-explicit-any -- any answer of the API
  call(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly body: any }>;
  close(): Promise<void>;
}

async function openTwin(name: string): Promise<Twin> {
  const site = await openProduct(join(root, name));
  const app = await createSiteApp(site);
  const origin = await app.listen({ port: 0, host: "127.0.0.1" });
  const settings = { modes: "None,Sign,SignAndEncrypt", anonymous: true };
  const url = await site.features.port(outlets).show({ port: 0, host: "127.0.0.1", settings });
  return {
    site,
    url,
    async call(method, path, body) {
      const answer = await fetch(origin + API + path, {
        method,
        ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, body: text === "" ? undefined : JSON.parse(text) };
    },
    async close() {
      await app.close();
      await site.close();
    },
  };
}

let here: Twin;
let book: string;
let rule: string;
const clients: TestAlarmClient[] = [];
beforeAll(async () => {
  here = await openTwin("here");
  const settings = { signals: [{ address: "Temperature", unit: "Cel" }] };
  ({ id: book } = (await here.call("POST", "/connections", { url: "entered:book", name: "book", protocol: "entered", settings })).body);
  const signal = here.site.signals.records().find(({ name }) => name === "Temperature")!.id;
  const text = (en: string) => ({ en, zh: en });
  const fields = {
    title: text("Too hot"),
    condition: { kind: "high", signal, limit: 80, deadband: 0 },
    priority: 1,
    onDelayS: 0,
    offDelayS: 0,
    cause: text("no cooling"),
    consequence: text("scrap"),
    response: text("open the valve"),
    timeToRespondS: 60,
    latching: false,
    suppressedIn: [],
    enabled: true,
  };
  const stored = await here.call("POST", "/alarm-rules", { fields });
  expect(stored.status, JSON.stringify(stored.body)).toBe(201);
  rule = stored.body.id;
  for (const [name, role] of [
    ["anna", "operator"],
    ["vera", "viewer"],
  ] as const)
    expect((await here.call("PUT", `/opcua-server/readers/${name}`, { password: `${name} knows it well`, role })).status).toBeLessThan(300);
});
afterAll(async () => {
  for (const client of clients) await client.close().catch(() => {});
  await here.close();
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
});

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50));
}

const enter = async (value: number) =>
  expect((await here.call("POST", `/connections/${book}/samples`, { values: [{ address: "Temperature", value }] })).status).toBeLessThan(
    300,
  );
const stateHere = async (): Promise<string | undefined> =>
  ((await here.call("GET", "/alarms")).body as { rule: string; state: string }[]).find((alarm) => alarm.rule === rule)?.state;

async function logIn(name?: string): Promise<TestAlarmClient> {
  const pkiFolder = join(root, `pki-${name ?? "nobody"}`);
  const given = name === undefined ? { pkiFolder } : { pkiFolder, user: [name, `${name} knows it well`] as const };
  for (let tries = 0; ; tries++) {
    try {
      const client = await listenTo(here.url, given);
      clients.push(client);
      return client;
    } catch (error) {
      if (tries > 3) throw error;
      // a person trusts the certificate of the application that was met
      const { body } = await here.call("GET", "/certificates");
      for (const { thumbprint } of body as { readonly thumbprint: string }[])
        await here.call("PUT", `/certificates/${thumbprint}`, { decision: "trusted" });
    }
  }
}

test("[OU10] [E191] an alarm is a condition with severity, states and events; who logged in answers it with the rights that he has, and ConditionRefresh says what stands", async () => {
  const [anna, vera, nobody] = [await logIn("anna"), await logIn("vera"), await logIn()];
  await enter(20);
  expect(await anna.refresh()).toMatchObject({ status: "Good", events: [] });
  await enter(90);
  await until(() => (anna.events.at(-1)?.state ?? 0) === 3);
  const raised = anna.events.at(-1)!;
  expect(raised).toMatchObject({ name: "Too hot", severity: 900, retain: true, nodeId: expect.stringContaining(`alarm:${rule}`) });
  expect(raised.message).toMatch(/^Too hot \(90/);
  expect((await vera.refresh()).events).toMatchObject([{ state: 3, name: "Too hot" }]);
  // those who only read change nothing
  for (const reader of [vera, nobody])
    for (const method of ["acknowledge", "confirm", "comment"] as const)
      expect(await reader.answer(method, raised, "not mine")).toBe("BadUserAccessDenied");
  expect(await stateHere()).toBe("unacknowledged");
  expect(await anna.answer("acknowledge", { ...raised, eventId: Buffer.from("0123") }, "?")).toBe("BadEventIdUnknown");
  expect(await anna.answer("acknowledge", raised, "seen at the panel")).toBe("Good");
  await until(async () => (await stateHere()) === "acknowledged");
  await until(() => anna.events.at(-1)?.state === 1);
  const acknowledged = anna.events.at(-1)!;
  expect(acknowledged).toMatchObject({ comment: "seen at the panel", retain: true });
  expect(acknowledged.eventId.equals(raised.eventId)).toBe(false);
  expect(await anna.answer("acknowledge", acknowledged, "again")).toBe("BadConditionBranchAlreadyAcked");
  expect(await anna.answer("comment", acknowledged, "valve is stuck")).toBe("Good");
  await until(() => anna.events.at(-1)?.comment === "valve is stuck");
  expect(anna.events.at(-1)).toMatchObject({ user: "anna", state: 1 });
  const { nodeId } = raised;
  expect(await vera.shelve(nodeId, 60)).toBe("BadUserAccessDenied");
  expect(await anna.shelve(nodeId, 8 * 86_400)).toBe("BadShelvingTimeOutOfRange");
  expect(await anna.shelve(nodeId, 600)).toBe("Good");
  await until(async () => (await stateHere()) === "shelved");
  await until(() => ((anna.events.at(-1)?.state ?? 0) & 16) === 16);
  expect(await anna.shelve(nodeId, 600)).toBe("BadConditionAlreadyShelved");
  expect(await anna.shelve(nodeId, undefined)).toBe("Good");
  await until(() => anna.events.at(-1)?.state === 3);
  await enter(20);
  await until(() => anna.events.at(-1)?.state === 2);
  expect(await anna.answer("acknowledge", anna.events.at(-1)!, "over")).toBe("Good");
  await until(() => anna.events.at(-1)?.state === 0);
  expect(anna.events.at(-1)).toMatchObject({ retain: false });
  expect((await vera.refresh()).events).toEqual([]);
}, 180_000);

test("[OU11] [E192] between two twins an alarm goes over and back: seen there, refused to one without a right, ended there with it; and it is not shown again", async () => {
  const there = await openTwin("there");
  try {
    await enter(20);
    await until(async () => (await stateHere()) !== "acknowledged");
    await enter(90);
    await until(async () => (await stateHere()) === "unacknowledged");
    const { body: link } = await there.call("POST", "/connections", { url: here.url, name: "other twin" });
    const id = encodeURIComponent(link.id);
    await until(async () => {
      const taken = await there.call("POST", `/connections/${id}/alarms`, { urgentFrom: 800, highFrom: 600, lowFrom: 200 });
      return taken.status === 201 && taken.body.taken === 1;
    });
    const shown = async () =>
      ((await there.call("GET", "/alarms")).body as { readonly state: string; readonly atPlant: { readonly condition: string } }[])[0];
    await until(async () => (await shown())?.state === "unacknowledged");
    expect(await shown()).toMatchObject({ priority: 1, atPlant: { connection: link.id } });
    // nobody logged in there: what is done at the other twin is refused, and said so
    await there.call("PATCH", `/connections/${id}`, { allowCommands: true });
    const { condition } = (await shown())!.atPlant;
    const call = {
      connection: link.id,
      object: condition,
      method: "acknowledge",
      name: "Too hot",
      inputs: ["seen there"],
      reason: "seen there",
    };
    const { body: asked } = await there.call("POST", "/calls", call);
    const { body: ended } = await there.call("POST", `/commands/${asked.id}/confirm`, { value: '["seen there"]' });
    expect(ended).toMatchObject({ state: "refused", why: expect.stringContaining("BadUserAccessDenied") });
    expect(await stateHere()).toBe("unacknowledged");
    // acknowledged where it is, it is acknowledged there
    await here.call("POST", `/alarms/${encodeURIComponent(rule)}/acknowledge`, {});
    await until(async () => (await shown())?.state === "acknowledged");
    // what came from a twin is shown by no other one: nothing goes round
    const { body: back } = await here.call("POST", "/connections", { url: there.url, name: "back" });
    const { body: offer } = await here.call("POST", `/connections/${encodeURIComponent(back.id)}/browse`);
    expect(offer.conditions).toEqual([]);
    await enter(20);
    await until(async () => (await shown()) === undefined);
    expect(await stateHere()).toBe(undefined);
  } finally {
    await there.close();
  }
}, 180_000);
