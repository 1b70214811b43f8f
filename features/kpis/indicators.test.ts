import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import { documentFaults, readDocument } from "@doppelwerk/kit";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { HOUR, LIVE } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { clientAs, openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import * as shifts from "../shifts/calls.ts";
import * as kpis from "./calls.ts";
import type { OwnKpiFields } from "./model/own-kpi-kind.ts";
import { ownKpi } from "./model/own-kpi-kind.ts";
import { bringHours } from "./hourly-plant.fixture.ts";

const WAIT = { timeout: 60_000 };
const folder = mkdtempSync(join(tmpdir(), "doppelwerk-indicators-"));
const closes: (() => Promise<unknown>)[] = [];
let site: HostedWorld;
let engineer: Client;
let operator: Client;
/** An hour of the past that is a whole shift. */
let span: { readonly from: number; readonly to: number };

beforeAll(async () => {
  site = await openProduct(folder);
  engineer = await clientAs(site, "eva", "engineer", closes);
  operator = await clientAs(site, "otto", "operator", closes);
  const over = await bringHours(site);
  const whole = async () => {
    const all = await shifts.list(engineer).catch(() => []);
    return all.filter(({ to, produced }) => to < over && produced === 60);
  };
  await vi.waitUntil(async () => (await whole()).length >= 2, WAIT);
  const [first] = await whole();
  span = { from: first!.from, to: first!.to };
});
afterAll(async () => {
  for (const close of closes) await close();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

const fieldsOf = (formula: string, more: Partial<OwnKpiFields> = {}): OwnKpiFields => ({
  title: { en: "Own", zh: "自定义" },
  formula,
  unit: "",
  digits: 1,
  better: "more",
  ...more,
});
const ask = async (query: { readonly station?: string; readonly branch?: string } = {}) =>
  kpis.indicators(engineer, { query: { ...span, ...query } });
const store = (name: string, formula: string, branch = LIVE) =>
  kpis.storeOwnKpi(engineer, { params: { name }, query: { branch }, body: { fields: fieldsOf(formula) } });

test("[KP20] the 34 KPIs of a station over a shift come from its states and counts, each with what it was computed of; what is not recorded is named", async () => {
  const answer = await ask({ station: "S90" });
  // by hand: 60 made at 36 s each in 50 min, 54 good at the first pass; of the other 10 min the state means nothing
  expect(answer).toMatchObject({ ...span, shifts: 1, unknownS: 600 });
  const values = new Map(answer.indicators.map((each) => [each.id, each]));
  expect(values.size).toBe(34);
  expect(values.get("availability")).toMatchObject({
    number: 8,
    value: 3_000 / 3_600,
    inputs: [
      { name: "APT", value: 3_000 },
      { name: "PBT", value: 3_600 },
    ],
  });
  expect(values.get("effectiveness")!.value).toBeCloseTo((36 * 60) / 3_000, 12);
  expect(values.get("qualityRatio")!.value).toBe(0.9);
  expect(values.get("oee")!.value).toBeCloseTo((36 * 54) / 3_600, 12);
  expect(values.get("equipmentLoadRatio")!.value).toBeCloseTo(0.6, 12);
  expect(values.get("meanTimeToRestoration")).toMatchObject({
    value: 0,
    inputs: [
      { name: "TTR", value: 0 },
      { name: "FE", value: 0 },
    ],
  });
  expect(values.get("throughputRate")).toMatchObject({
    unknown: [{ kind: "missing", name: "AOET" }],
    inputs: [{ name: "PQ", value: 60 }, { name: "AOET" }],
  });
  expect(values.get("throughputRate")!.value).toBeUndefined();
  expect(values.get("correctiveMaintenanceRatio")!.unknown).toEqual([{ kind: "dividedByZero" }]);
  // the figures of the shift are the same
  const [shift] = (await shifts.list(engineer)).filter(({ from }) => from === span.from);
  expect([shift!.availability, shift!.effectiveness, shift!.qualityRatio, shift!.oee]).toEqual(
    ["availability", "effectiveness", "qualityRatio", "oee"].map((id) => values.get(id)!.value),
  );
});

test("[KP20] of a line without a station they are of units that left it; a span without a shift and an unknown station are told apart", async () => {
  const line = await ask();
  expect(line.indicators.find(({ id }) => id === "firstPassYield")).toMatchObject({ scopes: expect.arrayContaining(["workCentre"]) });
  const before = await kpis.indicators(engineer, { query: { from: 10, to: 20 } });
  expect(before).toMatchObject({ from: 10, to: 20, shifts: 0 });
  expect(before.indicators.every(({ value }) => value === undefined)).toBe(true);
  await expect(ask({ station: "S99" })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  await expect(kpis.indicators(engineer, { query: { from: 20, to: 10 } })).rejects.toMatchObject({ code: "DW_INVALID" });
});

test("[KP26] a KPI that the standard gives to work units is, of a line, that of its constraint, with the station named and the value of each station", async () => {
  const [line, station] = [await ask(), await ask({ station: "S90" })];
  const of = (answer: typeof line, id: string) => answer.indicators.find((each) => each.id === id)!;
  expect(line).toMatchObject({ constraint: "S90", unknownS: 600 });
  for (const id of ["availability", "oee", "netEquipmentEffectiveness", "meanTimeToRestoration", "setupRatio"]) {
    const { at, units, ...value } = of(line, id);
    expect([id, at, value]).toEqual([id, "S90", of(station, id)]);
    expect(units).toContainEqual({ station: "S90", value: value.value });
  }
  // what the standard gives to a line is the line's own, also where it is not known
  expect(of(line, "qualityRatio").at).toBeUndefined();
  expect(of(line, "finishedGoodsRatio")).toMatchObject({ unknown: [{ kind: "missing", name: "CM" }] });
  expect(of(line, "finishedGoodsRatio").at).toBeUndefined();
  // the capacity of the line is that of its constraint
  expect(of(line, "equipmentLoadRatio").inputs).toContainEqual({
    name: "EPC",
    value: 100,
    of: expect.objectContaining({ code: "kpis.inputs.ofConstraint" }),
  });
  // a denominator of zero at the constraint is not another station's value
  expect(of(line, "correctiveMaintenanceRatio")).toMatchObject({ at: "S90", unknown: [{ kind: "dividedByZero" }] });
});

test("[KP26] what only another station records is of that station; orders have the line's time and that of its constraint; people add up over stations", async () => {
  const { stations } = await ask();
  const station = stations.find((id) => id !== "S90")!;
  const put = (symbol: string, place: string, formula: string) =>
    kpis.storeInput(engineer, { query: { branch: LIVE }, body: { symbol, place, formula } });
  for (const [symbol, formula] of [
    ["USL", "130"],
    ["LSL", "70"],
    ["sd", "5"],
  ] as const)
    await put(symbol, station, formula);
  await put("AOET", (await kpis.assignedInputs(engineer, { query: {} })).places[0]!.place, "6000");
  await put("APWT", "S90", "1800");
  await put("APAT", "S90", "3600");
  await put("APWT", station, "2000");
  await put("APAT", station, "4000");
  const answer = await ask();
  const of = (id: string) => answer.indicators.find((each) => each.id === id)!;
  expect(of("processCapability")).toMatchObject({ at: station, value: 2, units: [{ station, value: 2 }] });
  expect(of("productionProcessRatio")).toMatchObject({ at: "S90", value: 0.5 });
  expect(of("productionProcessRatio").inputs).toMatchObject([
    { name: "APT", value: 3_000 },
    { name: "AOET", value: 6_000 },
  ]);
  expect(of("workerEfficiency")).toMatchObject({
    value: 3_800 / 7_600,
    inputs: [
      { name: "APWT", value: 3_800, of: { code: "kpis.inputs.ofStations" } },
      { name: "APAT", value: 7_600 },
    ],
  });
  expect(of("workerEfficiency").at).toBeUndefined();
  const { inputs } = await kpis.assignedInputs(engineer, { query: {} });
  for (const { id } of inputs) await kpis.removeInput(engineer, { params: { id } });
});

test("[KP21] an own KPI is a formula over elements, KPIs, own ones and signals; on a branch it is another one, and merges as a document", async () => {
  await store("goodPerHour", "GQ / (PBT / 3600)");
  await store("relative", "goodPerHour / 60 * availability");
  await store("counted", 'rise("signal:S90.Good") + rise("signal:S90.Reject") - PQ * 0');
  const own = async (branch = LIVE) => new Map((await ask({ station: "S90", branch })).own.map((each) => [each.name, each]));
  const live = await own();
  expect(live.get("goodPerHour")).toMatchObject({
    value: 54,
    inputs: [
      { name: "GQ", value: 54 },
      { name: "PBT", value: 3_600 },
    ],
  });
  expect(live.get("relative")!.value).toBeCloseTo((54 / 60) * (3_000 / 3_600), 12);
  expect(live.get("counted")!.value).toBe(60);
  const view = site.view(SYSTEM);
  const { id: branch } = await view.fork({ name: "kpis", parent: LIVE, instant: site.now(), reason: "test" });
  await store("goodPerHour", "GQ / (PBT / 60)", branch);
  expect([(await own(branch)).get("goodPerHour")!.value, (await own()).get("goodPerHour")!.value]).toEqual([0.9, 54]);
  const { changes, conflicts } = view.planMerge(branch);
  expect(conflicts).toEqual([]);
  await view.apply({ branch: LIVE, reason: "merge", changes });
  expect((await own()).get("relative")!.value).toBeCloseTo((0.9 / 60) * (3_000 / 3_600), 12);
});

test("[KP22] what is no formula, names nothing, names itself or mixes units is refused with what, why and where; nothing is stored", async () => {
  const before = (await ask()).own;
  const refused = async (formula: string, name = "bad") => {
    const error = await store(name, formula).catch((thrown: unknown) => thrown);
    return [(error as { readonly code: string }).code, (error as Error).message];
  };
  expect(await refused("PQ +")).toEqual(["DW_INVALID", expect.stringContaining("a number or name is missing")]);
  expect(await refused("PQ / nothing")).toEqual(["DW_INVALID", expect.stringContaining("nothing is no element of ISO 22400-2")]);
  expect(await refused("bad + PQ")).toEqual(["DW_INVALID", expect.stringContaining("bad → bad")]);
  expect(await refused("relative * 2", "goodPerHour")).toEqual(["DW_INVALID", expect.stringContaining("→")]);
  expect(await refused("PBT + PQ")).toEqual(["DW_INVALID", expect.stringContaining("s and unit cannot be added")]);
  expect(await refused('mean("signal:none")')).toEqual(["DW_INVALID", expect.stringContaining("no signal signal:none")]);
  expect(await refused("1", "PBT")).toEqual(["DW_INVALID", expect.stringContaining("ISO 22400-2")]);
  expect(await refused("1", "a b")).toEqual(["DW_INVALID", expect.stringContaining("letters")]);
  await expect(kpis.removeOwnKpi(engineer, { params: { name: "goodPerHour" } })).rejects.toMatchObject({ code: "DW_CONFLICT" });
  await expect(
    kpis.storeOwnKpi(engineer, { params: { name: "relative" }, body: { fields: fieldsOf("1"), expected: null } }),
  ).rejects.toMatchObject({ code: "DW_CONFLICT" });
  await expect(kpis.storeOwnKpi(operator, { params: { name: "mine" }, body: { fields: fieldsOf("1") } })).rejects.toMatchObject({
    code: "DW_FORBIDDEN",
  });
  expect((await ask()).own).toEqual(before);
});

test("[KP22] a KPI whose signal or other KPI is gone says so, and one that divides by zero as well; the others go on", async () => {
  await store("half", "relative / (PQ - 60)");
  await store("onSignal", 'last("signal:S90.Total")');
  const view = site.view(SYSTEM);
  const record = view.reader(LIVE).get("signal:S90.Total")!;
  await view.apply({ branch: LIVE, reason: "gone", changes: [{ op: "delete", record }] });
  const own = new Map((await ask({ station: "S90" })).own.map((each) => [each.name, each]));
  expect(own.get("onSignal")?.value).toBeUndefined();
  expect(own.get("half")!.unknown).toEqual([{ kind: "dividedByZero" }]);
  expect(own.get("counted")!.value).toBe(60);
});

test("[KP21] a document of every version is read", () => {
  const record = JSON.parse(readFileSync(new URL("./fixtures/kpis.own-v1.json", import.meta.url), "utf8"));
  expect(documentFaults(ownKpi, record)).toEqual([]);
  expect(readDocument(ownKpi, record)).toMatchObject({ name: "goodPerHour", formula: "GQ / (PBT / 3600)" });
  expect(span.to - span.from).toBe(HOUR);
});
