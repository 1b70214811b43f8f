import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RunResult, RunSummary } from "@doppelwerk/client";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { importChanges, LIVE, type ElementRecord, type Principal, type SubmodelRecord } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { productFeatures } from "../../apps/doppelwerk/src/features.ts";
import { openProduct, serveAs } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { dyeHouseEnvironment } from "../../examples/dye-house-plant/src/engineering-file/dye-house-file.ts";
import { DyeHouse } from "../../examples/dye-house-plant/src/truth/dye-house.ts";
import { loadPacks } from "../../packages/server/src/packs/load-packs.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-dye-house-line-"));
const engineer: Principal = { id: "e", name: "Engineer", verified: false, roles: ["engineer"] };
const study = { kind: "study", seed: 3, replications: 6, shifts: 30 };
const START = Date.UTC(2026, 10, 23) * 1_000;
const DAY = 86_400_000_000;

let site: HostedWorld;
beforeAll(async () => {
  const data = join(root, "data");
  const { features, packs } = await loadPacks(data, [fileURLToPath(new URL("../../packs/dye-house", import.meta.url))], productFeatures);
  site = await openProduct(data, { features: [...productFeatures, ...features], packs });
  const view = site.view(SYSTEM);
  const environment = dyeHouseEnvironment({ opcua: "opc.tcp://127.0.0.1:1", modbus: "modbus+tcp://127.0.0.1:2" }, true);
  await view.apply({ branch: LIVE, reason: "engineering file", changes: importChanges(view.reader(LIVE), environment, "file").changes });
});
afterAll(async () => {
  await site.close();
  rmSync(root, { recursive: true, force: true });
});

async function ask<Answer>(method: string, path: string, body?: object): Promise<{ readonly status: number; readonly answer: Answer }> {
  const { origin, close } = await serveAs(site, engineer);
  try {
    const response = await fetch(`${origin}/api/doppelwerk/v1${path}`, {
      method,
      ...(body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, answer: (text === "" ? undefined : JSON.parse(text)) as Answer };
  } finally {
    await close();
  }
}

async function ended(branch: string): Promise<RunResult> {
  const started = await ask<RunSummary>("POST", `/branches/${branch}/runs`, study);
  expect(started.status, JSON.stringify(started.answer)).toBe(202);
  let result: RunResult | undefined;
  await expect
    .poll(
      async () => {
        result = (await ask<RunResult>("GET", `/runs/${started.answer.id}`)).answer;
        return ["done", "failed"].includes(result.run.state);
      },
      { timeout: 280_000, interval: 300 },
    )
    .toBe(true);
  expect(result!.run.state, JSON.stringify(result!.run)).toBe("done");
  return result!;
}

/** A fork with other values in elements of submodels that a test picks. */
async function forked(name: string, value: string, pick: (element: ElementRecord, submodel: SubmodelRecord) => boolean): Promise<string> {
  const view = site.view(SYSTEM);
  const { id } = await view.fork({ name, parent: LIVE, instant: site.now(), reason: name });
  const reader = view.reader(id);
  const elements = (reader.query({ kind: "element" }) as readonly ElementRecord[]).filter((element) =>
    pick(element, reader.get(element.submodel) as SubmodelRecord),
  );
  expect(elements.length).toBeGreaterThan(0);
  const changes = elements.map((element) => ({
    op: "update" as const,
    id: element.id,
    fields: { value: { from: element.value as never, to: value } },
  }));
  await view.apply({ branch: id, reason: name, changes });
  return id;
}

const throughput = (result: RunResult) => result.kpis.find(({ key }) => key === "throughput")!;

test("[DH17] Decide knows the dye house by its engineering file: lots a shift as the plant really makes, and more with a second large jet", async () => {
  const house = new DyeHouse(3, START);
  house.advanceTo(START + 12 * DAY);
  const truth = house.batches.filter(({ to, batch }) => to > START + 2 * DAY && !batch.includes("/R")).length / 30;
  const { answer: factors } = await ask<
    readonly { readonly key: string; readonly live: number; readonly label: { readonly en: string } }[]
  >("GET", "/branches/live/factors");
  const named = (key: string) => factors.find((factor) => factor.key === key);
  expect(named("JET1/Parameter/offShade")).toMatchObject({ live: 0.15, label: { en: "Off shade" } });
  expect(named("DyeLine/Resource/dissolver")).toMatchObject({ live: 1, label: { en: "Dissolvers" } });
  const branch = await forked(
    "second large jet",
    "2",
    ({ idShort }, { aasId }) => idShort === "NumberOfPlaces" && aasId.includes(":JET1:"),
  );
  const result = await ended(branch);
  expect(result.checks).toMatchObject({ conservation: true, littlesLaw: true });
  expect(result.model.components?.map(({ component, pack }) => [component, pack]).toSorted()).toEqual([
    ["dyeHouse.jet", "@doppelwerk/pack-dye-house"],
    ["dyeHouse.range", "@doppelwerk/pack-dye-house"],
  ]);
  const { live, verdict, difference } = throughput(result);
  // steam that runs short and hard water are what no model of it knows
  expect(Math.abs(live.mean / truth - 1)).toBeLessThan(0.08);
  expect(verdict).toBe("better");
  expect(difference.mean / live.mean).toBeGreaterThan(0.15);
});

test("[DH17] a step of a recipe that takes longer on a branch costs lots", async () => {
  const branch = await forked(
    "longer",
    "200",
    ({ idShort, value }, { idShort: of }) => of === "Recipe_RC60_DARK" && idShort === "Minutes" && value === "40",
  );
  const { verdict, difference, live } = throughput(await ended(branch));
  expect(verdict).toBe("worse");
  // 160 minutes of two lots in five
  expect(difference.mean / live.mean).toBeLessThan(-0.07);
});
