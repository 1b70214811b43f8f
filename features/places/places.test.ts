import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Environment, Submodel } from "@doppelwerk/aas";
import type { Client } from "@doppelwerk/client";
import { createSiteApp, SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { stateSignalId } from "@doppelwerk/operations";
import { placeAudits } from "@doppelwerk/ports";
import { PROTOCOL_VERSION } from "@doppelwerk/sync";
import { HOUR, importChanges, LIVE, MINUTE, type BranchId, type RecordId, type ShellRecord } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { clientAs, openProduct, plantsOf } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import * as places from "./calls.ts";
import { aroundTheClock, BENCH, placesEnvironment, property, shellOf, sitePlaces, siteSignals } from "./site.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-places-"));
const WAIT = { timeout: 60_000 };
const closes: (() => Promise<unknown>)[] = [];
let site: HostedWorld;
let app: Awaited<ReturnType<typeof createSiteApp>>;
let eva: Client;
let ada: Client;

const bench = { id: BENCH, kind: "connection", name: "bench", protocol: "entered", url: "entered:bench", enabled: true, settings: {} };
const text = (en: string) => ({ en, zh: en });
const rule = {
  id: "alarmRule:airLow",
  kind: "alarmRule",
  title: text("Air main low"),
  condition: { kind: "low", signal: "signal:Air.Pressure", limit: 5.8, deadband: 0 },
  priority: 2,
  onDelayS: 0,
  offDelayS: 0,
  cause: text("compressor stopped"),
  consequence: text("lines stop"),
  response: text("start compressor 3"),
  timeToRespondS: 600,
  latching: false,
  suppressedIn: [],
  enabled: true,
};

const PRICES = "urn:test:prices";

/** Energy at 0.20 EUR a kWh in the whole site. */
function withPrices(environment: Environment): Environment {
  const row = { modelType: "SubmodelElementCollection", value: [property("ValidFrom", "2020-01-01"), property("EnergyPerKWh", 0.2)] };
  const prices = {
    modelType: "Submodel",
    idShort: "Prices",
    id: PRICES,
    submodelElements: [
      property("Currency", "EUR"),
      { modelType: "SubmodelElementList", idShort: "Prices", typeValueListElement: "SubmodelElementCollection", value: [row] },
    ],
  } as unknown as Submodel;
  const reference = { type: "ModelReference", keys: [{ type: "Submodel", value: PRICES }] } as const;
  const shells = environment.assetAdministrationShells!.map((shell) =>
    shell.id === shellOf("Site") ? { ...shell, submodels: [...(shell.submodels ?? []), reference] } : shell,
  );
  return { ...environment, assetAdministrationShells: shells, submodels: [...environment.submodels!, prices] };
}

beforeAll(async () => {
  site = await openProduct(folder);
  app = await createSiteApp(site);
  eva = await clientAs(site, "eva", "engineer", closes);
  ada = await clientAs(site, "ada", "administrator", closes);
  const view = site.view(SYSTEM);
  const records = [bench, ...siteSignals(), rule];
  await view.apply({
    branch: LIVE,
    reason: "a site",
    changes: [
      ...importChanges(view.reader(LIVE), withPrices(aroundTheClock(sitePlaces())), "file").changes,
      ...records.map((record) => ({ op: "create" as const, record: record as never })),
    ],
  });
  await vi.waitUntil(async () => (await plantsOf(site).list()).some(({ id, state }) => id === BENCH && state === "connected"), WAIT);
});
afterAll(async () => {
  for (const close of closes) await close();
  await app?.close();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

const ask = (path: string, method: "GET" | "POST" | "PUT" = "GET", payload: object = {}) =>
  app.inject({ method, url: `/api/doppelwerk/v1${path}`, headers: { host: "127.0.0.1:8420" }, ...(method !== "GET" && { payload }) });
const switching = (feature: string, on: boolean) => ask(`/features/${feature}`, "PUT", { on });
const list = (client: Client = eva, branch: BranchId = LIVE) => places.list(client, { query: { branch } });
const placeOf = async (name: string, branch: BranchId = LIVE) =>
  (await list(eva, branch)).places.find(({ shell }) => shell === shellOf(name))!;
const summaryOf = async (name: string, more: { readonly branch?: BranchId; readonly t?: number } = {}, client: Client = eva) =>
  places.summary(client, { params: { id: (await placeOf(name)).id }, query: { branch: LIVE, ...more } });
const kpisOf = async (name: string, t?: number) =>
  places.kpis(eva, { params: { id: (await placeOf(name)).id }, query: { branch: LIVE, ...(t !== undefined && { t }) } });
const shellRecord = (name: string, branch: BranchId = LIVE) =>
  site
    .view(SYSTEM)
    .reader(branch)
    .query({ kind: "shell", index: { name: "aasId", value: shellOf(name) } })[0] as ShellRecord;

test("[PT9] [PT23] GET /places is the tree of a branch with ids, kinds and parents; what a branch changes is there alone", async () => {
  const { places: all, counts, findings } = await list();
  expect(findings).toEqual([]);
  expect(counts).toMatchObject({ enterprise: 1, site: 1, area: 1, productionLine: 2, utilityNetwork: 1, storageZone: 1 });
  // as others read it, without the typed client
  const [first] = ((await ask("/places")).json() as { readonly places: readonly object[] }).places;
  expect(first).toEqual({
    id: shellRecord("Enterprise").id,
    name: "Doppelwerk Appliances",
    title: { en: "Doppelwerk Appliances", zh: "家电集团" },
    kind: "enterprise",
    parent: null,
    shell: shellOf("Enterprise"),
  });
  expect(all).toHaveLength(counts.workUnit! + 7);
  expect((await placeOf("S90")).parent).toBe((await placeOf("Line1")).id);
  const known = ((await ask("/lines")).json() as { readonly lines: readonly { readonly id: string; readonly shell: string }[] }).lines;
  expect((await placeOf("Line1")).line).toBe(known.find(({ shell }) => shell === shellOf("Line1"))!.id);
  expect([(await placeOf("Line4")).line, (await placeOf("S90")).line]).toEqual([undefined, undefined]);
  const view = site.view(SYSTEM);
  const branch = (await view.fork({ name: "a second warehouse", parent: LIVE, instant: site.now(), reason: "test" })).id;
  const more = placesEnvironment([{ id: "Store2", standsIn: ["Site"], level: "StorageZone" }]);
  await view.apply({ branch, reason: "a warehouse", changes: importChanges(view.reader(branch), more, "warehouse").changes });
  expect(await placeOf("Store2", branch)).toMatchObject({ kind: "storageZone", parent: (await placeOf("Site")).id });
  expect(await placeOf("Store2")).toBeUndefined();
});

test("[PT4] who may not read a shell does not see its place, by no operation; what stands in it hangs under the nearest readable one", async () => {
  const view = site.view(SYSTEM);
  const hall = shellRecord("Hall2");
  const hide = (readers: readonly string[] | undefined) =>
    view.apply({
      branch: LIVE,
      reason: "readers",
      changes: [{ op: "update", id: hall.id, fields: { readers: { from: hall["readers"], to: readers } } } as never],
    });
  await hide(["administrator"]);
  const [seen, all] = [(await list(eva)).places, (await list(ada)).places];
  expect(all.length - seen.length).toBe(1);
  expect(seen.find(({ shell }) => shell === shellOf("Line1"))!.parent).toBe((await placeOf("Site")).id);
  await expect(places.summary(eva, { params: { id: hall.id }, query: {} })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  expect(JSON.stringify(await summaryOf("Site"))).not.toContain("Hall");
  await view.apply({
    branch: LIVE,
    reason: "readers",
    changes: [{ op: "update", id: hall.id, fields: { readers: { from: ["administrator"], to: undefined } } } as never],
  });
  expect((await list(eva)).places).toHaveLength(all.length);
});

/** Forty minutes up to now, and when they began: a part a minute at the constraint, 30 kWh, and air that falls below its limit five minutes ago. */
async function bringValues(): Promise<number> {
  const now = Math.floor(site.now() / MINUTE) * MINUTE;
  const rows: { address: string; value: number; time: number }[] = [];
  for (let minute = 0; minute <= 40; minute++) {
    const time = now - (40 - minute) * MINUTE;
    if (minute === 0) rows.push({ address: "ItemState", value: 3, time });
    rows.push(
      ...[
        { address: "Total", value: minute },
        { address: "Good", value: minute },
        { address: "Reject", value: 0 },
        { address: "Air.Pressure", value: minute < 35 ? 6.4 : 5.4 },
        { address: "Air.Energy", value: 1_000 + minute * 0.75 },
        { address: "Power.ActivePower", value: 412 },
        { address: "Store.MotorsHours", value: 4 },
      ].map((row) => ({ ...row, time })),
    );
  }
  await plantsOf(site).bring(BENCH, rows);
  return now - 40 * MINUTE;
}

test("[PT5] [PT7] [PT8] [PT22] the summary of a site: rows of its areas with what they add up to, and the cause that needs attention first", async () => {
  const began = await bringValues();
  await expect.poll(async () => (await summaryOf("Site")).causes.length, WAIT).toBeGreaterThan(0);
  const { rows, total, causes, path, live, shift } = await summaryOf("Site");
  expect(rows.map(({ place }) => place.name)).toEqual(["Hall 2", "Utilities", "Warehouse"]);
  expect(path.map(({ name }) => name)).toEqual(["Doppelwerk Appliances", "Wuxi plant"]);
  expect([live, shift !== undefined]).toEqual([true, true]);
  expect(rows[0]!.lines).toMatchObject([{ title: { en: "Line 1" }, station: "S90" }]);
  expect(rows[1]!.values.find(({ signal }) => signal === "signal:Air.Pressure")).toMatchObject({
    value: 5.4,
    low: 5.8,
    state: "low",
    isAlarmed: true,
    names: { zh: "主管压力" },
  });
  expect(rows[1]!.connections).toEqual({ total: 1, connected: 1, troubled: [] });
  expect(rows[1]!.energy!.kWh).toBeGreaterThan(0);
  expect(rows[1]!.energy!.kWh).toBeLessThanOrEqual(30.001);
  // the meter began forty minutes ago: where that is later than the beginning of the shift, its energy is since then
  const { from, since } = rows[1]!.energy!;
  expect(since).toBe(began > from ? began : undefined);
  expect(total.energy?.since).toBe(since);
  const air = causes.find(({ place }) => place === rows[1]!.place.id)!;
  expect(air).toMatchObject({ kind: "alarm", priority: 2, chain: [{ title: { en: "Air main low" }, isAcknowledged: false }] });
  const sumOver = (read: (row: (typeof rows)[number]) => number) => rows.reduce((sum, row) => sum + read(row), 0);
  expect(total.alarms.p2).toBe(sumOver(({ alarms }) => alarms.p2));
  expect(total.signals.total).toBe(sumOver(({ signals }) => signals.total));
  expect(total.signals.total).toBe(siteSignals().length);
  expect(total).not.toHaveProperty("oee");
  const state = async () => (await summaryOf("Hall2")).stations.find(({ signal }) => signal === stateSignalId("S90"))?.state;
  await expect.poll(state).toBe("working");
  expect((await summaryOf("Energy")).stations).toEqual([]);
});

test("[PT26] cost is what was metered at the price of the site, also of an instant of the past; who may not read the prices sees none", async () => {
  const paid = async (client?: Client, t?: number) => {
    const { rows, total } = await summaryOf("Site", { ...(t !== undefined && { t }) }, client);
    const { kWh, since } = rows[1]!.energy!;
    return [rows[1]!.cost, total.cost, kWh, since] as const;
  };
  const [area, all, kWh, since] = await paid();
  expect(kWh).toBeGreaterThan(0);
  for (const cost of [area, all])
    expect(cost).toEqual({ currency: "EUR", amount: kWh * 0.2, energy: kWh * 0.2, ...(since !== undefined && { atLeast: true }) });
  const [past, , pastKWh] = await paid(eva, site.now() - 1);
  expect(past?.amount).toBeCloseTo(pastKWh * 0.2, 9);
  expect((await kpisOf("Energy")).cost?.amount).toBeCloseTo(kWh * 0.2, 9);
  const [prices] = site
    .view(SYSTEM)
    .reader(LIVE)
    .query({ kind: "submodel", index: { name: "aasId", value: PRICES } });
  const hide = (from: readonly string[] | undefined, to: readonly string[] | undefined) =>
    site.view(SYSTEM).apply({
      branch: LIVE,
      reason: "readers",
      changes: [{ op: "update", id: prices!.id, fields: { readers: { from, to } } } as never],
    });
  await hide(undefined, ["administrator"]);
  expect([(await paid(eva))[0], (await paid(ada))[0]?.currency]).toEqual([undefined, "EUR"]);
  await hide(["administrator"], undefined);
});

test("[PT31] [PT33] the audit of a place has the figures of its board with what each is made of", async () => {
  const audited = async (name: string) => {
    const place = (await places.list(eva, { query: { branch: LIVE } })).places.find(({ shell }) => shell === shellOf(name))!.id;
    const figures = await site.features.port(placeAudits).of({ principal: SYSTEM, place });
    return { of: (figure: string) => figures.find((each) => each.id === figure) };
  };
  const [whole, { total }] = [await audited("Site"), await summaryOf("Site")];
  expect(whole.of("energy.all")!.value).toBeCloseTo(total.energy!.kWh, 9);
  expect(whole.of("energy.cost")).toMatchObject({ value: total.cost!.amount, unit: "EUR", terms: [{ value: total.cost!.energy }] });
  expect(whole.of("energy.costEnergy")!.terms[0]!.title.params).toMatchObject({ price: 0.2, currency: "EUR" });
  const meter = whole.of("energy.signal:Air.Energy")!;
  expect(meter.terms[0]!.value! - meter.terms[1]!.value!).toBeCloseTo(meter.value!, 9);
  expect(whole.of("place.good")!.terms).toHaveLength(total.lines.length);
  expect(whole.of("place.lostS")?.value).toEqual(total.lostS);
  expect(whole.of("place.alarms")).toMatchObject({ value: total.alarms.p1 + total.alarms.p2 + total.alarms.p3 + total.alarms.p4 });
  const { items = [], value } = whole.of("place.alarms")!;
  expect(items.filter(({ isCounted }) => isCounted)).toHaveLength(value!);
  expect(meter.signals).toMatchObject([{ signal: "signal:Air.Energy" }]);
  // a place without lines has no sums of lines
  expect((await audited("Energy")).of("place.good")).toBe(undefined);
});

test("[history EX6] a line, or a place, is exported as a whole: every signal of it and of all in it, with station, unit, local time and UTC", async () => {
  const [from, to] = [site.now() - 60 * MINUTE, site.now()];
  const ask = async (query: string) => {
    const answer = await app.inject(`/api/doppelwerk/v1/export/samples?from=${from}&to=${to}&${query}`);
    return [answer.statusCode, answer.body] as const;
  };
  const { places: all } = await places.list(eva, { query: { branch: LIVE } });
  const line = all.find(({ shell }) => shell === shellOf("Line1"))!;
  const [status, csv] = await ask(`line=${encodeURIComponent(line.line!)}&zone=Asia/Shanghai`);
  expect(status, csv).toBe(200);
  const [head, ...rows] = csv.trim().split("\r\n");
  expect(head).toBe("time (UTC),time (Asia/Shanghai),station,signal,name,unit,value,text,quality,origin");
  const stations = new Set(rows.map((row) => row.split(",")[2]));
  expect(stations).toContain("S90");
  expect(stations).not.toContain("Air");
  const own = new Set(rows.map((row) => row.split(",")[3]!));
  const within = site.signals.records().filter(({ shell }) => shell === shellOf("S90"));
  for (const { id, connection } of within) if (connection !== undefined && id.endsWith(".Good")) expect(own).toContain(id);
  const whole = all.find(({ shell }) => shell === shellOf("Site"))!;
  const [, everything] = await ask(`place=${encodeURIComponent(whole.id)}&zone=Asia/Shanghai`);
  expect(everything).toContain(",Air,");
  expect(everything.length).toBeGreaterThan(csv.length);
  expect(await ask("place=shell:none")).toMatchObject([404, expect.stringContaining("there is no place or line shell:none")]);
  expect(await ask(`line=x&place=${whole.id}`)).toMatchObject([400, expect.stringContaining("exactly one of signals, place and line")]);
  expect((await ask("zone=UTC"))[0]).toBe(400);
});

test("[PT25] KPIs of an area without a flow: energy as on its row, states with their time and availability, stock, what is not known absent", async () => {
  const area = (shell: string, role: string, valueType: string, more: object = {}) => ({
    op: "create" as const,
    record: {
      id: `signal:${shell}.${role}`,
      kind: "signal",
      name: role,
      role,
      valueType,
      shell: shellOf(shell),
      connection: BENCH,
      address: `${shell}.${role}`,
      ...more,
    } as never,
  });
  const counter = { type: "totaliser" };
  await site.view(SYSTEM).apply({
    branch: LIVE,
    reason: "more signals",
    changes: [
      area("Air", "State", "enumeration"),
      area("Air", "Volume", "double", { unit: "m3", counter }),
      area("Air", "Hours", "double", { unit: "h", counter }),
      area("Store", "Quantity", "integer", { unit: "1" }),
      area("Store", "Material", "string"),
    ],
  });
  const now = site.now();
  const [began, failed] = [now - 20 * MINUTE, now - 5 * MINUTE];
  // the connection takes the new signals a moment later
  await expect
    .poll(async () => {
      await plantsOf(site).bring(BENCH, [
        { address: "Air.State", value: "Running", time: began },
        { address: "Air.State", value: "Fault", time: failed },
        { address: "Air.Volume", value: 100, time: now - 40 * MINUTE },
        { address: "Air.Volume", value: 130.5, time: now - 1 },
        { address: "Store.Quantity", value: 42, time: now },
        { address: "Store.Material", value: "MOTOR", time: now },
      ]);
      return (await kpisOf("Air", now)).assets[0]?.states.length;
    }, WAIT)
    .toBeGreaterThan(0);
  const { from, at, counts, assets, stock } = await kpisOf("Air", now);
  expect([at, stock]).toEqual([now, undefined]);
  const secondsWithin = (since: number, until: number) => Math.max(0, until - Math.max(since, from)) / 1e6;
  const [running, down] = [secondsWithin(began, failed), secondsWithin(failed, now)];
  expect(assets).toMatchObject([{ title: { en: "Compressed air" }, signal: "signal:Air.State" }]);
  expect(assets[0]!.availability).toBeCloseTo(running / (running + down), 2);
  expect(assets[0]!.states.find(({ word }) => word === "Fault")).toMatchObject({ state: "failed" });
  expect(assets[0]!.unknownS).toBeCloseTo(secondsWithin(from, began), -1);
  const valueOf = (signal: string) => counts.find((count) => count.signal === signal);
  expect(valueOf("signal:Air.Hours")).toMatchObject({ unit: "h" });
  expect(valueOf("signal:Air.Hours")).not.toHaveProperty("value");
  // read at both ends of a shift that is old enough
  if (from <= now - 60 * MINUTE) expect(valueOf("signal:Air.Volume")?.value).toBeCloseTo(30.5, 6);
  expect((await kpisOf("Store")).stock).toEqual({
    locations: 1,
    quantity: 42,
    occupied: 1,
    unit: "1",
    materials: [
      { material: "MOTOR", quantity: 42, locations: [{ place: expect.any(String), title: { en: "Warehouse", zh: "仓库" }, quantity: 42 }] },
    ],
  });
  const [row] = (await summaryOf("Site")).rows.filter(({ place }) => place.name === "Utilities");
  expect((await kpisOf("Energy")).energy).toEqual(row!.energy);
  // what belongs to a line is not counted again
  expect((await kpisOf("Hall2")).counts).toEqual([]);
  await expect(places.kpis(eva, { params: { id: "shell:none" }, query: {} })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
});

test("[PT16] boards are told over the socket that what they show may be other, and nothing of the plant", async () => {
  const origin = await app.listen({ port: 0, host: "127.0.0.1" });
  site.hub.attach(app.server);
  const socket = new WebSocket(`${origin.replace("http", "ws")}/ws`);
  const notices: object[] = [];
  socket.addEventListener("message", ({ data }) => {
    const message = typeof data === "string" ? (JSON.parse(data) as { kind: string; topic?: string; payload?: object }) : { kind: "" };
    if (message.topic === "places.changed") notices.push(message.payload!);
  });
  await once(socket, "open");
  socket.send(JSON.stringify({ kind: "hello", protocol: PROTOCOL_VERSION, name: "Ada", client: "secret of Ada", branch: LIVE }));
  // the alarm returns to normal
  await plantsOf(site).bring(BENCH, [{ address: "Air.Pressure", value: 6.5, time: site.now() }]);
  await expect.poll(() => notices.length, WAIT).toBeGreaterThan(0);
  expect(Object.keys(notices[0]!)).toEqual(["at"]);
  socket.close();
});

test("[PT10] of an instant the figures are as they stood then, and connections are not judged", async () => {
  const then = site.now() - 20 * MINUTE;
  const past = await summaryOf("Site", { t: then });
  expect([past.live, past.at]).toEqual([false, then]);
  const pressure = past.rows[1]!.values.find(({ signal }) => signal === "signal:Air.Pressure");
  expect(pressure).toMatchObject({ value: 6.4, state: "normal" });
  expect(past.causes.filter(({ place }) => place === past.rows[1]!.place.id)).toEqual([]);
  expect(past.rows[1]!.connections.total).toBe(0);
  const ahead = await summaryOf("Site", { t: site.now() + HOUR });
  expect(ahead.live).toBe(true);
});

test("[PT10] a place without places in it has its own values; one that is not on the branch is not found", async () => {
  const air = await summaryOf("Air");
  expect([air.rows, air.total.contains, air.total.values.map(({ signal }) => signal)]).toEqual([[], 0, ["signal:Air.Pressure"]]);
  for (const id of ["shell:none", "x".repeat(300)] as RecordId[])
    await expect(places.summary(eva, { params: { id }, query: {} })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
});

test("[PT10] when nothing needs attention any more, what did last is there", async () => {
  await plantsOf(site).bring(BENCH, [{ address: "Air.Pressure", value: 6.5, time: site.now() }]);
  const alarm = async () =>
    ((await ask("/alarms")).json() as { readonly id: string; readonly state: string }[]).find(({ id }) => id === rule.id);
  await expect.poll(async () => (await alarm())?.state, WAIT).toBe("returnedUnacknowledged");
  // what has returned is over, acknowledged or not
  const { causes, total } = await summaryOf("Energy");
  expect([causes, total.alarms]).toEqual([[], { p1: 0, p2: 0, p3: 0, p4: 0, unacknowledged: 0 }]);
  // what was shown is on its way to the historian
  await expect.poll(async () => (await summaryOf("Energy")).last, WAIT).toMatchObject({ title: { en: "Air main low" } });
});

test("[PT9] switched off, both operations answer 404 and say why; on again they are there", async () => {
  const { id } = await placeOf("Site");
  await switching("places", false);
  for (const path of ["/places", `/places/${encodeURIComponent(id)}/summary`]) {
    const off = await ask(path);
    expect([off.statusCode, off.json().error.details]).toEqual([404, { feature: "off" }]);
  }
  await switching("places", true);
  expect((await list()).places.length).toBeGreaterThan(10);
});

test("[PT10] [level: faults] without alarms, shifts and simulation the sums are of what is left", async () => {
  for (const feature of ["alarms", "shifts", "simulate"]) await switching(feature, false);
  const { rows, causes } = await summaryOf("Site");
  expect(rows[0]!.lines.every(({ good }) => good === undefined)).toBe(true);
  expect(causes.filter(({ kind }) => kind === "alarm")).toEqual([]);
  expect(rows[1]!.values.length).toBeGreaterThan(0);
  for (const feature of ["shifts", "kpis", "alarms", "simulate"]) await switching(feature, true);
});
