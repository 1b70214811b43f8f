import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import { documentChange, documentFaults, readDocument } from "@doppelwerk/kit";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { importChanges, LIVE } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clientAs, openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { smallPlant } from "../../packs/discrete-line/src/small-plant.fixture.ts";
import * as kpis from "./calls.ts";
import { kpiTargets, type StoredTargets } from "./model/target-kind.ts";
import { SHIPPED_TARGETS, targetsInForce } from "./model/targets-in-force.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-targets-"));
const closes: (() => Promise<unknown>)[] = [];
let site: HostedWorld;
let engineer: Client;
let operator: Client;

beforeAll(async () => {
  site = await openProduct(folder);
  const view = site.view(SYSTEM);
  await view.apply({ branch: LIVE, reason: "a line", changes: importChanges(view.reader(LIVE), smallPlant(), "file").changes });
  engineer = await clientAs(site, "eva", "engineer", closes);
  operator = await clientAs(site, "otto", "operator", closes);
});
afterAll(async () => {
  for (const close of closes) await close();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

const OWN: StoredTargets = { oee: { target: 0.8, warning: 0.7 }, qualityRatio: "none" };
const theOne = async (branch = LIVE) => (await kpis.knownTargets(engineer, { query: { branch } }))[0]!;

test("[KP4] a line has the shipped targets until somebody stores others, KPI by KPI; without any the shipped ones hold again", async () => {
  const shipped = await theOne();
  expect(shipped).toMatchObject({ targets: SHIPPED_TARGETS, shipped: SHIPPED_TARGETS, stored: {} });
  const params = { id: shipped.id };
  const { qualityRatio: _none, ...rest } = SHIPPED_TARGETS;
  const stored = await kpis.storeTargets(engineer, { params, body: { stored: OWN, expected: {} } });
  expect(stored).toMatchObject({ stored: OWN, shipped: SHIPPED_TARGETS });
  expect(stored.targets).toEqual({ ...rest, oee: OWN.oee });
  expect(await theOne()).toEqual(stored);
  // somebody else edited from what holds no more
  await expect(kpis.storeTargets(engineer, { params, body: { stored: {}, expected: {} } })).rejects.toMatchObject({ code: "DW_CONFLICT" });
  expect(await kpis.storeTargets(engineer, { params, body: { stored: {} } })).toEqual(shipped);
  expect(site.view(SYSTEM).reader(LIVE).get(shipped.id)).toBeUndefined();
});

test("[KP5] two people who change different KPIs on branches do not come in each other's way, and the document goes out and in again", async () => {
  const { id } = await theOne();
  const params = { id };
  await kpis.storeTargets(engineer, { params, body: { stored: { oee: OWN.oee } } });
  const view = site.view(SYSTEM);
  const { id: branch } = await view.fork({ name: "targets", parent: LIVE, instant: site.now(), reason: "test" });
  await kpis.storeTargets(engineer, { params, query: { branch }, body: { stored: { oee: OWN.oee, good: { target: 400, warning: 380 } } } });
  await kpis.storeTargets(engineer, { params, body: { stored: { oee: { target: 0.82, warning: 0.7 } } } });
  const { changes, conflicts } = view.planMerge(branch);
  expect(conflicts).toEqual([]);
  await view.apply({ branch: LIVE, reason: "merge", changes });
  expect((await theOne()).stored).toEqual({ oee: { target: 0.82, warning: 0.7 }, good: { target: 400, warning: 380 } });
  const record = view.reader(LIVE).get(id)!;
  await view.apply({ branch: LIVE, reason: "out", changes: [{ op: "delete", record }] });
  await view.apply({ branch: LIVE, reason: "in", changes: [{ op: "create", record }] });
  expect((await theOne()).targets.oee?.target).toBe(0.82);
});

test("[KP5] a document of every version is read, and stored again unchanged is no change", () => {
  const record = JSON.parse(readFileSync(new URL("./fixtures/kpis.targets-v1.json", import.meta.url), "utf8"));
  expect(documentFaults(kpiTargets, record)).toEqual([]);
  const fields = readDocument(kpiTargets, record)!;
  expect(targetsInForce(fields)).toMatchObject({ oee: { target: 0.8 }, leadTimeS: { warning: 7_200 } });
  expect(targetsInForce(fields).qualityRatio).toBeUndefined();
  expect(documentChange(kpiTargets, record.id, record, fields)).toBeUndefined();
});

test.each<[string, StoredTargets]>([
  ["a ratio above 1", { oee: { target: 85, warning: 75 } }],
  ["a warning bound above a target that is to be reached", { good: { target: 100, warning: 110 } }],
  ["a warning bound below a lead time that is to be kept", { leadTimeS: { target: 600, warning: 500 } }],
  ["a target of nothing", { good: { target: 0, warning: 0 } }],
])("[KP4] %s is refused and nothing is stored", async (_, stored) => {
  const before = await theOne();
  await expect(kpis.storeTargets(engineer, { params: { id: before.id }, body: { stored } })).rejects.toMatchObject({ code: "DW_INVALID" });
  expect(await theOne()).toEqual(before);
});

test("[KP4] operators read targets and store none on live; of an unknown place there are none", async () => {
  const [line] = await kpis.knownTargets(operator);
  const call = { params: { id: line!.id }, body: { stored: OWN } };
  await expect(kpis.storeTargets(operator, call)).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  await expect(kpis.storeTargets(engineer, { ...call, params: { id: "kpiTargets:none" } })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
});
