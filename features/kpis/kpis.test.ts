import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSiteApp, SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import type { KpiSource, ShiftFiguresValue } from "@doppelwerk/ports";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { declaredKpisOf } from "./server/declared-kpis.ts";
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
  const one = {
    produced: 100,
    good: 90,
    scrap: 10,
    plannedBusyS: 1_000,
    actualProductionS: 900,
    availability: 0.9,
    idealCycleS: 8,
    qualityRatio: 0.9,
  };
  const other = {
    produced: 10,
    good: 10,
    scrap: 0,
    plannedBusyS: 100,
    actualProductionS: 10,
    availability: 0.1,
    idealCycleS: 1,
    qualityRatio: 1,
  };
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
  // of shifts of which nothing is known the availability is not known either
  const unknown = shift({ plannedBusyS: 1_000, unknownS: 1_000 });
  expect(combined({ constraint: "S10", stations: ["S10"] }, [unknown, unknown]).availability).toBeUndefined();
});

test("[KP17] good units of a line and first pass yield are of what left it, GQ and the quality ratio of what its constraint processed", () => {
  // 564 left the line, 27 of them after rework, and 14 as scrap; the constraint processed 605 times, 551 times well at the first pass
  const early = {
    good: 564,
    reworked: 27,
    scrap: 14,
    produced: 605,
    qualityRatio: 551 / 605,
    atConstraint: { good: 551, reworked: 28, goodIdealS: 1_102 },
  };
  const late = {
    good: 100,
    reworked: 0,
    scrap: 0,
    produced: 100,
    qualityRatio: 1,
    atConstraint: { good: 100, reworked: 0, goodIdealS: 200 },
  };
  const kpis = combined({ constraint: "S10", stations: ["S10"] }, [shift(early), shift(late)]);
  expect(kpis).toMatchObject({
    good: 664,
    reworked: 27,
    scrap: 14,
    produced: 705,
    atConstraint: { good: 651, reworked: 28, goodIdealS: 1_302 },
  });
  expect(kpis.firstPassYield).toBeCloseTo((664 - 27) / (664 + 14));
  expect(kpis.qualityRatio).toBeCloseTo(651 / 705);
  expect(combined({ constraint: undefined, stations: ["S10"] }, [shift({})])).not.toHaveProperty("atConstraint");
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

test("[KP15] what packs declare stands with the figures: a value with n, what is not known without one; without packs there is none", async () => {
  const declared = (query: string) => app.inject({ url: `/api/doppelwerk/v1/declared-kpis?${query}`, headers: { host: "127.0.0.1:8420" } });
  expect((await declared("from=10&to=20")).json()).toEqual({ kpis: [] });
  expect((await ask("from=10&to=20")).json()).not.toHaveProperty("declared");
  expect((await declared("from=10&to=20&place=shell:none")).statusCode).toBe(404);
  for (const bad of ["from=20&to=10", "from=0&to=99999999999999999", "from=1"]) expect((await declared(bad)).statusCode, bad).toBe(400);
  const kpi = { title: { en: "Beer", zh: "啤酒" }, better: "more", digits: 1 } as const;
  const source: KpiSource = {
    feature: "brewery",
    pack: "brewery",
    kpis: [
      { ...kpi, id: "brewery.made", unit: "L" },
      { ...kpi, id: "brewery.lost" },
      { ...kpi, id: "brewery.ofTheWorld" },
    ],
    // one that is of the whole world is left out of a place
    values: async () => [
      { id: "brewery.made", value: 7, n: 2 },
      { id: "brewery.lost", n: 0 },
    ],
  };
  expect(await declaredKpisOf([source], { principal: SYSTEM, from: 1, to: 2, shells: new Set() })).toEqual([
    { ...kpi, id: "brewery.made", unit: "L", feature: "brewery", pack: "brewery", value: 7, n: 2 },
    { ...kpi, id: "brewery.lost", feature: "brewery", pack: "brewery", n: 0 },
  ]);
});
