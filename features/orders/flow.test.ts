import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import { documentFaults, readDocument } from "@doppelwerk/kit";
import { orderPlans } from "@doppelwerk/ports";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { HOUR, LIVE } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clientAs, openProduct, serveAs } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import * as calls from "./calls.ts";
import type { KnownOrder } from "./contract.ts";
import { bringLine, makePieces } from "./counted-plant.fixture.ts";
import { startErp, type ErpServer } from "./erp-server.fixture.ts";
import { orders as feature } from "./feature.ts";
import { productionOrder } from "./model/order-kind.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-flow-"));
const closes: (() => Promise<unknown>)[] = [];
const WAIT = { timeout: 60_000 };
let site: HostedWorld;
let erp: ErpServer;
let ada: Client;
let eva: Client;
let began = 0;

const order = (number: string, product: string, quantity: number, startH: number) => ({
  message: `${number}/1`,
  time: new Date((began - 4 * HOUR) / 1_000).toISOString(),
  kind: "create",
  order: number,
  line: "Line1",
  product,
  quantity,
  plannedStart: new Date((began + startH * HOUR) / 1_000).toISOString(),
});
const found = async (number: string): Promise<KnownOrder | undefined> =>
  (await calls.list(eva, { query: {} })).orders.find((each) => each.number === number) as KnownOrder | undefined;

beforeAll(async () => {
  erp = await startErp();
  site = await openProduct(folder);
  began = site.now();
  ada = await clientAs(site, "ada", "administrator", closes);
  eva = await clientAs(site, "eva", "engineer", closes);
  await bringLine(site);
  erp.answers.set("/products", [
    { product: "WM7", name: "Product 7", line: "Line1" },
    { product: "WM9", name: { en: "Product 9" }, line: "Line1" },
  ]);
  erp.answers.set("/products/WM7/bill", [
    { material: "MOTOR", perPiece: 1 },
    { material: "DOOR", perPiece: 2 },
  ]);
  erp.answers.set("/products/WM9/bill", [{ material: "PUMP", perPiece: 1 }]);
  erp.answers.set("/rates", {
    currency: "EUR",
    validFrom: "2026-01-01",
    workCentres: [{ workCentre: "Line1", machineHour: 100, labourHour: 30, operators: 4 }],
    materials: [
      { material: "MOTOR", price: 30 },
      { material: "DOOR", price: 10 },
    ],
  });
  erp.answers.set("/materials", [
    { material: "MOTOR", name: "Motor", onHand: 3, minimum: 10 },
    { material: "DOOR", name: "Door", onHand: 400, minimum: 10 },
  ]);
  erp.answers.set("/materials/MOTOR/lots", [{ lot: "M-1", location: "A", quantity: 3 }]);
  erp.answers.set("/materials/DOOR/lots", []);
  for (const each of [order("A-1", "WM9", 3, -2.5), order("A-2", "WM7", 5, -2), order("A-3", "WM7", 6, 1), order("A-4", "WM9", 2, 2)])
    erp.say(each);
  await makePieces(site, { product: "WM9", from: began - 2.5 * HOUR, count: 3, counted: 100 });
  await makePieces(site, { product: "WM7", from: began - 2 * HOUR, count: 4, counted: 103, good: 2 });
  await calls.addSource(ada, {
    body: {
      fields: {
        kind: "rest",
        name: "ERP",
        url: `${erp.url}/messages`,
        allowPrivate: true,
        intervalS: 1,
        confirmations: `${erp.url}/confirmations`,
        masterData: {
          products: `${erp.url}/products`,
          bills: `${erp.url}/products/{product}/bill`,
          rates: `${erp.url}/rates`,
          materials: `${erp.url}/materials`,
          lots: `${erp.url}/materials/{material}/lots`,
        },
      } as never,
    },
  });
});
afterAll(async () => {
  for (const end of closes) await end();
  await site.close();
  await erp.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("[OR12] what was made of an order is written back once, with an id of its own; a later piece is written as the difference", async () => {
  await expect.poll(() => erp.posted.map(({ body }) => body), WAIT).toMatchObject([{ id: "A-1.1", order: "A-1", good: 3, scrap: 0 }]);
  expect((await found("A-2"))?.made).toMatchObject({ begun: 4, good: 2 });
  await calls.confirm(eva, { params: { number: "A-2" } });
  await calls.confirm(eva, { params: { number: "A-2" } });
  expect(erp.posted.map(({ body }) => [body["id"], body["good"]])).toEqual([
    ["A-1.1", 3],
    ["A-2.1", 2],
  ]);
  await expect(calls.confirm(eva, { params: { number: "none" } })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  await expect.poll(() => calls.sources(ada), WAIT).toMatchObject([{ confirmed: 2, waiting: 0 }]);
});

test("[OR13] products, bills, materials with stock and lots, and rates come from the source as documents, once until they change", async () => {
  await expect
    .poll(async () => (await calls.flow(eva, { query: {} })).materials.map(({ material }) => material), WAIT)
    .toEqual(["DOOR", "MOTOR"]);
  const flow = await calls.flow(eva, { query: {} });
  expect(flow).toMatchObject({ currency: "EUR", validFrom: "2026-01-01", lots: 1 });
  expect(flow.materials.find(({ material }) => material === "MOTOR")).toMatchObject({
    onHand: 3,
    minimum: 10,
    isCalled: true,
    needed: 1 + 6,
  });
  expect(flow.materials.find(({ material }) => material === "DOOR")).toMatchObject({ onHand: 400, isCalled: false });
});

test("[OR14] the flow of a line has its rate, the pieces on it and what their material costs; what is not known is not there", async () => {
  const [line] = (await calls.flow(eva, { query: {} })).lines;
  expect(line).toMatchObject({ line: "Line1", rate: { machineHour: 100, labourHour: 30, operators: 4, perHour: 220 } });
  // two of A-2 are begun and not good: a motor and two doors each
  expect(line).toMatchObject({ onLine: [{ product: "WM7", pieces: 2, each: 50 }], value: 100 });
  expect(line!.waiting).toBe(8);
});

test("[OR10] orders and materials are lists: out as CSV and in again with findings, and nothing is changed by what is the same", async () => {
  const { origin, close } = await serveAs(site, { id: "person:eva", name: "eva", verified: true, roles: ["engineer"] });
  closes.push(close);
  const ask = (path: string, init?: RequestInit) => fetch(`${origin}/api/doppelwerk/v1/lists${path}`, init);
  const preview = async (csv: string) =>
    (await (
      await ask("/orders/preview?branch=live&name=orders.csv", {
        method: "POST",
        body: csv,
        headers: { "content-type": "application/octet-stream" },
      })
    ).json()) as { readonly findings: readonly { readonly line: number; readonly column?: string; readonly isFault?: boolean }[] } & Record<
      string,
      unknown
    >;
  const all = (await (await ask("")).json()) as readonly { readonly id: string; readonly rows: number }[];
  expect(all.filter(({ id }) => id === "orders" || id === "materials").map(({ rows }) => rows)).toEqual(expect.arrayContaining([4]));
  const csv = await (await ask("/orders/file?format=csv")).text();
  expect(csv).toMatch(/A-3,Line1,WM7,6,PCE/);
  expect(await preview(csv)).toMatchObject({ findings: [] });
  const wrong = await preview(
    "number,line,product,quantity,due\nN-1,Line1,WM7,1,2026-12-01T10:00:00+01:00\nN-2,Line1,WM7,-1,\nN-3,Line1,WM7,1,tomorrow\n",
  );
  expect(wrong.findings.filter(({ isFault }) => isFault).map(({ line }) => line)).toEqual([3, 4]);
});

test("[OR15] planning takes what is left of open orders and gives back a sequence, on a branch, that a merge brings to live", async () => {
  const plans = site.features.port(orderPlans);
  expect(await plans.open(SYSTEM, LIVE)).toMatchObject([
    { id: "A-2", product: "WM7", quantity: 3 },
    { id: "A-3", product: "WM7", quantity: 6 },
    { id: "A-4", product: "WM9", quantity: 2 },
  ]);
  const { id: fork } = await eva.fork("sequence");
  await plans.sequence(SYSTEM, fork, ["A-4", "A-3"]);
  const numbers = async (branch: string) =>
    (await calls.list(eva, { query: { branch } })).orders.map(({ number }) => number).filter((number) => number.startsWith("A"));
  expect(await numbers(fork)).toEqual(["A-4", "A-3", "A-1", "A-2"]);
  expect(await numbers(LIVE)).toEqual(["A-1", "A-2", "A-3", "A-4"]);
  await expect(calls.sequence(eva, { query: { branch: fork }, body: { orders: ["none"] } })).rejects.toMatchObject({
    code: "DW_NOT_FOUND",
  });
});

test("[OR17] coverage says of each aspect what is collected and from where, and what is not", async () => {
  const { aspects } = await calls.coverage(eva, { query: {} });
  expect(aspects.map(({ aspect }) => aspect)).toEqual(["production", "quality", "energy", "logistics", "safety", "people"]);
  const countOf = (aspect: string, id: string) => aspects.find((each) => each.aspect === aspect)!.facts.find((fact) => fact.id === id);
  expect(countOf("production", "counts")).toMatchObject({ count: 4, from: ["bench"] });
  expect(countOf("production", "orders")!.count).toBeGreaterThan(3);
  expect(countOf("logistics", "bills")!.count).toBe(2);
  expect(countOf("energy", "energyMeters")!.count).toBe(0);
});

test("[OR11] B2MML goes out over the interface and in again: the same changes nothing, a dry run stores nothing, another version is refused", async () => {
  const text = async (document: string, format: "xml" | "json") =>
    new TextDecoder().decode((await calls.exportB2mml(eva, { params: { document }, query: { format } })) as Uint8Array);
  const take = (body: string, dry: "true" | "false" = "false") =>
    calls.importB2mml(eva, { query: { dry }, body: new TextEncoder().encode(body) as never });
  for (const format of ["xml", "json"] as const) {
    const schedule = await text("OperationsSchedule", format);
    expect(await take(schedule)).toMatchObject({ document: "OperationsSchedule", stored: 0, refused: [] });
    expect(await take(await text("MaterialInformation", format), "true")).toMatchObject({ document: "MaterialInformation", refused: [] });
    expect((await take(await text("OperationsPerformance", format))).reports).toContainEqual({ number: "A-1", reported: 3, counted: 3 });
  }
  const schedule = await text("OperationsSchedule", "xml");
  const changed = schedule.replaceAll("A-4", "X-4").replace("<QuantityString>6<", "<QuantityString>9<");
  expect(await take(changed, "true")).toMatchObject({ stored: 2 });
  expect(await found("X-4")).toBeUndefined();
  expect(await take(changed)).toMatchObject({ stored: 2 });
  expect((await found("X-4"))?.source).toBeUndefined();
  expect((await found("A-3"))?.fields.quantity).toBe(9);
  await expect(take('<ProductionSchedule xmlns="http://www.wbf.org/xml/B2MML-V0401"/>')).rejects.toMatchObject({ code: "DW_INVALID" });
  await expect(text("Equipment", "xml")).rejects.toMatchObject({ code: "DW_INVALID" });
});

test.each(feature.kinds)("[OR2] a record of version 1 of each kind is read: $id", (kind) => {
  const record = JSON.parse(readFileSync(join(import.meta.dirname, `fixtures/${kind.id}-v1.json`), "utf8")) as never;
  expect(documentFaults(kind, record)).toEqual([]);
  if (kind.id === "orders.order") expect(readDocument(productionOrder, record)).toMatchObject({ number: "PO-3-00042", quantity: 126 });
});
