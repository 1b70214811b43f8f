import type { ExperimentModel, LineModel } from "@doppelwerk/sim";
import { HOUR, MINUTE, SECOND } from "@doppelwerk/world";
import { afterAll, expect, test } from "vitest";
import { openSimulations } from "./simulations.fixture.ts";
import { StopEffectsService, withAndWithout } from "./stop-effects.ts";

const FROM = Date.UTC(2026, 10, 23, 5) * 1000;
const STOP = { station: "S1", from: FROM + HOUR, to: FROM + HOUR + 10 * MINUTE, shift: { from: FROM, to: FROM + 4 * HOUR } };

/** One station that makes a unit a minute. */
const model = (): ExperimentModel => {
  const line: LineModel = {
    format: "doppelwerk-line/1",
    id: "one",
    products: [{ id: "A" }],
    stations: [
      {
        id: "S1",
        places: 1,
        cycle: { time: { kind: "constant", value: 60 } },
        source: { program: true },
      },
    ],
  };
  return { nominal: line, edited: line, parameters: [], initialState: { instant: STOP.from - SECOND } };
};

const pool = openSimulations(1);
afterAll(() => pool.close());
const service = (isRead = true) =>
  new StopEffectsService({
    line: { isHistoryRead: async () => isRead, backtestModel: async () => model() },
    pool,
    codeVersion: "1",
  });

test("[LS19] what a stop cost is the difference of the same shift with it and without it: ten minutes at a unit a minute are ten units, and the same answer again", async () => {
  const effects = service();
  const effect = await effects.of(STOP);
  expect(effect).toMatchObject({ at: STOP.from - SECOND, until: STOP.shift.to, replications: 60, gained: { mean: 10, low: 10, high: 10 } });
  expect(await effects.of(STOP)).toEqual(effect);
});

test("[LS19] of a station that the model does not have, while the past is read, and at the end of a shift it says why not", async () => {
  expect(await service().of({ ...STOP, station: "S2" })).toMatchObject({ why: { code: "simulate.stopEffect.noStation" } });
  expect(await service(false).of(STOP)).toMatchObject({ why: { code: "simulate.stopEffect.reading" } });
  expect(await service().of({ ...STOP, shift: { from: FROM, to: STOP.from - SECOND } })).toMatchObject({
    why: { code: "simulate.stopEffect.noTime" },
  });
  expect(withAndWithout(model(), "S2", 60)).toBeUndefined();
});
