import type { ExperimentModel, LineModel } from "@doppelwerk/sim";
import type { LineExperiment } from "@doppelwerk/ports";
import { afterAll, expect, test } from "vitest";
import { openSimulations } from "./simulations.fixture.ts";
import { PlanEffectsService, withAndWithoutPlan } from "./plan-effects.ts";

const START = Date.UTC(2026, 10, 23, 5) * 1000;
const HORIZON_S = 20 * 86_400;
const WHO = { id: "person:eva", name: "eva", verified: true, roles: ["engineer"] } as const;

/** One station that makes a unit each 5 minutes of every day, and fails on average each 2 hours for half an hour. */
function model(failures: boolean): ExperimentModel {
  const line: LineModel = {
    format: "doppelwerk-line/1",
    id: "one",
    products: [{ id: "A" }],
    stations: [
      {
        id: "S1",
        places: 1,
        cycle: { time: { kind: "constant", value: 300 } },
        source: { program: true },
        ...(failures && {
          stops: [
            {
              id: "failure",
              class: "failure" as const,
              clock: "calendar" as const,
              between: { kind: "exponential" as const, mean: 7_200 },
              duration: { kind: "constant" as const, value: 1_800 },
              scope: "station" as const,
            },
          ],
        }),
      },
    ],
  };
  return { nominal: line, edited: line, parameters: [] };
}

const pool = openSimulations(1);
afterAll(() => pool.close());
const service = (failures: boolean, isRead = true) =>
  new PlanEffectsService({
    line: {
      isHistoryRead: async () => isRead,
      experiment: async () => ({ branch: model(failures), start: START, horizonS: HORIZON_S }) as unknown as LineExperiment,
    },
    pool,
    codeVersion: "1",
  });
const ASKED = { station: "S1", everyS: 86_400, durationS: 3_600, prevented: 0 };

test("[MN14] maintenance of an hour a day that prevents nothing costs what it takes: worse; one that prevents half of the failures brings more: better", async () => {
  // 18 days after the warm-up, an hour in 25 of them, 12 units an hour: about 207 units
  const costs = await service(false).of(WHO, "live", ASKED);
  expect(costs).toMatchObject({ verdict: "worse", knowsFailures: false, replications: 40, horizonS: HORIZON_S * 0.9 });
  const { difference } = costs as { difference: { mean: number; halfWidth: number } };
  expect(Math.abs(difference.mean + 207)).toBeLessThan(15);
  const brings = await service(true).of(WHO, "live", { ...ASKED, prevented: 0.5 });
  expect(brings).toMatchObject({ verdict: "better", knowsFailures: true });
  expect(await service(true).of(WHO, "live", { ...ASKED, prevented: 0.5 })).toEqual(brings);
});

test("[MN14] of a station that the model does not have, an interval beyond the horizon, and while the past is read it says why not", async () => {
  expect(await service(false).of(WHO, "live", { ...ASKED, station: "S2" })).toMatchObject({
    why: { code: "simulate.stopEffect.noStation" },
  });
  expect(await service(false).of(WHO, "live", { ...ASKED, everyS: HORIZON_S + 1 })).toMatchObject({
    why: { code: "simulate.planEffect.rare" },
  });
  expect(await service(false, false).of(WHO, "live", ASKED)).toMatchObject({ why: { code: "simulate.stopEffect.reading" } });
  const { planned } = withAndWithoutPlan(model(true), { ...ASKED, prevented: 0.5 })!;
  expect(planned.edited.stations[0]!.stops![0]).toMatchObject({ between: { mean: 14_400 } });
});
