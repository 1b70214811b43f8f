import type { FeatureLog } from "@doppelwerk/kit/server";
import { message } from "@doppelwerk/messages";
import { predictionQuantile, sampleQuantile, type ExperimentModel, type LineModel } from "@doppelwerk/sim";
import { DoppelwerkError, HOUR, MINUTE } from "@doppelwerk/world";
import { afterAll, expect, test } from "vitest";
import { openSimulations } from "./simulations.fixture.ts";
import { ShiftForecasts } from "./shift-forecasts.ts";

const FROM = Date.UTC(2026, 10, 23, 5) * 1000;
const shift = { from: FROM, to: FROM + 8 * HOUR };
const next = { from: shift.to, to: shift.to + 8 * HOUR };

/** One station that makes a unit a minute, with chance where `isRandom`. */
const model = (isRandom: boolean): ExperimentModel => {
  const line: LineModel = {
    format: "doppelwerk-line/1",
    id: "one",
    products: [{ id: "A" }],
    stations: [
      {
        id: "S1",
        places: 1,
        cycle: { time: isRandom ? { kind: "exponential", mean: 60 } : { kind: "constant", value: 60 } },
        source: { program: true },
      },
    ],
  };
  return { nominal: line, edited: line, parameters: [] };
};

const pool = openSimulations(1);
afterAll(() => pool.close());

function forecasts(more: { readonly isRandom?: boolean; readonly priorities?: number[] } = {}) {
  const plant = { now: FROM + HOUR, isRead: true, closed: 1, models: 0, atOnce: 0, mostAtOnce: 0, fails: false };
  const service = new ShiftForecasts({
    line: {
      isHistoryRead: async () => plant.isRead,
      closedShifts: async () => Array.from({ length: plant.closed }, () => ({}) as never),
      async backtestModel() {
        plant.models++;
        if (plant.fails) throw new DoppelwerkError("DW_INVALID", message("simulate.noLine", { line: "one" }));
        return model(more.isRandom === true);
      },
    },
    pool: {
      async run(job, ...rest) {
        more.priorities?.push(job.priority);
        plant.mostAtOnce = Math.max(plant.mostAtOnce, ++plant.atOnce);
        const outcomes = await pool.run(job, ...rest);
        plant.atOnce--;
        return outcomes;
      },
    },
    logger: { warn() {} } as unknown as FeatureLog,
    codeVersion: "1",
    now: () => plant.now,
  });
  return { service, plant };
}

test("[SV96] a shift is forecast from now to its end without a request, and anew after five minutes, only when somebody asks", async () => {
  const { service, plant } = forecasts();
  expect(service.of("one", shift)).toEqual({ isComing: true });
  await service.settled();
  // a unit a minute from 06:00 to 13:00
  const { made } = service.of("one", shift);
  expect(made).toMatchObject({ at: FROM + HOUR, median: 420, low: 420, high: 420, added: Array(60).fill(420), model: { code: "1" } });
  plant.now += 4 * MINUTE;
  expect(service.of("one", shift)).toEqual({ made, isComing: false });
  await service.settled();
  expect(plant.models).toBe(1);
  plant.now += MINUTE;
  // the former one stays while the next is made
  expect(service.of("one", shift)).toEqual({ made, isComing: false });
  await service.settled();
  expect(service.of("one", shift).made).toMatchObject({ at: FROM + HOUR + 5 * MINUTE, median: 415 });
  plant.now += 3 * HOUR;
  expect(plant.models).toBe(2);
  // that of another shift is none of this one
  plant.now = next.from;
  expect(service.of("one", next)).toEqual({ isComing: true });
  await service.settled();
  expect(service.of("one", next).made).toMatchObject({ at: next.from, median: 480 });
  plant.now = next.to - 1;
  service.of("one", next);
  await service.settled();
  expect(plant.models).toBe(3);
});

test("[SV96] a stop that began or ended since makes a forecast anew, at most once a minute", async () => {
  const { service, plant } = forecasts();
  const madeAfter = async (minutes: number, stops: string): Promise<number> => {
    plant.now += minutes * MINUTE;
    service.of("one", shift, stops);
    await service.settled();
    return (plant.now - service.of("one", shift, stops).made!.at) / MINUTE;
  };
  expect(await madeAfter(0, "")).toBe(0);
  expect(await madeAfter(0.5, "S120")).toBe(0.5);
  expect(await madeAfter(0.5, "S120")).toBe(0);
  expect(await madeAfter(4, "S120")).toBe(4);
  expect(await madeAfter(0.5, "")).toBe(0);
  expect(await madeAfter(4.5, "")).toBe(4.5);
  expect(await madeAfter(0.5, "")).toBe(0);
});

test("[SV96] its interval is the 95 % prediction over what its replications add; lines are forecast one at a time and behind persons", async () => {
  const priorities: number[] = [];
  const { service, plant } = forecasts({ isRandom: true, priorities });
  for (const line of ["one", "two", "three"]) service.of(line, shift);
  await service.settled();
  expect([plant.mostAtOnce, priorities]).toEqual([1, [1, 1, 1]]);
  const { added, low, median, high } = service.of("one", shift).made!;
  expect([median, low, high]).toEqual([sampleQuantile(added, 0.5), predictionQuantile(added, 0.025), predictionQuantile(added, 0.975)]);
  // 420 units expected, with the spread of as many exponential times: ± 2 √420
  expect([low, median, high].map((value) => Math.abs(value - 420) < 90)).toEqual([true, true, true]);
  expect(high - low).toBeGreaterThan(40);
});

test("[SV96] where a shift cannot be forecast the reason is there, and it is tried again when that may have passed", async () => {
  const { service, plant } = forecasts();
  const why = async () => {
    service.of("one", shift);
    await service.settled();
    const { why: reason, isComing } = service.of("one", shift);
    plant.now += MINUTE;
    return [reason?.code, isComing];
  };
  plant.isRead = false;
  expect(await why()).toEqual(["simulate.shiftForecast.reading", false]);
  Object.assign(plant, { isRead: true, closed: 0 });
  expect(await why()).toEqual(["simulate.shiftForecast.noShift", false]);
  Object.assign(plant, { closed: 1, fails: true });
  expect(await why()).toEqual(["simulate.shiftForecast.failed", false]);
  plant.fails = false;
  service.of("one", shift);
  await service.settled();
  expect(service.of("one", shift)).toMatchObject({ isComing: false, made: { median: expect.any(Number) } });
  expect(service.of("one", shift)).not.toHaveProperty("why");
});
