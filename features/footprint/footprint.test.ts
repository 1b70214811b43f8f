import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import { documentFaults } from "@doppelwerk/kit";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { HOUR, importChanges, LIVE, MINUTE } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CONNECTION } from "../../apps/doppelwerk/src/hourly-plant.fixture.ts";
import { clientAs, openProduct, plantsOf } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { eventually } from "../../e2e/running-site.ts";
import { smallPlant, smallPlantSignals } from "../../packs/discrete-line/src/small-plant.fixture.ts";
import * as calls from "./calls.ts";
import { carbonFactor, gridDay, gridSource } from "./model/carbon-kinds.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-footprint-"));
const closes: (() => Promise<unknown>)[] = [];
let site: HostedWorld;
let eva: Client;
let otto: Client;
/** Two whole hours in which 60 pieces each of WM7 leave the line, whose last station uses 6 kWh an hour. */
let span: { readonly from: number; readonly to: number };
let shell: string;

beforeAll(async () => {
  site = await openProduct(folder);
  eva = await clientAs(site, "eva", "engineer", closes);
  otto = await clientAs(site, "otto", "operator", closes);
  const view = site.view(SYSTEM);
  const shells = importChanges(view.reader(LIVE), smallPlant(), "file").changes;
  const record = shells
    .map(
      (change) =>
        (change as { readonly record?: { readonly id: string; readonly kind: string; readonly idShort?: string; readonly aasId?: string } })
          .record,
    )
    .find((each) => each?.kind === "shell" && each.idShort === "S120")!;
  shell = record.id;
  const signals = smallPlantSignals().filter(({ id, role }) => id.startsWith("signal:S120.") && ["Good", "Product"].includes(role ?? ""));
  await view.apply({
    branch: LIVE,
    reason: "a line",
    changes: [
      ...shells,
      { op: "create", record: { ...CONNECTION, settings: {} } },
      ...signals.map((signal) => ({ op: "create" as const, record: { ...signal, connection: CONNECTION.id, address: signal.role } })),
      {
        op: "create",
        record: {
          id: "signal:Meter",
          kind: "signal",
          name: "Meter",
          valueType: "double",
          connection: CONNECTION.id,
          address: "Meter",
          unit: "kW.h",
          counter: { type: "totaliser" },
          shell: record.aasId!,
        },
      },
    ],
  });
  await eventually(
    async () => (await plantsOf(site).list()).some(({ id, state }) => id === CONNECTION.id && state === "connected"),
    "the connection",
  );
  const to = Math.floor(site.now() / HOUR) * HOUR;
  span = { from: to - 2 * HOUR, to };
  const rows = Array.from({ length: 121 }, (_, minute) => [
    { address: "Meter", value: 50 + minute / 10, time: span.from + minute * MINUTE },
    { address: "Good", value: 100 + minute, time: span.from + minute * MINUTE },
  ]).flat();
  await plantsOf(site).bring(CONNECTION.id, [{ address: "Product", value: "WM7", time: span.from - HOUR }, ...rows]);
});
afterAll(async () => {
  for (const close of closes) await close();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

const ask = (more: object = {}) => calls.ofProducts(eva, { query: { ...span, ...more } });
const isoHour = (at: number): string => new Date(at / 1_000).toISOString().replace(/:\d\d\.\d+Z$/, "Z");
/** A file of the list of intensities: previewed, or stored. */
const importHours = (act: "preview" | "rows", lines: readonly string[]) =>
  eva.requester.json<{ readonly findings?: readonly { readonly column?: string; readonly isFault: boolean }[] }>(
    "POST",
    `/lists/gridCarbon/${act}`,
    {
      query: { name: "grid.csv" },
      body: new TextEncoder().encode(["hour,gCO2ePerKWh,source,zone", ...lines].join("\r\n")),
    },
  );

test("[CF2] without a grid nothing of electricity is known, and that is said; no figure a piece is given", async () => {
  const found = await eventually(async () => {
    const answer = await ask();
    return answer.rows.some(({ kind }) => kind === "product") ? answer : undefined;
  }, "what was used for the product");
  expect(found).toMatchObject({ isPartial: true, unknownShare: 1 });
  expect(found.total.kg).toBe(0);
  expect(found.total.unknown).toEqual(["electricity"]);
  expect(found.findings.map(({ code }) => code)).toEqual(["footprint.finding.noGrid"]);
  expect(found.rows.find(({ id }) => id === "WM7")).not.toHaveProperty("each");
});

test("[CF3] [CF4] intensities come in by the hour; what cannot be read is named and changes nothing, and an hour that is missing is unknown", async () => {
  await expect(calls.storeGrid(otto, { body: { fields: { zone: "DE" } } })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  await expect(calls.storeGrid(eva, { body: { fields: { zone: "DE", signal: "signal:none" } } })).rejects.toMatchObject({
    code: "DW_INVALID",
  });
  expect(await calls.storeGrid(eva, { body: { fields: { zone: "DE", source: "operator" } } })).toMatchObject({ days: 0 });
  const bad = await importHours("preview", [
    "yesterday,400,x,",
    "2026-11-30T13:30Z,400,x,",
    "2026-11-30T13:00Z,400,x,D E",
    "2026-11-30T14:00Z,9000,x,",
    "2026-11-30T15:00Z,400, ,",
  ]);
  expect(bad.findings!.filter(({ isFault }) => isFault).map(({ column }) => column)).toEqual([
    "hour",
    "hour",
    "zone",
    "gCO2ePerKWh",
    "source",
  ]);
  await importHours("rows", [`${isoHour(span.from)},400,operator,`]);
  const half = await ask();
  expect(half.unknownShare).toBeCloseTo(0.5, 9);
  expect(half.total).toMatchObject({ kg: expect.closeTo(2.4, 9), unknown: ["electricity"] });
  await importHours("rows", [`${isoHour(span.from + HOUR)},300,operator,DE`]);
});

test("[CF1] [CF6] a good piece has the electricity of its hours at their intensity; on a branch with other hours another footprint", async () => {
  const found = await ask();
  // by hand: 6 kWh × 0.4 + 6 kWh × 0.3 over 120 pieces
  const own = found.rows.find(({ kind, id }) => kind === "product" && id === "WM7")!;
  expect(own).toMatchObject({ kg: expect.closeTo(4.2, 6), unknown: [] });
  expect(own.each).toBeCloseTo(4.2 / own.good!, 9);
  expect(own.good).toBeGreaterThanOrEqual(119);
  const fork = await site.view(SYSTEM).fork({ name: "green", parent: LIVE, instant: span.to, reason: "a greener grid" });
  await calls.storeGrid(eva, { query: { branch: fork.id }, body: { fields: { zone: "HYDRO" } } });
  expect((await ask({ branch: fork.id })).total.unknown).toEqual(["electricity"]);
  expect((await ask()).total.unknown).toEqual([]);
});

test("[CF5] the footprint is written into the AAS of a shell, again in place of what was; what is not known whole is refused", async () => {
  const body = { ...span, product: "WM7", shell };
  await expect(calls.writeSubmodel(otto, { body })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  await expect(calls.writeSubmodel(eva, { body: { ...body, product: "none" } })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  await expect(calls.writeSubmodel(eva, { body: { ...body, from: span.from - 3 * HOUR } })).rejects.toMatchObject({ code: "DW_CONFLICT" });
  const written = await calls.writeSubmodel(eva, { body });
  expect(written.kg).toBeCloseTo(4.2, 6);
  const read = async () => {
    const reader = site.view(SYSTEM).reader(LIVE);
    const submodel = reader.query({ kind: "submodel", index: { name: "aasId", value: written.submodel } })[0]!;
    expect((reader.get(shell)!["submodels"] as string[]).filter((id) => id === written.submodel)).toHaveLength(1);
    return JSON.stringify([submodel, ...reader.query({ kind: "element", index: { name: "submodel", value: submodel.id } })]);
  };
  const text = await read();
  for (const part of ["0173-1#02-ABG855#003", "A3 - production", "ISO 14067", "partial, gate to gate", "gate to gate"])
    expect(text).toContain(part);
  await calls.writeSubmodel(eva, { body });
  expect((await read()).match(/"PcfCO2eq"/g)).toHaveLength(1);
});

test("[CF4] factors are documents: stored with what was expected, and removed", async () => {
  const fields = { of: "gas", unit: "kWh", kgCO2e: 0.2, validFrom: "2026-01-01", source: "supplier" } as const;
  const params = { name: "gas" };
  await expect(calls.storeFactor(eva, { params: { name: "a b" }, body: { fields } })).rejects.toMatchObject({ code: "DW_INVALID" });
  await calls.storeFactor(eva, { params, body: { fields, expected: null } });
  await expect(calls.storeFactor(eva, { params, body: { fields, expected: null } })).rejects.toMatchObject({ code: "DW_CONFLICT" });
  expect(await calls.factors(eva, { query: {} })).toEqual([{ name: "gas", fields }]);
  await calls.removeFactor(eva, { params });
  await expect(calls.removeFactor(eva, { params })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
});

test("[CF3] [CF4] a document of every version is read", () => {
  for (const [kind, name] of [
    [gridDay, "footprint.gridDay-v1"],
    [gridSource, "footprint.grid-v1"],
    [carbonFactor, "footprint.factor-v1"],
  ] as const)
    expect(documentFaults(kind, JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), "utf8"))), name).toEqual([]);
});
