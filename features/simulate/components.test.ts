import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunResult, RunSummary } from "@doppelwerk/client";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { importChanges, LIVE, type ElementRecord, type Principal } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { productFeatures } from "../../apps/doppelwerk/src/features.ts";
import { openProduct, serveAs } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { loadPacks } from "../../packages/server/src/packs/load-packs.ts";
import { readPack } from "../../packages/server/src/packs/pack-source.ts";
import { addPack } from "../../packages/server/src/packs/pack-store.ts";
import { smallPack, writePack } from "../../packages/server/src/packs/packs.fixture.ts";
import { LEAK_TEST, LEAK_TEST_DECLARED, plantWithComponent } from "../../packs/discrete-line/src/component-plant.fixture.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-components-"));
const data = join(root, "data");
const engineer: Principal = { id: "e", name: "Engineer", verified: false, roles: ["engineer"] };
const study = { kind: "study", seed: 3, replications: 4, shifts: 2 };

let site: HostedWorld;
let packs = 0;
beforeAll(async () => {
  site = await openWith(LEAK_TEST);
  const view = site.view(SYSTEM);
  await view.apply({ branch: LIVE, reason: "a line", changes: importChanges(view.reader(LIVE), plantWithComponent(), "file").changes });
});
afterAll(async () => {
  await site.close();
  rmSync(root, { recursive: true, force: true });
});

/** The product with a pack that was added and has the component with this code. */
async function openWith(code: string, workers = 1): Promise<HostedWorld> {
  const feature = { id: "brewery", components: [LEAK_TEST_DECLARED] };
  const files = smallPack({ "sim/leak-test.js": code }, { permissions: [], contributes: { features: [feature] } }, `1.0.${packs}`);
  await addPack(data, readPack(writePack(join(root, `pack-${packs++}`), files)), new Date(0));
  const { features, packs: states } = await loadPacks(data, [], productFeatures);
  return openProduct(data, { features: [...productFeatures, ...features], packs: states, workers });
}

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

async function ended(branch: string, request: object = study): Promise<RunResult> {
  const started = await ask<RunSummary>("POST", `/branches/${branch}/runs`, request);
  expect(started.status, JSON.stringify(started.answer)).toBe(202);
  return resultOf(started.answer.id);
}

async function resultOf(id: string): Promise<RunResult> {
  let result: RunResult | undefined;
  await expect
    .poll(
      async () => {
        result = (await ask<RunResult>("GET", `/runs/${id}`)).answer;
        return ["done", "failed"].includes(result.run.state);
      },
      { timeout: 240_000, interval: 200 },
    )
    .toBe(true);
  return result!;
}

async function forked(name: string, path: string, value: string): Promise<string> {
  const view = site.view(SYSTEM);
  const { id } = await view.fork({ name, parent: LIVE, instant: site.now(), reason: name });
  const elements = view.reader(id).query({ kind: "element" }) as readonly ElementRecord[];
  const element = elements.find(({ idShort }) => idShort === path)!;
  await view.apply({
    branch: id,
    reason: name,
    changes: [{ op: "update", id: element.id, fields: { value: { from: element.value as never, to: value } } }],
  });
  return id;
}

test("[SI8] a station is simulated by a component of an added pack; live and a branch that edits its parameters are compared, and the report names it", async () => {
  const { answer: factors } = await ask<readonly { readonly key: string; readonly live: number }[]>("GET", "/branches/live/factors");
  expect(factors.find(({ key }) => key === "S90/Parameter/minutes")).toMatchObject({ live: 3.4 });
  expect(factors.find(({ key }) => key.startsWith("Line1/Resource/label"))).toMatchObject({ live: 1 });
  const branch = await forked("slower", "minutes", "6.8");
  const result = await ended(branch);
  expect(result.run.state).toBe("done");
  expect(result.checks).toMatchObject({ conservation: true, littlesLaw: true });
  expect(result.model.components).toMatchObject([
    {
      component: "brewery.leakTest",
      pack: "@brewco/doppelwerk-brewery",
      version: "1.0.0",
      checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
    },
  ]);
  const good = result.kpis.find(({ key }) => key === "throughput")!;
  expect(good.verdict).toBe("worse");
  expect(good.live.mean).toBeGreaterThan(1.3 * good.branch.mean);
  // one in ten is tested twice
  expect(result.kpis.find(({ key }) => key === "rework")!.live.mean).toBeGreaterThan(8);
});

test("[PK56] parameters that the schema of the component does not take are refused by name before the run begins", async () => {
  const refused = await ask<object>("POST", `/branches/${await forked("wrong", "minutes", "long")}/runs`, study);
  expect(refused.status).toBe(400);
  expect(refused.answer).toMatchObject({
    error: { reason: { code: "packs.componentParameters", params: { station: "S90", component: "brewery.leakTest" } } },
  });
});

test("[SI8] the same run comes to the same hash again, with two workers and after a restart, also when the pack was replaced since", async () => {
  const first = await ended(LIVE);
  await site.close();
  site = await openWith(LEAK_TEST.replace("60 *", "120 *"), 2);
  const rerun = await ask<RunSummary>("POST", `/runs/${first.run.id}/rerun`);
  const again = await resultOf(rerun.answer.id);
  expect(again.run).toMatchObject({ state: "done", sameHash: true });
  expect(again.replications.map(({ traceHash }) => traceHash)).toEqual(first.replications.map(({ traceHash }) => traceHash));
  // what a run with the pack of now says is another thing, and it says so
  const now = await ended(LIVE);
  expect(now.model.components![0]).toMatchObject({ version: "1.0.1" });
  expect(now.model.components![0]!.checksum).not.toBe(first.model.components![0]!.checksum);
  expect(now.replications[0]!.traceHash).not.toBe(first.replications[0]!.traceHash);
});

test("[SI8] a component that fails ends the run with its reason, and the plant goes on", async () => {
  await site.close();
  site = await openWith(`export default { open: () => ({ begin() { for (;;); } }) };`);
  const failed = await ended(LIVE);
  expect(failed.run).toMatchObject({
    state: "failed",
    reason: {
      code: "sim.componentEndless",
      params: { component: "brewery.leakTest", pack: "@brewco/doppelwerk-brewery", station: "S90" },
    },
  });
  expect((await ask("GET", "/lines")).status).toBe(200);
  await site.features.switchFeature("brewery", false);
  const refused = await ask<object>("POST", "/branches/live/runs", study);
  expect(refused.status).toBe(400);
  expect(refused.answer).toMatchObject({ error: { reason: { code: "sim.componentMissing" } } });
});
