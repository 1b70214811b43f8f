import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { importChanges, LIVE } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { clientAs, openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { smallPlant } from "../../packs/discrete-line/src/small-plant.fixture.ts";
import * as kpis from "./calls.ts";
import { SHIPPED_TARGETS } from "./model/targets-in-force.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-target-list-"));
const closes: (() => Promise<unknown>)[] = [];
let site: HostedWorld;
let engineer: Client;

beforeAll(async () => {
  site = await openProduct(folder);
  const view = site.view(SYSTEM);
  await view.apply({ branch: LIVE, reason: "a line", changes: importChanges(view.reader(LIVE), smallPlant(), "file").changes });
  engineer = await clientAs(site, "eva", "engineer", closes);
});
afterAll(async () => {
  for (const close of closes) await close();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

const LIST = "/lists/kpiTargets";
const query = { name: "targets.csv" };
const theOne = async () => (await kpis.knownTargets(engineer, { query: {} }))[0]!;
const file = (format: "csv" | "xlsx" = "csv") => engineer.requester.bytes(`${LIST}/file`, { query: { format } });

test("[KP27] targets are a list in per cent and units: unedited it changes nothing, edited rows are stored, without numbers a KPI has no target", async () => {
  await vi.waitUntil(async () => new TextDecoder().decode(await file()).includes("/oee"), { timeout: 60_000 });
  const line = /([^\s,"/]+)\/oee/.exec(new TextDecoder().decode(await file()))![1]!;
  const store = (...rows: readonly string[]) =>
    engineer.requester.json("POST", `${LIST}/rows`, {
      query,
      body: new TextEncoder().encode(["id,target,warning", ...rows.map((row) => `${line}/${row}`)].join("\r\n")),
    });
  const unchanged = async () => {
    for (const format of ["csv", "xlsx"] as const) {
      const found = await engineer.requester.json("POST", `${LIST}/preview`, { query, body: await file(format) });
      expect(found).toMatchObject({ created: [], changed: [], findings: [] });
    }
  };
  await unchanged();
  await store("oee,82.5,70", "good,400,380", "qualityRatio,,");
  expect((await theOne()).stored).toEqual({
    oee: { target: 0.825, warning: 0.7 },
    good: { target: 400, warning: 380 },
    qualityRatio: "none",
  });
  await unchanged();
  // what is shipped is not stored again, and without any the document is gone
  const quality = SHIPPED_TARGETS.qualityRatio!;
  await store("oee,85,75", "good,,", `qualityRatio,${quality.target * 100},${quality.warning * 100}`);
  expect((await theOne()).stored).toEqual({});
  await expect(store("oee,170,75")).rejects.toMatchObject({ code: "DW_INVALID" });
  await expect(store("oee,80,")).rejects.toMatchObject({ code: "DW_INVALID" });
  await expect(store("noKpi,80,70")).rejects.toMatchObject({ code: "DW_INVALID" });
  expect((await theOne()).stored).toEqual({});
});
