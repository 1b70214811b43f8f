import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import type { HostedWorld } from "@doppelwerk/server/site";
import { HOUR, MINUTE } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clientAs, openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import * as calls from "./calls.ts";
import type { KnownOrder } from "./contract.ts";
import { bringLine, makePieces } from "./counted-plant.fixture.ts";
import { startErp, type ErpServer } from "./erp-server.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-orders-"));
const closes: (() => Promise<unknown>)[] = [];
const WAIT = { timeout: 60_000 };
let site: HostedWorld;
let erp: ErpServer;
let ada: Client;
let eva: Client;
let vera: Client;

async function open(): Promise<void> {
  site = await openProduct(folder);
  ada = await clientAs(site, "ada", "administrator", closes);
  eva = await clientAs(site, "eva", "engineer", closes);
  vera = await clientAs(site, "vera", "viewer", closes);
}
async function close(): Promise<void> {
  for (const end of closes.splice(0)) await end();
  await site.close();
}

let began = 0;
const hours = (count: number): string => new Date((began + count * HOUR) / 1_000).toISOString();
const order = (number: string, product: string, quantity: number, more: object = {}) => ({
  order: number,
  line: "Line1",
  product,
  quantity,
  plannedStart: hours(-3),
  plannedEnd: hours(-2),
  due: hours(20),
  ...more,
});
const listed = async (client = vera): Promise<readonly KnownOrder[]> => (await calls.list(client, { query: {} })).orders;
const found = async (number: string): Promise<KnownOrder | undefined> => (await listed()).find((each) => each.number === number);

beforeAll(async () => {
  erp = await startErp();
  await open();
  began = site.now();
  await bringLine(site);
});
afterAll(async () => {
  await close();
  await erp.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("[OR1] [OR2] orders of an ERP come by polling its list; what comes twice counts once, what is changed is another version, and the history has all", async () => {
  erp.say({
    message: "7/1",
    time: hours(-4),
    kind: "create",
    ...order("PO-7", "WM7", 40, { customer: "Own stock", plannedStart: hours(-2.9) }),
  });
  erp.say({
    message: "7/1",
    time: hours(-4),
    kind: "create",
    ...order("PO-7", "WM7", 40, { customer: "Own stock", plannedStart: hours(-2.9) }),
  });
  erp.say({ message: "8/1", time: hours(-4), kind: "create", ...order("PO-8", "WM9", 3) });
  erp.say({ message: "9/1", time: hours(-4), kind: "create", ...order("PO-9", "WM5", 4) });
  erp.say({ message: "10/1", time: hours(-4), kind: "create", ...order("PO-10", "WM7", 4, { line: "Line 77" }) });
  erp.say({ message: "11/1", time: hours(-4), kind: "create", order: "PO-11", line: "Line1", product: "WM7", quantity: "many" });
  const fields = { kind: "rest", name: "ERP", url: `${erp.url}/messages`, allowPrivate: true, intervalS: 1, limit: 2 };
  const source = await calls.addSource(ada, { body: { fields: fields as never } });
  await expect.poll(async () => (await listed()).length, WAIT).toBe(4);
  erp.say({
    message: "7/2",
    time: hours(-3.5),
    kind: "change",
    reason: "sales corrected it",
    ...order("PO-7", "WM7", 5, { customer: "Own stock", plannedStart: hours(-2.9) }),
  });
  await expect.poll(async () => (await found("PO-7"))?.fields.quantity, WAIT).toBe(5);
  const [state] = await calls.sources(ada);
  expect(state).toMatchObject({ id: source.id, state: "connected", taken: 5, duplicates: 1, refused: 1, position: "7" });
  expect(state!.faults).toMatchObject([{ where: "#6", reason: { code: "orders.fault.field" } }]);
  expect((await found("PO-7"))?.findings).toContain("corrected");
  expect((await found("PO-9"))?.findings).toContain("unknownProduct");
  expect((await found("PO-10"))?.findings).toContain("unknownLine");
  const versions = await calls.history(vera, { params: { number: "PO-7" }, query: {} });
  expect(versions.map(({ by, fields: { quantity }, changed }) => [by, quantity, changed])).toEqual([
    ["ERP", 5, ["quantity", "reason"]],
    ["ERP", 40, []],
  ]);
});

test("[OR7] what the line counted at its beginning and end is what was made of each order, at any instant", async () => {
  const from = site.now() - 2.5 * HOUR;
  await makePieces(site, { product: "WM9", from, count: 3, counted: 100 });
  await makePieces(site, { product: "WM7", from: from + 30 * MINUTE, count: 5, counted: 103, good: 4 });
  await expect.poll(async () => (await found("PO-7"))?.made, WAIT).toMatchObject({ begun: 5, good: 4 });
  expect(await found("PO-8")).toMatchObject({ state: "completed", line: "Line1", made: { begun: 3, good: 3, missing: 0 } });
  expect(await found("PO-7")).toMatchObject({ state: "running" });
  const before = await calls.list(vera, { query: { t: from + 12.5 * MINUTE } });
  expect(before.orders.find(({ number }) => number === "PO-8")).toMatchObject({ state: "running", made: { good: 2 } });
  expect(before.lines).toMatchObject([{ line: "Line1", isCounted: true, isSimulated: false }]);
});

test("[OR1] a source keeps its position over a restart and while it is paused; while it does not answer it says why, and nothing is lost or taken twice", async () => {
  const { id, fields } = (await calls.sources(ada))[0]!;
  await calls.changeSource(ada, { params: { source: id }, body: { fields: { ...fields, isOn: false } as never } });
  erp.say({ message: "12/1", kind: "create", ...order("PO-12", "WM7", 9) });
  expect(await calls.sources(ada)).toMatchObject([{ state: "paused", position: "7" }]);
  await close();
  await open();
  await calls.changeSource(ada, { params: { source: id }, body: { fields: fields as never } });
  await expect.poll(async () => (await found("PO-12"))?.fields.quantity, WAIT).toBe(9);
  erp.fails = 503;
  await expect
    .poll(async () => (await calls.sources(ada))[0], WAIT)
    .toMatchObject({ state: "failing", reason: { code: "orders.fault.status" } });
  erp.say({ message: "12/2", kind: "cancel", ...order("PO-12", "WM7", 9) });
  erp.fails = undefined;
  await expect.poll(async () => (await found("PO-12"))?.state, WAIT).toBe("cancelled");
  await expect.poll(() => calls.sources(ada), WAIT).toMatchObject([{ state: "connected", duplicates: 1, refused: 1, position: "9" }]);
  expect(await calls.history(vera, { params: { number: "PO-12" }, query: {} })).toHaveLength(2);
});

test("[OR3] engineers enter, change, split and hold orders; who did not see the newest is refused, viewers are", async () => {
  const fields = { number: "MY-1", line: "Line1", product: "WM7", quantity: 10, state: "released" } as never;
  await expect(calls.store(vera, { params: { number: "MY-1" }, query: {}, body: { fields } })).rejects.toMatchObject({
    code: "DW_FORBIDDEN",
  });
  const stored = await calls.store(eva, { params: { number: "MY-1" }, query: {}, body: { fields, expected: null } });
  expect(stored).toMatchObject({ number: "MY-1", line: "Line1", state: "waiting" });
  await expect(calls.store(eva, { params: { number: "MY-1" }, query: {}, body: { fields, expected: null } })).rejects.toMatchObject({
    code: "DW_CONFLICT",
  });
  const { kept, split } = await calls.split(eva, {
    params: { number: "MY-1" },
    query: {},
    body: { number: "MY-1b", quantity: 4, expected: stored.at },
  });
  expect([kept.fields.quantity, split.fields.quantity, split.fields.splitFrom]).toEqual([6, 4, "MY-1"]);
  for (const quantity of [6, 7])
    await expect(calls.split(eva, { params: { number: "MY-1" }, query: {}, body: { number: "MY-1c", quantity } })).rejects.toMatchObject({
      code: "DW_CONFLICT",
    });
  const held = await calls.store(eva, {
    params: { number: "MY-1" },
    query: {},
    body: { fields: { ...kept.fields, state: "held", reason: "no motors" }, expected: kept.at },
  });
  expect(held.state).toBe("held");
  await expect(calls.history(vera, { params: { number: "none" }, query: {} })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
});

test("[OR4] an address with a password, or of another kind, is refused; one inside the own network is not asked without leave", async () => {
  for (const url of ["ftp://erp.example/x", "http://ada:secret@erp.example/messages", "file:///etc/passwd"])
    await expect(calls.addSource(ada, { body: { fields: { kind: "rest", name: "bad", url } as never } })).rejects.toMatchObject({
      code: "DW_INVALID",
    });
  await expect(
    calls.addSource(eva, { body: { fields: { kind: "rest", name: "x", url: "http://a.example" } as never } }),
  ).rejects.toMatchObject({
    code: "DW_FORBIDDEN",
  });
  const asked = erp.asked.length;
  const inside = await calls.addSource(ada, {
    body: { fields: { kind: "rest", name: "inside", url: `${erp.url}/inside` } as never, secret: "t0p" },
  });
  expect(inside).toMatchObject({ hasSecret: true });
  const stateOf = async () => (await calls.sources(ada)).find(({ id }) => id === inside.id);
  await expect.poll(stateOf, WAIT).toMatchObject({ state: "failing", reason: { code: "connectors.addressPrivate" } });
  expect(erp.asked.slice(asked).some((path) => path.startsWith("/inside"))).toBe(false);
  expect(JSON.stringify(await calls.sources(ada))).not.toContain("t0p");
  await calls.removeSource(ada, { params: { source: inside.id } });
  expect(await stateOf()).toBeUndefined();
});
