import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { importChanges, LIVE } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clientAs, openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { smallPlant } from "../../packs/discrete-line/src/small-plant.fixture.ts";
import * as calls from "./calls.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-tracking-"));
const closes: (() => Promise<unknown>)[] = [];
let site: HostedWorld;
let operator: Client;
let viewer: Client;
let stations: readonly string[];

async function start(): Promise<void> {
  site = await openProduct(folder);
  operator = await clientAs(site, "otto", "operator", closes);
  viewer = await clientAs(site, "vera", "viewer", closes);
}

beforeAll(async () => {
  site = await openProduct(folder);
  const view = site.view(SYSTEM);
  await view.apply({ branch: LIVE, reason: "a line", changes: importChanges(view.reader(LIVE), smallPlant(), "file").changes });
  await site.close();
  await start();
  stations = site
    .view(SYSTEM)
    .reader(LIVE)
    .query({ kind: "shell" })
    .map(({ id }) => id);
});
afterAll(async () => {
  for (const close of closes) await close();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

const serial = (name: string) => `urn:epc:id:sgtin:4012345.012346.${name}`;
const lot = (name: string) => `urn:epc:class:lgtin:4012345.012347.${name}`;
const pallet = (n: number) => `urn:epc:id:sscc:4012345.123456789${n}`;
const at = (minute: number) => new Date(Date.UTC(2026, 10, 2, 8, minute)).toISOString();
const base = (minute: number) => ({ eventTime: at(minute), eventTimeZoneOffset: "+01:00", readPoint: { id: stations[0]! } });
const made = (minute: number, inputs: readonly string[], outputs: readonly string[], more = {}) => ({
  ...base(minute),
  type: "TransformationEvent",
  inputQuantityList: inputs.filter((each) => each.includes(":class:")).map((epcClass) => ({ epcClass, quantity: 1 })),
  inputEPCList: inputs.filter((each) => !each.includes(":class:")),
  outputEPCList: outputs,
  bizStep: "commissioning",
  ...more,
});
const packed = (minute: number, action: string, parentID: string, childEPCs: readonly string[]) => ({
  ...base(minute),
  type: "AggregationEvent",
  action,
  parentID,
  childEPCs,
  bizStep: action === "ADD" ? "packing" : "unpacking",
});
const capture = (events: readonly object[], as = operator, query = {}) =>
  calls.capture(as, { query, body: { type: "EPCISDocument", schemaVersion: "2.0", epcisBody: { eventList: events as never } } });
const traced = async (thing: string, direction: "into" | "from", more = {}) =>
  (await calls.trace(viewer, { query: { thing, direction, ...more } })).things.slice(1).map(({ short }) => short);

test("[TK1] what a product is made of and what became of a lot, over assembly, mixing, splitting and packing", async () => {
  await capture([
    made(0, [lot("L1")], [serial("D1"), serial("D2")]),
    made(1, [serial("D1"), lot("L2"), lot("L3")], [serial("S1")]),
    made(2, [serial("D2"), lot("L2")], [serial("S2")]),
    packed(3, "ADD", pallet(0), [serial("S1"), serial("S2")]),
  ]);
  expect((await traced(serial("S1"), "from")).toSorted()).toEqual(["D1", "L1", "L2", "L3"]);
  expect((await traced(lot("L1"), "into")).toSorted()).toEqual(["(00) 140123452345678902", "D1", "D2", "S1", "S2"].toSorted());
  expect(await traced(lot("L3"), "into")).toEqual(["S1", "(00) 140123452345678902"]);
});

test("[TK2] a container holds what is traced only while that is in it, also when events come in another order", async () => {
  await capture([
    packed(20, "DELETE", pallet(1), []),
    packed(30, "ADD", pallet(1), [serial("P2")]),
    packed(10, "ADD", pallet(1), [serial("P1")]),
  ]);
  await capture([packed(12, "ADD", pallet(2), [pallet(1)]), packed(15, "DELETE", pallet(2), [pallet(1)])]);
  expect(await traced(serial("P1"), "into")).toEqual([expect.stringMatching(/^\(00\)/), expect.stringMatching(/^\(00\)/)]);
  expect(await traced(serial("P2"), "into")).toHaveLength(1);
  expect(await traced(pallet(1), "from", { at: at(11), current: "true" })).toEqual(["P1"]);
  expect(await traced(pallet(1), "from", { at: at(25), current: "true" })).toEqual([]);
  expect(await traced(pallet(1), "from", { at: at(35), current: "true" })).toEqual(["P2"]);
  expect((await traced(pallet(1), "from")).toSorted()).toEqual(["P1", "P2"]);
  expect(await traced(pallet(2), "from")).toHaveLength(2);
});

test("[TK3] the same event twice is one; one that was declared wrong links nothing, whichever comes first", async () => {
  const wrong = made(40, [lot("W1")], [serial("W")], { eventID: "urn:uuid:4b7a3f0e-0000-4000-8000-000000000001" });
  expect(await capture([wrong])).toEqual({ recorded: 1, duplicates: 0, withdrawn: 0 });
  expect(await capture([wrong])).toEqual({ recorded: 0, duplicates: 1, withdrawn: 0 });
  const error = { ...wrong, errorDeclaration: { declarationTime: at(41), reason: "incorrect_data" } };
  expect(await traced(lot("W1"), "into")).toEqual(["W"]);
  expect(await capture([error])).toMatchObject({ recorded: 1, withdrawn: 1 });
  expect(await traced(lot("W1"), "into")).toEqual([]);
  const early = { ...wrong, eventID: "urn:uuid:4b7a3f0e-0000-4000-8000-000000000002", inputQuantityList: [{ epcClass: lot("W2") }] };
  await capture([{ ...early, errorDeclaration: { declarationTime: at(42) } }]);
  await capture([early]);
  expect(await traced(lot("W2"), "into")).toEqual([]);
  const { visits } = await calls.history(viewer, { query: { thing: serial("W") } });
  expect(visits.map(({ isError }) => isError)).toEqual([true, true, false, false]);
});

test("[TK4] after a restart, and without its index, everything is found as before", async () => {
  const before = await traced(serial("S1"), "from");
  for (const isIndexGone of [false, true]) {
    for (const close of closes.splice(0)) await close();
    await site.close();
    if (isIndexGone) rmSync(join(folder, "derived/tracking"), { recursive: true, force: true });
    await start();
    await expect.poll(() => traced(serial("S1"), "from").catch(() => []), { timeout: 60_000 }).toEqual(before);
    expect(await traced(lot("W1"), "into")).toEqual([]);
  }
});

test("[TK5] a document is captured whole or not at all: what is wrong is named with its place", async () => {
  const good = made(50, [lot("X1")], [serial("X")]);
  const refusals: readonly (readonly [object, RegExp])[] = [
    [{ ...good, readPoint: { id: "urn:epc:id:sgln:0614141.00777.0" } }, /event 2.*0614141/],
    [{ ...good, eventTime: "2026-11-02T08:00:00" }, /eventTime.*RFC 3339/],
    [{ ...good, eventTime: "2126-11-02T08:00:00Z" }, /event 2.*not come yet/],
    [{ ...base(1), type: "AggregationEvent", action: "ADD", childEPCs: [serial("X")] }, /parentID/],
    [{ ...good, type: "QuantityEvent" }, /type/],
    [{ ...good, outputEPCList: Array.from({ length: 1_001 }, (_, n) => serial(`X${n}`)) }, /1.?000/],
  ];
  for (const [event, why] of refusals) await expect(capture([good, event])).rejects.toThrow(why);
  await expect(
    calls.capture(operator, {
      query: {},
      body: { type: "EPCISDocument", schemaVersion: "1.2" as never, epcisBody: { eventList: [good as never] } },
    }),
  ).rejects.toThrow(/2\.x/);
  await expect(traced(serial("X"), "from")).rejects.toThrow(/no event names/);
  await expect(capture([good], viewer)).rejects.toThrow();
  expect(
    await capture([{ ...good, readPoint: { id: "urn:epc:id:sgln:0614141.00777.0" } }], operator, { place: stations[0] }),
  ).toMatchObject({
    recorded: 1,
  });
  await expect(capture([good], operator, { place: "shell:nowhere" })).rejects.toThrow(/no place or station/);
});

test("[TK6] a hold reaches everything that its thing goes into, now and later, until it is released once", async () => {
  const { id } = await calls.hold(operator, { query: {}, body: { thing: lot("L2"), reason: "wrong hardness" } });
  const holdsOf = async (thing: string) => (await calls.history(viewer, { query: { thing } })).holds.map(({ reason, by }) => [reason, by]);
  expect(await holdsOf(serial("S1"))).toEqual([["wrong hardness", expect.any(String)]]);
  expect(await holdsOf(serial("P2"))).toEqual([]);
  await capture([made(55, [lot("L2")], [serial("S9")])]);
  expect(await holdsOf(serial("S9"))).toHaveLength(1);
  await expect(calls.release(viewer, { params: { id }, query: {}, body: { reason: "no" } })).rejects.toThrow();
  await calls.release(operator, { params: { id }, query: {}, body: { reason: "measured again" } });
  await expect(calls.release(operator, { params: { id }, query: {}, body: { reason: "twice" } })).rejects.toThrow(/released it before/);
  expect(await holdsOf(serial("S1"))).toEqual([]);
  expect((await calls.holds(viewer, { query: {} }))[0]).toMatchObject({ released: { reason: "measured again" } });
});

test("[TK7] events come out as they went in, by the parameters of the simple event query, page by page", async () => {
  const all: unknown[] = [];
  let token: string | undefined;
  do {
    const answer = await calls.events(viewer, { query: { perPage: 3, ...(token !== undefined && { nextPageToken: token }) } });
    all.push(...answer.epcisBody.queryResults.resultsBody.eventList);
    token = answer.nextPageToken;
  } while (token !== undefined);
  expect(new Set(all.map((event) => JSON.stringify(event))).size).toBe(all.length);
  const some = async (query: object) =>
    (await calls.events(viewer, { query: { perPage: 200, ...query } })).epcisBody.queryResults.resultsBody.eventList;
  expect(await some({})).toHaveLength(all.length);
  const packing = await some({ EQ_bizStep: "https://ref.gs1.org/cbv/BizStep-packing" });
  expect(packing.length).toBeGreaterThan(2);
  expect(packing.every((event) => event["type"] === "AggregationEvent" && event["action"] === "ADD")).toBe(true);
  expect(await some({ MATCH_anyEPC: "https://example.org/01/04012345123463/21/S2?a=b" })).toHaveLength(2);
  expect(await some({ eventType: "TransformationEvent", LT_eventTime: at(1) })).toHaveLength(1);
});

test("[TK10] who may not read the place of the only events of a thing finds neither it nor its hold", async () => {
  const hidden = "shell:hidden";
  await site.view(SYSTEM).apply({
    branch: LIVE,
    reason: "a place for administrators",
    changes: [
      { op: "create", record: { id: hidden, kind: "shell", aasId: "urn:hidden", idShort: "Hidden", readers: ["administrator"] } as never },
    ],
  });
  const administrator = await clientAs(site, "ada", "administrator", closes);
  await capture([{ ...made(57, [lot("L1")], [serial("H1")]), readPoint: { id: "urn:hidden" } }], administrator);
  await calls.hold(administrator, { query: {}, body: { thing: serial("H1"), reason: "secret" } });
  expect(await calls.things(administrator, { query: { find: "H1" } })).toHaveLength(1);
  expect(await calls.things(viewer, { query: { find: "H1" } })).toEqual([]);
  expect(await traced(lot("L1"), "into")).not.toContain("H1");
  await expect(traced(serial("H1"), "from")).rejects.toThrow(/no event names/);
  expect((await calls.holds(administrator, { query: {} })).some(({ reason }) => reason === "secret")).toBe(true);
  expect((await calls.holds(viewer, { query: {} })).some(({ reason }) => reason === "secret")).toBe(false);
  // an unknown place and a hidden one are answered alike
  await expect(capture([{ ...made(58, [], [serial("H2")]), readPoint: { id: "urn:hidden" } }])).rejects.toThrow(
    /urn:hidden is no place here/,
  );
});
