import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import { documentFaults, readDocument } from "@doppelwerk/kit";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { LIVE } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { clientAs, openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import * as shifts from "../shifts/calls.ts";
import * as kpis from "./calls.ts";
import { bringHours } from "./hourly-plant.fixture.ts";
import { kpiInput } from "./model/kpi-input-kind.ts";

const WAIT = { timeout: 60_000 };
const folder = mkdtempSync(join(tmpdir(), "doppelwerk-cuts-"));
const closes: (() => Promise<unknown>)[] = [];
let site: HostedWorld;
let engineer: Client;
let operator: Client;
/** Two hours of the past that are two whole shifts. */
let span: { readonly from: number; readonly to: number };
let whole: readonly { readonly from: number; readonly to: number; readonly name: string }[];

beforeAll(async () => {
  site = await openProduct(folder);
  engineer = await clientAs(site, "eva", "engineer", closes);
  operator = await clientAs(site, "otto", "operator", closes);
  const over = await bringHours(site);
  const found = async () => (await shifts.list(engineer).catch(() => [])).filter(({ to, produced }) => to < over && produced === 60);
  await vi.waitUntil(async () => (await found()).length >= 2, WAIT);
  whole = (await found()).slice(0, 2);
  span = { from: whole[0]!.from, to: whole[1]!.to };
});
afterAll(async () => {
  for (const close of closes) await close();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

const cuts = (by: "hour" | "shift" | "day" | "order" | "product", station: string | undefined = "S90", within = span) =>
  kpis.indicatorCuts(engineer, { query: { ...within, by, ...(station !== "" && { station }) } });
const valuesOf = ({ indicators }: Awaited<ReturnType<typeof cuts>>["rows"][number]) =>
  Object.fromEntries(indicators.flatMap(({ id, value }) => (value === undefined ? [] : [[id, value]])));

test("[KP24] by shift, day and hour the KPIs are those of the same time as a whole; what cannot be cut that way says so", async () => {
  const one = await kpis.indicators(engineer, { query: { from: whole[0]!.from, to: whole[0]!.to, station: "S90" } });
  const asWhole = Object.fromEntries(one.indicators.flatMap(({ id, value }) => (value === undefined ? [] : [[id, value]])));
  const shiftRows = await cuts("shift");
  expect(shiftRows.rows.map(({ from, to }) => ({ from, to }))).toEqual(whole.map(({ from, to }) => ({ from, to })));
  expect(valuesOf(shiftRows.rows[0]!)).toEqual(asWhole);
  expect(shiftRows.rows[0]!.unknownS).toBe(600);
  // a shift is an hour: the same figures out of states and counters, but for what is reworked
  const hours = await cuts("hour");
  expect(hours.note?.code).toBe("kpis.cut.noRework");
  const { reworkRatio: _unknown, ...ofHour } = asWhole;
  for (const [id, value] of Object.entries(ofHour)) expect(valuesOf(hours.rows[0]!)[id], id).toBeCloseTo(value, 9);
  expect(hours.rows[0]!.indicators.find(({ id }) => id === "reworkRatio")!.unknown).toMatchObject([{ kind: "missing", name: "RQ" }]);
  // two shifts of one day, or of two: the counts of the days are those of the shifts
  const days = await cuts("day");
  expect(days.rows.length).toBeLessThanOrEqual(2);
  expect(days.rows.every(({ key }) => /^\d{4}-\d\d-\d\d$/.test(key))).toBe(true);
  const made = days.rows.flatMap(({ indicators }) => indicators.find(({ id }) => id === "qualityRatio")!.inputs);
  expect(made.filter(({ name }) => name === "PQ").reduce((sum, { value }) => sum + value!, 0)).toBe(120);
  // without a station they are those of the constraint
  const ofLine = await cuts("hour", "");
  expect(ofLine.note).toMatchObject({ code: "kpis.cut.ofConstraint", params: { station: "S90" } });
  expect(valuesOf(ofLine.rows[0]!)["availability"]).toBe(valuesOf(hours.rows[0]!)["availability"]);
  const shiftsOfLine = await cuts("shift", "");
  expect(shiftsOfLine.rows[0]!.indicators.find(({ id }) => id === "oee")).toMatchObject({ at: "S90", value: asWhole["oee"] });
  await expect(cuts("hour", "S99")).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  await expect(cuts("hour", "S90", { from: 5, to: 1 })).rejects.toMatchObject({ code: "DW_INVALID" });
});

test("[KP25] an element is assigned to a station by a formula over signals; it is a document, of a branch too, and is shown with its formula", async () => {
  const put = (symbol: string, formula: string, more: { readonly branch?: string; readonly by?: Client; readonly place?: string } = {}) =>
    kpis.storeInput(more.by ?? engineer, {
      query: { branch: more.branch ?? LIVE },
      body: { symbol, place: more.place ?? "S90", formula },
    });
  await put("E", 'rise("signal:S90.Total") * 0.5');
  await put("USL", "130");
  await put("LSL", "60");
  await put("Xm", 'average("signal:S90.Total") * 0 + 100');
  await put("sd", 'deviation("signal:S90.Reject")');
  await put("sdm", 'recentDeviation("signal:S90.Total")');
  await put("APAT", 'integral("signal:S90.Total") * 0 + 3600');
  const ask = async (branch = LIVE) => {
    const { from, to } = whole[0]!;
    const answer = await kpis.indicators(engineer, { query: { from, to, station: "S90", branch } });
    return (id: string) => answer.indicators.find((each) => each.id === id)!;
  };
  const of = await ask();
  // 30 kWh of 60 units
  expect(of("comprehensiveEnergyConsumption")).toMatchObject({ value: 0.5, inputs: [{ name: "E", value: 30 }, { name: "PQ" }] });
  expect(of("comprehensiveEnergyConsumption").inputs[0]!.of).toMatchObject({ params: { text: 'rise("signal:S90.Total") * 0.5' } });
  // the last 50 of a counter that rises by one: √(50 × 51 ÷ 12)
  expect(of("machineCapability").value).toBeCloseTo(70 / (6 * Math.sqrt(212.5)), 9);
  expect(of("criticalMachineCapability").value).toBeCloseTo(30 / (3 * Math.sqrt(212.5)), 9);
  expect(of("workerEfficiency").unknown).toEqual([{ kind: "missing", name: "APWT" }]);
  // on a branch another one; who may not edit is refused; what is no input is refused
  const view = site.view(SYSTEM);
  const { id: branch } = await view.fork({ name: "inputs", parent: LIVE, instant: site.now(), reason: "test" });
  await put("E", "120", { branch });
  expect([(await ask(branch))("comprehensiveEnergyConsumption").value, (await ask())("comprehensiveEnergyConsumption").value]).toEqual([
    2, 0.5,
  ]);
  await expect(put("E", "1", { by: operator })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  await expect(put("E", "E * 2")).rejects.toMatchObject({ code: "DW_INVALID" });
  await expect(put("E", "oee * 2")).rejects.toMatchObject({ code: "DW_INVALID" });
  await expect(put("XX", "1")).rejects.toMatchObject({ code: "DW_INVALID" });
  await expect(put("E", 'rise("signal:none")')).rejects.toMatchObject({ code: "DW_INVALID" });
  await expect(put("E", "1", { place: "S99" })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  // a formula without a value is a reason
  await put("APWT", "APAT / (GQ - 54)");
  expect((await ask())("workerEfficiency").unknown).toMatchObject([{ name: "APWT", why: [{ code: "kpis.inputs.noValue" }] }]);
  const { inputs, places } = await kpis.assignedInputs(engineer, { query: {} });
  expect(inputs.map(({ symbol }) => symbol)).toEqual(["APAT", "APWT", "E", "LSL", "USL", "Xm", "sd", "sdm"]);
  expect(places.map(({ place }) => place)).toContain("S90");
  await kpis.removeInput(engineer, { params: { id: inputs[0]!.id } });
  expect((await kpis.assignedInputs(engineer, { query: {} })).inputs).toHaveLength(7);
});

test("[KP25] a document of every version is read", () => {
  const record = JSON.parse(readFileSync(new URL("./fixtures/kpis.input-v1.json", import.meta.url), "utf8"));
  expect(documentFaults(kpiInput, record)).toEqual([]);
  expect(readDocument(kpiInput, record)).toMatchObject({ symbol: "E", formula: 'rise("signal:S90.Energy")' });
});
