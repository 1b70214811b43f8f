import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSiteApp, SYSTEM } from "@doppelwerk/server/site";
import type { ShiftResult } from "@doppelwerk/operations";
import { importChanges, LIVE } from "@doppelwerk/world";
import { afterAll, expect, test } from "vitest";
import { openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { smallPlant } from "../../packs/discrete-line/src/small-plant.fixture.ts";
import { figuresOf } from "./model/figures.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-shifts-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("[SH1] without a line there are no shifts to list; with one there are those that were recorded", async () => {
  const site = await openProduct(folder);
  const app = await createSiteApp(site);
  try {
    const ask = () => app.inject({ url: "/api/doppelwerk/v1/shifts", headers: { host: "127.0.0.1:8420" } });
    const none = await ask();
    expect([none.statusCode, none.json().error.reason.code]).toEqual([404, "shifts.noLine"]);
    const view = site.view(SYSTEM);
    await view.apply({ branch: LIVE, reason: "a line", changes: importChanges(view.reader(LIVE), smallPlant(), "file").changes });
    await expect.poll(async () => (await ask()).statusCode, { timeout: 60_000 }).toBe(200);
    expect((await ask()).json()).toBeInstanceOf(Array);
  } finally {
    await app.close();
    await site.close();
  }
});

const stop = (state: "failed" | "microStop" | "starved", seconds: number) => ({
  state,
  cause: "own" as const,
  seconds,
  count: 2,
  inferredS: 0,
});

test("[SH2] the ten longest stops are named, waiting is none; the counts let every ratio be recomputed", () => {
  const losses = [...Array.from({ length: 12 }, (_, index) => stop("failed", 100 + index)), stop("starved", 9_000), stop("microStop", 5)];
  const result = {
    id: "1",
    name: "early",
    day: "2026-01-05",
    from: 0,
    to: 100,
    planned: true,
    closed: true,
    revision: 3,
    oee: {
      plannedBusyS: 1_000,
      actualProductionS: 800,
      unknownS: 50,
      produced: 20,
      good: 18,
      reworkedGood: 1,
      idealS: 700,
      products: [
        { product: "P1", plannedRunTimePerItemS: 30, produced: 10, good: 9 },
        { product: "P2", plannedRunTimePerItemS: 40, produced: 10, good: 9 },
      ],
      oee: 0.63,
      availability: 0.8,
    },
    stations: [{ findings: [{ kind: "unknownTime", station: "S10", value: 50.123 }] }],
    time: [{ station: "S10", states: { working: 800, failed: 100 }, losses }],
    line: { entered: 21, completed: 19, firstPass: 18, scrapped: 1, byProduct: {}, lead: { n: 0 } },
    bottleneck: [{ station: "S10", share: 0.7 }],
    hours: [],
  } as unknown as ShiftResult;
  const figures = figuresOf({ constraint: "S10", taktS: 40 }, result);
  expect(figures.topStops.map(({ seconds }) => seconds)).toEqual([111, 110, 109, 108, 107, 106, 105, 104, 103, 102]);
  expect(figures).toMatchObject({
    name: "early",
    revision: 3,
    good: 19,
    reworked: 1,
    scrap: 1,
    produced: 20,
    unknownS: 50,
    idealCycleS: 35,
    // 9 × 30 + 9 × 40
    atConstraint: { good: 18, reworked: 1, goodIdealS: 630 },
  });
  expect(figures.findings).toEqual(["S10: unknownTime 50.1"]);
  expect(figuresOf({ constraint: undefined, taktS: 40 }, { ...result, oee: undefined } as never)).toMatchObject({
    constraint: "",
    oee: undefined,
    idealCycleS: 40,
    produced: 0,
  });
});
