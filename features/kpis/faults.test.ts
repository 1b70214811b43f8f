import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kpiFold } from "@doppelwerk/operations";
import { shiftFigures } from "@doppelwerk/ports";
import { createSiteApp, SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { importChanges, LIVE } from "@doppelwerk/world";
import { afterEach, expect, test, vi } from "vitest";
import { openProduct, plantsOf } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { smallPlant, smallPlantSignals } from "../../packs/discrete-line/src/small-plant.fixture.ts";
import { LiveKpis } from "./server/live-kpis.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-kpis-faults-"));
const host = "127.0.0.1:8420";
const WAIT = { timeout: 60_000 };
const bench = { id: "connection:bench", kind: "connection", name: "bench", protocol: "entered", url: "entered:bench", enabled: true };
let site: HostedWorld;
let app: Awaited<ReturnType<typeof createSiteApp>>;

afterEach(async () => {
  vi.restoreAllMocks();
  await app.close();
  await site.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(): Promise<void> {
  site = await openProduct(folder);
  app = await createSiteApp(site);
  const view = site.view(SYSTEM);
  const signals = smallPlantSignals().filter(({ id }) => ["signal:S90.ItemState", "signal:S90.Total"].includes(id));
  await view.apply({
    branch: LIVE,
    reason: "a line",
    changes: [
      ...importChanges(view.reader(LIVE), smallPlant(), "file").changes,
      { op: "create", record: { ...bench, settings: {} } },
      ...signals.map((signal) => ({ op: "create" as const, record: { ...signal, connection: bench.id, address: signal.role } })),
    ],
  });
  await expect.poll(async () => (await plantsOf(site).list()).find(({ id }) => id === bench.id)?.state, WAIT).toBe("connected");
}

const ask = async (path: string) => {
  const { statusCode, body } = await app.inject({ url: `/api/doppelwerk/v1${path}`, headers: { host } });
  return { status: statusCode, answer: JSON.parse(body) };
};
const stateOf = async (id: string) =>
  (await ask("/features")).answer.features.find((feature: { readonly id: string }) => feature.id === id).state;

test("[KP12] [level: faults] a fold that throws is named and stopped: the line goes on, shifts have no figures", async () => {
  const { open: openFold } = kpiFold;
  vi.spyOn(kpiFold, "open").mockImplementation((definition, emit, state) => {
    const folding = openFold(definition, emit, state);
    return {
      ...folding,
      takeEvent(input, event, at) {
        if ((event as { readonly type: string }).type === "counted") throw new Error("this part cannot be counted");
        folding.takeEvent?.(input, event, at);
      },
    };
  });
  await open();
  const bring = (address: string, value: number) => plantsOf(site).bring(bench.id, [{ address, value, time: site.now() }]);
  await bring("ItemState", 3);
  const station = async () =>
    (await ask("/snapshot")).answer.stations?.find(({ id }: { readonly id: string }) => id === "S90")?.state as string | undefined;
  await expect.poll(station, WAIT).toBe("working");
  for (let total = 1; total < 4; total++) {
    await bring("Total", total);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  await expect
    .poll(() => stateOf("kpis"), WAIT)
    .toEqual({
      state: "degraded",
      reason: "kpis was stopped: this part cannot be counted",
    });
  expect(await stateOf("line")).toEqual({ state: "open" });
  expect([await station(), await ask("/shifts")]).toEqual(["working", { status: 200, answer: [] }]);
  expect(await ask("/kpis?from=1&to=2")).toMatchObject({ status: 200, answer: { shifts: 0 } });
});

test("[KP12] where it cannot be opened it says why, and the line and its shifts are there", async () => {
  vi.spyOn(LiveKpis.prototype, "open").mockRejectedValue(new Error("the calendar cannot be read"));
  await open();
  expect(await stateOf("kpis")).toMatchObject({ state: "failed", reason: expect.stringContaining("the calendar cannot be read") });
  expect((await ask("/kpis?from=1&to=2")).status).toBe(503);
  await expect.poll(async () => (await ask("/snapshot")).status, WAIT).toBe(200);
  expect((await ask("/shifts")).status).toBe(200);
});

test("[KP12] a handler that throws answers 500 without what it threw; others answer", async () => {
  await open();
  vi.spyOn(site.features.port(shiftFigures), "within").mockRejectedValue(new Error("a secret of the process"));
  const { status, answer } = await ask("/kpis?from=1&to=2");
  expect(status).toBe(500);
  expect(JSON.stringify(answer)).not.toContain("secret");
  await expect.poll(async () => (await ask("/kpi-targets")).answer.length, WAIT).toBe(1);
});
