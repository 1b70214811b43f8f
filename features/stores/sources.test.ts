import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import type { HostedWorld } from "@doppelwerk/server/site";
import { HOUR, MINUTE } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clientAs, openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import * as calls from "./calls.ts";
import { readEntry, readPart } from "./model/program-rows.ts";

const WAIT = { timeout: 60_000, interval: 200 };
const folder = mkdtempSync(join(tmpdir(), "doppelwerk-stores-source-"));
const closes: (() => Promise<unknown>)[] = [];
let site: HostedWorld;
let [ada, eva, vera]: Client[] = [];

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

/** A program of stores: two lists, as that of the demo factory answers them. */
const program = { parts: [] as object[], movements: [] as object[], fails: false, url: "", asked: [] as string[] };
const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url!, program.url);
  program.asked.push(request.url!);
  const found =
    pathname === "/spare-parts"
      ? program.parts
      : program.movements
          .filter((entry) => (entry as { seq: number }).seq > Number(searchParams.get("after")))
          .slice(0, Number(searchParams.get("limit")));
  response.writeHead(program.fails ? 503 : 200, { "content-type": "application/json" });
  response.end(JSON.stringify(found));
});
let began = 0;
const say = (kind: string, item: string, quantity: number, at: number): void =>
  void program.movements.push({
    seq: program.movements.length + 1,
    time: new Date(at / 1_000).toISOString(),
    document: `MD-${program.movements.length + 1}`,
    kind,
    item,
    location: "SPARES",
    quantity,
    unit: "PCE",
  });
const part = (id: string, onHand: number, more: object = {}) => ({
  part: id,
  name: "Screwdriver spindle",
  usedAt: "S080",
  onHand,
  minimum: 2,
  order: 4,
  leadDays: 5,
  priceEur: 100,
  ...more,
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  program.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await open();
  began = site.now() - 5 * HOUR;
});
afterAll(async () => {
  await close();
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

const fields = (more: object = {}) =>
  ({
    name: "Stores",
    parts: `${program.url}/spare-parts`,
    movements: `${program.url}/movements`,
    allowPrivate: true,
    intervalS: 1,
    limit: 3,
    ...more,
  }) as never;
const found = async (number: string) => (await calls.list(vera!, { query: {} })).parts.find((each) => each.part === number);
const state = async () => (await calls.sources(ada!))[0]!;

test("[SR11] parts and movements of a program come by polling it, each once; what is no spare part or cannot be read is counted, with why", async () => {
  program.parts.push(part("SP-1", 3), part("SP-2", -1), { part: "", name: 4 });
  say("receipt", "SP-1", 5, began);
  say("pick", "DOOR", -40, began);
  say("issue", "SP-1", -1, began + MINUTE);
  say("issue", "SP-2", -1, began + 2 * MINUTE);
  program.movements.push({ seq: 5, time: "31.11.2026", kind: "issue", item: "SP-1", quantity: -1 });
  program.movements.push({ seq: 6, time: "2099-01-01T00:00:00Z", kind: "issue", item: "SP-1", quantity: -1 });
  say("count", "SP-1", -1, began + 3 * MINUTE);
  await calls.addSource(ada!, { body: { fields: fields() } });
  await expect.poll(async () => (await found("SP-1"))?.onHand, WAIT).toBe(3);
  await expect.poll(async () => (await state()).position, WAIT).toBe(7);
  expect(await found("SP-1")).toMatchObject({
    fields: { title: { en: "Screwdriver spindle" }, fits: ["S080"], minimum: 2, reorder: 4, leadDays: 5, price: 100, currency: "EUR" },
    value: 300,
  });
  await expect.poll(async () => (await found("SP-1"))?.reported?.onHand, WAIT).toBe(3);
  expect((await found("SP-1"))?.findings).toEqual([]);
  expect(await found("SP-2")).toMatchObject({ onHand: -1, isLow: true, findings: ["belowNothing"] });
  expect(await state()).toMatchObject({ state: "connected", taken: 4, others: 1, refused: 3 });
  expect((await state()).faults.map(({ reason }) => reason.code).toSorted()).toEqual([
    "stores.fault.field",
    "stores.fault.time",
    "stores.fault.time",
  ]);
  const { lines } = await calls.history(vera!, { params: { part: "SP-1" }, query: {} });
  expect(lines.map(({ kind, by, document }) => [kind, by, document])).toEqual([
    ["corrected", "Stores", "MD-7"],
    ["taken", "Stores", "MD-3"],
    ["received", "Stores", "MD-1"],
  ]);
});

test("[SR11] a later look changes what changed at the program and leaves what people said; another number there is shown", async () => {
  const before = (await found("SP-1"))!.fields;
  await calls.store(eva!, { params: { part: "SP-1" }, query: {}, body: { fields: { ...before, place: "B-7", minimum: 1 } } });
  program.parts[0] = part("SP-1", 9, { leadDays: 11 });
  await expect.poll(async () => (await found("SP-1"))?.fields.leadDays, WAIT).toBe(11);
  expect((await found("SP-1"))?.fields).toMatchObject({ place: "B-7", minimum: 1 });
  await expect.poll(async () => (await found("SP-1"))?.findings, WAIT).toEqual(["differs"]);
});

test("[SR11] a source keeps its position over a restart and while it fails; nothing is lost or taken twice, and an instant to come waits", async () => {
  program.fails = true;
  await expect.poll(async () => (await state()).state, WAIT).toBe("failing");
  expect((await state()).reason).toMatchObject({ code: "stores.fault.status" });
  await close();
  say("issue", "SP-1", -1, began + HOUR);
  await open();
  program.fails = false;
  await expect.poll(async () => (await found("SP-1"))?.onHand, WAIT).toBe(2);
  expect(await state()).toMatchObject({ position: 8, taken: 5, duplicates: 0 });
  say("receipt", "SP-1", 4, site.now() + HOUR);
  say("issue", "SP-1", -1, began + 2 * HOUR);
  const asked = program.asked.length;
  await expect.poll(() => program.asked.length, WAIT).toBeGreaterThan(asked + 4);
  expect(await state()).toMatchObject({ position: 8, state: "connected" });
  expect((await found("SP-1"))?.onHand).toBe(2);
});

test("[SR12] an address with a password or of another kind is refused, one inside the own network is asked by leave alone, and a token is never answered", async () => {
  for (const parts of ["ftp://stores.example/x", "http://ada:secret@stores.example/x", "file:///etc/passwd"])
    await expect(calls.addSource(ada!, { body: { fields: fields({ parts }) } })).rejects.toMatchObject({ code: "DW_INVALID" });
  await expect(calls.addSource(eva!, { body: { fields: fields() } })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  const before = program.asked.length;
  const inside = await calls.addSource(ada!, {
    body: { fields: fields({ name: "inside", parts: `${program.url}/inside`, allowPrivate: false }), secret: "t0p" },
  });
  expect(inside.hasSecret).toBe(true);
  const stateOf = async () => (await calls.sources(ada!)).find(({ id }) => id === inside.id);
  await expect.poll(stateOf, WAIT).toMatchObject({ state: "failing", reason: { code: "connectors.addressPrivate" } });
  expect(program.asked.slice(before).some((path) => path.startsWith("/inside"))).toBe(false);
  expect(JSON.stringify(await calls.sources(ada!))).not.toContain("t0p");
  await calls.removeSource(ada!, { params: { source: inside.id } });
  expect(await stateOf()).toBeUndefined();
});

test("[SR11] no answer of a program breaks its reading: each row is read, or refused with a reason", () => {
  const seed = Number(process.env["FUZZ_SEED"] ?? 4_071);
  console.log(`seed ${seed}`);
  let counter = seed;
  const next = (below: number): number => {
    counter = (Math.imul(counter, 1_664_525) + 1_013_904_223) >>> 0;
    return counter % below;
  };
  const values = [
    null,
    0,
    -1,
    Number.POSITIVE_INFINITY,
    Number.NaN,
    "",
    "SP-1",
    "皮带",
    "\u0000",
    {},
    [],
    ["S1"],
    true,
    "2026-11-30T10:00:00Z",
    "count",
    "issue",
    7,
  ];
  const names = [
    "seq",
    "time",
    "kind",
    "item",
    "quantity",
    "document",
    "part",
    "name",
    "usedAt",
    "onHand",
    "minimum",
    "leadDays",
    "priceEur",
  ];
  for (let run = 0; run < 5_000; run++) {
    const row = Object.fromEntries(names.filter(() => next(3) > 0).map((name) => [name, values[next(values.length)]]));
    for (const read of [
      readPart(row),
      readEntry("s", row, 2e15),
      readPart(values[next(values.length)]),
      readEntry("s", values[next(values.length)], 2e15),
    ])
      if ("value" in read) expect(Object.values(read.value).every((value) => value !== undefined)).toBe(true);
      else expect(read.fault.code).toMatch(/^stores\.fault\./);
  }
});
