import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, type Client } from "@doppelwerk/client";
import { createSiteApp, SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { LIVE } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clientAs, openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { fieldsOf, setUpBench, signalOf } from "../alarms/bench.fixture.ts";
import * as alarms from "../alarms/calls.ts";
import { addChannel, addRule, bring, mailChannel } from "./bench.fixture.ts";
import * as notifications from "./calls.ts";
import { startMailServer, type Mail, type MailServer } from "./mail-server.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-links-"));
const closes: (() => Promise<unknown>)[] = [];
const WAIT = { timeout: 60_000 };
let site: HostedWorld;
let ada: Client;
let otto: Client;
let mail: MailServer;
let origin: string;

beforeAll(async () => {
  mail = await startMailServer();
  site = await openProduct(folder);
  site.accounts.remember("person:ada", "Ada");
  site.accounts.remember("person:otto", "Otto");
  const app = await createSiteApp(site);
  origin = await app.listen({ port: 0, host: "127.0.0.1" });
  closes.push(() => app.close());
  ada = await clientAs(site, "ada", "administrator", closes);
  otto = await clientAs(site, "otto", "operator", closes);
  const names = ["pressure", "speed", "heat", "flow"];
  await setUpBench(
    site,
    Object.fromEntries(names.map((name) => [name, fieldsOf(name, { priority: 1 })])),
    names.map((name) => signalOf(name)),
  );
  await addChannel(ada, mailChannel(mail.port));
  await notifications.setAddress(ada, { body: { address: origin } });
  await notifications.setOwn(ada, { body: { mail: ["ada-zq@plant.example"], language: "zh", timeZone: "Asia/Shanghai" } as never });
  await notifications.setOwn(otto, { body: { mail: ["otto-zq@plant.example"] } as never });
  const to = (person: string) => ({ kind: "person" as const, person: `person:${person}` });
  await addRule(ada, { name: "Urgent", priorities: [1], maxPerHour: 100, steps: [{ afterMinutes: 0, to: [to("ada"), to("otto")] }] });
});
afterAll(async () => {
  for (const close of closes) await close();
  await site?.close();
  await mail?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const linkOf = ({ text }: Mail): string =>
  /http:\/\/127\.0\.0\.1:\d+\/api\/\S*alarm-links\/[\w-]+\.[\w-]+/.exec(text.replaceAll("=\r\n", ""))![0];
const mailTo = async (person: string, subject: string): Promise<Mail> => {
  const found = (): Mail | undefined =>
    mail.mails.findLast((each) => each.to[0]!.startsWith(person) && each.text.replaceAll("=\r\n", "").includes(subject));
  await expect.poll(() => found() !== undefined, WAIT).toBe(true);
  return found()!;
};
const stateOf = async (name: string): Promise<string> =>
  (await alarms.list(ada)).find(({ rule }) => rule === `alarmRule:${name}`)?.state ?? "normal";
const press = (url: string, headers: Record<string, string> = {}) =>
  fetch(url, { method: "POST", body: "", headers: { "content-type": "text/plain", origin, ...headers } });

test("[NT14] a link shows its alarm to whoever opens it and acknowledges nothing by that; the button acknowledges once, as the person whom it was sent to", async () => {
  await bring(site, "pressure", 60);
  const url = linkOf(await mailTo("ada", "pressure too high"));
  for (let opened = 0; opened < 3; opened++) {
    const page = await fetch(url);
    expect(page.status).toBe(200);
    expect(page.headers.get("content-type")).toContain("text/html");
    expect(page.headers.get("cache-control")).toBe("no-store");
    expect(page.headers.get("content-security-policy")).toMatch(/default-src 'none'.*form-action 'self'.*frame-ancestors 'none'/);
    const text = await page.text();
    expect(text).toContain('lang="zh-Hans"');
    expect(text).toContain('method="post"');
    expect(text).not.toMatch(/<script|src=/);
  }
  expect(await stateOf("pressure")).toBe("unacknowledged");
  expect((await press(url, { origin: "https://evil.example" })).status).toBe(403);
  expect(await stateOf("pressure")).toBe("unacknowledged");
  const [one, other] = await Promise.all([press(url), press(url)]);
  expect([one.status, other.status]).toEqual([200, 200]);
  expect((await alarms.list(ada)).find(({ rule }) => rule === "alarmRule:pressure")).toMatchObject({ state: "acknowledged", by: "Ada" });
  const facts = async () =>
    (await notifications.list(ada, { query: { alarm: "alarmRule:pressure" } })).notifications.filter(
      ({ type }) => type === "notification.acknowledged",
    );
  await expect.poll(async () => (await facts()).length, WAIT).toBe(1);
  expect(await facts()).toMatchObject([{ by: "Ada", byLink: true }]);
  const after = await (await fetch(url)).text();
  expect(after).not.toContain('method="post"');
});

test("[NT14] a link is of one occurrence: it does nothing for the next one, and nothing once somebody else acknowledged", async () => {
  await bring(site, "speed", 60);
  const first = linkOf(await mailTo("ada", "speed too high"));
  const ottos = linkOf(await mailTo("otto", "speed too high"));
  expect(ottos).not.toBe(first);
  await press(ottos);
  expect((await alarms.list(ada)).find(({ rule }) => rule === "alarmRule:speed")).toMatchObject({ state: "acknowledged", by: "Otto" });
  await press(first);
  expect((await alarms.list(ada)).find(({ rule }) => rule === "alarmRule:speed")).toMatchObject({ by: "Otto" });
  await bring(site, "speed", 40);
  await expect.poll(() => stateOf("speed"), WAIT).toBe("normal");
  const before = mail.mails.length;
  await bring(site, "speed", 61);
  await expect.poll(() => mail.mails.slice(before).some((each) => each.to[0]!.startsWith("ada")), WAIT).toBe(true);
  await press(first);
  await press(ottos);
  expect(await stateOf("speed")).toBe("unacknowledged");
});

test("[NT14] a link that was changed, invented, or is of somebody who is gone opens nothing", async () => {
  await bring(site, "heat", 60);
  const url = linkOf(await mailTo("otto", "heat too high"));
  const [id, mac] = url.split("/").at(-1)!.split(".") as [string, string];
  const base = url.slice(0, url.lastIndexOf("/") + 1);
  const other = mac.startsWith("A") ? `B${mac.slice(1)}` : `A${mac.slice(1)}`;
  for (const token of [`${id}.${other}`, `${"A".repeat(22)}.${mac}`, "x", `${id}.`, "%00", `${id}.${mac}.x`]) {
    const page = await fetch(base + token);
    expect(await page.text(), token).not.toContain("heat");
    await press(base + token);
  }
  expect(await stateOf("heat")).toBe("unacknowledged");
});

test("[NT15] who is erased is told nothing more: addresses, links and messages on their way are gone from disk, and were handed to him before", async () => {
  const exported = [...site.personal.holders].map((holder) => holder.exported("person:otto"));
  expect(JSON.stringify(exported)).toContain("otto-zq@plant.example");
  const path = join(folder, "notifications");
  for (const name of readdirSync(path)) {
    expect(readFileSync(join(path, name), "utf8"), name).not.toContain("otto-zq");
    expect(statSync(join(path, name)).mode & 0o077, name).toBe(0);
  }
  for await (const entry of site.logAfter(site.view(SYSTEM), 0)) expect(JSON.stringify(entry)).not.toContain("-zq@");
  const link = linkOf(await mailTo("otto", "heat too high"));
  for (const holder of site.personal.holders) holder.erase("person:otto");
  for (const name of readdirSync(path)) expect(readFileSync(join(path, name), "utf8"), name).not.toContain("person:otto");
  await press(link);
  expect(await stateOf("heat")).toBe("unacknowledged");
  const before = mail.mails.length;
  await bring(site, "flow", 60);
  await expect.poll(() => mail.mails.length, WAIT).toBe(before + 1);
  expect(mail.mails.at(-1)!.to).toEqual(["ada-zq@plant.example"]);
});

test("[NT9] an alarm of a branch is told to nobody, and a rule of a branch tells nobody until it is merged", async () => {
  const view = site.view(SYSTEM);
  const { id: branch } = await view.fork({ name: "rules", parent: LIVE, instant: site.now(), reason: "test" });
  const { id } = await notifications.addRule(ada, {
    query: { branch },
    body: {
      fields: {
        name: "Of a branch",
        priorities: [1],
        steps: [{ afterMinutes: 0, to: [{ kind: "person", person: "person:ada" }] }],
      } as never,
    },
  });
  expect((await notifications.rules(ada, { query: { branch: LIVE } })).map((rule) => rule.id)).not.toContain(id);
  const { changes, conflicts } = view.planMerge(branch);
  expect(conflicts).toEqual([]);
  await view.apply({ branch: LIVE, reason: "merge", changes });
  expect((await notifications.rules(ada, { query: { branch: LIVE } })).map((rule) => rule.id)).toContain(id);
  expect((await notifications.own(ada)).reaches.map(({ rule }) => rule.name)).toContain("Of a branch");
});

test("[NT16] on screen are the unacknowledged alarms that a rule tells who asks, as far as he may read them", async () => {
  expect((await notifications.onScreen(ada)).alarms.map(({ rule }) => rule).toSorted()).toEqual([
    "alarmRule:flow",
    "alarmRule:heat",
    "alarmRule:speed",
  ]);
  const eva = createClient({
    baseUrl: origin,
    person: { id: "a-secret-of-eva", name: "Eva" },
    fetch: (url, init) => fetch(url, init as RequestInit),
  });
  expect(await notifications.onScreen(eva)).toEqual({ alarms: [], count: 0 });
});
