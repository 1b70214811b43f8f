import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import type { HostedWorld } from "@doppelwerk/server/site";
import { SECOND } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clientAs, openProduct, plantsOf } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { BENCH, fieldsOf, setUpBench } from "../alarms/bench.fixture.ts";
import * as alarms from "../alarms/calls.ts";
import { addChannel, addRule, bring, mailChannel } from "./bench.fixture.ts";
import * as notifications from "./calls.ts";
import { startMailServer, type MailServer } from "./mail-server.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-notifications-"));
const closes: (() => Promise<unknown>)[] = [];
const WAIT = { timeout: 60_000 };
let site: HostedWorld;
let ada: Client;
let mail: MailServer;

beforeAll(async () => {
  mail = await startMailServer();
  site = await openProduct(folder);
  site.accounts.remember("person:ada", "Ada");
  ada = await clientAs(site, "ada", "administrator", closes);
  await setUpBench(site, { pressure: fieldsOf("pressure", { priority: 1 }), speed: fieldsOf("speed", { priority: 4 }) });
  await addChannel(ada, mailChannel(mail.port));
  await notifications.setAddress(ada, { body: { address: "https://plant.example:7800" } });
  await notifications.setOwn(ada, { body: { mail: ["ada@plant.example"] } as never });
  await addRule(ada, { name: "Urgent", priorities: [1, 2], steps: [{ afterMinutes: 0, to: [{ kind: "person", person: "person:ada" }] }] });
});
afterAll(async () => {
  for (const close of closes) await close();
  await site?.close();
  await mail?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("[NT1] an alarm that a rule is about is one mail to the person whom its step names, with a link; what was sent is recorded with the alarm", async () => {
  await bring(site, "speed", 60);
  await bring(site, "pressure", 60);
  await expect.poll(() => mail.mails.length, WAIT).toBe(1);
  const [sent] = mail.mails as [(typeof mail.mails)[0]];
  expect(sent).toMatchObject({ to: ["ada@plant.example"], from: "doppelwerk@plant.example" });
  expect(sent.subject).toContain("pressure too high");
  expect(sent.messageId).toMatch(/^<notification.*@plant\.example>$/);
  const token = /alarm-links\/([\w.-]+)/.exec(sent.text.replaceAll("=\r\n", ""))?.[1];
  expect(token).toBeDefined();
  const { notifications: facts } = await notifications.list(ada, { query: { alarm: "alarmRule:pressure" } });
  expect(facts).toMatchObject([
    {
      type: "notification.sent",
      rule: { name: "Urgent" },
      person: { name: "Ada" },
      channel: { name: "Mail" },
      alarms: [{ id: "alarmRule:pressure" }],
      count: 1,
    },
  ]);
  expect((await notifications.list(ada, { query: { alarm: "alarmRule:speed" } })).notifications).toEqual([]);
  await alarms.acknowledge(ada, { params: { id: "alarmRule:pressure" }, body: {} });
  await expect.poll(async () => (await notifications.state(ada)).waiting, WAIT).toBe(0);
  expect(mail.mails).toHaveLength(1);
});

test("[NT18] a late value that moves the raise of an alarm by seconds is no second mail", async () => {
  const before = mail.mails.length;
  await bring(site, "pressure", 40);
  await expect.poll(async () => (await alarms.list(ada)).length, WAIT).toBe(1);
  const at = site.now();
  await plantsOf(site).bring(BENCH, [{ address: "pressure", value: 60, time: at }]);
  await expect.poll(() => mail.mails.length, WAIT).toBe(before + 1);
  const raisedAt = async () => (await alarms.list(ada)).find(({ rule }) => rule === "alarmRule:pressure")?.since;
  expect(await raisedAt()).toBe(at);
  // over the limit already before; a value that comes much later has all of it derived again
  await plantsOf(site).bring(BENCH, [
    { address: "pressure", value: 55, time: at - 500_000 },
    { address: "speed", value: 10, time: at - 200 * SECOND },
  ]);
  await expect.poll(raisedAt, WAIT).toBe(at - 500_000);
  // once the list was read again nothing new is on its way
  await expect.poll(async () => (await notifications.state(ada)).followed, WAIT).toBe(1);
  await bring(site, "speed", 40);
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  expect([mail.mails.length, (await notifications.state(ada)).followed]).toEqual([before + 1, 1]);
}, 200_000);
