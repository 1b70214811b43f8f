import assert from "node:assert/strict";
import { test } from "node:test";
import type { LineModel } from "@doppelwerk/kit";
import { runLine } from "@doppelwerk/kit/testing";
import { openTestComponent } from "@doppelwerk/kit/testing/pack";

// #region test
const folder = new URL("../", import.meta.url);
const parameters = { daysOf: { helles: 14 }, days: 7, brewsToCleaning: 3 };
const products = [{ id: "helles", attributes: {} }];
const HOUR = 3_600;

test("a brew takes the days of its product, and the third one is followed by cleaning", async () => {
  const { begin } = await openTestComponent(folder, "brewery.fermenter", { parameters, products });
  assert.deepEqual(begin({ product: "helles", random: [0.5] }), {
    outcome: "pass",
    steps: [{ seconds: HOUR, holds: "cellarman" }, { seconds: 14 * 24 * HOUR }],
    state: { brews: 1 },
    part: {},
    uses: { water: 100 },
  });
  const { steps, state } = begin({ product: "helles", state: { brews: 2 } });
  assert.deepEqual([steps.at(-1), state], [{ seconds: 4 * HOUR, holds: "cleaning" }, { brews: 0 }]);
});

test("four tanks with one cellarman ferment two brews of a fortnight each in a month", async () => {
  const { components } = await openTestComponent(folder, "brewery.fermenter");
  const line: LineModel = {
    format: "doppelwerk-line/1",
    id: "cellar",
    products: [{ id: "helles" }],
    personnel: [{ id: "cellarman", count: 1 }],
    stations: [
      {
        id: "T1",
        places: 4,
        source: { program: true },
        cycle: { time: { kind: "constant", value: 1 } },
        component: { id: "brewery.fermenter", parameters },
      },
    ],
  };
  const { good, stations } = runLine(line, { seed: 1, startInstant: 0, horizonS: 30 * 24 * HOUR, components });
  assert.equal(good, 8);
  // the third brew of each tank has begun, and will be followed by cleaning
  assert.equal(stations[0]!.uses![0]!.amount, 4 * (100 + 100 + 900));
});
// #endregion
