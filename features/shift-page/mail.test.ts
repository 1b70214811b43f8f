import type { AddressInfo } from "node:net";
import { text as wholeText } from "node:stream/consumers";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import { documentFaults, readDocument } from "@doppelwerk/kit";
import type { HostedWorld } from "@doppelwerk/server/site";
import { HOUR } from "@doppelwerk/world";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bringPlantOfHours } from "../../apps/doppelwerk/src/hourly-plant.fixture.ts";
import { clientAs, openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import * as calls from "./calls.ts";
import { handoverMail } from "./model/handover-kinds.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-handover-mail-"));
const closes: (() => Promise<unknown>)[] = [];
const clients = new Map<string, Client>();
const as = (name: string): Client => clients.get(name)!;
const received: string[] = [];
let site: HostedWorld;

async function open(): Promise<void> {
  site = await openProduct(folder);
  for (const [name, role] of [
    ["vera", "viewer"],
    ["otto", "operator"],
    ["olga", "operator"],
    ["ada", "administrator"],
  ] as const) {
    site.accounts.remember(`person:${name}`, name);
    clients.set(name, await clientAs(site, name, role, closes));
  }
}
async function close(): Promise<void> {
  for (const end of closes.splice(0)) await end();
  await site.close();
}
const mailServer = () =>
  new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData: (stream, _session, done) => void wholeText(stream).then((mail) => done((received.push(mail), undefined))),
  });
const listen = (server: SMTPServer, port: number): Promise<number> =>
  new Promise((done) => server.listen(port, "127.0.0.1", () => done((server.server.address() as AddressInfo).port)));
const end = (server: SMTPServer): Promise<void> => new Promise((done) => server.close(() => done()));

beforeAll(open);
afterAll(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

test(
  "[SP9] who asked for it gets a signed handover by mail, once: also where the mail server was down when it was signed, and after a restart",
  { timeout: 400_000 },
  async () => {
    const now = site.now();
    await bringPlantOfHours(site);
    const over = (Math.floor(now / HOUR) - 1) * HOUR;
    const page = () => calls.page(as("vera"), { query: { shift: over } });
    await expect.poll(async () => (await page()).shift?.produced, { timeout: 60_000 }).toBe(46);
    expect(await calls.mail(as("otto"), { query: {} })).toEqual({ isOn: false, isReachable: false });
    await expect(calls.setMail(as("vera"), { body: { isOn: true } })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
    await expect(calls.mail(as("otto"), { query: { line: "none" } })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
    // a mail server that is down
    const first = mailServer();
    const port = await listen(first, 0);
    await end(first);
    const channel = {
      kind: "smtp",
      name: "Mail",
      host: "127.0.0.1",
      port,
      security: "none",
      from: "line@plant.example",
      allowPrivate: true,
    };
    await as("ada").requester.json("POST", "/notification-channels", { body: channel });
    await as("otto").requester.json("PUT", "/notifications/own", { body: { mail: ["otto@plant.example"], timeZone: "UTC" } });
    expect(await calls.setMail(as("otto"), { body: { isOn: true } })).toEqual({ isOn: true, isReachable: true });
    await calls.addNote(as("olga"), { body: { shift: over, text: "the belt slips", isItem: true } });
    const { shift, notes, items } = await page();
    const seen = { good: shift!.good, revision: shift!.revision, notes: notes.length + items.length };
    await calls.sign(as("olga"), { body: { shift: over, role: "handsOver", seen } });
    await new Promise((done) => setTimeout(done, 15_000));
    expect(received).toEqual([]);
    const second = mailServer();
    await listen(second, port);
    await expect.poll(() => received.length, { timeout: 240_000, interval: 1_000 }).toBe(1);
    const [mail] = received;
    expect(mail).toContain("otto@plant.example");
    expect(mail!.replace(/=\r?\n/g, "")).toMatch(/the belt slips/);
    expect(mail).toMatch(/handed over/);
    // neither again after a restart, nor to who wants none any more
    await close();
    await open();
    await expect.poll(async () => (await calls.mail(as("otto"), { query: {} })).isOn, { timeout: 60_000 }).toBe(true);
    expect((await calls.setMail(as("otto"), { body: { isOn: false } })).isOn).toBe(false);
    await expect.poll(async () => (await page()).shift?.produced, { timeout: 60_000 }).toBe(46);
    const late = await page();
    const now2 = { good: late.shift!.good, revision: late.shift!.revision, notes: late.notes.length + late.items.length };
    await calls.sign(as("olga"), { body: { shift: over, role: "takesOver", seen: now2 } });
    await new Promise((done) => setTimeout(done, 15_000));
    expect(received).toHaveLength(1);
    await end(second);
  },
);

test("[SP9] a document of every version is read", () => {
  const record = JSON.parse(readFileSync(new URL("./fixtures/shift-page.mail-v1.json", import.meta.url), "utf8"));
  expect(documentFaults(handoverMail, record)).toEqual([]);
  expect(readDocument(handoverMail, record)).toMatchObject({ person: "person:eva" });
});
