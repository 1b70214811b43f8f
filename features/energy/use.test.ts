import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import { documentFaults, readDocument } from "@doppelwerk/kit";
import { energyUses } from "@doppelwerk/ports";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { HOUR, LIVE } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clientAs, openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { eventually } from "../../e2e/running-site.ts";
import * as energy from "./calls.ts";
import { bringMeteredPlant } from "./metered-plant.fixture.ts";
import { energyBaseline, type BaselineFields } from "./model/baseline-kind.ts";
import { energyMeter } from "./model/meter-kind.ts";
import { energyScenario } from "./model/scenario.ts";
import { energyTariff, type TariffFields } from "./model/tariff-kind.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-energy-use-"));
const closes: (() => Promise<unknown>)[] = [];
let site: HostedWorld;
let engineer: Client;
let operator: Client;
let line: string;
let lineShell: string;
let stationShell: string;
let span: { readonly from: number; readonly to: number };

beforeAll(async () => {
  site = await openProduct(folder);
  engineer = await clientAs(site, "eva", "engineer", closes);
  operator = await clientAs(site, "otto", "operator", closes);
  const plant = await bringMeteredPlant(site);
  ({ line, lineShell, stationShell } = plant);
  span = { from: plant.from, to: plant.to };
});
afterAll(async () => {
  for (const close of closes) await close();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

const ask = (more: object = {}, by = engineer) => energy.use(by, { query: { line, ...span, ...more } });
/** Once the states of the past are derived. */
const asked = () =>
  eventually(async () => {
    const use = await ask();
    return (use.places.find(({ place }) => place === "S90")?.groups?.stopped ?? 0) > 0 ? use : undefined;
  }, "states of the past");

const works: TariffFields = {
  title: { en: "Works", zh: "工厂" },
  medium: "electricity",
  currency: "EUR",
  validFrom: "2020-01-01",
  price: 0.2,
  bands: [],
  holidays: [],
};

test("[EG5] [EG7] what a station used is given to its states and adds up to its meter; what the line counts beyond it is unallocated", async () => {
  const use = await asked();
  expect(use).toMatchObject({ ...span, medium: "electricity", unit: "kWh", isSimulated: false });
  const own = use.places.find(({ place }) => place === "S90")!;
  // 14 minutes of an hour not working, at 3 kW
  expect(own.amount).toBeCloseTo((46 * 12 + 14 * 3) / 60, 6);
  const states = own.states!.reduce((sum, { amount }) => sum + amount, 0);
  expect(states).toBeCloseTo(own.amount!, 6);
  expect(own.groups!.stopped).toBeCloseTo((14 * 3) / 60, 1);
  expect(own.standbyShare).toBeCloseTo((14 * 3) / (46 * 12 + 14 * 3), 1);
  const whole = use.places.find(({ place }) => place === line)!;
  expect([whole.amount, whole.allocated, whole.unallocated]).toEqual([
    expect.closeTo(20, 6),
    expect.closeTo(own.amount!, 6),
    expect.closeTo(20 - own.amount!, 6),
  ]);
  expect(whole).toMatchObject({ isOver: false, isEven: false });
  expect(own.above).toBe(line);
  // for the whole plant as well
  const plant = await energy.use(engineer, { query: span });
  expect(plant.places.map(({ place }) => place)).toEqual(expect.arrayContaining([line, "S90"]));
});

test("[EG7] meters inside that count more than their line are a finding, and what is unallocated is below zero", async () => {
  const station = (await ask()).places.find(({ place }) => place === "S90");
  await energy.storeMeter(engineer, { params: { signal: "signal:Station" }, body: { fields: { shell: stationShell, unit: "MWh" } } });
  const use = await ask();
  const whole = use.places.find(({ place }) => place === line)!;
  expect(whole).toMatchObject({ isOver: true });
  expect(whole.unallocated!).toBeLessThan(-1_000);
  expect(use.findings.map(({ code }) => code)).toContain("energy.finding.over");
  await energy.removeMeter(engineer, { params: { signal: "signal:Station" } });
  expect((await ask()).places.find(({ place }) => place === "S90")?.amount).toBeCloseTo(station?.amount ?? 9.9, 0);
});

test("[EG6] time without readings is not known: the amount is a lower bound with how long, and the balance of the level above is unknown", async () => {
  const wide = { from: span.from - 3 * HOUR, to: span.to };
  const use = await energy.use(engineer, { query: { line, ...wide } });
  const own = use.places.find(({ place }) => place === "S90")!;
  expect(own.amount).toBeUndefined();
  expect([own.known, own.unknownS]).toEqual([expect.closeTo(9.9, 1), 3 * 3_600]);
  expect(use.places.find(({ place }) => place === line)!.unallocated).toBeUndefined();
  expect(use.findings.map(({ code }) => code)).toContain("energy.finding.unknown");
});

test("[EG10] a volume is a meter once its medium is assigned; media are never added to one another", async () => {
  const store = (fields: object) =>
    energy.storeMeter(engineer, { params: { signal: "signal:Air" }, body: { fields: { shell: lineShell, ...fields } } });
  await expect(store({})).rejects.toMatchObject({ code: "DW_INVALID" });
  await expect(store({ medium: "electricity" })).rejects.toMatchObject({ code: "DW_INVALID" });
  await store({ medium: "compressedAir" });
  const use = await ask({ medium: "compressedAir" });
  expect(use.unit).toBe("m3");
  expect(use.places.find(({ place }) => place === line)).toMatchObject({ amount: expect.closeTo(60, 6) });
  expect((await ask()).places.find(({ place }) => place === line)!.amount).toBeCloseTo(20, 6);
});

test("[EG8] the load of quarter hours is the outermost meter; a peak names the stations that worked", async () => {
  await asked();
  const load = await energy.load(engineer, { query: { line, ...span } });
  expect(load.of).toEqual([line]);
  const whole = load.quarters.filter(({ kW }) => kW !== undefined);
  expect(whole.length).toBeGreaterThanOrEqual(3);
  for (const { kW } of whole) expect(kW).toBeCloseTo(20, 6);
  // by hand: 5 of the minutes 0 to 15 of a half hour do not work, 2 of the minutes 15 to 30
  expect([9, 10.8].map((kW) => Math.abs(load.peaks[0]!.used[0]!.kW - kW)).toSorted((a, b) => a - b)[0]).toBeLessThan(1e-6);
  expect(load.peaks[0]!.used[0]!.station).toBe("S90");
});

test("[EG9] [EG11] tariffs are documents: cost of places follows them, on a branch those of the branch; a stale edit and an operator are refused", async () => {
  expect((await ask()).places.find(({ place }) => place === line)!.cost).toBeUndefined();
  const params = { name: "works" };
  await expect(energy.storeTariff(operator, { params, body: { fields: works } })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  await energy.storeTariff(engineer, { params, body: { fields: works, expected: null } });
  await expect(energy.storeTariff(engineer, { params, body: { fields: works, expected: null } })).rejects.toMatchObject({
    code: "DW_CONFLICT",
  });
  await expect(energy.storeTariff(engineer, { params: { name: "a b" }, body: { fields: works } })).rejects.toMatchObject({
    code: "DW_INVALID",
  });
  const use = await ask();
  expect(use.currency).toBe("EUR");
  expect(use.places.find(({ place }) => place === line)!.cost).toBeCloseTo(4, 6);
  const fork = await site.view(SYSTEM).fork({ name: "dear", parent: LIVE, instant: span.to, reason: "a dear tariff" });
  await energy.storeTariff(engineer, { params, query: { branch: fork.id }, body: { fields: { ...works, price: 0.5 } } });
  expect((await ask({ branch: fork.id })).places.find(({ place }) => place === line)!.cost).toBeCloseTo(10, 6);
  expect((await ask()).places.find(({ place }) => place === line)!.cost).toBeCloseTo(4, 6);
  // nothing was measured on it after its fork
  await expect(ask({ branch: fork.id, from: span.to, to: span.to + HOUR })).rejects.toMatchObject({ code: "DW_INVALID" });
  await energy.removeTariff(engineer, { params });
  expect(await energy.tariffs(engineer, { query: {} })).toEqual([]);
});

test("[EG15] what was used by hour is given to other features, and adds up to the outermost meter", async () => {
  const uses = await site.features.port(energyUses)!.within(SYSTEM, LIVE, { ...span, line });
  const electricity = uses.find(({ medium }) => medium === "electricity")!;
  expect(electricity).toMatchObject({ unit: "kWh", isWhole: true });
  expect(electricity.total.reduce((sum, { amount }) => sum + amount, 0)).toBeCloseTo(20, 6);
  expect(electricity.total.every(({ hour }) => hour % HOUR === 0)).toBe(true);
});

test("[EG13] [EG14] a baseline is a document; without whole days it says why there is no indicator, and a stale edit or a missing signal is refused", async () => {
  const fields: BaselineFields = {
    title: { en: "Line", zh: "产线" },
    shell: lineShell,
    medium: "electricity",
    from: "2026-01-01",
    to: "2026-01-20",
    variables: [{ kind: "counted", title: "pieces", signal: "signal:S90.Good" }],
  };
  const params = { name: "line" };
  const missing = { ...fields, variables: [{ kind: "mean" as const, title: "none", signal: "signal:none" }] };
  await expect(energy.storeBaseline(engineer, { params, body: { fields: missing } })).rejects.toMatchObject({ code: "DW_INVALID" });
  await energy.storeBaseline(engineer, { params, body: { fields, expected: null } });
  await expect(energy.storeBaseline(engineer, { params, body: { fields, expected: null } })).rejects.toMatchObject({ code: "DW_CONFLICT" });
  const found = await energy.performance(engineer, { params, query: { ...span, from: span.to - 3 * 24 * HOUR } });
  expect(found).toMatchObject({ days: [], skipped: { baseline: 20 } });
  expect(found.enpi).toBeUndefined();
  expect(found.findings.map(({ code }) => code)).toEqual(["energy.finding.fewDays"]);
  await energy.removeBaseline(engineer, { params });
  await expect(energy.performance(engineer, { params, query: span })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
});

test("[EG16] on a branch another tariff and less standby are compared with live over the same readings; live assumes nothing", async () => {
  const params = { name: "works" };
  await energy.storeTariff(engineer, { params, body: { fields: works } });
  const fork = await site.view(SYSTEM).fork({ name: "what if", parent: LIVE, instant: span.to, reason: "what if" });
  await expect(energy.storeScenario(engineer, { body: { fields: { shiftMinutes: 0, standbyFactor: 0 } } })).rejects.toMatchObject({
    code: "DW_INVALID",
  });
  const same = await energy.compare(engineer, { query: { ...span, line, branch: fork.id } });
  expect([same.live.cost, same.branch.cost]).toEqual([expect.closeTo(4, 6), expect.closeTo(4, 6)]);
  await energy.storeScenario(engineer, { query: { branch: fork.id }, body: { fields: { shiftMinutes: 60, standbyFactor: 0 } } });
  await energy.storeTariff(engineer, { params, query: { branch: fork.id }, body: { fields: { ...works, price: 0.5 } } });
  const { live, branch, isSimulated } = await energy.compare(engineer, { query: { ...span, line, branch: fork.id } });
  expect(isSimulated).toBe(true);
  expect(live).toMatchObject({ amount: expect.closeTo(20, 6), cost: expect.closeTo(4, 6) });
  // by hand: 14 minutes at 3 kW are not used any more
  expect(branch.amount).toBeCloseTo(20 - 0.7, 1);
  expect(branch.cost).toBeCloseTo(branch.amount! * 0.5, 6);
  const [uses] = await site.features.port(energyUses)!.within(SYSTEM, fork.id, { ...span, line });
  expect(uses!.isSimulated).toBe(true);
  await energy.removeTariff(engineer, { params });
});

test("[EG2] [EG9] a document of every version is read", () => {
  const read = (name: string) => JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), "utf8"));
  for (const [kind, name] of [
    [energyMeter, "energy.meter-v1"],
    [energyMeter, "energy.meter-v2"],
    [energyTariff, "energy.tariff-v1"],
    [energyBaseline, "energy.baseline-v1"],
    [energyScenario, "energy.scenario-v1"],
  ] as const)
    expect(documentFaults(kind, read(name)), name).toEqual([]);
  expect(readDocument(energyMeter, read("energy.meter-v2"))).toMatchObject({ medium: "compressedAir", exchanges: [{ first: 0 }] });
});
