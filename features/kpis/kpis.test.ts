import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSiteApp, type HostedWorld } from "@doppelwerk/server/site";
import type { ShiftFiguresValue } from "@doppelwerk/ports";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { combined, noShift } from "./model/kpis-of-shifts.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-kpis-"));
let site: HostedWorld;
let app: Awaited<ReturnType<typeof createSiteApp>>;

beforeAll(async () => {
  site = await openProduct(folder);
  app = await createSiteApp(site);
});
afterAll(async () => {
  await app.close();
  await site.close();
  rmSync(folder, { recursive: true, force: true });
});

const ask = async (query: string) => app.inject({ url: `/api/doppelwerk/v1/kpis?${query}`, headers: { host: "127.0.0.1:8420" } });

test("[KP1] a world without a line or shifts answers empty KPIs, as often as it is asked; a span that ends before it begins is 400", async () => {
  for (let times = 0; times < 2; times++) {
    const kpis = await ask("from=10&to=20");
    expect([kpis.statusCode, kpis.json()]).toEqual([200, { ...JSON.parse(JSON.stringify(noShift(10, 20, ""))), shifts: 0 }]);
    expect(kpis.json()).not.toHaveProperty("oee");
  }
  for (const bad of ["from=20&to=10", "from=10&to=10", "from=x&to=10", "from=10"]) expect((await ask(bad)).statusCode, bad).toBe(400);
});

const shift = (more: Partial<ShiftFiguresValue>): ShiftFiguresValue => ({ ...noShift(0, 100, "S10"), name: "early", revision: 0, ...more });

test("[KP2] several shifts add up: counts and seconds are sums, ratios are made from the sums and not from ratios", () => {
  const one = { produced: 100, good: 90, scrap: 10, plannedBusyS: 1_000, actualProductionS: 900, idealCycleS: 8, qualityRatio: 0.9 };
  const other = { produced: 10, good: 10, scrap: 0, plannedBusyS: 100, actualProductionS: 10, idealCycleS: 1, qualityRatio: 1 };
  const kpis = combined({ constraint: "S10", stations: ["S10"] }, [
    shift({ ...one, timeShares: [{ station: "S10", seconds: { working: 900, failed: 100 } }], bottleneck: [{ station: "S10", share: 1 }] }),
    shift({ ...other, from: 100, to: 200, timeShares: [{ station: "S10", seconds: { working: 10 } }] }),
  ]);
  expect(kpis).toMatchObject({ shifts: 2, from: 0, to: 200, produced: 110, good: 100, plannedBusyS: 1_100 });
  expect(kpis.availability).toBeCloseTo(910 / 1_100);
  expect(kpis.effectiveness).toBeCloseTo((8 * 100 + 1 * 10) / 910);
  expect(kpis.qualityRatio).toBeCloseTo((0.9 * 100 + 1 * 10) / 110);
  expect(kpis.oee).toBeCloseTo(kpis.availability! * kpis.effectiveness! * kpis.qualityRatio!);
  expect(kpis.timeShares).toEqual([{ station: "S10", seconds: { working: 910, failed: 100 } }]);
  expect(kpis.bottleneck).toEqual([{ station: "S10", share: 1_000 / 1_100 }]);
});

test("[KP3] switched off it answers 404 and says why, and so it does while shifts are off", async () => {
  const switching = (feature: string, on: boolean) =>
    app.inject({ method: "PUT", url: `/api/doppelwerk/v1/features/${feature}`, headers: { host: "127.0.0.1:8420" }, payload: { on } });
  for (const feature of ["kpis", "shifts"]) {
    expect((await switching(feature, false)).json().switched).toContain("kpis");
    const off = await ask("from=10&to=20");
    expect([off.statusCode, off.json().error.details]).toEqual([404, { feature: "off" }]);
    for (const one of ["shifts", "kpis"]) await switching(one, true);
    expect((await ask("from=10&to=20")).statusCode).toBe(200);
  }
});
