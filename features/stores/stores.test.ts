import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import { documentFaults, hashedId, readDocument } from "@doppelwerk/kit";
import { spareParts } from "@doppelwerk/ports";
import type { HostedWorld } from "@doppelwerk/server/site";
import { HOUR, LIVE, MINUTE, type Principal } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { clientAs, openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import * as calls from "./calls.ts";
import type { MovementKind } from "./model/movement.ts";
import { stockNotice } from "./model/notice-kind.ts";
import { PartFields, sparePart } from "./model/part-kind.ts";
import { storesSource } from "./model/source-kind.ts";

const WAIT = { timeout: 60_000, interval: 200 };
const folder = mkdtempSync(join(tmpdir(), "doppelwerk-stores-"));
const closes: (() => Promise<unknown>)[] = [];
let site: HostedWorld;
let [eva, otto, vera, ada]: Client[] = [];

async function open(): Promise<void> {
  site = await openProduct(folder);
  eva = await clientAs(site, "eva", "engineer", closes);
  otto = await clientAs(site, "otto", "operator", closes);
  vera = await clientAs(site, "vera", "viewer", closes);
  ada = await clientAs(site, "ada", "administrator", closes);
}
async function close(): Promise<void> {
  for (const end of closes.splice(0)) await end();
  await site.close();
}
beforeAll(open);
afterAll(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

const fields = (number: string, more: Partial<PartFields> = {}): PartFields =>
  PartFields.parse({ number, title: { en: `Part ${number}`, zh: `备件 ${number}` }, ...more });
const store = (number: string, more: Partial<PartFields> = {}, by = eva!) =>
  calls.store(by, { params: { part: number }, query: {}, body: { fields: fields(number, more) } });
const move = (part: string, kind: MovementKind, quantity: number, more: object = {}, by = otto!, query: object = {}) =>
  calls.move(by, { params: { part }, query, body: { id: randomUUID(), kind, quantity, ...more } });
const historyOf = async (part: string, query: object = {}) => calls.history(vera!, { params: { part }, query });
const stockOf = async (part: string) => (await historyOf(part)).part;

test("[SR1] [SR14] engineers store parts, operators move them, viewers read; who did not see what somebody stored is refused", async () => {
  await store("SR-1", { minimum: 2, price: 12.5, currency: "EUR", place: "A-1", fits: ["S90"] });
  await expect(store("SR-1b", {}, otto)).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  await expect(move("SR-1", "received", 5, {}, vera)).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  await expect(move("none", "received", 5)).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  const put = (expected: PartFields | null) =>
    calls.store(eva!, { params: { part: "SR-1" }, query: {}, body: { fields: fields("SR-1", { minimum: 3 }), expected } });
  await expect(put(null)).rejects.toMatchObject({ code: "DW_CONFLICT" });
  await expect(calls.store(eva!, { params: { part: "other" }, query: {}, body: { fields: fields("SR-1") } })).rejects.toMatchObject({
    code: "DW_INVALID",
  });
  const { part } = await move("SR-1", "received", 5);
  expect(part).toMatchObject({ onHand: 5, reserved: 0, available: 5, isLow: false, value: 62.5 });
});

test("[SR3] [SR4] the same id is one movement, over a restart too; nobody takes more than there is, also at the same moment, and a count that does not fit needs a reason", async () => {
  await store("SR-4", { minimum: 1 });
  const id = randomUUID();
  expect((await move("SR-4", "received", 3, { id })).isNew).toBe(true);
  expect((await move("SR-4", "received", 3, { id })).isNew).toBe(false);
  await expect(move("SR-4", "received", 4, { id })).rejects.toMatchObject({ code: "DW_CONFLICT" });
  await expect(move("SR-1", "received", 3, { id })).rejects.toMatchObject({ code: "DW_CONFLICT" });
  await close();
  await open();
  expect((await move("SR-4", "received", 3, { id })).isNew).toBe(false);
  // two want the last two each at the same moment
  const both = await Promise.allSettled([move("SR-4", "taken", 2), move("SR-4", "taken", 2, {}, eva)]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  expect(await stockOf("SR-4")).toMatchObject({ onHand: 1 });
  await expect(move("SR-4", "counted", 4)).rejects.toMatchObject({ code: "DW_INVALID" });
  await move("SR-4", "counted", 4, { reason: "a box behind the shelf" });
  await expect(move("SR-4", "corrected", -1)).rejects.toMatchObject({ code: "DW_INVALID" });
  await expect(move("SR-4", "taken", 1, { at: site.now() + HOUR })).rejects.toMatchObject({ code: "DW_INVALID" });
  const { lines } = await historyOf("SR-4");
  expect(lines.map(({ kind, after, difference, by }) => [kind, after, difference, by === "" ? "" : "who"])).toEqual([
    ["counted", 4, 3, "who"],
    ["taken", 1, undefined, "who"],
    ["received", 3, undefined, "who"],
  ]);
});

test("[SR4] [SR13] work orders reserve, take and give back as who does it; what is reserved for others is not taken", async () => {
  await store("SR-13", { fits: ["S90"] });
  await move("SR-13", "received", 5);
  const port = site.features.port(spareParts);
  const who: Principal = { id: "person:otto", name: "otto", verified: true, roles: ["operator"] };
  const request = (work: string, quantity: number) => ({ id: randomUUID(), part: "SR-13", quantity, work });
  const first = request("WO-1", 3);
  expect(await port.reserve(who, LIVE, first)).toMatchObject({ isNew: true, stock: { onHand: 5, reserved: 3 } });
  expect(await port.reserve(who, LIVE, first)).toMatchObject({ isNew: false, stock: { reserved: 3 } });
  await expect(port.reserve(who, LIVE, request("WO-2", 3))).rejects.toMatchObject({ code: "DW_CONFLICT" });
  await expect(move("SR-13", "taken", 3)).rejects.toMatchObject({ code: "DW_CONFLICT" });
  await expect(port.release(who, LIVE, request("WO-2", 1))).rejects.toMatchObject({ code: "DW_CONFLICT" });
  expect(await port.take(who, LIVE, request("WO-1", 2))).toMatchObject({ stock: { onHand: 3, reserved: 1 } });
  expect(await port.giveBack(who, LIVE, request("WO-1", 1))).toMatchObject({ stock: { onHand: 4, reserved: 1 } });
  expect(await port.release(who, LIVE, request("WO-1", 1))).toMatchObject({ stock: { onHand: 4, reserved: 0 } });
  expect((await port.list(who, LIVE, "S90")).map(({ part }) => part)).toEqual(["SR-1", "SR-13"]);
  await expect(port.take({ ...who, roles: ["viewer"] }, LIVE, request("WO-1", 1))).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  const { lines } = await historyOf("SR-13");
  expect(lines[0]).toMatchObject({ kind: "released", work: "WO-1" });
});

test("[SR5] what is entered late revises what followed and shows it; late or not, the book never falls below nothing by what people enter", async () => {
  await store("SR-5");
  const began = site.now() - HOUR;
  await move("SR-5", "received", 4, { at: began });
  await move("SR-5", "counted", 3, { at: began + 30 * MINUTE, reason: "one is missing" });
  await move("SR-5", "taken", 1, { at: began + 10 * MINUTE, work: "WO-9" });
  const { lines, part } = await historyOf("SR-5");
  expect(part.onHand).toBe(3);
  expect(lines.map(({ kind, difference, differenceThen, isLate }) => [kind, difference, differenceThen, isLate])).toEqual([
    ["counted", 0, -1, true],
    ["taken", undefined, undefined, true],
    ["received", undefined, undefined, true],
  ]);
  // before the count there were three left
  await expect(move("SR-5", "taken", 4, { at: began + 20 * MINUTE })).rejects.toMatchObject({ code: "DW_CONFLICT" });
});

test("[SR2] stock is that of any instant as it was known then, and a branch goes its own way [level: whole]", async () => {
  await store("SR-2");
  await move("SR-2", "received", 6);
  const then = site.now();
  await new Promise((resolve) => setTimeout(resolve, 20));
  await move("SR-2", "taken", 2);
  expect((await historyOf("SR-2", { t: then })).part.onHand).toBe(6);
  expect((await stockOf("SR-2")).onHand).toBe(4);
  expect((await calls.list(vera!, { query: { t: then } })).parts.find(({ part }) => part === "SR-2")).toMatchObject({ onHand: 6 });
  const { id: branch } = await eva!.fork("less stock");
  const own = site.now();
  await move("SR-2", "taken", 3, { at: own }, eva, { branch });
  expect((await calls.history(eva!, { params: { part: "SR-2" }, query: { branch } })).part.onHand).toBe(1);
  expect((await stockOf("SR-2")).onHand).toBe(4);
});

test("[SR6] [SR8] those below their minimum come first; the value is by currency, and parts without a price are counted", async () => {
  await store("SR-6a", { minimum: 3, price: 2, currency: "CNY" });
  await move("SR-6a", "received", 2);
  const { parts, values, withoutPrice } = await calls.list(vera!, { query: {} });
  const low = parts.map(({ isLow }) => isLow);
  expect(low.indexOf(false)).toBeGreaterThan(low.lastIndexOf(true));
  expect(parts[0]!.isLow).toBe(true);
  expect(values).toEqual(expect.arrayContaining([{ currency: "CNY", value: 4 }]));
  expect(withoutPrice).toBeGreaterThan(0);
});

test("[SR9] who is named is notified of a part below its minimum, once, over a restart too", async () => {
  const notified: string[] = [];
  const hook = createServer((request, response) => {
    request.setEncoding("utf8");
    let body = "";
    request.on("data", (text: string) => (body += text));
    request.on("end", () => {
      notified.push(body);
      response.end("ok");
    });
  });
  await new Promise<void>((resolve) => hook.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/hook`;
  try {
    const channel = (await ada!.requester.json("POST", "/notification-channels", {
      body: { kind: "webhook", name: "Stores", url, allowPrivate: true },
    })) as { readonly id: string };
    const notice = { isOn: true, priority: 3 as const, to: [{ kind: "channel" as const, channel: channel.id }] };
    await expect(calls.storeNotice(otto!, { query: {}, body: { fields: notice } })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
    await calls.storeNotice(eva!, { query: {}, body: { fields: notice } });
    await store("SR-9", { minimum: 2 });
    const about = () => notified.filter((body) => body.includes("SR-9")).length;
    await vi.waitUntil(() => about() > 0, WAIT);
    await close();
    await open();
    await move("SR-9", "received", 3);
    await move("SR-9", "taken", 2);
    await store("SR-9b", { minimum: 2 });
    await vi.waitUntil(() => notified.some((body) => body.includes("SR-9b")), WAIT);
    expect(about()).toBe(notified.filter((body) => body.includes("SR-9b")).length + 1);
  } finally {
    hook.close();
    hook.closeAllConnections();
  }
});

const LIST = "/lists/spareParts";
const csvOf = (text: string) => new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;
const preview = (text: string | Uint8Array<ArrayBuffer>) =>
  ada!.requester.json<{
    readonly created: readonly string[];
    readonly changed: readonly unknown[];
    readonly findings: readonly { readonly line?: number; readonly isFault: boolean }[];
  }>("POST", `${LIST}/preview`, { query: { name: "parts.csv" }, body: typeof text === "string" ? csvOf(text) : text });

test("[SR10] parts go out as a list and in again; a row that is none is named and changes nothing [level: round trip]", async () => {
  const file = (await ada!.requester.bytes(`${LIST}/file`, { query: { format: "csv" } })) as Uint8Array<ArrayBuffer>;
  expect(await preview(file)).toMatchObject({ created: [], changed: [], findings: [] });
  const good = 'number,title.en,title.zh,minimum,fits\nSR-10,Belt,皮带,4,"S10, S20"\n=SUM(A1),Formula,公式,1,\n';
  expect((await preview(good)).created).toEqual(["SR-10", "=SUM(A1)"]);
  const { findings } = await preview(`${good}SR-11,,皮带,1,\nSR-12,Belt,皮带,-1,\n`);
  expect(findings.filter(({ isFault }) => isFault).map(({ line }) => line)).toEqual([4, 5]);
  expect((await calls.list(vera!, { query: {} })).parts.some(({ part }) => part === "SR-10")).toBe(false);
});

test("[SR10] no text of a list breaks anything: it is read, or refused in one line, and never stored by a preview", async () => {
  const seed = Number(process.env["FUZZ_SEED"] ?? 71);
  console.log(`seed ${seed}`);
  let state = seed;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
  const pieces = [
    "number",
    "title.en",
    "minimum",
    ",",
    ";",
    "\n",
    '"',
    "\u0000",
    "皮带",
    "1e309",
    "-1",
    "=1+1",
    "SR-1",
    "\ufeff",
    "NaN",
    " ",
    "\t",
    "{}",
    "__proto__",
  ];
  const before = (await calls.list(vera!, { query: {} })).parts.length;
  for (let run = 0; run < 150; run++) {
    const body = Array.from({ length: next(40) }, () => pieces[next(pieces.length)]!).join("");
    const text = next(2) === 0 ? body : `number,title.en,title.zh,minimum\n${body}`;
    await preview(text).catch((error: { readonly code?: string }) => expect(error.code, JSON.stringify(text)).toBe("DW_INVALID"));
  }
  expect((await calls.list(vera!, { query: {} })).parts).toHaveLength(before);
});

test("[SR1] [SR9] [SR11] documents of every version are read", () => {
  for (const [kind, file] of [
    [sparePart, "stores.part-v1.json"],
    [stockNotice, "stores.notice-v1.json"],
    [storesSource, "stores.source-v1.json"],
  ] as const) {
    const record = JSON.parse(readFileSync(new URL(`./fixtures/${file}`, import.meta.url), "utf8"));
    expect(documentFaults(kind as typeof sparePart, record)).toEqual([]);
    expect(readDocument(kind as typeof sparePart, record)).toBeDefined();
  }
  expect(hashedId("sparePart", "number", "SP-1")).toContain("sparePart");
});
